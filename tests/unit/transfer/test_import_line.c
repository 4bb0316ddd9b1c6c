#include "transfer/import_line.h"

#include "check.h"

#include <stdio.h>
#include <stdlib.h>

static const struct import_rules rules = {.language = "bn"};

/* An article's line with something else in place of a field or behind the last. */
#define ARTICLE_WITH(more)                                                                      \
    "{\"type\":\"article\",\"slug\":\"a\",\"section\":\"s\",\"headline\":\"H\",\"body\":\"B\"," \
    "\"published_at\":\"2024-04-16T10:00:00+06:00\"" more "}"
#define SECTION_WITH(more) "{\"type\":\"section\",\"name\":\"N\"" more "}"
#define VIEWS_WITH(more) "{\"type\":\"views\",\"slug\":\"a\"" more "}"

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
    {"two objects", "{\"type\":\"section\",\"slug\":\"a\",\"name\":\"A\"} {}", "", "after"},
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
    {"a slug with a space", SECTION_WITH(",\"slug\":\"a b\""), "slug", "U+0020"},
    {"a slug of digits", SECTION_WITH(",\"slug\":\"71\""), "slug", "digits"},
    {"a slug of Bengali digits", SECTION_WITH(",\"slug\":\"৭১\""), "slug", "digits"},
    {"an empty slug", SECTION_WITH(",\"slug\":\"\""), "slug", "empty"},

    {"an article without slug", "{\"type\":\"article\"}", "slug", "missing"},
    {"an article with a bad field", ARTICLE_WITH(",\"kicker\":5"), "kicker", "a text"},

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

static void check_refused(const char *name, const char *text, const char *field, const char *reason)
{
    struct import_line line;
    struct fault fault = {.field = ""};
    import_line_init(&line);
    enum status status = import_line_parse(&line, text, strlen(text), &rules, &fault);
    import_line_release(&line);
    check_status(name, status, STATUS_INVALID);
    check_text(name, fault.field, field);
    check_holds(name, fault.text, reason);
}

static void a_bad_line_names_its_field(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refusals); i++)
        check_refused(refusals[i].name, refusals[i].input, refusals[i].field, refusals[i].text);
}

static void a_raw_nul_is_refused(void **state)
{
    (void)state;
    static const char text[] = "{\"type\":\"section\",\"slug\":\"a\0b\",\"name\":\"A\"}";
    struct import_line line;
    struct fault fault;
    import_line_init(&line);
    check_status("NUL", import_line_parse(&line, text, sizeof text - 1, &rules, &fault),
                 STATUS_INVALID);
    import_line_release(&line);
}

static void parse(struct import_line *line, const char *text)
{
    struct fault fault;
    check_done(text, import_line_parse(line, text, strlen(text), &rules, &fault), &fault);
}

static void a_section_line_is_read(void **state)
{
    (void)state;
    struct import_line line;
    import_line_init(&line);
    parse(
        &line,
        "{\"type\":\"section\",\"slug\":\"আন্তর্জাতিক\",\"name\":\"আন্তর্জাতিক খবর\",\"position\":7}");
    check_number("type", line.type, IMPORT_SECTION);
    check_text("slug", line.slug, "আন্তর্জাতিক");
    check_text("name", line.section.name, "আন্তর্জাতিক খবর");
    check_number("position", line.section.position, 7);
    parse(&line, "{\"name\":\"N\",\"slug\":\"n\",\"type\":\"section\",\"position\":null}\r");
    check_number("no position", line.section.position, 0);
    import_line_release(&line);
}

static void an_article_line_is_read(void **state)
{
    (void)state;
    struct import_line line;
    import_line_init(&line);
    parse(&line, ARTICLE_WITH(",\"tags\":[\"কর\"]"));
    check_number("type", line.type, IMPORT_ARTICLE);
    check_text("slug", line.slug, "a");
    check_text("key", line.slug_key, "a");
    check_text("section", line.article.section, "s");
    check_text("headline", line.article.article.headline, "H");
    check_text("the site's language", line.article.article.language, "bn");
    check_number("a term", line.article.article.terms_count, 1);
    import_line_release(&line);
}

static void views_and_redirects_are_read(void **state)
{
    (void)state;
    struct import_line line;
    import_line_init(&line);
    parse(&line, VIEWS_WITH(",\"hour\":\"2024-04-16T10:30:00+05:30\",\"count\":120"));
    check_number("type", line.type, IMPORT_VIEWS);
    check_number("hour", line.views.hour, 1713243600);
    check_number("count", line.views.count, 120);
    parse(&line, VIEWS_WITH(",\"hour\":\"1969-12-31T23:00:00Z\",\"count\":0"));
    check_number("an hour before 1970", line.views.hour, -3600);
    parse(&line, "{\"type\":\"redirect\",\"from\":\"/old/পথ\",\"to\":\"নতুন\"}");
    check_number("type", line.type, IMPORT_REDIRECT);
    check_text("from", line.redirect.source, "/old/পথ");
    check_text("to", line.slug, "নতুন");
    import_line_release(&line);
}

/* A demo is moved to today: every time in it. */
static void every_time_is_shifted(void **state)
{
    (void)state;
    static const struct import_rules shifting = {.language = "bn", .shift_s = 7200};
    static const char article[] = ARTICLE_WITH(",\"updated_at\":\"2024-04-16T05:00:00Z\"");
    static const char views[] = VIEWS_WITH(",\"hour\":\"2024-04-16T10:00:00Z\",\"count\":1");
    struct import_line line;
    struct fault fault;
    import_line_init(&line);
    check_status("article", import_line_parse(&line, article, strlen(article), &shifting, &fault),
                 STATUS_OK);
    check_number("published", line.article.article.published_at, 1713240000 + 7200);
    check_number("updated", line.article.article.updated_at, 1713243600 + 7200);
    check_status("views", import_line_parse(&line, views, strlen(views), &shifting, &fault),
                 STATUS_OK);
    check_number("hour", line.views.hour, 1713261600 + 7200);
    import_line_release(&line);
}

static void a_line_can_be_used_after_a_bad_one(void **state)
{
    (void)state;
    struct import_line line;
    struct fault fault;
    import_line_init(&line);
    for (size_t i = 0; i < COUNT(refusals); i++) {
        check_status(
            refusals[i].name,
            import_line_parse(&line, refusals[i].input, strlen(refusals[i].input), &rules, &fault),
            STATUS_INVALID);
        parse(&line, SECTION_WITH(",\"slug\":\"কর\""));
        check_text("key", line.slug_key, "কর");
    }
    import_line_release(&line);
}

/* Whatever bytes come, the answer is a status, and the fault valid UTF-8 on one line. */
static void random_damage_is_a_fault_or_fine(void **state)
{
    (void)state;
    static const char good[] =
        ARTICLE_WITH(",\"tags\":[\"কর\"],\"image\":{\"url\":\"/a\"},\"related\":[\"x\"]");
    struct random random = random_seeded(99);
    struct import_line line;
    struct fault fault;
    char text[sizeof good];
    import_line_init(&line);
    for (int i = 0; i < 30000; i++) {
        memcpy(text, good, sizeof good);
        for (int64_t times = random_below(&random, 4); times >= 0; times--)
            text[random_below(&random, sizeof good - 1)] = (char)random_next(&random);
        enum status status = import_line_parse(&line, text, sizeof good - 1, &rules, &fault);
        check_true("a status", status == STATUS_OK || status == STATUS_INVALID);
        if (status == STATUS_INVALID)
            check_true("a reason", fault.text[0] != '\0');
    }
    import_line_release(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bad_line_names_its_field),
        cmocka_unit_test(a_raw_nul_is_refused),
        cmocka_unit_test(a_section_line_is_read),
        cmocka_unit_test(an_article_line_is_read),
        cmocka_unit_test(views_and_redirects_are_read),
        cmocka_unit_test(every_time_is_shifted),
        cmocka_unit_test(a_line_can_be_used_after_a_bad_one),
        cmocka_unit_test(random_damage_is_a_fault_or_fine),
    };
    return cmocka_run_group_tests_name("transfer/import_line", tests, NULL, NULL);
}
