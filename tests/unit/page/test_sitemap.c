#include "page/sitemap.h"

#include "edition.h"
#include "store/lists.h"

#include <stdlib.h>

enum {
    TWO_DAYS_S = 2 * 24 * 3600,
    TEXT_BYTES = 1024 * 1024,
};

static struct edition edition; /* for what is seen and what is not */
static struct paper paper;     /* for ids of a test's own */
static struct context context; /* of `paper` */

static int set_up_edition(void **state)
{
    (void)state;
    edition_open(&edition);
    return 0;
}

static int tear_down_edition(void **state)
{
    (void)state;
    edition_close(&edition);
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    paper_open(&paper);
    paper_import(&paper, "{\"type\":\"section\",\"slug\":\"s\",\"name\":\"S\"}\n");
    context = (struct context){
        .db = paper.db, .config = &paper.config, .words = words_of("bn"), .now_s = PAPER_NOW};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    paper_close(&paper);
    return 0;
}

static void run(const char *sql)
{
    check_status(sql, db_run(paper.db, sql), STATUS_OK);
}

/* Articles with the ids from `first` to `last`, each published at an instant that SQL says of its
 * id, i. */
static void put(int64_t first, int64_t last, const char *at)
{
    char sql[1024];
    int len = snprintf(
        sql, sizeof sql,
        "WITH RECURSIVE n (i) AS (SELECT %lld UNION ALL SELECT i + 1 FROM n WHERE i < %lld) "
        "INSERT INTO articles (id, section_id, status, published_at, created_at, revision,"
        "    most_read, lead, language, slug, slug_key, headline, authors, credits, tags, related,"
        "    body) "
        "SELECT i, 1, 'published', %s, 0, 1, 1, 0, 'bn', 'a-' || i, 'a-' || i, 'H', '[]', '[]',"
        "    '[]', '[]', '' FROM n",
        (long long)first, (long long)last, at);
    assert_true(len < (int)sizeof sql);
    run(sql);
}

static json_t *sitemap(int64_t number)
{
    json_t *document = NULL;
    check_status("sitemap", sitemap_document(&context, number, &document), STATUS_OK);
    return document;
}

static json_t *news(const struct context *by)
{
    json_t *document = NULL;
    check_status("news", news_sitemap_document(by, &document), STATUS_OK);
    return document;
}

static void check_absent(const char *name, int64_t number)
{
    json_t *document = NULL;
    check_status(name, sitemap_document(&context, number, &document), STATUS_ABSENT);
    check_true(name, document == NULL);
}

/* The ids of the items' addresses, "1 2 3 ". */
static void check_addresses(const char *name, json_t *document, const char *expected)
{
    struct buf ids;
    const json_t *items = json_object_get(document, "items");
    buf_init(&ids, TEXT_BYTES);
    check_true(name, json_is_array(items));
    check_number("fields", (int64_t)json_object_size(document), 1);
    for (size_t i = 0; i < json_array_size(items); i++) {
        const char *url = json_string_value(json_object_get(json_array_get(items, i), "url"));
        const char *id = strchr(url + 1, '/') + 1;
        buf_format(&ids, "%.*s ", (int)strcspn(id, "/"), id);
    }
    check_text(name, buf_string(&ids), expected);
    buf_release(&ids);
    json_decref(document);
}

static void check_sitemaps(const char *name, const char *expected)
{
    json_t *document = NULL;
    check_status(name, sitemap_index_document(&context, &document), STATUS_OK);
    char *text = json_dumps(document, JSON_COMPACT);
    check_text(name, text, expected);
    free(text);
    json_decref(document);
}

static void the_index_has_one_for_two_thousand_ids(void **state)
{
    (void)state;
    static const struct {
        int64_t last_id;
        const char *expected;
        int64_t sitemaps;
    } cases[] = {
        {0, "{\"sitemaps\":[1]}", 1},        {1, "{\"sitemaps\":[1]}", 1},
        {1999, "{\"sitemaps\":[1]}", 1},     {2000, "{\"sitemaps\":[1]}", 1},
        {2001, "{\"sitemaps\":[1,2]}", 2},   {4000, "{\"sitemaps\":[1,2]}", 2},
        {4001, "{\"sitemaps\":[1,2,3]}", 3}, {13999, "{\"sitemaps\":[1,2,3,4,5,6,7]}", 7},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (cases[i].last_id > 0)
            put(cases[i].last_id, cases[i].last_id, "0");
        check_sitemaps(cases[i].expected, cases[i].expected);
        json_decref(sitemap(cases[i].sitemaps));
        check_absent(cases[i].expected, cases[i].sitemaps + 1);
    }
}

/* A damaged database can have an article of any id. */
static void the_index_has_no_more_than_the_protocol_allows(void **state)
{
    (void)state;
    static const int64_t last_ids[] = {INT64_C(49999) * 2000, INT64_C(49999) * 2000 + 1,
                                       INT64_C(60000) * 2000, INT64_MAX};
    for (size_t i = 0; i < COUNT(last_ids); i++) {
        json_t *document = NULL;
        put(last_ids[i], last_ids[i], "0");
        check_status("index", sitemap_index_document(&context, &document), STATUS_OK);
        const json_t *numbers = json_object_get(document, "sitemaps");
        check_number("sitemaps", (int64_t)json_array_size(numbers), 49999);
        check_number("the last", json_integer_value(json_array_get(numbers, 49998)), 49999);
        check_addresses("the last", sitemap(49999), "99998000 ");
        check_absent("one more", 50000);
        json_decref(document);
    }
}

/* One that was never given, or would overflow. */
static void a_number_that_the_index_has_not_is_absent(void **state)
{
    (void)state;
    static const int64_t numbers[] = {0, -1, 4, 1000000, INT64_MAX, INT64_MAX / 2000, INT64_MIN};
    put(1, 1, "0");
    put(6000, 6000, "0");
    for (size_t i = 0; i < COUNT(numbers); i++)
        check_absent("a number", numbers[i]);
}

static void a_sitemap_has_the_articles_of_its_ids(void **state)
{
    (void)state;
    static const struct {
        int64_t number;
        const char *expected;
    } cases[] = {
        {1, "1 2 1999 2000 "}, {2, "2001 2002 3999 4000 "}, {3, ""}, {4, "8000 "}, {5, "8001 "},
    };
    static const int64_t ids[] = {8001, 2, 1, 2000, 1999, 2001, 2002, 4000, 3999, 8000};
    for (size_t i = 0; i < COUNT(ids); i++)
        put(ids[i], ids[i], "0");
    for (size_t i = 0; i < COUNT(cases); i++)
        check_addresses("in the order of ids", sitemap(cases[i].number), cases[i].expected);
}

static void a_full_sitemap_has_all_of_two_thousand(void **state)
{
    (void)state;
    put(1, 4000, "i");
    for (int64_t number = 1; number <= 2; number++) {
        json_t *document = sitemap(number);
        const json_t *items = json_object_get(document, "items");
        check_number("items", (int64_t)json_array_size(items), SITEMAP_IDS);
        json_decref(document);
    }
}

static void an_item_has_its_address_and_its_times(void **state)
{
    (void)state;
    json_t *document = NULL;
    check_status("changed",
                 db_run(edition.paper.db, "UPDATE articles SET updated_at = 1713247140 "
                                          "WHERE id = 2"),
                 STATUS_OK);
    check_status("sitemap", sitemap_document(&edition.context, 1, &document), STATUS_OK);
    static const char *const expected[] = {
        "{\"url\":\"/%E0%A6%A6%E0%A7%87%E0%A6%B6/1/a-1\","
        "\"published_at\":\"2024-04-16T11:41:00+06:00\",\"updated_at\":null}",
        "{\"url\":\"/world/2/a-2\",\"published_at\":\"2024-04-16T11:42:00+06:00\","
        "\"updated_at\":\"2024-04-16T11:59:00+06:00\"}",
    };
    for (size_t i = 0; i < COUNT(expected); i++) {
        char *text =
            json_dumps(json_array_get(json_object_get(document, "items"), i), JSON_COMPACT);
        check_text("an item", text, expected[i]);
        free(text);
    }
    json_decref(document);
    document = news(&edition.context);
    char *text = json_dumps(json_array_get(json_object_get(document, "items"), 0), JSON_COMPACT);
    check_text("an item of the news", text,
               "{\"url\":\"/%E0%A6%A6%E0%A7%87%E0%A6%B6/17/a-17\",\"headline\":\"শিরোনাম 17\","
               "\"published_at\":\"2024-04-16T11:57:00+06:00\",\"language\":\"bn\"}");
    free(text);
    json_decref(document);
}

static void what_may_not_be_seen_is_left_out(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t now_s;
        const char *ids, *news;
    } cases[] = {
        {"now", PAPER_NOW, "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 ",
         "17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 "},
        {"a second before the scheduled one", PAPER_NOW + 3599,
         "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 ",
         "17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 "},
        {"when it has come", PAPER_NOW + 3600, "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 20 ",
         "20 17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 "},
        {"when two had come", PAPER_NOW - 18 * 60, "1 2 ", "2 1 "},
        {"when none had", PAPER_NOW - 86400, "", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        json_t *document = NULL;
        struct context then = edition.context;
        then.now_s = cases[i].now_s;
        check_status(cases[i].name, sitemap_document(&then, 1, &document), STATUS_OK);
        check_addresses(cases[i].name, document, cases[i].ids);
        check_addresses(cases[i].name, news(&then), cases[i].news);
    }
}

/* Ids are counted whatever became of their articles: a number keeps its sitemap. */
static void the_index_counts_what_is_not_seen(void **state)
{
    (void)state;
    put(1, 1, "0");
    put(2001, 2001, "0");
    run("UPDATE articles SET status = 'withdrawn' WHERE id = 2001");
    check_sitemaps("withdrawn", "{\"sitemaps\":[1,2]}");
    check_addresses("withdrawn", sitemap(2), "");
}

static void news_is_two_days_old_at_most(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t later_s;
        const char *expected;
    } cases[] = {
        {"just now", 0, "5 4 3 2 "},
        {"a second later", 1, "5 4 3 "},
        {"one is left", TWO_DAYS_S - 10, "5 4 "},
        {"the last second of the newest", TWO_DAYS_S, "5 4 "},
        {"then the newest alone", TWO_DAYS_S + 1, "5 "},
        {"and for ever", INT64_C(3000000000), "5 "},
    };
    char at[64];
    snprintf(at, sizeof at, "%lld", (long long)PAPER_NOW - TWO_DAYS_S - 1);
    put(1, 1, at);
    snprintf(at, sizeof at, "%lld", (long long)PAPER_NOW - TWO_DAYS_S);
    put(2, 2, at);
    snprintf(at, sizeof at, "%lld", (long long)PAPER_NOW - 100);
    put(3, 3, at);
    snprintf(at, sizeof at, "%lld", (long long)PAPER_NOW);
    put(4, 5, at);
    for (size_t i = 0; i < COUNT(cases); i++) {
        context.now_s = PAPER_NOW + cases[i].later_s;
        check_addresses(cases[i].name, news(&context), cases[i].expected);
    }
}

static void the_newest_stands_alone_when_nothing_is_new(void **state)
{
    (void)state;
    check_addresses("an empty paper", news(&context), "");
    put(1, 3, "i");
    check_addresses("long ago", news(&context), "3 ");
    run("UPDATE articles SET status = 'draft' WHERE id = 3");
    check_addresses("a draft", news(&context), "2 ");
    run("UPDATE articles SET published_at = 2 WHERE id = 1");
    check_addresses("of two at once the higher id", news(&context), "2 ");
    run("UPDATE articles SET status = 'withdrawn' WHERE id = 2");
    check_addresses("a withdrawn one", news(&context), "1 ");
    put(4, 4, "1713247201");
    check_addresses("one to come", news(&context), "1 ");
    context.now_s = PAPER_NOW + 1;
    check_addresses("when it has come", news(&context), "4 ");
    run("UPDATE articles SET published_at = -30610137600, status = 'published'");
    check_addresses("the oldest that can be stored", news(&context), "4 ");
    run("UPDATE articles SET status = 'draft'");
    check_addresses("drafts alone", news(&context), "");
}

static void news_is_a_thousand_at_most(void **state)
{
    (void)state;
    static const struct {
        int64_t articles, expected, last_id;
    } cases[] = {{999, 999, 1}, {1000, 1000, 1}, {1001, 1000, 2}, {2500, 1000, 1501}};
    int64_t before = 0;
    check_number("what the news take", LIST_SINCE_MAX, 1000);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char url[32];
        put(before + 1, cases[i].articles, "1713240000 + i");
        before = cases[i].articles;
        json_t *document = news(&context);
        const json_t *items = json_object_get(document, "items");
        check_number("items", (int64_t)json_array_size(items), cases[i].expected);
        snprintf(url, sizeof url, "/s/%lld/", (long long)cases[i].last_id);
        check_holds("the last is the oldest of the newest",
                    json_string_value(
                        json_object_get(json_array_get(items, json_array_size(items) - 1), "url")),
                    url);
        json_decref(document);
    }
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
#define TEST_OF_EDITION(test) \
    cmocka_unit_test_setup_teardown(test, set_up_edition, tear_down_edition)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_index_has_one_for_two_thousand_ids),
        TEST(the_index_has_no_more_than_the_protocol_allows),
        TEST(a_number_that_the_index_has_not_is_absent),
        TEST(a_sitemap_has_the_articles_of_its_ids),
        TEST(a_full_sitemap_has_all_of_two_thousand),
        TEST_OF_EDITION(an_item_has_its_address_and_its_times),
        TEST_OF_EDITION(what_may_not_be_seen_is_left_out),
        TEST(the_index_counts_what_is_not_seen),
        TEST(news_is_two_days_old_at_most),
        TEST(the_newest_stands_alone_when_nothing_is_new),
        TEST(news_is_a_thousand_at_most),
    };
    return cmocka_run_group_tests_name("page/sitemap", tests, NULL, NULL);
}
