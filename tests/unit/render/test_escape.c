#include "render/escape.h"

#include "check.h"

#include <jansson.h>
#include <stdio.h>

enum {
    PAGE_MAX_BYTES = 4096,
    CODES = 0x3000, /* with U+2028 and U+2029 among them */
    TURNS = 2000,
};

/* The escapings by the name of a file that has them. */
static const char *const names[] = {"a.html", "a.json", "a.txt"};

static void render(const json_t *value, const char *name, struct buf *got)
{
    buf_init(got, PAGE_MAX_BYTES);
    escape_value(value, escaping_of(name), got);
    check_status(name, buf_status(got), STATUS_OK);
}

static void values_are_written_by_their_kind(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        const char *expected;
    } cases[] = {
        {"null", ""},
        {"true", "true"},
        {"false", "false"},
        {"0", "0"},
        {"-15", "-15"},
        {"9223372036854775807", "9223372036854775807"},
        {"1.21", "1.21"},
        {"0.1", "0.1"},
        {"-0.25", "-0.25"},
        {"2.0", "2"},
        {"0.30000000000000004", "0.30000000000000004"},
        {"1e300", "1e+300"},
        {"1.7976931348623157e308", "1.7976931348623157e+308"},
        {"\"\"", ""},
        {"\"খবর\"", "খবর"},
        {"[]", "[]"},
        {"[1,\"a\",null]", "[1,\"a\",null]"},
        {"{\"a\":{\"b\":[\"<'&\\\"\"]}}", "{\"a\":{\"b\":[\"\\u003c'\\u0026\\\"\"]}}"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        json_t *value = json_loads(cases[i].json, JSON_DECODE_ANY, NULL);
        assert_non_null(value);
        for (size_t at = 0; at < COUNT(names); at++) {
            struct buf got;
            render(value, names[at], &got);
            check_text(cases[i].json, buf_string(&got), cases[i].expected);
            buf_release(&got);
        }
        json_decref(value);
    }
}

static void what_is_missing_is_nothing(void **state)
{
    (void)state;
    for (size_t at = 0; at < COUNT(names); at++) {
        struct buf got;
        render(NULL, names[at], &got);
        check_number(names[at], (int64_t)got.len, 0);
        buf_release(&got);
    }
}

static void texts_are_escaped_by_extension(void **state)
{
    (void)state;
    static const char text[] = "<&>\"'\\/\n\x01\u2028\u2029 “খ”";
    static const char markup[] = "&lt;&amp;&gt;&quot;&#39;\\/\n\x01\u2028\u2029 “খ”";
    static const char json[] = "\\u003c\\u0026\\u003e\\\"'\\\\/\\n\\u0001\\u2028\\u2029 “খ”";
    static const struct {
        const char *name;
        const char *expected;
    } cases[] = {
        {"a.html", markup},      {"a.xml", markup},     {"a.json", json},     {"a.txt", text},
        {"a", markup},           {"a.htm", markup},     {"a.svg", markup},    {"a.JSON", markup},
        {"a.json.html", markup}, {".json", json},       {"a.html.txt", text}, {"a.jsonp", markup},
        {"a.", markup},          {"", markup},          {"json", markup},     {"b.txt/a", markup},
        {"b.html/a.json", json}, {"a.html.json", json},
    };
    json_t *value = json_string(text);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf got;
        render(value, cases[i].name, &got);
        check_text(cases[i].name, buf_string(&got), cases[i].expected);
        buf_release(&got);
    }
    json_decref(value);
}

static void a_text_may_hold_nul(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *expected;
        size_t len;
    } cases[] = {
        {"a.html", "a\0&lt;", 6},
        {"a.json", "a\\u0000\\u003c", 13},
        {"a.txt", "a\0<", 3},
    };
    json_t *value = json_stringn("a\0<", 3);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf got;
        render(value, cases[i].name, &got);
        check_number(cases[i].name, (int64_t)got.len, (int64_t)cases[i].len);
        check_true(cases[i].name, memcmp(got.bytes, cases[i].expected, got.len) == 0);
        buf_release(&got);
    }
    json_decref(value);
}

static void every_character_stays_in_its_json_text(void **state)
{
    (void)state;
    for (unsigned code = 0; code < CODES; code++) {
        char name[16];
        snprintf(name, sizeof name, "\"\\u%04x\"", code);
        json_t *value = json_loads(name, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        struct buf got;
        buf_init(&got, PAGE_MAX_BYTES);
        buf_char(&got, '"');
        escape_value(value, ESCAPING_JSON, &got);
        buf_char(&got, '"');
        check_true(name, !strpbrk(buf_string(&got), "<>&"));
        json_t *read =
            json_loadb(buf_string(&got), got.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        check_true(name, value && read && json_equal(read, value));
        json_decref(read);
        json_decref(value);
        buf_release(&got);
    }
}

static void check_safe(const char *json, const json_t *value)
{
    check_true(json, !strpbrk(json, "<>&") && !strstr(json, "\u2028") && !strstr(json, "\u2029"));
    json_t *read = json_loads(json, 0, NULL);
    check_true(json, read && json_equal(read, value));
    json_decref(read);
}

static void json_is_safe_in_a_script(void **state)
{
    (void)state;
    static const char *const pieces[] = {"<", ">", "&",  "\u2028", "\u2029", "a",
                                         "খ", "“", "\"", "\\",     "\n",     "</script>"};
    struct random random = random_seeded(7);
    for (int turn = 0; turn < TURNS; turn++) {
        struct buf text, got;
        buf_init(&text, PAGE_MAX_BYTES);
        for (int64_t i = random_below(&random, 12); i > 0; i--)
            buf_text(&text, pieces[random_below(&random, COUNT(pieces))]);
        json_t *value = json_pack("{s:[s,i],s:{}}", buf_string(&text), buf_string(&text), 1, "z");
        assert_non_null(value);
        render(value, names[turn % (int)COUNT(names)], &got);
        check_safe(buf_string(&got), value);
        json_decref(value);
        buf_release(&text);
        buf_release(&got);
    }
}

static void what_does_not_fit_fails(void **state)
{
    (void)state;
    json_t *value = json_pack("[{s:s}]", "a<", "&\u2028");
    struct buf whole;
    render(value, "a.html", &whole);
    for (size_t max = 0; max <= whole.len; max++) {
        struct buf got;
        buf_init(&got, max);
        escape_value(value, ESCAPING_MARKUP, &got);
        check_status("room", buf_status(&got), max == whole.len ? STATUS_OK : STATUS_FULL);
        buf_release(&got);
    }
    buf_release(&whole);
    json_decref(value);
}

static void rendering_appends(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        const char *expected;
    } cases[] = {
        {"[\"<\"]", "<\"[\"\\u003c\"]"},
        {"\"<\"", "<\"\\u003c"},
        {"\"\"", "<\""},
        {"1.5", "<\"1.5"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        json_t *value = json_loads(cases[i].json, JSON_DECODE_ANY, NULL);
        struct buf got;
        buf_init(&got, PAGE_MAX_BYTES);
        buf_text(&got, "<\"");
        escape_value(value, ESCAPING_JSON, &got);
        check_text(cases[i].json, buf_string(&got), cases[i].expected);
        buf_release(&got);
        json_decref(value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_written_by_their_kind),
        cmocka_unit_test(what_is_missing_is_nothing),
        cmocka_unit_test(texts_are_escaped_by_extension),
        cmocka_unit_test(a_text_may_hold_nul),
        cmocka_unit_test(every_character_stays_in_its_json_text),
        cmocka_unit_test(json_is_safe_in_a_script),
        cmocka_unit_test(what_does_not_fit_fails),
        cmocka_unit_test(rendering_appends),
    };
    return cmocka_run_group_tests_name("render/value", tests, NULL, NULL);
}
