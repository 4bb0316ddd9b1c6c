#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* A string literal and its length, so that a NUL can be in it. */
#define BYTES(literal) literal, sizeof(literal) - 1

enum {
    UNTOUCHED = 0xABCDEF
};

static const struct {
    const char *name;
    const char *input;
    size_t len;
    size_t size;
    uint32_t code;
} characters[] = {
    {"nothing", BYTES(""), 0, UNTOUCHED},
    {"NUL", BYTES("\0"), 1, 0},
    {"ASCII", BYTES("ab"), 1, 'a'},
    {"the last of one byte", BYTES("\x7F"), 1, 0x7F},
    {"the first of two bytes", BYTES("\xC2\x80"), 2, 0x80},
    {"the last of two bytes", BYTES("\xDF\xBF"), 2, 0x7FF},
    {"the first of three bytes", BYTES("\xE0\xA0\x80"), 3, 0x800},
    {"Bengali", BYTES("কখ"), 3, 0x995},
    {"before the surrogates", BYTES("\xED\x9F\xBF"), 3, 0xD7FF},
    {"behind the surrogates", BYTES("\xEE\x80\x80"), 3, 0xE000},
    {"the last of three bytes", BYTES("\xEF\xBF\xBF"), 3, 0xFFFF},
    {"the first of four bytes", BYTES("\xF0\x90\x80\x80"), 4, 0x10000},
    {"emoji", BYTES("😀"), 4, 0x1F600},
    {"the last of all", BYTES("\xF4\x8F\xBF\xBF"), 4, 0x10FFFF},
    {"past the last", BYTES("\xF4\x90\x80\x80"), 0, UNTOUCHED},
    {"a lead that is too high", BYTES("\xF5\x80\x80\x80"), 0, UNTOUCHED},
    {"FF", BYTES("\xFF"), 0, UNTOUCHED},
    {"a lone continuation", BYTES("\x80"), 0, UNTOUCHED},
    {"overlong NUL", BYTES("\xC0\x80"), 0, UNTOUCHED},
    {"overlong slash of two", BYTES("\xC1\xAF"), 0, UNTOUCHED},
    {"overlong of three", BYTES("\xE0\x9F\xBF"), 0, UNTOUCHED},
    {"overlong of four", BYTES("\xF0\x8F\xBF\xBF"), 0, UNTOUCHED},
    {"the first surrogate", BYTES("\xED\xA0\x80"), 0, UNTOUCHED},
    {"the last surrogate", BYTES("\xED\xBF\xBF"), 0, UNTOUCHED},
    {"two of three bytes", BYTES("\xE0\xA6"), 0, UNTOUCHED},
    {"one of four bytes", BYTES("\xF0"), 0, UNTOUCHED},
    {"a letter inside a character", BYTES("\xE0\xA6x"), 0, UNTOUCHED},
    {"a lead inside a character", BYTES("\xE0\xE0\xA6"), 0, UNTOUCHED},
};

static const struct {
    const char *name;
    const char *input;
    size_t len;
    enum utf8_lines lines;
    enum utf8_problem problem;
    uint32_t code;
} problems[] = {
    {"nothing", BYTES(""), UTF8_ONE_LINE, UTF8_FINE, UNTOUCHED},
    {"Bengali", BYTES("খবর ২৪"), UTF8_ONE_LINE, UTF8_FINE, UNTOUCHED},
    {"joiners", BYTES("\u200C\u200D\u200B\uFEFF"), UTF8_ONE_LINE, UTF8_FINE, UNTOUCHED},
    {"right to left", BYTES("\u200Fسلام\u202E\u202C"), UTF8_ONE_LINE, UTF8_FINE, UNTOUCHED},
    {"unassigned", BYTES("\U000E0FFF"), UTF8_ONE_LINE, UTF8_FINE, UNTOUCHED},
    {"private use", BYTES("\uE000"), UTF8_ONE_LINE, UTF8_FINE, UNTOUCHED},
    {"tab in a line", BYTES("a\tb"), UTF8_ONE_LINE, UTF8_CONTROL, '\t'},
    {"line feed in a line", BYTES("a\n"), UTF8_ONE_LINE, UTF8_CONTROL, '\n'},
    {"carriage return in a line", BYTES("\r"), UTF8_ONE_LINE, UTF8_CONTROL, '\r'},
    {"white space in lines", BYTES("a\tb\r\n"), UTF8_MANY_LINES, UTF8_FINE, UNTOUCHED},
    {"NUL", BYTES("a\0b"), UTF8_MANY_LINES, UTF8_CONTROL, 0},
    {"vertical tab", BYTES("\v"), UTF8_MANY_LINES, UTF8_CONTROL, 0x0B},
    {"unit separator", BYTES("\x1F"), UTF8_MANY_LINES, UTF8_CONTROL, 0x1F},
    {"delete", BYTES("\x7F"), UTF8_MANY_LINES, UTF8_CONTROL, 0x7F},
    {"the first of C1", BYTES("\xC2\x80"), UTF8_MANY_LINES, UTF8_CONTROL, 0x80},
    {"the last of C1", BYTES("\xC2\x9F"), UTF8_MANY_LINES, UTF8_CONTROL, 0x9F},
    {"behind C1", BYTES("\xC2\xA0"), UTF8_ONE_LINE, UTF8_FINE, UNTOUCHED},
    {"before FDD0", BYTES("\uFDCF"), UTF8_ONE_LINE, UTF8_FINE, UNTOUCHED},
    {"FDD0", BYTES("\uFDD0"), UTF8_ONE_LINE, UTF8_NONCHARACTER, 0xFDD0},
    {"FDEF", BYTES("\uFDEF"), UTF8_ONE_LINE, UTF8_NONCHARACTER, 0xFDEF},
    {"behind FDEF", BYTES("\uFDF0"), UTF8_ONE_LINE, UTF8_FINE, UNTOUCHED},
    {"replacement", BYTES("\uFFFD"), UTF8_ONE_LINE, UTF8_FINE, UNTOUCHED},
    {"FFFE", BYTES("\uFFFE"), UTF8_MANY_LINES, UTF8_NONCHARACTER, 0xFFFE},
    {"FFFF", BYTES("\uFFFF"), UTF8_MANY_LINES, UTF8_NONCHARACTER, 0xFFFF},
    {"1FFFE", BYTES("\U0001FFFE"), UTF8_ONE_LINE, UTF8_NONCHARACTER, 0x1FFFE},
    {"10FFFF", BYTES("\U0010FFFF"), UTF8_ONE_LINE, UTF8_NONCHARACTER, 0x10FFFF},
    {"cut short", BYTES("খ\xE0\xA6"), UTF8_ONE_LINE, UTF8_BROKEN, UNTOUCHED},
    {"broken before control", BYTES("a\x80\x01"), UTF8_ONE_LINE, UTF8_BROKEN, UNTOUCHED},
    {"control before broken", BYTES("a\x01\x80"), UTF8_ONE_LINE, UTF8_CONTROL, 1},
};

static void check_number(const char *name, uint64_t got, uint64_t expected)
{
    if (got == expected)
        return;
    print_error("%s: got %llX, not %llX\n", name, (unsigned long long)got,
                (unsigned long long)expected);
    fail();
}

static void decoding_takes_one_character(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(characters); i++) {
        uint32_t code = UNTOUCHED;
        check_number(characters[i].name, utf8_decode(characters[i].input, characters[i].len, &code),
                     characters[i].size);
        check_number(characters[i].name, code, characters[i].code);
    }
}

/* Encodes by arithmetic what the decoder must give back. */
static size_t encode(uint32_t code, char bytes[4])
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t size = 1;
    while (size < COUNT(least) && code >= least[size])
        size++;
    for (size_t i = size; i-- > 1; code >>= 6)
        bytes[i] = (char)(0x80 | (code & 0x3F));
    bytes[0] = (char)(leads[size] | code);
    return size;
}

static void every_code_point_but_the_surrogates_decodes(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        char name[32], bytes[4];
        size_t size = encode(code, bytes);
        uint32_t got = UNTOUCHED;
        bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
        snprintf(name, sizeof name, "U+%04X", (unsigned)code);
        check_number(name, utf8_decode(bytes, size, &got), is_surrogate ? 0 : size);
        check_number(name, got, is_surrogate ? UNTOUCHED : code);
        check_number(name, utf8_decode(bytes, size - 1, &got), 0);
    }
}

static void checking_names_the_first_problem(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(problems); i++) {
        uint32_t code = UNTOUCHED;
        enum utf8_problem problem =
            utf8_check(problems[i].input, problems[i].len, problems[i].lines, &code);
        check_number(problems[i].name, problem, problems[i].problem);
        check_number(problems[i].name, code, problems[i].code);
        problem = utf8_check(problems[i].input, problems[i].len, problems[i].lines, NULL);
        check_number(problems[i].name, problem, problems[i].problem);
    }
}

static void every_problem_has_a_phrase(void **state)
{
    (void)state;
    for (int problem = UTF8_FINE; problem <= UTF8_NONCHARACTER; problem++)
        assert_true(strlen(utf8_problem_text((enum utf8_problem)problem)) > 0);
}

static void cutting_splits_no_character(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *input;
        size_t most;
        size_t expected;
    } cases[] = {
        {"nothing", "", 0, 0},
        {"nothing, with room", "", 5, 0},
        {"it fits", "abc", 3, 3},
        {"there is more room", "abc", 9, 3},
        {"no room", "abc", 0, 0},
        {"ASCII", "abc", 2, 2},
        {"between two letters", "কখ", 3, 3},
        {"after a byte of the second", "কখ", 4, 3},
        {"after two bytes of the second", "কখ", 5, 3},
        {"inside the first", "কখ", 2, 0},
        {"inside an emoji", "a😀", 4, 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_number(cases[i].name, utf8_cut(cases[i].input, strlen(cases[i].input), cases[i].most),
                     cases[i].expected);
}

static void scrubbing_takes_out_malformed_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *input;
        const char *expected;
    } cases[] = {
        {"nothing", "", ""},
        {"ASCII", "abc", "abc"},
        {"whole letters", "কখ", "কখ"},
        {"a whole emoji", "a😀", "a😀"},
        {"one of two bytes", "a\xC3", "a"},
        {"one of three bytes", "ক\xE0", "ক"},
        {"two of three bytes", "ক\xE0\xA6", "ক"},
        {"one of four bytes", "a\xF0", "a"},
        {"three of four bytes", "a\xF0\x9F\x98", "a"},
        {"a piece and nothing else", "\xE0\xA6", ""},
        {"a piece in the middle", "ক\xE0\xA6\"খ", "ক\"খ"},
        {"a stray continuation",
         "a\x80"
         "b",
         "ab"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[32];
        snprintf(text, sizeof text, "%s", cases[i].input);
        utf8_scrub(text);
        if (strcmp(text, cases[i].expected) != 0) {
            print_error("%s: got \"%s\", not \"%s\"\n", cases[i].name, text, cases[i].expected);
            fail();
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decoding_takes_one_character),
        cmocka_unit_test(every_code_point_but_the_surrogates_decodes),
        cmocka_unit_test(checking_names_the_first_problem),
        cmocka_unit_test(every_problem_has_a_phrase),
        cmocka_unit_test(cutting_splits_no_character),
        cmocka_unit_test(scrubbing_takes_out_malformed_bytes),
    };
    return cmocka_run_group_tests_name("base/utf8", tests, NULL, NULL);
}
