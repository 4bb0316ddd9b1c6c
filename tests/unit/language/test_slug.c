#include "language/slug.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum {
    KEY_BYTES = 2000,
};

/* 32 of them. */
#define EIGHT_MARKS "\u0301\u0323\u0301\u0323\u0301\u0323\u0301\u0323"
#define EXCESS_MARKS EIGHT_MARKS EIGHT_MARKS EIGHT_MARKS EIGHT_MARKS

static const struct {
    const char *name;
    const char *input;
    const char *expected; /* what the reason speaks of */
} refusals[] = {
    {"nothing", "", "empty"},
    {"digits", "71", "digits alone"},
    {"Bengali digits", "৭১", "digits alone"},
    {"digits of two scripts", "7১", "digits alone"},
    {"digits with a joiner", "7\u200C1", "digits alone"},
    {"digits of another script", "७१", "digits alone"},
    {"a joiner", "\u200D", "letter"},
    {"a hyphen", "-", "letter"},
    {"a vowel sign", "\u09BE", "letter"},
    {"a dot", ".", "'.'"},
    {"two dots", "..", "'.'"},
    {"a dot in front", ".khobor", "'.'"},
    {"a dot behind", "khobor.", "'.'"},
    {"a space", "khobor bangla", "U+0020"},
    {"a slash", "khobor/bangla", "U+002F"},
    {"a backslash", "khobor\\", "U+005C"},
    {"a question mark", "khobor?", "U+003F"},
    {"a per cent sign", "%E0", "U+0025"},
    {"a quote", "\"", "U+0022"},
    {"an angle bracket", "<b>", "U+003C"},
    {"a danda", "খবর।", "U+0964"},
    {"a dash", "খবর–বাংলা", "U+2013"},
    {"an emoji", "খবর😀", "U+1F600"},
    {"a zero-width space", "খ\u200Bবর", "U+200B"},
    {"a byte order mark", "\uFEFFখবর", "U+FEFF"},
    {"a right-to-left override", "a\u202Eb\u202C", "U+202E"},
    {"a line feed", "khobor\n", "U+000A"},
    {"delete", "khobor\x7F", "U+007F"},
    {"not UTF-8", "khobor\x80", "byte 7"},
    {"marks", "e" EXCESS_MARKS, "at most 30 combining marks in a row"},
    {"cut short", "খ\xE0\xA6", "byte 4"},
};

static void check_text(const char *name, const char *got, const char *expected)
{
    if (strcmp(got, expected) == 0)
        return;
    print_error("%s: got \"%s\", not \"%s\"\n", name, got, expected);
    fail();
}

static void check_status(const char *name, enum status got, enum status expected)
{
    if (got == expected)
        return;
    print_error("%s: got \"%s\", not \"%s\"\n", name, status_text(got), status_text(expected));
    fail();
}

static void slugs_have_a_key(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *input;
        const char *expected;
    } cases[] = {
        {"a word", "khobor", "khobor"},
        {"Bengali", "ঢাকার-খবর", "ঢাকার-খবর"},
        {"Bengali digits", "৭১-এর-দিনগুলি", "71-এর-দিনগুলি"},
        {"a day", "2024-04-16", "2024-04-16"},
        {"digits and an underscore", "7_1", "7_1"},
        {"a dot within", "v1.2", "v1.2"},
        {"case stays", "Dhaka_2024", "Dhaka_2024"},
        {"old khanda ta", "উ\u09A4\u09CD\u200Dসব", "উ\u09CEসব"},
        {"ZWNJ within", "ক\u09CD\u200Cষ", "ক\u09CDষ"},
        {"yya in one", "সম\u09DF", "সম\u09AF\u09BC"},
        {"a hyphen at the end", "khobor-", "khobor-"},
        {"Han", "中文", "中文"},
        {"Arabic", "سلام", "سلام"},
        {"Hindi", "हिन्दी", "हिन्दी"},
        {"a digit and a letter", "৫টি", "5টি"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf key;
        struct fault fault = {.field = "untouched", .text = "untouched"};
        buf_init(&key, KEY_BYTES);
        check_status(cases[i].name,
                     slug_check(cases[i].input, strlen(cases[i].input), "slug", &key, &fault),
                     STATUS_OK);
        check_text(cases[i].name, buf_string(&key), cases[i].expected);
        check_text(cases[i].name, fault.text, "untouched");
        buf_release(&key);
    }
}

static void what_is_no_slug_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refusals); i++) {
        struct buf key;
        struct fault fault = {.field = ""};
        size_t len = strlen(refusals[i].input);
        buf_init(&key, KEY_BYTES);
        buf_text(&key, "before");
        check_status(refusals[i].name, slug_check(refusals[i].input, len, "alias", &key, &fault),
                     STATUS_INVALID);
        check_text(refusals[i].name, buf_string(&key), "before");
        check_text(refusals[i].name, fault.field, "alias");
        if (!strstr(fault.text, refusals[i].expected)) {
            print_error("%s: \"%s\" has no \"%s\"\n", refusals[i].name, fault.text,
                        refusals[i].expected);
            fail();
        }
        check_status(refusals[i].name, slug_check(refusals[i].input, len, "alias", &key, NULL),
                     STATUS_INVALID);
        buf_release(&key);
    }
}

static void a_slug_with_nul_is_refused(void **state)
{
    (void)state;
    struct buf key;
    struct fault fault;
    buf_init(&key, KEY_BYTES);
    check_status("NUL", slug_check("a\0b", 3, "slug", &key, &fault), STATUS_INVALID);
    assert_non_null(strstr(fault.text, "U+0000"));
    buf_release(&key);
}

static void a_slug_has_a_longest_length(void **state)
{
    (void)state;
    char slug[SLUG_MAX_BYTES + 1];
    struct buf key;
    struct fault fault;
    memset(slug, 'a', sizeof slug);
    buf_init(&key, KEY_BYTES);
    check_status("longest", slug_check(slug, SLUG_MAX_BYTES, "slug", &key, &fault), STATUS_OK);
    assert_int_equal(key.len, SLUG_MAX_BYTES);
    check_status("too long", slug_check(slug, SLUG_MAX_BYTES + 1, "slug", &key, &fault),
                 STATUS_INVALID);
    assert_non_null(strstr(fault.text, "451"));
    buf_release(&key);
    buf_init(&key, 5);
    check_status("a full buffer", slug_check("khobor", 6, "slug", &key, &fault), STATUS_FULL);
    buf_release(&key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slugs_have_a_key),
        cmocka_unit_test(what_is_no_slug_is_refused),
        cmocka_unit_test(a_slug_with_nul_is_refused),
        cmocka_unit_test(a_slug_has_a_longest_length),
    };
    return cmocka_run_group_tests_name("language/slug", tests, NULL, NULL);
}
