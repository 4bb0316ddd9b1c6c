#include "document/fields.h"

#include "document/article.h"
#include "document/site.h"
#include "edition.h"

static struct edition edition;

static int set_up(void **state)
{
    (void)state;
    edition_open(&edition);
    paper_import(&edition.paper,
                 "{\"type\":\"article\",\"slug\":\"পুরো-খবর\",\"section\":\"দেশ\",\"kicker\":\"K\","
                 "\"headline\":\"H\","
                 "\"standfirst\":\"S\",\"desk\":\"D\",\"authors\":[\"A\",\"B\"],\"credits\":["
                 "\"এলকে\"],\"tags\":[\"কর\"],"
                 "\"body\":\"<script>x</script>\\n\\n[l](javascript:y) **b**\",\"language\":\"en\","
                 "\"published_at\":\"2022-08-15T11:30:00+06:00\",\"updated_at\":\"2022-08-16T00:05:"
                 "00+06:00\","
                 "\"image\":{\"url\":\"/i.jpg\",\"width\":12,\"alt\":\"A\"}}\n");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    edition_close(&edition);
    return 0;
}

enum {
    FULL = EDITION_ARTICLES + 1, /* the article that has everything */
    EMPTY = 17                   /* one that has little */
};

static void check_json(const char *name, json_t *got, const char *expected)
{
    char *text = json_dumps(got, JSON_COMPACT | JSON_ENCODE_ANY);
    check_text(name, text, expected);
    free(text);
}

static void a_card_has_its_fields_in_order(void **state)
{
    (void)state;
    json_t *card;
    check_status("full", card_document(&edition.context, FULL, FIELDS_ALL, &card), STATUS_OK);
    check_json(
        "full", card,
        "{\"id\":21,\"slug\":\"পুরো-খবর\","
        "\"url\":\"/%E0%A6%A6%E0%A7%87%E0%A6%B6/21/"
        "%E0%A6%AA%E0%A7%81%E0%A6%B0%E0%A7%8B-%E0%A6%96%E0%A6%AC%E0%A6%B0\","
        "\"section\":{\"slug\":\"দেশ\",\"name\":\"দেশের খবর\"},\"kicker\":\"K\",\"headline\":\"H\","
        "\"standfirst\":\"S\",\"image\":{\"url\":\"/i.jpg\",\"width\":12,\"height\":null,"
        "\"alt\":\"A\",\"caption\":null,\"credit\":null},"
        "\"published_at\":\"2022-08-15T11:30:00+06:00\","
        "\"published_text\":\"১৫ আগস্ট ২০২২, ১১:৩০\","
        "\"updated_at\":\"2022-08-16T00:05:00+06:00\","
        "\"updated_text\":\"১৬ আগস্ট ২০২২, "
        "০০:০৫\",\"language\":\"en\",\"picture\":{\"url\":\"/i.jpg\",\"width\":12,\"height\":null,"
        "\"alt\":\"A\",\"caption\":null,\"credit\":null}}");
    json_decref(card);
    check_status("little", card_document(&edition.context, EMPTY, FIELDS_ALL, &card), STATUS_OK);
    check_json("little", card,
               "{\"id\":17,\"slug\":\"a-17\",\"url\":\"/%E0%A6%A6%E0%A7%87%E0%A6%B6/17/a-17\","
               "\"section\":{\"slug\":\"দেশ\",\"name\":\"দেশের খবর\"},\"kicker\":null,"
               "\"headline\":\"শিরোনাম 17\",\"standfirst\":null,\"image\":null,"
               "\"published_at\":\"2024-04-16T11:57:00+06:00\","
               "\"published_text\":\"১৬ এপ্রিল ২০২৪, ১১:৫৭\",\"updated_at\":null,"
               "\"updated_text\":null,\"language\":\"bn\",\"picture\":null}");
    json_decref(card);
    check_status("the API's", card_document(&edition.context, EMPTY, FIELDS_CARD, &card),
                 STATUS_OK);
    check_true("has no language", !json_object_get(card, "language"));
    json_decref(card);
}

static void a_card_of_what_can_not_be_seen_is_absent(void **state)
{
    (void)state;
    static const int64_t ids[] = {EDITION_DRAFT, EDITION_WITHDRAWN, EDITION_SCHEDULED, 0, -1, 99};
    for (size_t i = 0; i < COUNT(ids); i++) {
        json_t *card;
        check_status("absent", card_document(&edition.context, ids[i], FIELDS_ALL, &card),
                     STATUS_ABSENT);
    }
}

static void fields_have_names(void **state)
{
    (void)state;
    field_set all = 0;
    size_t count = 0;
    for (; card_fields[count].name; count++) {
        field_set one =
            fields_named(card_fields, card_fields[count].name, strlen(card_fields[count].name));
        check_number(card_fields[count].name, one, INT64_C(1) << count);
        all |= one;
    }
    check_number("fields of a card", (int64_t)count, 14);
    check_number("each a bit", all, (INT64_C(1) << count) - 1);
    static const char *const others[] = {"", "i", "idx", "ID", "body", " id"};
    for (size_t i = 0; i < COUNT(others); i++)
        check_number(others[i], fields_named(card_fields, others[i], strlen(others[i])), 0);
    check_true("a part of a text", fields_named(card_fields, "id,slug", 2) != 0);
}

static void an_article_is_a_card_and_more(void **state)
{
    (void)state;
    json_t *article;
    int64_t revision = 0;
    check_status("article", article_document(&edition.context, FULL, 0, &article, &revision),
                 STATUS_OK);
    check_number("revision", revision, 1);
    check_number("fields", (int64_t)json_object_size(article), 20);
    static const struct {
        const char *field, *expected;
    } cases[] = {
        {"id", "21"},
        {"desk", "\"D\""},
        {"authors", "[\"A\",\"B\"]"},
        {"credits", "[\"এলকে\"]"},
        {"tags", "[\"কর\"]"},
        {"language", "\"en\""},
        {"body", "\"<script>x</script>\\n\\n[l](javascript:y) **b**\""},
        {"revision", "1"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_json(cases[i].field, json_object_get(article, cases[i].field), cases[i].expected);
    const char *html = json_string_value(json_object_get(article, "body_html"));
    check_lacks("body_html", html, "<script");
    check_lacks("body_html", html, "javascript");
    check_holds("body_html", html, "<strong>b</strong>");
    json_decref(article);
    check_status("withdrawn",
                 article_document(&edition.context, EDITION_WITHDRAWN, 0, &article, &revision),
                 STATUS_GONE);
    check_status("draft", article_document(&edition.context, EDITION_DRAFT, 0, &article, &revision),
                 STATUS_ABSENT);
}

static void what_is_included_has_the_settings_lengths(void **state)
{
    (void)state;
    json_t *article;
    int64_t revision;
    unsigned all = INCLUDE_RELATED | INCLUDE_LATEST | INCLUDE_MOST_READ | INCLUDE_SITE;
    check_status("article", article_document(&edition.context, 17, all, &article, &revision),
                 STATUS_OK);
    check_ids("related", json_object_get(article, "related"), "15 13 11 ");
    check_ids("latest", json_object_get(article, "latest"), "16 15 14 13 ");
    check_true("no next",
               json_is_null(json_object_get(json_object_get(article, "latest"), "next")));
    check_ids("most read", json_object_get(article, "most_read"), "");
    check_text("site", json_string_value(json_object_get(json_object_get(article, "site"), "name")),
               "খবর");
    json_decref(article);
    edition.paper.config.lists.related = 0;
    edition.paper.config.lists.latest = 0;
    edition.paper.config.lists.most_read = 0;
    check_status("none", article_document(&edition.context, 17, all, &article, &revision),
                 STATUS_OK);
    check_ids("related", json_object_get(article, "related"), "");
    check_ids("latest", json_object_get(article, "latest"), "");
    check_ids("most read", json_object_get(article, "most_read"), "");
    json_decref(article);
    edition.paper.config.lists.related = 100;
    edition.paper.config.lists.latest = 100;
    check_status("all", article_document(&edition.context, 17, all, &article, &revision),
                 STATUS_OK);
    check_ids("related", json_object_get(article, "related"), "15 13 11 9 7 5 3 1 21 ");
    check_ids("latest", json_object_get(article, "latest"),
              "16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 21 ");
    json_decref(article);
}

static void includes_have_names(void **state)
{
    (void)state;
    check_number("related", include_named("related", 7), INCLUDE_RELATED);
    check_number("latest", include_named("latest", 6), INCLUDE_LATEST);
    check_number("most_read", include_named("most_read", 9), INCLUDE_MOST_READ);
    check_number("site", include_named("site", 4), INCLUDE_SITE);
    check_number("nothing", include_named("", 0), 0);
    check_number("another", include_named("most-read", 9), 0);
}

static void the_site_has_its_day_in_both_calendars(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t now_s;
        const char *today;
    } cases[] = {
        {"spring", PAPER_NOW,
         "{\"date\":\"2024-04-16\",\"text\":\"মঙ্গলবার, ১৬ এপ্রিল ২০২৪\","
         "\"bangla\":{\"year\":1431,\"month\":1,\"day\":3},\"bangla_text\":\"৩ বৈশাখ ১৪৩১\"}"},
        {"a second before midnight there", 1713290399,
         "{\"date\":\"2024-04-16\",\"text\":\"মঙ্গলবার, ১৬ এপ্রিল ২০২৪\","
         "\"bangla\":{\"year\":1431,\"month\":1,\"day\":3},\"bangla_text\":\"৩ বৈশাখ ১৪৩১\"}"},
        {"midnight there", 1713290400,
         "{\"date\":\"2024-04-17\",\"text\":\"বুধবার, ১৭ এপ্রিল ২০২৪\","
         "\"bangla\":{\"year\":1431,\"month\":1,\"day\":4},\"bangla_text\":\"৪ বৈশাখ ১৪৩১\"}"},
        {"before there was one rule", 0,
         "{\"date\":\"1970-01-01\",\"text\":\"বৃহস্পতিবার, ১ জানুয়ারি ১৯৭০\",\"bangla\":null,"
         "\"bangla_text\":null}"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        json_t *site;
        struct context context = edition.context;
        context.now_s = cases[i].now_s;
        check_status(cases[i].name, site_document(&context, &site), STATUS_OK);
        check_json(cases[i].name, json_object_get(site, "today"), cases[i].today);
        check_json(cases[i].name, json_object_get(site, "sections"),
                   "[{\"slug\":\"world\",\"name\":\"World\",\"position\":1},"
                   "{\"slug\":\"দেশ\",\"name\":\"দেশের খবর\",\"position\":2},"
                   "{\"slug\":\"empty\",\"name\":\"Empty\",\"position\":3}]");
        json_decref(site);
    }
}

/* A wrong clock and a damaged database count as the nearest time that can be written. */
static void an_impossible_time_is_written_all_the_same(void **state)
{
    (void)state;
    static const struct {
        int64_t now_s;
        const char *text, *bangla_text;
    } cases[] = {
        {INT64_C(-62325331200), "সোমবার, ৩০ ডিসেম্বর ৯৯৯", NULL}, /* in the year -5 */
        {INT64_C(884541340800), "সোমবার, ৩ জানুয়ারি ১০০০০", "১৯ পৌষ ৯৪০৬"},
    };
    json_t *card = NULL;
    for (size_t i = 0; i < COUNT(cases); i++) {
        json_t *site = NULL;
        struct context context = edition.context;
        context.now_s = cases[i].now_s;
        check_status("site", site_document(&context, &site), STATUS_OK);
        const json_t *today = json_object_get(site, "today");
        check_text("today", json_string_value(json_object_get(today, "text")), cases[i].text);
        check_text("today", json_string_value(json_object_get(today, "bangla_text")),
                   cases[i].bangla_text);
        json_decref(site);
    }
    check_status("damage",
                 db_run(edition.paper.db, "UPDATE articles SET published_at = -9223372036854775808,"
                                          " updated_at = 9223372036854775807 WHERE id = 13"),
                 STATUS_OK);
    check_status("card", card_document(&edition.context, 13, FIELDS_CARD, &card), STATUS_OK);
    check_text("published", json_string_value(json_object_get(card, "published_text")),
               "৩০ ডিসেম্বর ৯৯৯, ০৬:০১");
    check_text("updated", json_string_value(json_object_get(card, "updated_text")),
               "৩ জানুয়ারি ১০০০০, ০৫:৫৯");
    json_decref(card);
}

/* Only a damaged database has it. The last test: it leaves the paper damaged. */
static void an_article_without_address_or_body_is_an_error(void **state)
{
    (void)state;
    int64_t revision;
    struct buf url;
    json_t *document = NULL;
    check_status("damage",
                 db_run(edition.paper.db, "PRAGMA foreign_keys = OFF;"
                                          "ALTER TABLE articles RENAME TO stored;"
                                          "CREATE TABLE articles AS SELECT * FROM stored;"
                                          "UPDATE articles SET slug = NULL WHERE id = 17;"
                                          "UPDATE articles SET body = NULL WHERE id = 15"),
                 STATUS_OK);
    buf_init(&url, 100);
    check_true("no slug", card_document(&edition.context, 17, FIELDS_CARD, &document) != STATUS_OK);
    check_status("no slug", article_url(&edition.context, 17, &url), STATUS_UNUSABLE);
    check_true("no body",
               article_document(&edition.context, 15, 0, &document, &revision) != STATUS_OK);
    check_true("untouched", document == NULL && url.len == 0);
    buf_release(&url);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_has_its_fields_in_order),
        cmocka_unit_test(a_card_of_what_can_not_be_seen_is_absent),
        cmocka_unit_test(fields_have_names),
        cmocka_unit_test(an_article_is_a_card_and_more),
        cmocka_unit_test(what_is_included_has_the_settings_lengths),
        cmocka_unit_test(includes_have_names),
        cmocka_unit_test(the_site_has_its_day_in_both_calendars),
        cmocka_unit_test(an_impossible_time_is_written_all_the_same),
        cmocka_unit_test(an_article_without_address_or_body_is_an_error),
    };
    return cmocka_run_group_tests_name("document/fields", tests, set_up, tear_down);
}
