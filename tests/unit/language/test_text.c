#include "language/text.h"

#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum {
    KEY_BYTES = 1000,
    RANDOM_TEXTS = 50000,
    RANDOM_PIECES = 12
};

/* What Bengali words are made of, in every way that they are typed. */
static const char *const alphabet[] = {
    "অ",      "আ",      "ক",      "ত",      "য",      "র",      "ষ",      "ড",
    "ঢ",      "\u09CE", "\u09DC", "\u09DD", "\u09DF", "\u09BC", "\u09CD", "\u09CD",
    "\u09BE", "\u09BE", "\u09BF", "\u09C7", "\u09CB", "\u09D7", "\u0981", "\u200B",
    "\u200C", "\u200D", "\u200D", "\u2060", "\uFEFF", "\u00AD", "০",      "৫",
    "৯",      "5",      "e",      "\u0301", " ",      "-",
};

static const struct {
    const char *name;
    const char *input;
    const char *expected;
} keys[] = {
    {"nothing", "", ""},
    {"plain", "খবর", "খবর"},
    {"khanda ta", "স\u09CE", "স\u09CE"},
    {"khanda ta as it was", "স\u09A4\u09CD\u200D", "স\u09CE"},
    {"khanda ta within a word", "উ\u09A4\u09CD\u200Dসব", "উ\u09CEসব"},
    {"two of the old khanda ta", "\u09A4\u09CD\u200D\u09A4\u09CD\u200D", "\u09CE\u09CE"},
    {"ta and hasanta", "\u09A4\u09CD", "\u09A4\u09CD"},
    {"ta, hasanta and ZWNJ", "\u09A4\u09CD\u200C", "\u09A4\u09CD"},
    {"ta, hasanta, ZWNJ and ZWJ", "\u09A4\u09CD\u200C\u200D", "\u09A4\u09CD"},
    {"ka, hasanta and ZWJ", "ক\u09CD\u200D", "ক\u09CD"},
    {"ra and ya-phala", "র\u200D\u09CDযাব", "র\u09CDযাব"},
    {"zero-width space", "খ\u200Bবর", "খবর"},
    {"ZWNJ", "খ\u200Cবর", "খবর"},
    {"ZWJ", "খ\u200Dবর", "খবর"},
    {"word joiner", "খ\u2060বর", "খবর"},
    {"byte order mark", "\uFEFFখবর", "খবর"},
    {"soft hyphen", "খব\u00ADর", "খবর"},
    {"hidden ones alone", "\u200B\u200C\u200D\u2060\uFEFF\u00AD", ""},
    {"right-to-left mark stays", "a\u200Fb", "a\u200Fb"},
    {"rra in one", "বা\u09DCি", "বা\u09A1\u09BCি"},
    {"rra in two", "বা\u09A1\u09BCি", "বা\u09A1\u09BCি"},
    {"rha in one", "আষা\u09DD", "আষা\u09A2\u09BC"},
    {"yya in one", "সম\u09DF", "সম\u09AF\u09BC"},
    {"o sign in two", "ক\u09C7\u09BE", "ক\u09CB"},
    {"au sign in two", "ক\u09C7\u09D7", "ক\u09CC"},
    {"o sign with ZWJ within", "ক\u09C7\u200D\u09BE", "ক\u09CB"},
    {"marks in the wrong order", "ড\u09CD\u09BC", "ড\u09BC\u09CD"},
    {"a and aa sign", "অ\u09BEম", "আম"},
    {"a, ZWNJ and aa sign", "অ\u200C\u09BEম", "আম"},
    {"a twice and aa sign", "অঅ\u09BE", "অআ"},
    {"a and aa sign twice", "অ\u09BE\u09BE", "আ\u09BE"},
    {"a and aa sign, again", "অ\u09BEঅ\u09BE", "আআ"},
    {"a alone", "অ", "অ"},
    {"aa sign alone", "\u09BE", "\u09BE"},
    {"Bengali digits", "০১২৩৪৫৬৭৮৯", "0123456789"},
    {"digits and letters", "৫টি ২০২৪", "5টি 2024"},
    {"both kinds of digits", "২0২4", "2024"},
    {"digits of another script", "५٥", "५٥"},
    {"case stays", "Dhaka", "Dhaka"},
    {"accent", "cafe\u0301", "caf\u00E9"},
    {"angstrom", "\u212B", "\u00C5"},
    {"Hangul", "\u1112\u1161\u11AB", "\uD55C"},
    {"kana", "\u304B\u3099", "\u304C"},
    {"Devanagari nukta", "\u0958", "\u0915\u093C"},
    {"Hebrew that grows", "\uFB2C", "\u05E9\u05BC\u05C1"},
    {"music that grows threefold", "\U0001D160", "\U0001D158\U0001D165\U0001D16E"},
    {"Arabic", "سلام", "سلام"},
    {"Thai", "ภาษาไทย", "ภาษาไทย"},
    {"a family loses its joiners", "👨\u200D👩\u200D👧", "👨👩👧"},
    {"ligatures stay", "ﬁ½²", "ﬁ½²"},
    {"noncharacter", "\uFFFE", "\uFFFE"},
    {"the last code point", "\U0010FFFF", "\U0010FFFF"},
};

static const struct {
    const char *name;
    const char *input;
    size_t most;
    size_t expected;
} cuts[] = {
    {"nothing", "", 0, 0},
    {"it fits", "খবর", 9, 9},
    {"more room than text", "খবর", 100, 9},
    {"no room", "খবর", 0, 0},
    {"less than a letter", "খবর", 2, 0},
    {"between letters", "খবর", 6, 6},
    {"inside a letter", "খবর", 8, 6},
    {"before a vowel sign", "আমি", 6, 3},
    {"inside a vowel sign", "আমি", 8, 3},
    {"behind a vowel sign", "আমিও", 9, 9},
    {"before a nukta", "বড\u09BC", 6, 3},
    {"before a hasanta", "ক\u09CDষমা", 3, 0},
    {"behind a hasanta", "ক\u09CDষমা", 6, 0},
    {"inside a conjunct's last letter", "ক\u09CDষমা", 8, 0},
    {"behind a conjunct", "ক\u09CDষমা", 9, 9},
    {"behind a conjunct and a letter", "ক\u09CDষমা", 12, 9},
    {"in a conjunct of three", "মন\u09CDত\u09CDরক", 9, 3},
    {"further in a conjunct of three", "মন\u09CDত\u09CDরক", 15, 3},
    {"behind a conjunct of three", "মন\u09CDত\u09CDরক", 18, 18},
    {"ra and ya-phala", "র\u200D\u09CDযাব", 9, 0},
    {"behind ya-phala", "র\u200D\u09CDযাব", 15, 15},
    {"hasanta and ZWNJ", "ক\u09CD\u200Cষম", 9, 0},
    {"hasanta and ZWJ", "ক\u09CD\u200Dষম", 9, 0},
    {"hasanta and rra in one", "ক\u09CD\u09DCক", 6, 0},
    {"hasanta and Assamese ra", "ক\u09CD\u09F0ক", 6, 0},
    {"hasanta at a word's end", "বাক\u09CD ক", 12, 12},
    {"hasanta, ZWNJ and a space", "বাক\u09CD\u200C ক", 15, 15},
    {"hasanta before a vowel", "ক\u09CDআক", 6, 6},
    {"hasanta before a Latin letter", "ক\u09CDab", 6, 6},
    {"a consonant two further", "ক\u09CD কা", 7, 7},
    {"accent", "e\u0301x", 2, 0},
    {"behind an accent", "e\u0301x", 3, 3},
    {"Hangul in parts", "\u1112\u1161\u11ABa", 6, 0},
    {"Arabic", "سلام", 3, 2},
    {"a flag", "🇧🇩🇧🇩", 4, 0},
    {"a flag and a half", "🇧🇩🇧🇩", 12, 8},
    {"a family", "👨\u200D👩\u200D👧!", 17, 0},
    {"behind a family", "👨\u200D👩\u200D👧!", 18, 18},
    {"a line's end", "a\r\nb", 2, 1},
};

static const struct {
    const char *name;
    uint32_t input;
    enum text_kind expected;
} kinds[] = {
    {"a", 'a', TEXT_LETTER},
    {"Z", 'Z', TEXT_LETTER},
    {"ka", 0x995, TEXT_LETTER},
    {"khanda ta", 0x9CE, TEXT_LETTER},
    {"title case", 0x1C5, TEXT_LETTER},
    {"modifier letter", 0x2B0, TEXT_LETTER},
    {"Han", 0x4E2D, TEXT_LETTER},
    {"ideographic zero", 0x3007, TEXT_LETTER},
    {"Arabic", 0x633, TEXT_LETTER},
    {"aa sign", 0x9BE, TEXT_MARK},
    {"hasanta", 0x9CD, TEXT_MARK},
    {"nukta", 0x9BC, TEXT_MARK},
    {"chandrabindu", 0x981, TEXT_MARK},
    {"acute", 0x301, TEXT_MARK},
    {"keycap", 0x20E3, TEXT_MARK},
    {"variation selector", 0xFE0F, TEXT_MARK},
    {"7", '7', TEXT_DIGIT},
    {"Bengali 7", 0x9ED, TEXT_DIGIT},
    {"Devanagari 7", 0x96D, TEXT_DIGIT},
    {"ZWNJ", 0x200C, TEXT_JOINER},
    {"ZWJ", 0x200D, TEXT_JOINER},
    {"zero-width space", 0x200B, TEXT_HIDDEN},
    {"word joiner", 0x2060, TEXT_HIDDEN},
    {"byte order mark", 0xFEFF, TEXT_HIDDEN},
    {"soft hyphen", 0xAD, TEXT_HIDDEN},
    {"NUL", 0, TEXT_OTHER},
    {"space", ' ', TEXT_OTHER},
    {"no-break space", 0xA0, TEXT_OTHER},
    {"hyphen", '-', TEXT_OTHER},
    {"underscore", '_', TEXT_OTHER},
    {"danda", 0x964, TEXT_OTHER},
    {"taka", 0x9F3, TEXT_OTHER},
    {"a half", 0xBD, TEXT_OTHER},
    {"left-to-right mark", 0x200E, TEXT_OTHER},
    {"emoji", 0x1F600, TEXT_OTHER},
    {"unassigned", 0x9BA, TEXT_OTHER},
    {"private use", 0xE000, TEXT_OTHER},
    {"noncharacter", 0x10FFFF, TEXT_OTHER},
};

static uint32_t random_next(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static void random_text(uint32_t *seed, struct buf *text)
{
    buf_clear(text);
    uint32_t pieces = random_next(seed) % RANDOM_PIECES;
    for (uint32_t i = 0; i < pieces; i++)
        buf_text(text, alphabet[random_next(seed) % COUNT(alphabet)]);
}

static void check_text(const char *name, const char *got, const char *expected)
{
    if (strcmp(got, expected) == 0)
        return;
    print_error("%s: got \"%s\", not \"%s\"\n", name, got, expected);
    for (const char *byte = got; *byte; byte++)
        print_error(" %02X", (unsigned char)*byte);
    print_error("\n");
    fail();
}

static void check_number(const char *name, size_t got, size_t expected)
{
    if (got == expected)
        return;
    print_error("%s: got %zu, not %zu\n", name, got, expected);
    fail();
}

/* Each key must also be its own key. */
static void keys_have_one_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(keys); i++) {
        struct buf key, again;
        buf_init(&key, KEY_BYTES);
        buf_init(&again, KEY_BYTES);
        check_number(keys[i].name, text_key(keys[i].input, strlen(keys[i].input), &key), STATUS_OK);
        check_text(keys[i].name, buf_string(&key), keys[i].expected);
        check_number(keys[i].name, text_key(buf_string(&key), key.len, &again), STATUS_OK);
        check_text(keys[i].name, buf_string(&again), keys[i].expected);
        buf_release(&again);
        buf_release(&key);
    }
}

static void a_key_is_appended(void **state)
{
    (void)state;
    struct buf key;
    buf_init(&key, KEY_BYTES);
    buf_text(&key, "অ");
    check_number("after a letter", text_key("\u09BE", 3, &key), STATUS_OK);
    check_text("after a letter", buf_string(&key), "অ\u09BE");
    buf_clear(&key);
    check_number("with NUL", text_key("a\0৫", 5, &key), STATUS_OK);
    assert_int_equal(key.len, 3);
    assert_memory_equal(key.bytes, "a\0005", 3);
    buf_release(&key);
}

static void broken_text_has_no_key(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *input;
    } cases[] = {
        {"a lone continuation", "খবর\x80"},
        {"cut short", "খব\xE0\xA6"},
        {"overlong", "\xC0\xAF"},
        {"a surrogate", "\xED\xA0\x80"},
        {"past the last", "\xF4\x90\x80\x80"},
        {"Latin-1", "caf\xE9 "},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf key;
        buf_init(&key, KEY_BYTES);
        buf_text(&key, "before");
        check_number(cases[i].name, text_key(cases[i].input, strlen(cases[i].input), &key),
                     STATUS_INVALID);
        check_text(cases[i].name, buf_string(&key), "before");
        check_number(cases[i].name, buf_status(&key), STATUS_OK);
        buf_release(&key);
    }
}

static void a_key_that_does_not_fit_is_told(void **state)
{
    (void)state;
    struct buf key;
    buf_init(&key, 8);
    check_number("too long", text_key("খবর", 9, &key), STATUS_FULL);
    check_text("too long", buf_string(&key), "");
    buf_clear(&key);
    check_number("it fits when it is shorter", text_key("৫৫৫৫৫৫৫৫", 24, &key), STATUS_OK);
    check_text("it fits when it is shorter", buf_string(&key), "55555555");
    buf_release(&key);
}

/* Appends a text so many times. */
static void repeat(struct buf *to, const char *text, int times)
{
    while (times-- > 0)
        buf_text(to, text);
}

static void a_text_with_too_many_marks_in_a_row_has_no_key(void **state)
{
    (void)state;
    static const struct {
        const char *name, *begin, *mark;
        int times;
        bool excess;
    } cases[] = {
        {"thirty accents", "e", "\u0301", 30, false},
        {"one more", "e", "\u0301", 31, true},
        {"in front of letters", "", "\u0301", 31, true},
        {"in two orders", "e", "\u0323\u0301", 16, true},
        {"joiners between them", "e", "\u0301\u200D", 31, true},
        {"soft hyphens between them", "e", "\u0301\u00AD", 31, true},
        {"each is two when decomposed", "e", "\u0344", 16, true},
        {"fifteen of such", "e", "\u0344", 15, false},
        {"starters by their own class that are two marks", "\u0F40", "\u0F73", 16, true},
        {"letters between them", "e", "\u0301e", 99, false},
        {"letters that end in a mark", "", "\u00E9\u1EC7", 99, false},
        {"Bengali conjuncts", "", "\u0995\u09CD\u09B7\u09BC", 70, false},
        {"Bengali vowel signs are no such marks", "\u0995", "\u09BF", 99, false},
    };
    struct buf text, key;
    buf_init(&text, KEY_BYTES);
    buf_init(&key, KEY_BYTES * TEXT_KEY_GROWTH);
    for (size_t i = 0; i < COUNT(cases); i++) {
        buf_clear(&text);
        buf_clear(&key);
        buf_text(&text, cases[i].begin);
        repeat(&text, cases[i].mark, cases[i].times);
        check_number("fits", text.failed, false);
        check_number(cases[i].name, text_has_excess_marks(buf_string(&text), text.len),
                     cases[i].excess);
        check_number(cases[i].name, text_key(buf_string(&text), text.len, &key),
                     cases[i].excess ? STATUS_INVALID : STATUS_OK);
    }
    buf_release(&text);
    buf_release(&key);
}

static void a_long_text_has_no_key(void **state)
{
    (void)state;
    struct buf text, key;
    buf_init(&text, 2 * TEXT_BYTES_MAX);
    buf_init(&key, 2 * TEXT_BYTES_MAX);
    repeat(&text, "a", TEXT_BYTES_MAX);
    check_number("the longest", text_key(buf_string(&text), text.len, &key), STATUS_OK);
    check_number("its key", key.len, TEXT_BYTES_MAX);
    buf_text(&text, "a");
    check_number("one more", text_key(buf_string(&text), text.len, &key), STATUS_INVALID);
    check_number("nothing is appended", key.len, TEXT_BYTES_MAX);
    buf_release(&text);
    buf_release(&key);
}

static void the_key_of_a_key_is_itself(void **state)
{
    (void)state;
    struct buf text, key, again;
    uint32_t seed = 20190414;
    buf_init(&text, KEY_BYTES);
    buf_init(&key, KEY_BYTES);
    buf_init(&again, KEY_BYTES);
    for (int i = 0; i < RANDOM_TEXTS; i++) {
        random_text(&seed, &text);
        buf_clear(&key);
        buf_clear(&again);
        check_number("key", text_key(buf_string(&text), text.len, &key), STATUS_OK);
        check_number("again", text_key(buf_string(&key), key.len, &again), STATUS_OK);
        check_text(buf_string(&text), buf_string(&again), buf_string(&key));
    }
    buf_release(&again);
    buf_release(&key);
    buf_release(&text);
}

static void cutting_splits_nothing_a_reader_sees(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cuts); i++)
        check_number(cuts[i].name, text_cut(cuts[i].input, strlen(cuts[i].input), cuts[i].most),
                     cuts[i].expected);
}

static void a_cut_is_valid_and_never_goes_back_as_room_grows(void **state)
{
    (void)state;
    struct buf text;
    uint32_t seed = 14261426;
    buf_init(&text, KEY_BYTES);
    for (int i = 0; i < RANDOM_TEXTS / 10; i++) {
        random_text(&seed, &text);
        size_t last = 0;
        for (size_t most = 0; most <= text.len; most++) {
            size_t cut = text_cut(buf_string(&text), text.len, most);
            assert_true(cut <= most && cut >= last);
            assert_int_equal(utf8_cut(buf_string(&text), text.len, cut), cut);
            assert_int_equal(text_cut(buf_string(&text), text.len, cut), cut);
            last = cut;
        }
        assert_int_equal(last, text.len);
    }
    buf_release(&text);
}

static void characters_have_a_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++)
        check_number(kinds[i].name, text_kind_of(kinds[i].input), kinds[i].expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_have_one_form),
        cmocka_unit_test(a_key_is_appended),
        cmocka_unit_test(broken_text_has_no_key),
        cmocka_unit_test(a_key_that_does_not_fit_is_told),
        cmocka_unit_test(a_text_with_too_many_marks_in_a_row_has_no_key),
        cmocka_unit_test(a_long_text_has_no_key),
        cmocka_unit_test(the_key_of_a_key_is_itself),
        cmocka_unit_test(cutting_splits_nothing_a_reader_sees),
        cmocka_unit_test(a_cut_is_valid_and_never_goes_back_as_room_grows),
        cmocka_unit_test(characters_have_a_kind),
    };
    return cmocka_run_group_tests_name("language/text", tests, NULL, NULL);
}
