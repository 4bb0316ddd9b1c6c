#include "document/url.h"

#include "check.h"

#include <stdio.h>

enum {
    URL_BYTES = 4096
};

static const struct {
    const char *name;
    const char *input;
    const char *expected;
} encoded[] = {
    {"nothing", "", ""},
    {"letters and digits", "AZaz09", "AZaz09"},
    {"what stays", "-._~", "-._~"},
    {"a space", "a b", "a%20b"},
    {"a plus", "1+1", "1%2B1"},
    {"a slash", "a/b", "a%2Fb"},
    {"what ends a path", "a?b#c", "a%3Fb%23c"},
    {"what parts a query", "a&b=c", "a%26b%3Dc"},
    {"a per cent sign", "100%", "100%25"},
    {"a code", "%41", "%2541"},
    {"quotes and brackets", "\"'<>[]", "%22%27%3C%3E%5B%5D"},
    {"other marks", "!$()*,;:@\\^`{|}", "%21%24%28%29%2A%2C%3B%3A%40%5C%5E%60%7B%7C%7D"},
    {"Bengali", "খবর", "%E0%A6%96%E0%A6%AC%E0%A6%B0"},
    {"emoji", "😀", "%F0%9F%98%80"},
    {"a joiner", "\u200D", "%E2%80%8D"},
    {"control characters", "\x01\n\x7F", "%01%0A%7F"},
    {"any byte", "\x80\xFF", "%80%FF"},
};

static void all_but_unreserved_characters_are_encoded(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(encoded); i++) {
        struct buf got;
        buf_init(&got, URL_BYTES);
        url_encode(encoded[i].input, &got);
        check_text(encoded[i].name, buf_string(&got), encoded[i].expected);
        buf_release(&got);
    }
}

static void every_byte_is_one_or_three(void **state)
{
    (void)state;
    for (int byte = 1; byte < 256; byte++) {
        struct buf got;
        char text[] = {(char)byte, '\0'}, code[8];
        buf_init(&got, URL_BYTES);
        url_encode(text, &got);
        snprintf(code, sizeof code, "%%%02X", (unsigned)byte);
        check_text(code, buf_string(&got), got.len == 1 ? text : code);
        buf_release(&got);
    }
}

static void an_article_has_section_id_and_slug(void **state)
{
    (void)state;
    static const struct {
        const char *name, *section;
        int64_t id;
        const char *slug, *expected;
    } cases[] = {
        {"plain", "national", 66, "a-b", "/national/66/a-b"},
        {"Bengali", "খ", 1, "ব-র", "/%E0%A6%96/1/%E0%A6%AC-%E0%A6%B0"},
        {"a large id", "a", INT64_MAX, "b", "/a/9223372036854775807/b"},
        {"marks in a slug", "a_b", 7, "c.d", "/a_b/7/c.d"},
        {"what no slug has", "a/b", 7, "../c?d", "/a%2Fb/7/..%2Fc%3Fd"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf got;
        buf_init(&got, URL_BYTES);
        url_article(cases[i].section, cases[i].id, cases[i].slug, &got);
        check_text(cases[i].name, buf_string(&got), cases[i].expected);
        buf_release(&got);
    }
}

static void parameters_follow_each_other(void **state)
{
    (void)state;
    struct buf got;
    buf_init(&got, URL_BYTES);
    buf_text(&got, "/api/v1/articles");
    url_parameter("section", NULL, &got);
    check_text("none", buf_string(&got), "/api/v1/articles");
    url_parameter("tag", "খ&গ", &got);
    check_text("first", buf_string(&got), "/api/v1/articles?tag=%E0%A6%96%26%E0%A6%97");
    url_parameter("author", NULL, &got);
    url_parameter("from", "2024-04-16T12:00:00+06:00", &got);
    url_parameter("to", "", &got);
    check_text("more", buf_string(&got),
               "/api/v1/articles?tag=%E0%A6%96%26%E0%A6%97"
               "&from=2024-04-16T12%3A00%3A00%2B06%3A00&to=");
    buf_release(&got);
}

static void what_does_not_fit_fails(void **state)
{
    (void)state;
    struct buf got;
    buf_init(&got, 8);
    url_encode("খ", &got);
    check_status("too long", buf_status(&got), STATUS_FULL);
    buf_release(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_but_unreserved_characters_are_encoded),
        cmocka_unit_test(every_byte_is_one_or_three),
        cmocka_unit_test(an_article_has_section_id_and_slug),
        cmocka_unit_test(parameters_follow_each_other),
        cmocka_unit_test(what_does_not_fit_fails),
    };
    return cmocka_run_group_tests_name("document/url", tests, NULL, NULL);
}
