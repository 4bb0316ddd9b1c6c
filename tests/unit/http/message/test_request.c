#include "http/message/request.h"

#include "check.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    SHOWN_BYTES = 4096
};

/* A target as read, shown as "seg|seg ? name=value & name=value". */
static void show(const struct target *target, struct buf *to)
{
    for (int i = 0; i < target->segments_len && i <= TARGET_SEGMENTS_MAX; i++)
        buf_format(to, "%s%s", i > 0 ? "|" : "", target->segments[i]);
    for (int i = 0; i < target->parameters_len; i++)
        buf_format(to, "%s%s=%s", i > 0 ? " & " : " ? ", target->parameters[i].name,
                   target->parameters[i].value);
}

static const struct {
    const char *name;
    const char *input;
    const char *expected;
} targets[] = {
    {"the root", "/", ""},
    {"a segment", "/healthz", "healthz"},
    {"segments", "/api/v1/articles/66", "api|v1|articles|66"},
    {"a slash at the end", "/api/", "api|"},
    {"two slashes", "/api//v1", "api||v1"},
    {"two slashes in front", "//api", "|api"},
    {"dots are segments", "/a/./..", "a|.|.."},
    {"percent codes", "/%61%2D%7e", "a-~"},
    {"upper and lower case digits", "/%e0%A6%96", "খ"},
    {"Bengali as it is", "/খবর", "খবর"},
    {"an encoded slash parts nothing", "/a%2Fb/c", "a/b|c"},
    {"an encoded question mark parts nothing", "/a%3Fb", "a?b"},
    {"decoded once", "/%2541", "%41"},
    {"a plus in the path", "/a+b", "a+b"},
    {"a space", "/a%20b", "a b"},
    {"emoji", "/%F0%9F%98%80", "😀"},
    {"a parameter", "/a?limit=5", "a ? limit=5"},
    {"parameters", "/a?limit=5&tag=x", "a ? limit=5 & tag=x"},
    {"an empty query", "/a?", "a"},
    {"empty pairs", "/a?&&b=c&", "a ? b=c"},
    {"no value", "/a?b", "a ? b="},
    {"an empty value", "/a?b=", "a ? b="},
    {"no name", "/a?=c", "a ? =c"},
    {"an equals sign in a value", "/a?b=c=d", "a ? b=c=d"},
    {"a question mark in a query", "/a?b=c?d", "a ? b=c?d"},
    {"a slash in a query", "/a?b=c/d", "a ? b=c/d"},
    {"a plus stays", "/a?to=2024-04-16T12:00:00+06:00", "a ? to=2024-04-16T12:00:00+06:00"},
    {"an encoded plus", "/a?b=1%2B1", "a ? b=1+1"},
    {"encoded separators", "/a?b=1%26c%3D2&d=3", "a ? b=1&c=2 & d=3"},
    {"an encoded name", "/a?%6Cimit=5", "a ? limit=5"},
    {"Bengali in a query", "/a?tag=%E0%A6%96%E0%A6%AC%E0%A6%B0", "a ? tag=খবর"},
    {"the same twice", "/a?b=1&b=2", "a ? b=1 & b=2"},
    {"absolute form", "http://khobor.example/a/b?c=d", "a|b ? c=d"},
    {"absolute form with a port", "http://127.0.0.1:8080/", ""},
    {"absolute form without a path", "http://khobor.example", ""},
    {"absolute form with a query alone", "HTTP://khobor.example?c=d/e", " ? c=d/e"},
    {"absolute form of https", "https://khobor.example/a", "a"},
    {"an address as a segment", "/http://a", "http:||a"},
    {"joiners", "/a%E2%80%8Db", "a\u200Db"},
    {"the most segments", "/1/2/3/4/5/6/7/8", "1|2|3|4|5|6|7|8"},
};

static void targets_are_taken_to_pieces(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(targets); i++) {
        struct buf got;
        struct target target = {.storage = NULL};
        struct fault fault = {.field = ""};
        buf_init(&got, SHOWN_BYTES);
        check_done(targets[i].name, target_parse(targets[i].input, &target, &fault), &fault);
        show(&target, &got);
        check_text(targets[i].name, buf_string(&got), targets[i].expected);
        target_release(&target);
        buf_release(&got);
    }
}

static const struct {
    const char *name;
    const char *input;
    const char *field;
    const char *expected; /* what the fault speaks of */
} refusals[] = {
    {"nothing", "", "path", "begin with /"},
    {"no slash", "api", "path", "begin with /"},
    {"a star", "*", "path", "begin with /"},
    {"another scheme", "ftp://khobor.example/a", "path", "begin with /"},
    {"an authority", "khobor.example:443", "path", "begin with /"},
    {"a query alone", "?a=b", "path", "begin with /"},
    {"NUL", "/a%00b", "path", "control"},
    {"NUL at the end", "/a%00", "path", "control"},
    {"a line feed", "/a%0Ab", "path", "control"},
    {"a tab", "/a%09", "path", "control"},
    {"delete", "/%7F", "path", "control"},
    {"a control character of C1", "/%C2%85", "path", "control"},
    {"no digits", "/a%", "path", "two hexadecimal digits"},
    {"one digit", "/a%4", "path", "two hexadecimal digits"},
    {"one digit before a slash", "/a%4/b", "path", "two hexadecimal digits"},
    {"no digit", "/a%g1", "path", "two hexadecimal digits"},
    {"half a digit", "/a%1g", "path", "two hexadecimal digits"},
    {"two per cent signs", "/a%%41", "path", "two hexadecimal digits"},
    {"a minus", "/a%-1", "path", "two hexadecimal digits"},
    {"not UTF-8", "/a%FF", "path", "UTF-8"},
    {"cut short", "/%E0%A6", "path", "UTF-8"},
    {"a character over two segments", "/%E0/%A6%96", "path", "UTF-8"},
    {"overlong", "/%C0%AF", "path", "UTF-8"},
    {"overlong NUL", "/%C0%80", "path", "UTF-8"},
    {"a surrogate", "/%ED%A0%80", "path", "UTF-8"},
    {"past the last", "/%F4%90%80%80", "path", "UTF-8"},
    {"a noncharacter", "/%EF%BF%BF", "path", "noncharacter"},
    {"bytes as they are", "/\xFF", "path", "UTF-8"},
    {"a segment far behind", "/a/b/c/d%00", "path", "control"},
    {"a bad value", "/a?b=%00", "b", "control"},
    {"a bad value is named", "/a?limit=5&tag=%zz", "tag", "two hexadecimal digits"},
    {"a bad name", "/a?%FF=1", "query", "UTF-8"},
    {"a bad name without value", "/a?%0", "query", "two hexadecimal digits"},
    {"the path is looked at first", "/%00?b=%FF", "path", "control"},
};

static void bad_targets_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refusals); i++) {
        struct target target = {.storage = NULL};
        struct fault fault = {.field = "none"};
        check_status(refusals[i].name, target_parse(refusals[i].input, &target, &fault),
                     STATUS_INVALID);
        check_text(refusals[i].name, fault.field, refusals[i].field);
        check_holds(refusals[i].name, fault.text, refusals[i].expected);
        target_release(&target);
    }
}

static void the_text_stays_as_it_came(void **state)
{
    (void)state;
    static const char text[] = "/a%20b/c?d=%20&e=f"; /* can't be written */
    struct target target = {.storage = NULL};
    struct fault fault = {.field = ""};
    check_done("parse", target_parse(text, &target, &fault), &fault);
    target_release(&target);
    check_text("text", text, "/a%20b/c?d=%20&e=f");
    assert_null(target.storage);
    target_release(&target);
}

static void too_many_segments_are_known_as_such(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int segments;
        bool too_many;
    } cases[] = {
        {"as many as may be", TARGET_SEGMENTS_MAX, false},
        {"one more", TARGET_SEGMENTS_MAX + 1, true},
        {"two more", TARGET_SEGMENTS_MAX + 2, true},
        {"a thousand", 1000, true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf text;
        struct target target = {.storage = NULL};
        struct fault fault = {.field = ""};
        buf_init(&text, 16384);
        for (int j = 0; j < cases[i].segments; j++)
            buf_text(&text, "/a");
        buf_text(&text, "?limit=5");
        check_done(cases[i].name, target_parse(buf_string(&text), &target, &fault), &fault);
        check_number(cases[i].name, target.segments_len > TARGET_SEGMENTS_MAX, cases[i].too_many);
        check_at_most(cases[i].name, target.segments_len, TARGET_SEGMENTS_MAX + 1);
        check_number(cases[i].name, target.parameters_len, 1);
        target_release(&target);
        buf_release(&text);
    }
}

static void too_many_parameters_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int parameters;
        const char *between;
        enum status expected;
    } cases[] = {
        {"as many as may be", TARGET_PARAMETERS_MAX, "&", STATUS_OK},
        {"empty ones don't count", TARGET_PARAMETERS_MAX, "&&&&", STATUS_OK},
        {"one more", TARGET_PARAMETERS_MAX + 1, "&", STATUS_INVALID},
        {"a thousand", 1000, "&", STATUS_INVALID},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf text;
        struct target target = {.storage = NULL};
        struct fault fault = {.field = ""};
        buf_init(&text, 65536);
        buf_text(&text, "/a?");
        for (int j = 0; j < cases[i].parameters; j++)
            buf_format(&text, "p%d=%d%s", j, j, cases[i].between);
        check_status(cases[i].name, target_parse(buf_string(&text), &target, &fault),
                     cases[i].expected);
        if (cases[i].expected == STATUS_OK)
            check_number(cases[i].name, target.parameters_len, cases[i].parameters);
        else
            check_holds(cases[i].name, fault.text, "more than 32 parameters");
        target_release(&target);
        buf_release(&text);
    }
}

/* Whatever comes: pieces that are UTF-8 without control characters, or a fault. */
static void random_targets_never_break_it(void **state)
{
    (void)state;
    static const char *const pieces[] = {"/",   "?",       "&",   "=",   "%", "%4",   "%41",
                                         "%00", "%E0",     "%A6", "%96", "খ", "\xFF", "a",
                                         "+",   "http://", "#",   "%2F", "."};
    struct random random = random_seeded(7);
    for (int turn = 0; turn < 20000; turn++) {
        struct buf text;
        struct target target = {.storage = NULL};
        struct fault fault = {.field = ""};
        buf_init(&text, 1024);
        if (turn % 4)
            buf_char(&text, '/');
        for (int64_t i = random_below(&random, 12); i > 0; i--)
            buf_text(&text, pieces[random_below(&random, COUNT(pieces))]);
        enum status status = target_parse(buf_string(&text), &target, &fault);
        if (status != STATUS_OK)
            check_status(buf_string(&text), status, STATUS_INVALID);
        else
            check_true(buf_string(&text), target.segments_len >= 1);
        target_release(&target);
        buf_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_are_taken_to_pieces),
        cmocka_unit_test(bad_targets_are_refused),
        cmocka_unit_test(the_text_stays_as_it_came),
        cmocka_unit_test(too_many_segments_are_known_as_such),
        cmocka_unit_test(too_many_parameters_are_refused),
        cmocka_unit_test(random_targets_never_break_it),
    };
    return cmocka_run_group_tests_name("http/request", tests, NULL, NULL);
}
