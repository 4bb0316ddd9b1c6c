#include "base/json.h"

#include "check.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    DEPTH_MOST = 33, /* arrays in arrays */
    TEXT_MAX = 1024 * 1024,
};

/* Renders a document and gives it back; the text is released by the caller. */
static void render(const json_t *document, struct buf *text)
{
    buf_init(text, TEXT_MAX);
    json_render(document, text);
}

/* A text as rendered: these are all the bytes that come out between the quotes. */
static const struct {
    const char *name;
    const char *input;
    size_t len;
    const char *expected;
} texts[] = {
    {"empty", "", 0, "\"\""},
    {"ASCII", "abc", 3, "\"abc\""},
    {"Bengali as it is", "খবর", 9, "\"খবর\""},
    {"emoji as it is", "😀", 4, "\"😀\""},
    {"a quote", "a\"b", 3, "\"a\\\"b\""},
    {"a backslash", "\\", 1, "\"\\\\\""},
    {"a slash as it is", "</p>", 4, "\"</p>\""},
    {"a line feed", "a\nb", 3, "\"a\\nb\""},
    {"a carriage return", "\r", 1, "\"\\r\""},
    {"a tab", "\t", 1, "\"\\t\""},
    {"another control character", "\x1F", 1, "\"\\u001f\""},
    {"backspace", "\b", 1, "\"\\u0008\""},
    {"NUL", "a\0b", 3, "\"a\\u0000b\""},
    {"delete as it is", "\x7F", 1, "\"\x7F\""},
    {"line separators as they are", "\u2028\u2029", 6, "\"\u2028\u2029\""},
    {"joiners as they are", "\u200C\u200D", 6, "\"\u200C\u200D\""},
    {"escapes in a row", "\"\"\\\\", 4, "\"\\\"\\\"\\\\\\\\\""},
    {"an escape at each end", "\nখ\n", 5, "\"\\nখ\\n\""},
};

static void texts_are_escaped_where_json_demands_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct buf got;
        json_t *text = json_stringn(texts[i].input, texts[i].len);
        assert_non_null(text);
        render(text, &got);
        check_status(texts[i].name, buf_status(&got), STATUS_OK);
        check_text(texts[i].name, buf_string(&got), texts[i].expected);
        buf_release(&got);
        json_decref(text);
    }
}

/* Texts are looked at in blocks: an escape at each place of texts of each length around them. */
static void an_escape_is_found_at_every_position(void **state)
{
    (void)state;
    static const char escapes[] = "\"\\\n\x1F";
    for (size_t len = 1; len <= 80; len++) {
        for (size_t at = 0; at < len; at++) {
            char text[80], expected[100], *end = expected;
            struct buf got;
            memset(text, at % 2 ? 'a' : 0xFF, sizeof text);
            text[at] = escapes[(len + at) % 4];
            for (size_t i = 0; i < len; i++)
                end += i == at ? snprintf(end, 8, text[i] == 0x1F ? "\\u001f" : "\\%c",
                                          text[i] == '\n' ? 'n' : text[i])
                               : snprintf(end, 8, "%c", text[i]);
            json_t *json = json_stringn_nocheck(text, len);
            render(json, &got);
            check_number("length", (int64_t)got.len, end - expected + 2);
            assert_memory_equal(got.bytes + 1, expected, (size_t)(end - expected));
            buf_release(&got);
            json_decref(json);
        }
    }
}

static void keys_are_escaped_like_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct buf got, expected;
        json_t *object = json_object();
        assert_int_equal(json_object_setn_new(object, texts[i].input, texts[i].len, json_true()),
                         0);
        buf_init(&expected, 1024);
        buf_format(&expected, "{%s:true}", texts[i].expected);
        render(object, &got);
        check_text(texts[i].name, buf_string(&got), buf_string(&expected));
        buf_release(&got);
        buf_release(&expected);
        json_decref(object);
    }
}

static const struct {
    const char *name;
    const char *input; /* is also what is expected, byte for byte */
} documents[] = {
    {"null", "null"},
    {"true", "true"},
    {"false", "false"},
    {"zero", "0"},
    {"a negative number", "-15"},
    {"the largest number", "9223372036854775807"},
    {"the least number", "-9223372036854775808"},
    {"a fraction", "0.5"},
    {"a negative fraction", "-2.25"},
    {"an empty array", "[]"},
    {"an empty object", "{}"},
    {"an array", "[1,\"a\",null,[true,false],{}]"},
    {"an object keeps its order", "{\"b\":1,\"a\":[2],\"c\":{\"z\":null,\"y\":\"খ\"}}"},
    {"an empty key", "{\"\":\"\"}"},
};

static void documents_are_compact(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(documents); i++) {
        struct buf got;
        json_t *document = json_loads(documents[i].input, JSON_DECODE_ANY, NULL);
        assert_non_null(document);
        render(document, &got);
        check_text(documents[i].name, buf_string(&got), documents[i].input);
        buf_release(&got);
        json_decref(document);
    }
}

/* What is rendered and what jansson dumps say the same. */
static void check_like_jansson(const char *name, const json_t *document, size_t flags)
{
    struct buf got;
    render(document, &got);
    check_status(name, buf_status(&got), STATUS_OK);
    char *dump = json_dumps(document, JSON_ENCODE_ANY | JSON_COMPACT);
    assert_non_null(dump);
    flags |= JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES;
    json_t *ours = json_loadb(got.bytes, got.len, flags, NULL);
    json_t *theirs = json_loads(dump, flags, NULL);
    check_true(name, ours != NULL);
    check_true(name, theirs != NULL);
    check_true(name, json_equal(ours, theirs));
    json_decref(ours);
    json_decref(theirs);
    free(dump);
    buf_release(&got);
}

static json_t *random_text(struct random *random)
{
    static const char *const pieces[] = {"a", "খ", "\"", "\\", "\n", "\t",     "\x01",
                                         "é", "😀", "/",  " ",  "&",  "\u200C", "\x7F"};
    struct buf text;
    buf_init(&text, 4096);
    for (int64_t i = random_below(random, 20); i > 0; i--)
        buf_text(&text, pieces[random_below(random, COUNT(pieces))]);
    json_t *json = json_stringn(buf_string(&text), text.len);
    buf_release(&text);
    return json;
}

static json_t *random_document(struct random *random, int depth)
{
    json_t *made;
    switch (random_below(random, depth > 0 ? 7 : 5)) {
    case 0:
        return json_null();
    case 1:
        return json_boolean(random_below(random, 2));
    case 2:
        return json_integer((json_int_t)(random_next(random) - random_next(random)));
    case 3:
        return json_integer(random_below(random, 1000) - 500);
    case 4:
        return random_text(random);
    case 5:
        made = json_array();
        for (int64_t i = random_below(random, 6); i > 0; i--)
            json_array_append_new(made, random_document(random, depth - 1));
        return made;
    default:
        made = json_object();
        for (int64_t i = random_below(random, 6); i > 0; i--) {
            json_t *key = random_text(random);
            json_object_setn_new(made, json_string_value(key), json_string_length(key),
                                 random_document(random, depth - 1));
            json_decref(key);
        }
        return made;
    }
}

static void any_document_says_what_jansson_says(void **state)
{
    (void)state;
    struct random random = random_seeded(2024);
    for (int i = 0; i < 5000; i++) {
        json_t *document = random_document(&random, 5);
        assert_non_null(document);
        check_like_jansson("random", document, 0);
        json_decref(document);
    }
}

static void fractions_keep_their_value(void **state)
{
    (void)state;
    static const double numbers[] = {0.1,  1.0 / 3, 1e300, -1e-300, 123456789.125,
                                     1e17, 1.0,     -0.0,  2.5e-8,  1.7976931348623157e308};
    for (size_t i = 0; i < COUNT(numbers); i++) {
        json_t *document = json_pack("[f]", numbers[i]);
        check_like_jansson("a fraction", document, JSON_DECODE_INT_AS_REAL);
        json_decref(document);
    }
}

static json_t *nested(int depth, bool objects)
{
    json_t *made = objects ? json_object() : json_array();
    for (int i = 1; i < depth; i++) {
        json_t *outer = objects ? json_object() : json_array();
        if (objects)
            json_object_set_new(outer, "a", made);
        else
            json_array_append_new(outer, made);
        made = outer;
    }
    return made;
}

static void depth_is_bounded(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int depth;
        enum status expected;
    } cases[] = {
        {"one", 1, STATUS_OK},
        {"as deep as may be", DEPTH_MOST, STATUS_OK},
        {"one deeper", DEPTH_MOST + 1, STATUS_FULL},
        {"far deeper", 1000, STATUS_FULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (int objects = 0; objects < 2; objects++) {
            struct buf got;
            json_t *document = nested(cases[i].depth, objects);
            render(document, &got);
            check_status(cases[i].name, buf_status(&got), cases[i].expected);
            if (cases[i].expected == STATUS_OK)
                check_like_jansson(cases[i].name, document, 0);
            buf_release(&got);
            json_decref(document);
        }
    }
}

static void what_does_not_fit_fails(void **state)
{
    (void)state;
    static const char expected[] = "{\"a\":[1,\"খ\"]}";
    json_t *document = json_loads(expected, 0, NULL);
    assert_non_null(document);
    for (size_t max = 0; max <= sizeof expected - 1; max++) {
        struct buf got;
        buf_init(&got, max);
        json_render(document, &got);
        check_status("room", buf_status(&got),
                     max == sizeof expected - 1 ? STATUS_OK : STATUS_FULL);
        buf_release(&got);
    }
    json_decref(document);
}

static void rendering_appends(void **state)
{
    (void)state;
    struct buf got;
    json_t *document = json_pack("[i]", 7);
    buf_init(&got, 64);
    buf_text(&got, "before");
    json_render(document, &got);
    check_text("appended", buf_string(&got), "before[7]");
    buf_release(&got);
    json_decref(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_escaped_where_json_demands_it),
        cmocka_unit_test(an_escape_is_found_at_every_position),
        cmocka_unit_test(keys_are_escaped_like_texts),
        cmocka_unit_test(documents_are_compact),
        cmocka_unit_test(any_document_says_what_jansson_says),
        cmocka_unit_test(fractions_keep_their_value),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(what_does_not_fit_fails),
        cmocka_unit_test(rendering_appends),
    };
    return cmocka_run_group_tests_name("base/json", tests, NULL, NULL);
}
