#include "document/front.h"

#include "document/lists.h"
#include "edition.h"

#include <stdlib.h>

enum {
    MANY = 120, /* articles that the large front needs */
    MOST_VIEWED = 9,
};

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

/* A front that is soon read through. */
static void be_short(void)
{
    edition.paper.config.lists.front = 4;
    edition.paper.config.lists.front_section = 3;
}

static json_t *front(const struct context *context)
{
    json_t *document = NULL;
    check_status("front", front_document(context, &document), STATUS_OK);
    return document;
}

static void put_ids(struct buf *text, const json_t *list)
{
    const json_t *items = json_object_get(list, "items");
    check_true("items are an array", json_is_array(items));
    for (size_t i = 0; i < json_array_size(items); i++)
        buf_format(text, " %lld",
                   (long long)json_integer_value(json_object_get(json_array_get(items, i), "id")));
}

/* "LEAD| LATEST| SECTION: ID ID| SECTION: ID ID", "-" for no lead. */
static void check_front(const char *name, const json_t *document, const char *expected)
{
    struct buf text;
    buf_init(&text, 64 * 1024);
    const json_t *lead = json_object_get(document, "lead");
    check_true("lead is there", lead != NULL);
    if (json_is_null(lead))
        buf_char(&text, '-');
    else
        buf_format(&text, "%lld", (long long)json_integer_value(json_object_get(lead, "id")));
    buf_char(&text, '|');
    put_ids(&text, json_object_get(document, "latest"));
    const json_t *sections = json_object_get(json_object_get(document, "sections"), "items");
    for (size_t i = 0; i < json_array_size(sections); i++) {
        const json_t *section = json_array_get(sections, i);
        buf_format(&text, "| %s:", json_string_value(json_object_get(section, "slug")));
        put_ids(&text, section);
    }
    check_text(name, buf_string(&text), expected);
    buf_release(&text);
}

static void check_front_at(const char *name, int64_t now_s, const char *expected)
{
    struct context context = edition.context;
    context.now_s = now_s;
    json_t *document = front(&context);
    check_front(name, document, expected);
    json_decref(document);
}

/* Article `id` of the edition again, marked; NULL leaves its status. */
static void mark(int id, const char *status)
{
    char sql[160];
    snprintf(sql, sizeof sql,
             "UPDATE articles SET lead = 1, status = coalesce(%s, status) "
             "WHERE id = %d",
             status ? status : "NULL", id);
    check_status(sql, db_run(edition.paper.db, sql), STATUS_OK);
}

static const char unmarked[] = "17| 16 15 14 13| world: 12 10 8| দেশ: 11 9 7";

static void without_a_mark_the_newest_leads(void **state)
{
    (void)state;
    check_front_at("as it is set", PAPER_NOW,
                   "17| 16 15 14 13 12 11 10 9| world: 8 6 4 2| দেশ: 7 5 3 1");
    be_short();
    check_front_at("shorter", PAPER_NOW, unmarked);
    check_front_at("when the scheduled one has come", PAPER_NOW + 3600,
                   "20| 17 16 15 14| world: 12 10 8| দেশ: 13 11 9");
    check_front_at("when two were published", PAPER_NOW - 18 * 60, "2| 1");
    check_front_at("when one was", PAPER_NOW - 19 * 60, "1|");
}

static void the_newest_that_is_marked_leads(void **state)
{
    (void)state;
    be_short();
    mark(5, NULL);
    check_front_at("one", PAPER_NOW, "5| 17 16 15 14| world: 12 10 8| দেশ: 13 11 9");
    mark(8, NULL);
    check_front_at("a newer one", PAPER_NOW, "8| 17 16 15 14| world: 12 10 6| দেশ: 13 11 9");
    mark(17, NULL);
    check_front_at("the newest of all", PAPER_NOW, unmarked);
    check_front_at("the time before those", PAPER_NOW - 13 * 60, "5| 7 6 4 3| world: 2| দেশ: 1");
}

/* In every way in which a marked article may not be seen. */
static void a_mark_does_not_show_what_may_not_be_seen(void **state)
{
    (void)state;
    be_short();
    mark(EDITION_DRAFT, NULL);
    check_front_at("a draft", PAPER_NOW, unmarked);
    mark(EDITION_WITHDRAWN, NULL);
    check_front_at("a withdrawn one", PAPER_NOW, unmarked);
    mark(EDITION_SCHEDULED, NULL);
    check_front_at("a scheduled one", PAPER_NOW, unmarked);
    check_front_at("a second before its time", PAPER_NOW + 3599, unmarked);
    check_front_at("at its time", PAPER_NOW + 3600,
                   "20| 17 16 15 14| world: 12 10 8| দেশ: 13 11 9");
    mark(3, NULL);
    check_front_at("but another one", PAPER_NOW, "3| 17 16 15 14| world: 12 10 8| দেশ: 13 11 9");
    mark(3, "'withdrawn'");
    check_front_at("until it is withdrawn", PAPER_NOW, unmarked);
    mark(16, "'draft'");
    check_front_at("or is a draft again", PAPER_NOW, "17| 15 14 13 12| world: 10 8 6| দেশ: 11 9 7");
}

/* An article with a future publication time is listed nowhere, published or scheduled. */
static void what_is_published_later_waits_for_its_time(void **state)
{
    (void)state;
    be_short();
    paper_import(
        &edition.paper,
        "{\"type\":\"article\",\"slug\":\"later\",\"section\":\"world\",\"headline\":\"L\","
        "\"body\":\"\",\"lead\":true,\"published_at\":\"2024-04-16T12:00:01+06:00\"}\n");
    check_front_at("before", PAPER_NOW, unmarked);
    check_front_at("at its second", PAPER_NOW + 1, "21| 17 16 15 14| world: 12 10 8| দেশ: 13 11 9");
}

static void an_empty_paper_has_no_lead(void **state)
{
    (void)state;
    static const int64_t lengths[] = {0, 1, 50};
    for (size_t i = 0; i < COUNT(lengths); i++) {
        edition.paper.config.lists.front = lengths[i];
        check_front_at("before the first article", PAPER_NOW - 86400, "-|");
    }
    check_status("removing all", db_run(edition.paper.db, "UPDATE articles SET status = 'draft'"),
                 STATUS_OK);
    json_t *document = front(&edition.context);
    check_front("drafts alone", document, "-|");
    char *text = json_dumps(document, JSON_COMPACT);
    check_text("all of it", text,
               "{\"lead\":null,\"latest\":{\"items\":[],\"next\":null},"
               "\"sections\":{\"items\":[],\"next\":null},"
               "\"most_read\":{\"window\":\"24h\",\"section\":null,\"fallback\":null,\"items\":[],"
               "\"next\":null}}");
    free(text);
    json_decref(document);
}

static void lengths_are_the_settings(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t front, front_section;
        int marked;
        const char *expected;
    } cases[] = {
        {"no latest", 0, 2, 0, "17|| world: 16 14| দেশ: 15 13"},
        {"no latest below a mark", 0, 2, 4, "4|| world: 16 14| দেশ: 17 15"},
        {"one", 1, 2, 0, "17| 16| world: 14 12| দেশ: 15 13"},
        {"one below a mark", 1, 2, 4, "4| 17| world: 16 14| দেশ: 15 13"},
        {"no sections", 3, 0, 0, "17| 16 15 14"},
        {"nothing but the lead", 0, 0, 0, "17|"},
        {"nothing but a marked one", 0, 0, 4, "4|"},
        {"the least that takes a section whole", 15, 2, 0,
         "17| 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2| দেশ: 1"},
        {"all", 16, 20, 0, "17| 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1"},
        {"the most", 50, 20, 0, "17| 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1"},
        {"the most below a mark", 50, 20, 1, "1| 17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        edition.paper.config.lists.front = cases[i].front;
        edition.paper.config.lists.front_section = cases[i].front_section;
        check_status("none marked", db_run(edition.paper.db, "UPDATE articles SET lead = 0"),
                     STATUS_OK);
        mark(cases[i].marked, NULL);
        check_front_at(cases[i].name, PAPER_NOW, cases[i].expected);
    }
}

/* MANY articles more, newer than all others, in turn in both sections. */
static void add_many(void)
{
    struct buf lines;
    buf_init(&lines, 1024 * 1024);
    for (int i = 1; i <= MANY; i++) {
        buf_format(&lines,
                   "{\"type\":\"article\",\"slug\":\"more-%d\",\"section\":\"%s\","
                   "\"headline\":\"H\",\"body\":\"\",\"published_at\":\"",
                   i, i % 2 ? "দেশ" : "world");
        instant_format(PAPER_NOW + i, &lines);
        buf_text(&lines, "\"}\n");
    }
    paper_import(&edition.paper, buf_string(&lines));
    buf_release(&lines);
    edition.context.now_s = PAPER_NOW + MANY;
}

/* Appends an id to those seen; fails when it is there already. */
static void see(const char *name, const json_t *card, bool seen[EDITION_ARTICLES + MANY + 1])
{
    int64_t id = json_integer_value(json_object_get(card, "id"));
    check_true(name, id > 0 && id <= EDITION_ARTICLES + MANY && !seen[id]);
    seen[id] = true;
}

static size_t see_all(const char *name, const json_t *list, bool seen[EDITION_ARTICLES + MANY + 1])
{
    size_t index;
    const json_t *card, *items = json_object_get(list, "items");
    json_array_foreach(items, index, card)
    {
        see(name, card, seen);
    }
    return json_array_size(items);
}

static void check_once(const char *name, int64_t length, int64_t section_length)
{
    bool seen[EDITION_ARTICLES + MANY + 1] = {false};
    json_t *document = front(&edition.context);
    see(name, json_object_get(document, "lead"), seen);
    check_number(name, (int64_t)see_all(name, json_object_get(document, "latest"), seen), length);
    const json_t *sections = json_object_get(json_object_get(document, "sections"), "items");
    check_number(name, (int64_t)json_array_size(sections), section_length > 0 ? 2 : 0);
    for (size_t i = 0; i < json_array_size(sections); i++)
        check_number(name, (int64_t)see_all(name, json_array_get(sections, i), seen),
                     section_length);
    json_decref(document);
}

/* Also where the settings are largest: what is shown above must not leave a section short. */
static void no_article_stands_twice(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t front, front_section;
        int marked; /* id; 0: none */
    } cases[] = {
        {"as it is set", 8, 4, 0},
        {"as it is set, an old one marked", 8, 4, 9},
        {"as it is set, a new one marked", 8, 4, EDITION_ARTICLES + MANY - 2},
        {"the most", 50, 20, 0},
        {"the most, an old one marked", 50, 20, 9},
        {"the most, a new one marked", 50, 20, EDITION_ARTICLES + MANY - 2},
        {"the most, one marked that a section would begin with", 50, 20,
         EDITION_ARTICLES + MANY - 51},
        {"one each", 1, 1, 0},
        {"no latest", 0, 20, EDITION_ARTICLES + MANY},
        {"no sections", 50, 0, 9},
    };
    add_many();
    for (size_t i = 0; i < COUNT(cases); i++) {
        edition.paper.config.lists.front = cases[i].front;
        edition.paper.config.lists.front_section = cases[i].front_section;
        check_status("none marked", db_run(edition.paper.db, "UPDATE articles SET lead = 0"),
                     STATUS_OK);
        mark(cases[i].marked, NULL);
        check_once(cases[i].name, cases[i].front, cases[i].front_section);
    }
}

/* The lists of a front are beginnings, and the way on is a section's page. */
static void nothing_on_a_front_has_a_next_page(void **state)
{
    (void)state;
    json_t *document = front(&edition.context);
    const json_t *sections = json_object_get(document, "sections");
    check_true("latest",
               json_is_null(json_object_get(json_object_get(document, "latest"), "next")));
    check_true("sections", json_is_null(json_object_get(sections, "next")));
    const json_t *first = json_array_get(json_object_get(sections, "items"), 0);
    check_true("a section", json_is_null(json_object_get(first, "next")));
    check_text("its name", json_string_value(json_object_get(first, "name")), "World");
    check_number("its position", json_integer_value(json_object_get(first, "position")), 1);
    json_decref(document);
}

static void cards_have_the_fields_that_the_reading_says(void **state)
{
    (void)state;
    for (int pass = 0; pass < 4; pass++) {
        bool is_page = pass % 2;
        struct context context = edition.context;
        context.card_fields = is_page ? FIELDS_ALL : FIELDS_CARD;
        if (pass == 2)
            mark(5, NULL);
        json_t *document = front(&context);
        const json_t *sections = json_object_get(json_object_get(document, "sections"), "items");
        const json_t *cards[] = {
            json_object_get(document, "lead"),
            json_array_get(json_object_get(json_object_get(document, "latest"), "items"), 0),
            json_array_get(json_object_get(json_array_get(sections, 0), "items"), 0),
        };
        for (size_t i = 0; i < COUNT(cards); i++) {
            check_number("fields", (int64_t)json_object_size(cards[i]), is_page ? 14 : 12);
            check_number("a picture", json_object_get(cards[i], "picture") != NULL, is_page);
        }
        json_decref(document);
    }
}

/* Articles 1 to MOST_VIEWED with ever fewer views, as a ranking of 24 hours. */
static void rank(void)
{
    struct snapshot *snapshot = calloc(1, sizeof *snapshot + sizeof(struct ranked_list));
    assert_non_null(snapshot);
    snapshot->references = 1;
    snapshot->lists_len = 1;
    for (int i = 0; i < MOST_VIEWED; i++)
        snapshot->lists[0].ranked[WINDOW_24H][i] =
            (struct ranked){.article_id = i + 1, .views = 100 - i};
    snapshot->lists[0].lens[WINDOW_24H] = MOST_VIEWED;
    published_ranking_unref(edition.published, edition.snapshot);
    published_ranking_put(edition.published, snapshot);
    edition.snapshot = edition.context.ranking = published_ranking_ref(edition.published);
}

static void the_most_read_are_inside(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t length;
        const char *expected;
    } cases[] = {
        {"none", 0, ""},
        {"one", 1, "1 "},
        {"as it is set", 5, "1 2 3 4 5 "},
        {"the most", 100, "1 2 3 4 5 6 7 8 9 "},
    };
    rank();
    for (size_t i = 0; i < COUNT(cases); i++) {
        edition.paper.config.lists.most_read = cases[i].length;
        json_t *document = front(&edition.context);
        const json_t *list = json_object_get(document, "most_read");
        check_ids(cases[i].name, list, cases[i].expected);
        check_text("its window", json_string_value(json_object_get(list, "window")), "24h");
        const json_t *first = json_array_get(json_object_get(list, "items"), 0);
        check_true("counts move too fast for a front", !json_object_get(first, "views"));
        check_front("the rest is as it was", document,
                    "17| 16 15 14 13 12 11 10 9| world: 8 6 4 2| দেশ: 7 5 3 1");
        json_decref(document);
    }
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_a_mark_the_newest_leads),
        TEST(the_newest_that_is_marked_leads),
        TEST(a_mark_does_not_show_what_may_not_be_seen),
        TEST(what_is_published_later_waits_for_its_time),
        TEST(an_empty_paper_has_no_lead),
        TEST(lengths_are_the_settings),
        TEST(no_article_stands_twice),
        TEST(nothing_on_a_front_has_a_next_page),
        TEST(cards_have_the_fields_that_the_reading_says),
        TEST(the_most_read_are_inside),
    };
    return cmocka_run_group_tests_name("document/front", tests, NULL, NULL);
}
