#include "document/lists.h"

#include "document/site.h"
#include "edition.h"

static struct edition edition;

static int set_up(void **state)
{
    (void)state;
    edition_open(&edition);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    edition_close(&edition);
    return 0;
}

static struct list_request ask_all(int limit)
{
    return (struct list_request){.path = "/api/v1/articles",
                                 .from_at = INT64_MIN,
                                 .before = position_newest(PAPER_NOW),
                                 .limit = limit,
                                 .fields = FIELDS_CARD};
}

static json_t *list(const struct list_request *request)
{
    json_t *document = NULL;
    check_status("list", list_document(&edition.context, request, &document), STATUS_OK);
    return document;
}

static const char *next_of(const json_t *document)
{
    const json_t *next = json_object_get(document, "next");
    check_true("next is there", next != NULL);
    return json_string_value(next);
}

static const int64_t sixteen[] = {16}, second[] = {2}, several[] = {17, 15, 14};

static void filters_choose_articles(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct list_request request;
        const char *expected;
    } cases[] = {
        {"none", {.limit = 100}, "17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 "},
        {"a section", {.section_id = 1, .limit = 100}, "17 15 13 11 9 7 5 3 1 "},
        {"a tag", {.tag = "কর", .limit = 100}, "15 12 9 6 3 "},
        {"a tag in another case", {.tag = "Tax", .limit = 100}, "16 12 8 4 "},
        {"a tag with a hidden character", {.tag = "ক\u200Bর", .limit = 100}, "15 12 9 6 3 "},
        {"a tag nobody has", {.tag = "নেই", .limit = 100}, ""},
        {"an author", {.author = "W1", .limit = 100}, "16 14 12 10 8 6 4 2 "},
        {"an author nobody is", {.author = "W9", .limit = 100}, ""},
        {"a tag that is an author", {.tag = "W1", .limit = 100}, ""},
        {"tag and author", {.tag = "কর", .author = "W2", .limit = 100}, "15 9 3 "},
        {"tag, author and section",
         {.tag = "কর", .author = "W2", .section_id = 1, .limit = 100},
         "15 9 3 "},
        {"that exclude each other", {.author = "W2", .section_id = 2, .limit = 100}, ""},
        {"from a time on", {.from_at = PAPER_NOW - 5 * 60, .limit = 100}, "17 16 15 "},
        {"a limit", {.limit = 3}, "17 16 15 "},
        {"without one", {.limit = 3, .except = sixteen, .except_len = 1}, "17 15 14 "},
        {"without one that is not there",
         {.limit = 3, .except = second, .except_len = 1},
         "17 16 15 "},
        {"without several", {.limit = 3, .except = several, .except_len = 3}, "16 13 12 "},
        {"none at all", {.limit = 0, .except = second, .except_len = 1}, ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct list_request request = cases[i].request;
        request.path = "/";
        request.before = position_newest(PAPER_NOW);
        request.fields = FIELDS_ALL;
        request.from_at = request.from_at ? request.from_at : INT64_MIN;
        json_t *document = list(&request);
        check_ids(cases[i].name, document, cases[i].expected);
        json_decref(document);
    }
}

static void a_scheduled_article_appears_by_itself(void **state)
{
    (void)state;
    struct edition later = edition;
    struct list_request request = ask_all(2);
    later.context.now_s = PAPER_NOW + 3600;
    request.before = position_newest(later.context.now_s);
    json_t *document;
    check_status("list", list_document(&later.context, &request, &document), STATUS_OK);
    check_ids("later", document, "20 17 ");
    json_decref(document);
}

static void next_repeats_what_was_asked(void **state)
{
    (void)state;
    struct list_request request = ask_all(2);
    request.section = "দেশ";
    request.section_id = 1;
    request.tag = "ক&র";
    request.author = "এক দুই";
    request.from_text = "2024-04-16T00:00:00+06:00";
    request.fields_text = "id,slug";
    request.tag = NULL;
    request.author = "W2";
    json_t *document = list(&request);
    check_text("next", next_of(document),
               "/api/v1/articles?section=%E0%A6%A6%E0%A7%87%E0%A6%B6&author=W2&"
               "from=2024-04-16T00%3A00%3A00%2B06%3A00&fields=id%2Cslug&limit=2&"
               "cursor=1713246900.15");
    json_decref(document);
    request = ask_all(17);
    document = list(&request);
    check_text("the last page", next_of(document), NULL);
    json_decref(document);
    request.limit = 16;
    document = list(&request);
    check_true("the last but one", next_of(document) != NULL);
    json_decref(document);
}

static void fields_choose_what_a_card_has(void **state)
{
    (void)state;
    struct list_request request = ask_all(1);
    request.fields = fields_named(card_fields, "slug", 4) | fields_named(card_fields, "id", 2);
    json_t *document = list(&request);
    char *text = json_dumps(json_object_get(document, "items"), JSON_COMPACT);
    check_text("two fields", text, "[{\"id\":17,\"slug\":\"a-17\"}]");
    free(text);
    json_decref(document);
}

static void a_cursor_comes_back_as_it_went(void **state)
{
    (void)state;
    static const struct position cases[] = {
        {0, 0}, {1713246900, 15}, {-30610137600, 1}, {INT64_MAX, INT64_MAX}, {INT64_MIN, INT64_MIN},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf text;
        struct position position = {.at = 5};
        buf_init(&text, 100);
        cursor_format(cases[i], &text);
        check_true(buf_string(&text), cursor_parse(buf_string(&text), &position));
        check_number(buf_string(&text), position.at, cases[i].at);
        check_number(buf_string(&text), position.id, cases[i].id);
        buf_release(&text);
    }
}

static void what_no_list_gave_is_no_cursor(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        ".",
        "1",
        "1.",
        ".1",
        "1.2.3",
        " 1.2",
        "1.2 ",
        "1 .2",
        "+1.2",
        "1.+2",
        "01.2",
        "1.02",
        "-0.1",
        "1,2",
        "0x1.2",
        "1e3.2",
        "১.২",
        "99999999999999999999.1",
        "1.99999999999999999999",
        "a",
        "1.2x",
        "--1.2",
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct position position = {.at = 5, .id = 6};
        check_true(cases[i], !cursor_parse(cases[i], &position));
        check_number(cases[i], position.at, 5);
        check_number(cases[i], position.id, 6);
    }
}

static void sections_come_with_their_newest(void **state)
{
    (void)state;
    json_t *document;
    check_status("sections", sections_document(&edition.context, 2, NULL, 0, &document), STATUS_OK);
    json_t *items = json_object_get(document, "items");
    check_number("sections", (int64_t)json_array_size(items), 3);
    check_true("no next", json_is_null(json_object_get(document, "next")));
    static const struct {
        const char *slug, *ids;
        bool more;
    } expected[] = {{"world", "16 14 ", true}, {"দেশ", "17 15 ", true}, {"empty", "", false}};
    for (size_t i = 0; i < COUNT(expected); i++) {
        const json_t *section = json_array_get(items, i);
        check_text("slug", json_string_value(json_object_get(section, "slug")), expected[i].slug);
        check_number("position", json_integer_value(json_object_get(section, "position")),
                     (int64_t)i + 1);
        check_ids(expected[i].slug, section, expected[i].ids);
        check_number("more", next_of(section) != NULL, expected[i].more);
    }
    check_text("next of one", next_of(json_array_get(items, 1)),
               "/api/v1/sections/%E0%A6%A6%E0%A7%87%E0%A6%B6?limit=2&cursor=1713246900.15");
    json_decref(document);
}

static void one_section_has_the_shape_of_many(void **state)
{
    (void)state;
    json_t *all, *one;
    struct list_request request = ask_all(2);
    request.path = "/api/v1/sections/world";
    request.section = "world";
    check_status("sections", sections_document(&edition.context, 2, NULL, 0, &all), STATUS_OK);
    check_status("section", section_document(&edition.context, &request, &one), STATUS_OK);
    bool same = json_equal(one, json_array_get(json_object_get(all, "items"), 0));
    json_decref(all);
    json_decref(one);
    check_true("the same", same);
    request.section = "nowhere";
    check_status("none such", section_document(&edition.context, &request, &one), STATUS_ABSENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_choose_articles),
        cmocka_unit_test(a_scheduled_article_appears_by_itself),
        cmocka_unit_test(next_repeats_what_was_asked),
        cmocka_unit_test(fields_choose_what_a_card_has),
        cmocka_unit_test(a_cursor_comes_back_as_it_went),
        cmocka_unit_test(what_no_list_gave_is_no_cursor),
        cmocka_unit_test(sections_come_with_their_newest),
        cmocka_unit_test(one_section_has_the_shape_of_many),
    };
    return cmocka_run_group_tests_name("document/lists", tests, set_up, tear_down);
}
