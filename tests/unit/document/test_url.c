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

/* Texts of every length around those that are encoded at once. */
static void a_long_text_is_its_characters(void **state)
{
    (void)state;
    struct buf text, expected, got;
    buf_init(&text, URL_BYTES);
    buf_init(&expected, URL_BYTES);
    buf_init(&got, URL_BYTES);
    for (int i = 0; i < 450; i++) {
        buf_text(&text, i % 5 ? "a" : "/");
        buf_text(&expected, i % 5 ? "a" : "%2F");
        buf_clear(&got);
        url_encode(buf_string(&text), &got);
        check_text("long", buf_string(&got), buf_string(&expected));
    }
    buf_release(&text);
    buf_release(&expected);
    buf_release(&got);
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

/* A section's, a tag's and an author's address hold one segment, whatever the name has in it. */
static void names_are_one_segment(void **state)
{
    (void)state;
    static const struct {
        const char *name, *input, *encoded;
    } cases[] = {
        {"plain", "national", "national"},
        {"nothing", "", ""},
        {"Bengali", "দেশ", "%E0%A6%A6%E0%A7%87%E0%A6%B6"},
        {"a space", "কর মেলা", "%E0%A6%95%E0%A6%B0%20%E0%A6%AE%E0%A7%87%E0%A6%B2%E0%A6%BE"},
        {"a letter with its nukta", "\u09AF\u09BC\u09DF", "%E0%A6%AF%E0%A6%BC%E0%A7%9F"},
        {"a slash", "AC/DC", "AC%2FDC"},
        {"what ends a path", "why?#1", "why%3F%231"},
        {"a plus", "C++", "C%2B%2B"},
        {"a code", "%2F", "%252F"},
        {"a joiner", "র\u200Dয", "%E0%A6%B0%E2%80%8D%E0%A6%AF"},
        {"another host's", "/evil.example", "%2Fevil.example"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf got;
        char expected[256];
        buf_init(&got, URL_BYTES);
        url_section(cases[i].input, &got);
        snprintf(expected, sizeof expected, "/%s", cases[i].encoded);
        check_text(cases[i].name, buf_string(&got), expected);
        buf_clear(&got);
        url_term(TERM_TAG, cases[i].input, &got);
        snprintf(expected, sizeof expected, "/tag/%s", cases[i].encoded);
        check_text(cases[i].name, buf_string(&got), expected);
        buf_clear(&got);
        url_term(TERM_AUTHOR, cases[i].input, &got);
        snprintf(expected, sizeof expected, "/author/%s", cases[i].encoded);
        check_text(cases[i].name, buf_string(&got), expected);
        buf_release(&got);
    }
}

static const struct {
    const char *name;
    const char *input;
    const char *expected;
} cleaned[] = {
    {"nothing", "", ""},
    {"a path", "/media/a-b_c.d~e.jpg", "/media/a-b_c.d~e.jpg"},
    {"an address", "https://user@cdn.example:8443/a;b/c,d?e=f&g=h!#i",
     "https://user@cdn.example:8443/a;b/c,d?e=f&g=h!#i"},
    {"all that is reserved", ":/?#[]@!$&'()*+,;=", ":/?#[]@!$&'()*+,;="},
    {"a space", "/a b.jpg", "/a%20b.jpg"},
    {"a code", "/a%20b.jpg", "/a%20b.jpg"},
    {"a space and a code", "/a b%20c.jpg", "/a%20b%20c.jpg"},
    {"a code in lower case", "/%e0%a6%96", "/%e0%a6%96"},
    {"Bengali", "/ছবি.jpg", "/%E0%A6%9B%E0%A6%AC%E0%A6%BF.jpg"},
    {"Bengali behind a code", "/%20খ", "/%20%E0%A6%96"},
    {"a per cent sign alone", "%", "%25"},
    {"a per cent sign at the end", "/100%", "/100%25"},
    {"half a code at the end", "/a%4", "/a%254"},
    {"half a code", "/a%4/b", "/a%254/b"},
    {"what is no code", "/a%zz%4g%g4", "/a%25zz%254g%25g4"},
    {"a code of a code", "/%2520", "/%2520"},
    {"two per cent signs and a code", "%%41", "%25%41"},
    {"what ends an attribute", "/a\"onerror=\"b<c>", "/a%22onerror=%22b%3Cc%3E"},
    {"other marks", "\\^`{|}", "%5C%5E%60%7B%7C%7D"},
    {"control characters", "/\x01\t\r\n\x7F", "/%01%09%0D%0A%7F"},
    {"any byte", "/\x80\xFF", "/%80%FF"},
};

static void an_address_is_cleaned_of_what_it_may_not_have(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cleaned); i++) {
        struct buf got, again;
        buf_init(&got, URL_BYTES);
        buf_init(&again, URL_BYTES);
        url_clean(cleaned[i].input, &got);
        check_text(cleaned[i].name, buf_string(&got), cleaned[i].expected);
        url_clean(buf_string(&got), &again);
        check_text("what is clean stays so", buf_string(&again), cleaned[i].expected);
        buf_release(&got);
        buf_release(&again);
    }
}

static void a_path_is_the_sites(void **state)
{
    (void)state;
    static const struct {
        const char *name, *input, *expected;
    } cases[] = {
        {"the front", "/", "https://khobor.example/"},
        {"a path", "/media/a.jpg", "https://khobor.example/media/a.jpg"},
        {"a path with a space", "/media/a b.jpg", "https://khobor.example/media/a%20b.jpg"},
        {"a path with a code", "/media/a%20b.jpg", "https://khobor.example/media/a%20b.jpg"},
        {"a path in Bengali", "/ছ", "https://khobor.example/%E0%A6%9B"},
        {"a path with an address in it", "/?u=https://a.example",
         "https://khobor.example/?u=https://a.example"},
        {"a host", "//cdn.example/a.jpg", "https://cdn.example/a.jpg"},
        {"a host and a space", "//cdn.example/a b.jpg", "https://cdn.example/a%20b.jpg"},
        {"https", "https://cdn.example/a b.jpg", "https://cdn.example/a%20b.jpg"},
        {"http", "http://cdn.example/a.jpg", "http://cdn.example/a.jpg"},
        {"nothing", "", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf got;
        buf_init(&got, URL_BYTES);
        url_absolute("https://khobor.example", cases[i].input, &got);
        check_text(cases[i].name, buf_string(&got), cases[i].expected);
        buf_release(&got);
    }
}

static void what_does_not_fit_fails(void **state)
{
    (void)state;
    struct buf got;
    buf_init(&got, 8);
    url_encode("খ", &got);
    check_status("too long", buf_status(&got), STATUS_FULL);
    buf_release(&got);
    url_clean("খ", &got);
    check_status("too long when it is clean", buf_status(&got), STATUS_FULL);
    buf_release(&got);
    url_absolute("https://a.example", "/", &got);
    check_status("too long for a site", buf_status(&got), STATUS_FULL);
    buf_release(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_but_unreserved_characters_are_encoded),
        cmocka_unit_test(a_long_text_is_its_characters),
        cmocka_unit_test(every_byte_is_one_or_three),
        cmocka_unit_test(an_article_has_section_id_and_slug),
        cmocka_unit_test(parameters_follow_each_other),
        cmocka_unit_test(names_are_one_segment),
        cmocka_unit_test(an_address_is_cleaned_of_what_it_may_not_have),
        cmocka_unit_test(a_path_is_the_sites),
        cmocka_unit_test(what_does_not_fit_fails),
    };
    return cmocka_run_group_tests_name("document/url", tests, NULL, NULL);
}
