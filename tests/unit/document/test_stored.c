#include "document/stored.h"

#include "check.h"

#include <stdlib.h>

/* What is read must be what jansson reads, or nothing where jansson reads nothing. */
static const char *const texts[] = {
    "[]",
    "{}",
    "[\"a\"]",
    "[\"খবর\",\"বাংলা\"]",
    "[\"\"]",
    "[\"a\\\"b\"]",
    "[\"a\\\\\",\"b\"]",
    "[\"\\u0996\"]",
    "[1,null,\"a\"]",
    "[0,10,999999999999999999]",
    "[9999999999999999999]",
    "[9223372036854775807]",
    "[-1]",
    "[01]",
    "[1.5,1e3]",
    "[true]",
    "[[\"a\"],{\"b\":[]}]",
    "{\"url\":\"/a.jpg\",\"width\":1200,\"height\":800,\"alt\":\"খবর\",\"caption\":null}",
    "{\"a\":1,\"a\":2}",
    "{\"a\\n\":1}",
    "{\"a\" : 1}",
    " [\"a\"]",
    "[\"a\"] ",
    "[\"a\", \"b\"]",
    "",
    "[",
    "]",
    "{",
    "{}}",
    "[]]",
    "[}",
    "[,]",
    "[\"a\",]",
    "[\"a\"\"b\"]",
    "[\"a",
    "[\"a\"",
    "[nul]",
    "[nullx]",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{:1}",
    "{1:1}",
    "{\"a\"1}",
    "\"a\"",
    "1",
    "null",
};

static void it_is_what_the_parser_reads(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        json_t *got = stored_json(texts[i], strlen(texts[i]));
        json_t *expected = json_loads(texts[i], 0, NULL);
        char *one = json_dumps(got, JSON_ENCODE_ANY),
             *other = json_dumps(expected, JSON_ENCODE_ANY);
        check_text(texts[i], one, other);
        free(one);
        free(other);
        json_decref(got);
        json_decref(expected);
    }
}

/* Thrown together, so that no border is left out. */
static void nothing_thrown_together_is_read_in_another_way(void **state)
{
    (void)state;
    static const char *const pieces[] = {"[",    "]", "{", "}",  "\"a\"", "\"\"", ",",
                                         "null", "1", "0", "\\", "\"",    ":",    "\"b\":"};
    struct random random = {11};
    for (int turn = 0; turn < 100000; turn++) {
        struct buf text;
        buf_init(&text, 256);
        buf_text(&text, turn % 2 ? "[" : "{");
        for (int64_t i = random_below(&random, 8); i > 0; i--)
            buf_text(&text, pieces[random_below(&random, COUNT(pieces))]);
        buf_text(&text, turn % 2 ? "]" : "}");
        json_t *got = stored_json(buf_string(&text), text.len);
        json_t *expected = json_loadb(buf_string(&text), text.len, 0, NULL);
        check_true(buf_string(&text), got == expected || json_equal(got, expected));
        json_decref(got);
        json_decref(expected);
        buf_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_what_the_parser_reads),
        cmocka_unit_test(nothing_thrown_together_is_read_in_another_way),
    };
    return cmocka_run_group_tests_name("document/stored", tests, NULL, NULL);
}
