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
    LEAST_MOST = 6,
    RANDOM_HEADLINES = 20000,
    RANDOM_PIECES = 16
};

static const char *const alphabet[] = {
    "অ",      "ক",      "ত",      "ষ", "\u09DC", "\u09BC", "\u09CD",  "\u09CD", "\u09BE", "\u09BF",
    "\u200C", "\u200D", "\u200B", "০", "৭",      "1",      " ",       " ",      "-",      ".",
    "_",      "'",      "।",      "A", "e",      "\u0301", "❤\uFE0F", "🇧🇩",     "中",     "सं",
};

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
    {"cut short", "খ\xE0\xA6", "byte 4"},
};

static const struct {
    const char *name;
    const char *input;
    size_t most;
    const char *expected;
} headline_slugs[] = {
    {"words", "ঢাকার আজকের খবর", 450, "ঢাকার-আজকের-খবর"},
    {"upper case", "Dhaka University OPENS", 450, "dhaka-university-opens"},
    {"other upper case stays", "Ärzte ΑΘΗΝΑ", 450, "Ärzte-ΑΘΗΝΑ"},
    {"punctuation", "কী, কেন? কীভাবে!", 450, "কী-কেন-কীভাবে"},
    {"spaces around", "  খবর \t\n বাংলা  ", 450, "খবর-বাংলা"},
    {"dashes", "ঢাকা–চট্টগ্রাম — খবর-বাংলা", 450, "ঢাকা-চট্টগ্রাম-খবর-বাংলা"},
    {"dots and underscores", "...a_b.c...", 450, "a-b-c"},
    {"an apostrophe", "দু'জন don’t", 450, "দুজন-dont"},
    {"quotes", "‘খবর’ “বাংলা”", 450, "খবর-বাংলা"},
    {"danda", "খবর।বাংলা", 450, "খবর-বাংলা"},
    {"digits and letters", "৫টি বই, ২০২৪", 450, "৫টি-বই-২০২৪"},
    {"taka", "৳৫০০ কোটি", 450, "৫০০-কোটি"},
    {"emoji", "ভালো❤\uFE0F বাসা 👨\u200D👩\u200D👧", 450, "ভালো-বাসা"},
    {"keycap", "1\uFE0F\u20E3 খবর", 450, "1-খবর"},
    {"ya-phala", "র\u200D\u09CDযাব", 450, "র\u200D\u09CDযাব"},
    {"ZWNJ within", "ক\u09CD\u200Cষ", 450, "ক\u09CD\u200Cষ"},
    {"Persian", "می\u200Cشود", 450, "می\u200Cشود"},
    {"old khanda ta", "হঠা\u09A4\u09CD\u200D খবর", 450, "হঠা\u09A4\u09CD\u200D-খবর"},
    {"a joiner at a word's end", "খবর\u200D বাংলা\u200C", 450, "খবর-বাংলা\u200C"},
    {"a joiner before a digit", "ক\u200D১", 450, "ক১"},
    {"a mark without a letter", " \u09BEক", 450, "ক"},
    {"zero-width space", "খ\u200Bবর", 450, "খবর"},
    {"right-to-left marks", "\u202Bسلام\u202C", 450, "سلام"},
    {"Han", "北京 2008", 450, "北京-2008"},
    {"Hindi", "हिन्दी समाचार", 450, "हिन्दी-समाचार"},
    {"the form stays", "সম\u09DF সম\u09AF\u09BC", 450, "সম\u09DF-সম\u09AF\u09BC"},
    {"a path", "../../etc/passwd", 450, "etc-passwd"},
    {"markup", "<b>খবর</b>", 450, "b-খবর-b"},
    {"nothing", "", 450, "khobor"},
    {"punctuation alone", "?!...", 450, "khobor"},
    {"emoji alone", "😀❤\uFE0F", 450, "khobor"},
    {"a mark alone", "\u09BE", 450, "khobor"},
    {"joiners alone", "\u200C\u200D", 450, "khobor"},
    {"digits alone", "71", 450, "khobor-71"},
    {"Bengali digits alone", "৭১", 450, "khobor-৭১"},
    {"digits and punctuation", "১৬/১২/১৯৭১!", 450, "khobor-১৬-১২-১৯৭১"},
    {"just fits", "khobor bangla", 13, "khobor-bangla"},
    {"cut at a word", "khobor bangla", 12, "khobor"},
    {"cut right behind a word", "khobor bangla", 6, "khobor"},
    {"a boundary in the first half", "aa bbbbbbbbbbbb", 10, "aa-bbbbbbb"},
    {"a boundary at the half", "aaaaa bbbbbbbbbbb", 10, "aaaaa"},
    {"a boundary before the half", "aaaa bbbbbbbbbbb", 10, "aaaa-bbbbb"},
    {"cut at a letter", "খবরাখবর", 14, "খবরা"},
    {"cut before a vowel sign", "খবরাখবর", 10, "খব"},
    {"cut before a conjunct", "কমক\u09CDষমতা", 14, "কম"},
    {"a first letter that is too long", "ক\u09CDষ\u09CDষ\u09CDষ", 9, "khobor"},
    {"digits, and then a long word", "2024 bangladeshbangladesh", 8, "khobor"},
    {"digits, cut away from letters", "২০ বাংলাদেশ", 12, "khobor"},
    {"digits before a cut word", "2024567 banglabangla", 14, "khobor-2024567"},
    {"long digits alone", "12345678901234567890", 14, "khobor-1234567"},
    {"digits alone and little room", "2024", 6, "khobor"},
    {"digits alone and no room for any", "2024", 7, "khobor"},
};

static uint32_t random_next(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

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

static void headlines_make_slugs(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(headline_slugs); i++) {
        struct buf slug;
        buf_init(&slug, KEY_BYTES);
        check_status(headline_slugs[i].name,
                     slug_make(headline_slugs[i].input, strlen(headline_slugs[i].input),
                               headline_slugs[i].most, &slug),
                     STATUS_OK);
        check_text(headline_slugs[i].name, buf_string(&slug), headline_slugs[i].expected);
        buf_release(&slug);
    }
}

static void a_headline_that_is_not_utf8_makes_nothing(void **state)
{
    (void)state;
    static const char *const headlines[] = {"\x80", "খবর \xE0\xA6", "caf\xE9", "\xED\xA0\x80"};
    for (size_t i = 0; i < COUNT(headlines); i++) {
        struct buf slug;
        buf_init(&slug, KEY_BYTES);
        buf_text(&slug, "before");
        check_status(headlines[i], slug_make(headlines[i], strlen(headlines[i]), 450, &slug),
                     STATUS_INVALID);
        check_text(headlines[i], buf_string(&slug), "before");
        buf_release(&slug);
    }
}

static void a_slug_that_does_not_fit_is_told(void **state)
{
    (void)state;
    static const char *const headlines[] = {"খবর", "", "71"};
    for (size_t i = 0; i < COUNT(headlines); i++) {
        struct buf slug;
        buf_init(&slug, 5);
        check_status(headlines[i], slug_make(headlines[i], strlen(headlines[i]), 450, &slug),
                     STATUS_FULL);
        buf_release(&slug);
    }
}

static void a_long_headline_stays_within_the_longest_slug(void **state)
{
    (void)state;
    struct buf headline, slug;
    buf_init(&headline, 100000);
    buf_init(&slug, KEY_BYTES);
    for (int i = 0; i < 5000; i++)
        buf_text(&headline, "খবর ");
    check_status("long", slug_make(headline.bytes, headline.len, 10000, &slug), STATUS_OK);
    assert_int_equal(slug.len, 449);
    assert_int_not_equal(slug.bytes[slug.len - 1], '-');
    buf_release(&slug);
    buf_release(&headline);
}

/* Whatever a headline is made of, its slug is one that slug_check takes. */
static void every_made_slug_is_valid(void **state)
{
    (void)state;
    struct buf headline, slug, key;
    uint32_t seed = 19711216;
    buf_init(&headline, KEY_BYTES);
    buf_init(&slug, KEY_BYTES);
    buf_init(&key, KEY_BYTES);
    for (int i = 0; i < RANDOM_HEADLINES; i++) {
        struct fault fault = {.field = ""};
        size_t most = LEAST_MOST + random_next(&seed) % 60;
        uint32_t pieces = random_next(&seed) % RANDOM_PIECES;
        buf_clear(&headline);
        buf_clear(&slug);
        buf_clear(&key);
        for (uint32_t n = 0; n < pieces; n++)
            buf_text(&headline, alphabet[random_next(&seed) % COUNT(alphabet)]);
        check_status(buf_string(&headline),
                     slug_make(buf_string(&headline), headline.len, most, &slug), STATUS_OK);
        assert_true(slug.len > 0 && slug.len <= most);
        check_status(buf_string(&headline), slug_check(slug.bytes, slug.len, "", &key, &fault),
                     STATUS_OK);
        assert_null(strstr(slug.bytes, "--"));
        assert_true(slug.bytes[0] != '-' && slug.bytes[slug.len - 1] != '-');
    }
    buf_release(&key);
    buf_release(&slug);
    buf_release(&headline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slugs_have_a_key),
        cmocka_unit_test(what_is_no_slug_is_refused),
        cmocka_unit_test(a_slug_with_nul_is_refused),
        cmocka_unit_test(a_slug_has_a_longest_length),
        cmocka_unit_test(headlines_make_slugs),
        cmocka_unit_test(a_headline_that_is_not_utf8_makes_nothing),
        cmocka_unit_test(a_slug_that_does_not_fit_is_told),
        cmocka_unit_test(a_long_headline_stays_within_the_longest_slug),
        cmocka_unit_test(every_made_slug_is_valid),
    };
    return cmocka_run_group_tests_name("language/slug", tests, NULL, NULL);
}
