#include "transfer/import_line.h"

#include "check.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const reserved[] = {"api", "latest", "feed.xml", NULL};
static const struct import_rules rules = {.language = "bn", .reserved = reserved};

/* An article's line with something else in place of a field or behind the last. */
#define ARTICLE_WITH(more)                                                                      \
    "{\"type\":\"article\",\"slug\":\"a\",\"section\":\"s\",\"headline\":\"H\",\"body\":\"B\"," \
    "\"published_at\":\"2024-04-16T10:00:00+06:00\"" more "}"
#define DRAFT_WITH(more) \
    "{\"type\":\"article\",\"slug\":\"a\",\"section\":\"s\",\"status\":\"draft\"" more "}"
#define SECTION_WITH(more) "{\"type\":\"section\",\"name\":\"N\"" more "}"
#define VIEWS_WITH(more) "{\"type\":\"views\",\"slug\":\"a\"" more "}"
#define IMAGE_WITH(more) ARTICLE_WITH(",\"image\":{" more "}")

static const struct {
    const char *name;
    const char *input;
    const char *field;
    const char *text; /* a part of the reason */
} refusals[] = {
    {"no JSON", "slug,section,headline", "", "JSON"},
    {"an array", "[1,2]", "", "object"},
    {"a text", "\"a\"", "", "object"},
    {"a number", "12", "", "object"},
    {"null", "null", "", "object"},
    {"cut short", "{\"type\":\"section\"", "", "middle"},
    {"two objects", "{\"type\":\"section\",\"slug\":\"a\",\"name\":\"A\"} {}", "", "behind"},
    {"a key twice", "{\"type\":\"section\",\"type\":\"section\"}", "", "twice"},
    {"not UTF-8", "{\"type\":\"section\",\"slug\":\"a\",\"name\":\"\x80\"}", "", "UTF-8"},
    {"a cut character", "{\"type\":\"section\",\"slug\":\"a\",\"name\":\"\xE0\xA6\"}", "", "UTF-8"},
    {"an overlong character", "{\"type\":\"section\",\"slug\":\"\xC0\xAF\",\"name\":\"A\"}", "",
     "UTF-8"},
    {"half a surrogate pair", SECTION_WITH(",\"slug\":\"\\ud83d\""), "", "JSON"},
    {"an escaped NUL", SECTION_WITH(",\"slug\":\"a\\u0000\""), "", "NUL"},
    {"an escaped NUL in a key", SECTION_WITH(",\"a\\u0000\":1"), "", "NUL"},
    {"a number too large", VIEWS_WITH(",\"count\":99999999999999999999"), "", "too large"},
    {"nested deeply", "{\"a\":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}", "", "nested"},
    {"no type", "{\"slug\":\"a\"}", "type", "section, article, views or redirect"},
    {"another type", "{\"type\":\"video\"}", "type", "got video"},
    {"a type that is no text", "{\"type\":5}", "type", "section, article"},
    {"an unknown field", ARTICLE_WITH(",\"heading\":\"H\""), "heading", "no field"},
    {"another type's field", SECTION_WITH(",\"slug\":\"a\",\"body\":\"B\""), "body", "no field"},
    {"an unknown field that is null", SECTION_WITH(",\"slug\":\"a\",\"x\":null"), "x", "no field"},

    {"a section without slug", SECTION_WITH(""), "slug", "missing"},
    {"a section whose slug is null", SECTION_WITH(",\"slug\":null"), "slug", "missing"},
    {"a section without name", "{\"type\":\"section\",\"slug\":\"a\"}", "name", "missing"},
    {"an empty name", "{\"type\":\"section\",\"slug\":\"a\",\"name\":\"\"}", "name", "empty"},
    {"a name of spaces", "{\"type\":\"section\",\"slug\":\"a\",\"name\":\"  \"}", "name", "empty"},
    {"a name with a line feed", "{\"type\":\"section\",\"slug\":\"a\",\"name\":\"a\\nb\"}", "name",
     "U+000A"},
    {"a name with a tab", "{\"type\":\"section\",\"slug\":\"a\",\"name\":\"a\\tb\"}", "name",
     "U+0009"},
    {"a name with delete", "{\"type\":\"section\",\"slug\":\"a\",\"name\":\"a\\u007f\"}", "name",
     "U+007F"},
    {"a name with a C1 control", "{\"type\":\"section\",\"slug\":\"a\",\"name\":\"\\u0085\"}",
     "name", "U+0085"},
    {"a name with a noncharacter", "{\"type\":\"section\",\"slug\":\"a\",\"name\":\"\\ufffe\"}",
     "name", "U+FFFE"},
    {"a name that is a number", "{\"type\":\"section\",\"slug\":\"a\",\"name\":1}", "name",
     "a text"},
    {"a position below 0", SECTION_WITH(",\"slug\":\"a\",\"position\":-1"), "position", "-1"},
    {"a position too high", SECTION_WITH(",\"slug\":\"a\",\"position\":1000001"), "position",
     "1000000"},
    {"a position with a fraction", SECTION_WITH(",\"slug\":\"a\",\"position\":1.5"), "position",
     "whole number"},
    {"a position in quotes", SECTION_WITH(",\"slug\":\"a\",\"position\":\"1\""), "position",
     "whole number"},
    {"a reserved slug", SECTION_WITH(",\"slug\":\"api\""), "slug", "api"},
    {"a reserved slug with a dot", SECTION_WITH(",\"slug\":\"feed.xml\""), "slug", "feed.xml"},
    {"a reserved slug, spelt otherwise", SECTION_WITH(",\"slug\":\"la\u200Dtest\""), "slug",
     "latest"},
    {"a slug with a space", SECTION_WITH(",\"slug\":\"a b\""), "slug", "U+0020"},
    {"a slug of digits", SECTION_WITH(",\"slug\":\"71\""), "slug", "digits"},
    {"a slug of Bengali digits", SECTION_WITH(",\"slug\":\"৭১\""), "slug", "digits"},
    {"an empty slug", SECTION_WITH(",\"slug\":\"\""), "slug", "empty"},

    {"an article without slug", "{\"type\":\"article\"}", "slug", "missing"},
    {"an article without section", "{\"type\":\"article\",\"slug\":\"a\"}", "section", "missing"},
    {"an article without headline", DRAFT_WITH(",\"body\":\"\""), "headline", "missing"},
    {"an article without body", DRAFT_WITH(",\"headline\":\"H\""), "body", "missing"},
    {"an article without time",
     "{\"type\":\"article\",\"slug\":\"a\",\"section\":\"s\",\"headline\":\"H\",\"body\":\"B\"}",
     "published_at", "published article"},
    {"a scheduled article without time",
     "{\"type\":\"article\",\"slug\":\"a\",\"section\":\"s\",\"headline\":\"H\",\"body\":\"B\","
     "\"status\":\"scheduled\"}",
     "published_at", "scheduled article"},
    {"a time that is null",
     "{\"type\":\"article\",\"slug\":\"a\",\"section\":\"s\",\"headline\":\"H\",\"body\":\"B\","
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

    {"views without slug", "{\"type\":\"views\"}", "slug", "missing"},
    {"views without hour", VIEWS_WITH(",\"count\":1"), "hour", "missing"},
    {"views without count", VIEWS_WITH(",\"hour\":\"2024-04-16T10:00:00Z\""), "count", "missing"},
    {"views at half an hour", VIEWS_WITH(",\"count\":1,\"hour\":\"2024-04-16T10:30:00Z\""), "hour",
     "whole hour in UTC"},
    {"views a second late", VIEWS_WITH(",\"count\":1,\"hour\":\"2024-04-16T10:00:01Z\""), "hour",
     "whole hour"},
    {"views at a whole hour of a half-hour zone",
     VIEWS_WITH(",\"count\":1,\"hour\":\"2024-04-16T10:00:00+05:30\""), "hour", "whole hour"},
    {"views below 0", VIEWS_WITH(",\"hour\":\"2024-04-16T10:00:00Z\",\"count\":-1"), "count", "-1"},
    {"too many views", VIEWS_WITH(",\"hour\":\"2024-04-16T10:00:00Z\",\"count\":1000000001"),
     "count", "1000000000"},
    {"views with an exponent", VIEWS_WITH(",\"hour\":\"2024-04-16T10:00:00Z\",\"count\":1e3"),
     "count", "whole number"},

    {"a redirect without source", "{\"type\":\"redirect\",\"to\":\"a\"}", "from", "missing"},
    {"a redirect without target", "{\"type\":\"redirect\",\"from\":\"/a\"}", "to", "missing"},
    {"a redirect from no path", "{\"type\":\"redirect\",\"from\":\"a\",\"to\":\"a\"}", "from",
     "begins with /"},
    {"a redirect from an address",
     "{\"type\":\"redirect\",\"from\":\"https://a.example/b\",\"to\":\"a\"}", "from",
     "begins with /"},
    {"a redirect to no slug", "{\"type\":\"redirect\",\"from\":\"/a\",\"to\":\"a/b\"}", "to",
     "U+002F"},
};

static void check_refused(const char *name, const char *line, size_t len, const char *field,
                          const char *text)
{
    struct import_line record;
    struct fault fault = {.field = ""};
    import_line_init(&record);
    enum status status = import_line_parse(&record, line, len, &rules, &fault);
    import_line_release(&record);
    check_status(name, status, STATUS_INVALID);
    check_text(name, fault.field, field);
    check_holds(name, fault.text, text);
}

static void a_bad_line_names_its_field(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refusals); i++)
        check_refused(refusals[i].name, refusals[i].input, strlen(refusals[i].input),
                      refusals[i].field, refusals[i].text);
}

static void a_raw_nul_is_refused(void **state)
{
    (void)state;
    static const char line[] = "{\"type\":\"section\",\"slug\":\"a\0b\",\"name\":\"A\"}";
    struct import_line record;
    struct fault fault;
    import_line_init(&record);
    check_status("NUL", import_line_parse(&record, line, sizeof line - 1, &rules, &fault),
                 STATUS_INVALID);
    import_line_release(&record);
}

/* A field with `len` bytes, or an array of `len` texts. */
static void put_long(struct buf *line, const char *field, size_t len, bool is_array)
{
    buf_clear(line);
    buf_text(line, "{\"type\":\"article\",\"status\":\"draft\"");
    static const char *const others[] = {"slug", "section", "headline", "body"};
    for (size_t i = 0; i < COUNT(others); i++) {
        if (strcmp(others[i], field) != 0)
            buf_format(line, ",\"%s\":\"a\"", others[i]);
    }
    buf_format(line, ",\"%s\":%s", field, is_array ? "[" : "\"");
    for (size_t i = 0; i < len; i++) {
        if (is_array)
            buf_format(line, "%s\"%zu\"", i ? "," : "", i);
        else
            buf_char(line, 'a');
    }
    buf_text(line, is_array ? "]}" : "\"}");
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
    struct buf line;
    struct import_line record;
    struct fault fault;
    buf_init(&line, 5 * 1024 * 1024);
    import_line_init(&record);
    for (size_t i = 0; i < COUNT(cases); i++) {
        put_long(&line, cases[i].field, cases[i].most, cases[i].is_array);
        check_done(cases[i].field, import_line_parse(&record, line.bytes, line.len, &rules, &fault),
                   &fault);
        if (strcmp(cases[i].field, "body") == 0)
            continue;
        put_long(&line, cases[i].field, cases[i].most + 1, cases[i].is_array);
        check_refused(cases[i].field, line.bytes, line.len, cases[i].field, "");
    }
    import_line_release(&record);
    buf_release(&line);
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
    struct buf line;
    struct import_line record;
    struct fault fault;
    buf_init(&line, 5 * 1024 * 1024);
    import_line_init(&record);
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (size_t more = 0; more < 2; more++) {
            char name[32];
            snprintf(name, sizeof name, "%zu %c", cases[i].most + more, cases[i].mark);
            put_long(&line, "body", cases[i].most + more, false);
            for (size_t at = (size_t)(strstr(line.bytes, "\"body\":\"") - line.bytes) + 8;
                 line.bytes[at] == 'a'; at++)
                line.bytes[at] = cases[i].mark;
            enum status status = import_line_parse(&record, line.bytes, line.len, &rules, &fault);
            check_status(name, status, more ? STATUS_INVALID : STATUS_OK);
            if (status == STATUS_INVALID)
                check_text(name, fault.field, "body");
        }
    }
    import_line_release(&record);
    buf_release(&line);
}

static void parse(struct import_line *record, const char *line)
{
    struct fault fault;
    check_done(line, import_line_parse(record, line, strlen(line), &rules, &fault), &fault);
}

static void a_section_line_is_read(void **state)
{
    (void)state;
    struct import_line record;
    import_line_init(&record);
    parse(
        &record,
        "{\"type\":\"section\",\"slug\":\"আন্তর্জাতিক\",\"name\":\"আন্তর্জাতিক খবর\",\"position\":7}");
    check_number("type", record.type, IMPORT_SECTION);
    check_text("slug", record.slug, "আন্তর্জাতিক");
    check_text("name", record.section.name, "আন্তর্জাতিক খবর");
    check_number("position", record.section.position, 7);
    parse(&record, "{\"name\":\"N\",\"slug\":\"n\",\"type\":\"section\",\"position\":null}\r");
    check_number("no position", record.section.position, 0);
    import_line_release(&record);
}

static void an_article_line_is_read(void **state)
{
    (void)state;
    struct import_line record;
    import_line_init(&record);
    parse(&record,
          "{\"type\":\"article\",\"slug\":\"a-1\",\"section\":\"s\",\"kicker\":\"K\","
          "\"headline\":\"শিরোনাম\",\"standfirst\":\"S\",\"desk\":\"D\",\"authors\":[\"A\",\"B\"],"
          "\"credits\":[\"এলকে\"],\"tags\":[\"কর\",\"Tax\"],\"body\":\"a\\r\\n\\tb\",\"language\":"
          "\"en-GB\","
          "\"status\":\"withdrawn\",\"published_at\":\"2022-08-15T11:30:00+06:00\","
          "\"updated_at\":\"2022-08-15T05:30:01.9Z\","
          "\"image\":{\"credit\":\"C\",\"url\":\"https://i.example/a.jpg\",\"height\":800},"
          "\"related\":[\"x\",\"y\"],\"most_read\":false,\"lead\":true}");
    const struct article *article = &record.article.article;
    check_number("type", record.type, IMPORT_ARTICLE);
    check_text("slug", article->slug, "a-1");
    check_text("section", record.article.section, "s");
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
    import_line_release(&record);
}

static void what_an_article_leaves_out_has_its_fallback(void **state)
{
    (void)state;
    struct import_line record;
    import_line_init(&record);
    parse(&record, ARTICLE_WITH(""));
    const struct article *article = &record.article.article;
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
    parse(&record, DRAFT_WITH(",\"headline\":\"H\",\"body\":\"\""));
    check_true("a draft's time", record.article.article.published_at == INSTANT_NONE);
    check_number("an empty body", (int64_t)record.article.article.body_len, 0);
    import_line_release(&record);
}

static void views_and_redirects_are_read(void **state)
{
    (void)state;
    struct import_line record;
    import_line_init(&record);
    parse(&record, VIEWS_WITH(",\"hour\":\"2024-04-16T10:30:00+05:30\",\"count\":120"));
    check_number("type", record.type, IMPORT_VIEWS);
    check_number("hour", record.views.hour, 1713243600);
    check_number("count", record.views.count, 120);
    parse(&record, VIEWS_WITH(",\"hour\":\"1969-12-31T23:00:00Z\",\"count\":0"));
    check_number("an hour before 1970", record.views.hour, -3600);
    parse(&record, "{\"type\":\"redirect\",\"from\":\"/old/পথ\",\"to\":\"নতুন\"}");
    check_number("type", record.type, IMPORT_REDIRECT);
    check_text("from", record.redirect.source, "/old/পথ");
    check_text("to", record.slug, "নতুন");
    import_line_release(&record);
}

/* A demo is moved to today: every time in it. */
static void every_time_is_shifted(void **state)
{
    (void)state;
    static const struct import_rules shifting = {
        .language = "bn", .reserved = reserved, .shift_s = 7200};
    static const char article[] = ARTICLE_WITH(",\"updated_at\":\"2024-04-16T05:00:00Z\"");
    static const char views[] = VIEWS_WITH(",\"hour\":\"2024-04-16T10:00:00Z\",\"count\":1");
    struct import_line record;
    struct fault fault;
    import_line_init(&record);
    check_status("article", import_line_parse(&record, article, strlen(article), &shifting, &fault),
                 STATUS_OK);
    check_number("published", record.article.article.published_at, 1713240000 + 7200);
    check_number("updated", record.article.article.updated_at, 1713243600 + 7200);
    check_status("views", import_line_parse(&record, views, strlen(views), &shifting, &fault),
                 STATUS_OK);
    check_number("hour", record.views.hour, 1713261600 + 7200);
    import_line_release(&record);
}

static void a_record_is_fit_for_the_next_line_after_a_bad_one(void **state)
{
    (void)state;
    struct import_line record;
    struct fault fault;
    import_line_init(&record);
    for (size_t i = 0; i < COUNT(refusals); i++) {
        check_status(refusals[i].name,
                     import_line_parse(&record, refusals[i].input, strlen(refusals[i].input),
                                       &rules, &fault),
                     STATUS_INVALID);
        parse(&record, SECTION_WITH(",\"slug\":\"কর\""));
        check_text("key", record.slug_key, "কর");
    }
    import_line_release(&record);
}

/* Whatever bytes come, the answer is a status, and the fault valid UTF-8 on one line. */
static void random_damage_is_a_fault_or_fine(void **state)
{
    (void)state;
    static const char good[] =
        ARTICLE_WITH(",\"tags\":[\"কর\"],\"image\":{\"url\":\"/a\"},\"related\":[\"x\"]");
    struct random random = random_seeded(99);
    struct import_line record;
    struct fault fault;
    char line[sizeof good];
    import_line_init(&record);
    for (int i = 0; i < 30000; i++) {
        memcpy(line, good, sizeof good);
        for (int64_t times = random_below(&random, 4); times >= 0; times--)
            line[random_below(&random, sizeof good - 1)] = (char)random_next(&random);
        enum status status = import_line_parse(&record, line, sizeof good - 1, &rules, &fault);
        check_true("a status", status == STATUS_OK || status == STATUS_INVALID);
        if (status == STATUS_INVALID)
            check_true("a reason", fault.text[0] != '\0');
    }
    import_line_release(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bad_line_names_its_field),
        cmocka_unit_test(a_raw_nul_is_refused),
        cmocka_unit_test(a_field_holds_to_its_maximum),
        cmocka_unit_test(a_body_has_not_too_many_costly_marks),
        cmocka_unit_test(a_section_line_is_read),
        cmocka_unit_test(an_article_line_is_read),
        cmocka_unit_test(what_an_article_leaves_out_has_its_fallback),
        cmocka_unit_test(views_and_redirects_are_read),
        cmocka_unit_test(every_time_is_shifted),
        cmocka_unit_test(a_record_is_fit_for_the_next_line_after_a_bad_one),
        cmocka_unit_test(random_damage_is_a_fault_or_fine),
    };
    return cmocka_run_group_tests_name("store/record", tests, NULL, NULL);
}
