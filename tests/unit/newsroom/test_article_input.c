#include "newsroom/article_input.h"

#include "check.h"
#include "newsroom/check_json.h"

#include <stdio.h>
#include <stdlib.h>

/* An article with something else in place of a field or after the last. */
#define ARTICLE_WITH(more)                                                 \
    "{\"slug\":\"a\",\"section\":\"s\",\"headline\":\"H\",\"body\":\"B\"," \
    "\"published_at\":\"2024-04-16T10:00:00+06:00\"" more "}"
#define DRAFT_WITH(more) "{\"slug\":\"a\",\"section\":\"s\",\"status\":\"draft\"" more "}"
#define IMAGE_WITH(more) ARTICLE_WITH(",\"image\":{" more "}")

/* An article and the object that its texts are borrowed from. */
struct parsed {
    struct article_input input;
    json_t *object;
};

static void parsed_init(struct parsed *parsed)
{
    parsed->object = NULL;
    article_input_init(&parsed->input);
}

static void parsed_release(struct parsed *parsed)
{
    json_decref(parsed->object);
    article_input_release(&parsed->input);
}

static enum status read_shifted(struct parsed *parsed, const char *text, size_t len,
                                int64_t shift_s, struct fault *fault)
{
    json_decref(parsed->object);
    parsed->object = NULL;
    enum status status = check_json_parse(text, len, &parsed->object, fault);
    if (status != STATUS_OK)
        return status;
    return article_input_read(&parsed->input, parsed->object, "bn", shift_s, fault);
}

static enum status read(struct parsed *parsed, const char *text, size_t len, struct fault *fault)
{
    return read_shifted(parsed, text, len, 0, fault);
}

static const struct {
    const char *name;
    const char *input;
    const char *field;
    const char *text; /* a part of the reason */
} refusals[] = {
    {"a type", ARTICLE_WITH(",\"type\":\"article\""), "type", "no field"},
    {"an unknown field", ARTICLE_WITH(",\"heading\":\"H\""), "heading", "no field"},
    {"a slug of digits", "{\"slug\":\"71\",\"section\":\"s\",\"headline\":\"H\",\"body\":\"B\"}",
     "slug", "digits"},
    {"an article without slug", "{}", "slug", "missing"},
    {"an article without section", "{\"slug\":\"a\"}", "section", "missing"},
    {"an article without headline", DRAFT_WITH(",\"body\":\"\""), "headline", "missing"},
    {"an article without body", DRAFT_WITH(",\"headline\":\"H\""), "body", "missing"},
    {"an article without time",
     "{\"slug\":\"a\",\"section\":\"s\",\"headline\":\"H\",\"body\":\"B\"}", "published_at",
     "published article"},
    {"a scheduled article without time",
     "{\"slug\":\"a\",\"section\":\"s\",\"headline\":\"H\",\"body\":\"B\","
     "\"status\":\"scheduled\"}",
     "published_at", "scheduled article"},
    {"a time that is null",
     "{\"slug\":\"a\",\"section\":\"s\",\"headline\":\"H\",\"body\":\"B\","
     "\"published_at\":null}",
     "published_at", "missing"},
    {"another status", ARTICLE_WITH(",\"status\":\"live\""), "status", "\"live\""},
    {"a status in capitals", ARTICLE_WITH(",\"status\":\"Draft\""), "status", "\"Draft\""},
    {"an update without zone", ARTICLE_WITH(",\"updated_at\":\"2024-04-16T10:00:00\""),
     "updated_at", "zone"},
    {"an update that is a day", ARTICLE_WITH(",\"updated_at\":\"2024-04-16\""), "updated_at",
     "zone"},
    {"an update that is a number", ARTICLE_WITH(",\"updated_at\":1713247200"), "updated_at",
     "date and time"},
    {"an update in year 999", ARTICLE_WITH(",\"updated_at\":\"0999-01-01T00:00:00Z\""),
     "updated_at", "1000 to 9999"},
    {"an update on 30 February", ARTICLE_WITH(",\"updated_at\":\"2024-02-30T00:00:00Z\""),
     "updated_at", "date and time"},
    {"an update at a leap second", ARTICLE_WITH(",\"updated_at\":\"2016-12-31T23:59:60Z\""),
     "updated_at", "date and time"},
    {"an empty kicker", ARTICLE_WITH(",\"kicker\":\"\""), "kicker", "null"},
    {"an empty standfirst", ARTICLE_WITH(",\"standfirst\":\" \""), "standfirst", "null"},
    {"a desk that is an array", ARTICLE_WITH(",\"desk\":[]"), "desk", "a text"},
    {"authors that are a text", ARTICLE_WITH(",\"authors\":\"A\""), "authors", "array"},
    {"authors that are numbers", ARTICLE_WITH(",\"authors\":[1]"), "authors", "array of texts"},
    {"an author that is null", ARTICLE_WITH(",\"authors\":[null]"), "authors", "array of texts"},
    {"an empty author", ARTICLE_WITH(",\"authors\":[\"A\",\"\"]"), "authors", "empty"},
    {"a credit of two lines", ARTICLE_WITH(",\"credits\":[\"a\\nb\"]"), "credits", "U+000A"},
    {"an empty tag", ARTICLE_WITH(",\"tags\":[\"\"]"), "tags", "empty"},
    {"tags in an object", ARTICLE_WITH(",\"tags\":{}"), "tags", "array"},
    {"related by number", ARTICLE_WITH(",\"related\":[5]"), "related", "array of texts"},
    {"most_read as a number", ARTICLE_WITH(",\"most_read\":1"), "most_read", "true or false"},
    {"lead as a text", ARTICLE_WITH(",\"lead\":\"true\""), "lead", "true or false"},
    {"a language of one letter", ARTICLE_WITH(",\"language\":\"b\""), "language", "language tag"},
    {"a language with an underscore", ARTICLE_WITH(",\"language\":\"en_GB\""), "language",
     "language tag"},
    {"a language's name", ARTICLE_WITH(",\"language\":\"Bengali\""), "language", "language tag"},
    {"a body with NUL", DRAFT_WITH(",\"headline\":\"H\",\"body\":\"a\\u0000\""), "", "NUL"},
    {"a body with a control", DRAFT_WITH(",\"headline\":\"H\",\"body\":\"a\\u0008\""), "body",
     "U+0008"},
    {"a body that is null", DRAFT_WITH(",\"headline\":\"H\",\"body\":null"), "body", "missing"},
    {"an image that is a text", ARTICLE_WITH(",\"image\":\"/a.jpg\""), "image", "an object"},
    {"an image without address", IMAGE_WITH("\"width\":5"), "image", "url: is missing"},
    {"an image without scheme", IMAGE_WITH("\"url\":\"a.jpg\""), "image", "url: must begin"},
    {"an image with a script", IMAGE_WITH("\"url\":\"javascript:alert(1)\""), "image",
     "url: must begin"},
    {"an image below 0", IMAGE_WITH("\"url\":\"/a\",\"width\":-1"), "image", "width: "},
    {"an image with an unknown field", IMAGE_WITH("\"url\":\"/a\",\"src\":\"/b\""), "image",
     "src: is no field"},
};

static void check_refused(const char *name, const char *text, size_t len, const char *field,
                          const char *reason)
{
    struct parsed parsed;
    struct fault fault = {.field = ""};
    parsed_init(&parsed);
    enum status status = read(&parsed, text, len, &fault);
    parsed_release(&parsed);
    check_status(name, status, STATUS_INVALID);
    check_text(name, fault.field, field);
    check_holds(name, fault.text, reason);
}

static void a_bad_article_names_its_field(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refusals); i++)
        check_refused(refusals[i].name, refusals[i].input, strlen(refusals[i].input),
                      refusals[i].field, refusals[i].text);
}

/* A field with `len` bytes, or an array of `len` texts. */
static void put_long(struct buf *object, const char *field, size_t len, bool is_array)
{
    buf_clear(object);
    buf_text(object, "{\"status\":\"draft\"");
    static const char *const others[] = {"slug", "section", "headline", "body"};
    for (size_t i = 0; i < COUNT(others); i++) {
        if (strcmp(others[i], field) != 0)
            buf_format(object, ",\"%s\":\"a\"", others[i]);
    }
    buf_format(object, ",\"%s\":%s", field, is_array ? "[" : "\"");
    for (size_t i = 0; i < len; i++) {
        if (is_array)
            buf_format(object, "%s\"%zu\"", i ? "," : "", i);
        else
            buf_char(object, 'a');
    }
    buf_text(object, is_array ? "]}" : "\"}");
}

static void a_field_holds_to_its_maximum(void **state)
{
    (void)state;
    static const struct {
        const char *field;
        size_t most;
        bool is_array;
    } cases[] = {
        {"slug", 450, false},      {"section", 450, false},      {"kicker", 1024, false},
        {"headline", 4096, false}, {"standfirst", 16384, false}, {"desk", 1024, false},
        {"authors", 20, true},     {"credits", 20, true},        {"tags", 40, true},
        {"related", 20, true},     {"body", 1000000, false},
    };
    struct buf object;
    struct parsed parsed;
    struct fault fault;
    buf_init(&object, 5 * 1024 * 1024);
    parsed_init(&parsed);
    for (size_t i = 0; i < COUNT(cases); i++) {
        put_long(&object, cases[i].field, cases[i].most, cases[i].is_array);
        check_done(cases[i].field, read(&parsed, object.bytes, object.len, &fault), &fault);
        if (strcmp(cases[i].field, "body") == 0)
            continue;
        put_long(&object, cases[i].field, cases[i].most + 1, cases[i].is_array);
        check_refused(cases[i].field, object.bytes, object.len, cases[i].field, "");
    }
    parsed_release(&parsed);
    buf_release(&object);
}

/* Marks that cost a Markdown renderer more than their length. */
static void a_body_has_not_too_many_costly_marks(void **state)
{
    (void)state;
    static const struct {
        char mark;
        size_t most;
    } cases[] = {{'[', 10000}, {']', 50000}, {'`', 100000}, {'.', 100001}, {'\'', 100001},
                 {'>', 200},   {'*', 50000}, {'_', 50000},  {'&', 200000}, {'<', 200000}};
    struct buf object;
    struct parsed parsed;
    struct fault fault;
    buf_init(&object, 5 * 1024 * 1024);
    parsed_init(&parsed);
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (size_t more = 0; more < 2; more++) {
            char name[32];
            snprintf(name, sizeof name, "%zu %c", cases[i].most + more, cases[i].mark);
            put_long(&object, "body", cases[i].most + more, false);
            for (size_t at = (size_t)(strstr(object.bytes, "\"body\":\"") - object.bytes) + 8;
                 object.bytes[at] == 'a'; at++)
                object.bytes[at] = cases[i].mark;
            enum status status = read(&parsed, object.bytes, object.len, &fault);
            check_status(name, status, more ? STATUS_INVALID : STATUS_OK);
            if (status == STATUS_INVALID)
                check_text(name, fault.field, "body");
        }
    }
    parsed_release(&parsed);
    buf_release(&object);
}

static void parse(struct parsed *parsed, const char *text)
{
    struct fault fault;
    check_done(text, read(parsed, text, strlen(text), &fault), &fault);
}

static void an_article_is_read(void **state)
{
    (void)state;
    struct parsed parsed;
    parsed_init(&parsed);
    parse(&parsed,
          "{\"slug\":\"a-1\",\"section\":\"s\",\"kicker\":\"K\","
          "\"headline\":\"শিরোনাম\",\"standfirst\":\"S\",\"desk\":\"D\",\"authors\":[\"A\",\"B\"],"
          "\"credits\":[\"এলকে\"],\"tags\":[\"কর\",\"Tax\"],\"body\":\"a\\r\\n\\tb\",\"language\":"
          "\"en-GB\","
          "\"status\":\"withdrawn\",\"published_at\":\"2022-08-15T11:30:00+06:00\","
          "\"updated_at\":\"2022-08-15T05:30:01.9Z\","
          "\"image\":{\"credit\":\"C\",\"url\":\"https://i.example/a.jpg\",\"height\":800},"
          "\"related\":[\"x\",\"y\"],\"most_read\":false,\"lead\":true}");
    const struct article *article = &parsed.input.article;
    check_text("slug", article->slug, "a-1");
    check_text("section", parsed.input.section, "s");
    check_text("kicker", article->kicker, "K");
    check_text("headline", article->headline, "শিরোনাম");
    check_text("standfirst", article->standfirst, "S");
    check_text("desk", article->desk, "D");
    check_text("authors", article->authors, "[\"A\",\"B\"]");
    check_text("credits", article->credits, "[\"এলকে\"]");
    check_text("tags", article->tags, "[\"কর\",\"Tax\"]");
    check_text("related", article->related, "[\"x\",\"y\"]");
    check_text("body", article->body, "a\r\n\tb");
    check_number("body's length", (int64_t)article->body_len, 5);
    check_text("language", article->language, "en-GB");
    check_text("status", article->status, "withdrawn");
    check_number("published", article->published_at, 1660541400);
    check_number("updated", article->updated_at, 1660541401);
    check_text("image", article->image,
               "{\"url\":\"https://i.example/a.jpg\",\"width\":null,\"height\":800,\"alt\":null,"
               "\"caption\":null,\"credit\":\"C\"}");
    check_true("most read", !article->most_read);
    check_true("lead", article->lead);
    check_number("terms", article->terms_count, 4);
    check_number("tags first", article->terms[1].kind, TERM_TAG);
    check_text("a tag's key", article->terms[0].key, "কর");
    check_number("then authors", article->terms[2].kind, TERM_AUTHOR);
    parsed_release(&parsed);
}

static void what_an_article_leaves_out_has_its_fallback(void **state)
{
    (void)state;
    struct parsed parsed;
    parsed_init(&parsed);
    parse(&parsed, ARTICLE_WITH(""));
    const struct article *article = &parsed.input.article;
    check_text("kicker", article->kicker, NULL);
    check_text("standfirst", article->standfirst, NULL);
    check_text("desk", article->desk, NULL);
    check_text("image", article->image, NULL);
    check_text("authors", article->authors, "[]");
    check_text("related", article->related, "[]");
    check_text("status", article->status, "published");
    check_text("language", article->language, "bn");
    check_true("updated", article->updated_at == INSTANT_NONE);
    check_true("most read", article->most_read);
    check_true("lead", !article->lead);
    check_number("terms", article->terms_count, 0);
    parse(&parsed, DRAFT_WITH(",\"headline\":\"H\",\"body\":\"\""));
    check_true("a draft's time", parsed.input.article.published_at == INSTANT_NONE);
    check_number("an empty body", (int64_t)parsed.input.article.body_len, 0);
    parsed_release(&parsed);
}

static void every_time_is_shifted(void **state)
{
    (void)state;
    static const char text[] = ARTICLE_WITH(",\"updated_at\":\"2024-04-16T05:00:00Z\"");
    struct parsed parsed;
    struct fault fault;
    parsed_init(&parsed);
    check_status("read", read_shifted(&parsed, text, strlen(text), 7200, &fault), STATUS_OK);
    check_number("published", parsed.input.article.published_at, 1713240000 + 7200);
    check_number("updated", parsed.input.article.updated_at, 1713243600 + 7200);
    parsed_release(&parsed);
}

static void a_slug_and_terms_have_keys(void **state)
{
    (void)state;
    struct parsed parsed;
    parsed_init(&parsed);
    parse(&parsed, "{\"slug\":\"a\u200Db\",\"section\":\"s\",\"headline\":\"H\",\"body\":\"\","
                   "\"status\":\"draft\",\"tags\":[\"ড়\"],\"authors\":[\"১২\"]}");
    check_text("slug", parsed.input.article.slug, "a\u200Db");
    check_text("slug's key", parsed.input.article.slug_key, "ab");
    check_text("tag's key", parsed.input.article.terms[0].key, "\u09A1\u09BC");
    check_text("author's key", parsed.input.article.terms[1].key, "12");
    parsed_release(&parsed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bad_article_names_its_field),
        cmocka_unit_test(a_field_holds_to_its_maximum),
        cmocka_unit_test(a_body_has_not_too_many_costly_marks),
        cmocka_unit_test(an_article_is_read),
        cmocka_unit_test(what_an_article_leaves_out_has_its_fallback),
        cmocka_unit_test(every_time_is_shifted),
        cmocka_unit_test(a_slug_and_terms_have_keys),
    };
    return cmocka_run_group_tests_name("newsroom/article_input", tests, NULL, NULL);
}
