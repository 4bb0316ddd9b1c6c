/* A feed: its items, their fields, and what is never in it. */
#include "feed_edition.h"

static void check_json(const char *name, const json_t *got, const char *expected)
{
    char *text = json_dumps(got, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    check_text(name, text, expected);
    free(text);
}

static void an_item_has_its_fields(void **state)
{
    (void)state;
    paper_import(&edition.paper,
                 "{\"type\":\"article\",\"slug\":\"পুরো\",\"section\":\"দেশ\",\"kicker\":\"K\","
                 "\"headline\":\"H & <H>\",\"standfirst\":\"S & <S>\",\"desk\":\"D\","
                 "\"authors\":[\"এক দুই\",\"B\"],\"credits\":[\"C\"],\"tags\":[\"কর\",\"Tax\"],"
                 "\"body\":\"এক **দুই** <b>x</b>\\n\\nতিন\",\"language\":\"en-GB\","
                 "\"published_at\":\"2024-04-16T12:10:00+06:00\","
                 "\"updated_at\":\"2024-04-16T12:20:00+06:00\","
                 "\"image\":{\"url\":\"/media/a.jpg\",\"width\":12,\"alt\":\"A\"}}\n");
    json_t *document = feed();
    check_json("everything", item_of(document, 0),
               "{\"_khobor\":{\"mail_date\":\"Tue, 16 Apr 2024 12:10:00 +0600\","
               "\"section\":\"দেশের খবর\"},"
               "\"authors\":[{\"name\":\"এক দুই\"},{\"name\":\"B\"}],"
               "\"content_html\":\"<p>এক <strong>দুই</strong> <!-- raw HTML omitted -->x"
               "<!-- raw HTML omitted --></p>\\n<p>তিন</p>\\n\","
               "\"date_modified\":\"2024-04-16T12:20:00+06:00\","
               "\"date_published\":\"2024-04-16T12:10:00+06:00\","
               "\"id\":\"https://khobor.example/api/v1/articles/21\","
               "\"image\":\"https://khobor.example/media/a.jpg\",\"language\":\"en-GB\","
               "\"summary\":\"S & <S>\",\"tags\":[\"কর\",\"Tax\"],\"title\":\"H & <H>\","
               "\"url\":\"https://khobor.example/%E0%A6%A6%E0%A7%87%E0%A6%B6/21/"
               "%E0%A6%AA%E0%A7%81%E0%A6%B0%E0%A7%8B\"}");
    check_json("little", item_of(document, 1),
               "{\"_khobor\":{\"mail_date\":\"Tue, 16 Apr 2024 11:57:00 +0600\","
               "\"section\":\"দেশের খবর\"},\"authors\":[{\"name\":\"W2\"}],"
               "\"content_html\":\"<h2>খবর</h2>\\n<p>এক <em>দুই</em> তিন</p>\\n\","
               "\"date_modified\":\"2024-04-16T11:57:00+06:00\","
               "\"date_published\":\"2024-04-16T11:57:00+06:00\","
               "\"id\":\"https://khobor.example/api/v1/articles/17\",\"language\":\"bn\","
               "\"summary\":\"এক দুই তিন\",\"tags\":[],\"title\":\"শিরোনাম 17\","
               "\"url\":\"https://khobor.example/%E0%A6%A6%E0%A7%87%E0%A6%B6/17/a-17\"}");
    json_decref(document);
}

static void a_feed_says_what_it_is(void **state)
{
    (void)state;
    json_t *document = feed();
    check_number("items", (int64_t)json_array_size(json_object_get(document, "items")), 17);
    json_object_del(document, "items");
    check_json("the paper's", document,
               "{\"_khobor\":{\"changed_at\":\"2024-04-16T11:57:00+06:00\","
               "\"mail_date\":\"Tue, 16 Apr 2024 11:57:00 +0600\"},"
               "\"authors\":[{\"name\":\"খবর\",\"url\":\"https://khobor.example\"}],"
               "\"feed_url\":\"https://khobor.example/feed.json\","
               "\"home_page_url\":\"https://khobor.example/\",\"language\":\"bn\","
               "\"title\":\"খবর\",\"version\":\"https://jsonfeed.org/version/1.1\"}");
    json_decref(document);
}

static void a_section_has_its_own(void **state)
{
    (void)state;
    const struct feed_request request = {.path = "/%E0%A6%A6%E0%A7%87%E0%A6%B6/atom.xml",
                                         .section = "দেশ",
                                         .section_name = "দেশের খবর",
                                         .section_id = 1};
    edition.paper.config.feeds.items = 3;
    json_t *document = feed_of(&request);
    check_number("items", (int64_t)json_array_size(json_object_get(document, "items")), 3);
    check_text("title", text_of(document, "title"), "দেশের খবর | খবর");
    check_text("home", text_of(document, "home_page_url"),
               "https://khobor.example/%E0%A6%A6%E0%A7%87%E0%A6%B6");
    check_text("its own address", text_of(document, "feed_url"),
               "https://khobor.example/%E0%A6%A6%E0%A7%87%E0%A6%B6/atom.xml");
    static const char *const ids[] = {"17", "15", "13"};
    for (size_t i = 0; i < COUNT(ids); i++) {
        const char *id = text_of(item_of(document, i), "id");
        check_text("id", strrchr(id, '/') + 1, ids[i]);
    }
    json_decref(document);
}

static void a_feed_has_as_many_items_as_are_set(void **state)
{
    (void)state;
    static const struct {
        int64_t items, expected;
    } cases[] = {{1, 1}, {16, 16}, {17, 17}, {18, 17}, {100, 17}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        edition.paper.config.feeds.items = cases[i].items;
        json_t *document = feed();
        check_number("items", (int64_t)json_array_size(json_object_get(document, "items")),
                     cases[i].expected);
        check_holds("the newest is first", text_of(item_of(document, 0), "id"), "/17");
        json_decref(document);
    }
}

static void an_empty_feed_is_a_feed(void **state)
{
    (void)state;
    const struct feed_request asks[] = {
        {.path = "/empty/feed.json", .section = "empty", .section_name = "E", .section_id = 3},
        {.path = "/feed.json"},
    };
    for (size_t i = 0; i < COUNT(asks); i++) {
        json_t *document = feed_of(&asks[i]);
        check_json("items", json_object_get(document, "items"), "[]");
        check_text("version", text_of(document, "version"), "https://jsonfeed.org/version/1.1");
        check_text("changed", text_of(json_object_get(document, "_khobor"), "changed_at"),
                   "1970-01-01T06:00:00+06:00");
        json_decref(document);
        /* The second time there is no article in the whole paper. */
        check_status("drafts", db_run(edition.paper.db, "UPDATE articles SET status = 'draft'"),
                     STATUS_OK);
    }
}

/* What may not be seen is in no feed, until it may. */
static void a_feed_holds_what_may_be_seen(void **state)
{
    (void)state;
    static const int64_t ids[] = {EDITION_DRAFT, EDITION_WITHDRAWN, EDITION_SCHEDULED};
    edition.paper.config.feeds.items = 100;
    for (int later = 0; later < 2; later++) {
        edition.context.now_s = PAPER_NOW + 3599 + later;
        json_t *document = feed();
        char *text = json_dumps(json_object_get(document, "items"), 0);
        for (size_t i = 0; i < COUNT(ids); i++) {
            char id[64];
            snprintf(id, sizeof id, "/api/v1/articles/%lld\"", (long long)ids[i]);
            check_number(id, strstr(text, id) != NULL, ids[i] == EDITION_SCHEDULED && later);
        }
        free(text);
        json_decref(document);
    }
}

/* Readers of feeds know an item by its id alone. */
static void an_id_stays_whatever_becomes_of_the_article(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        const char *field; /* that shows the change */
    } changes[] = {
        {"UPDATE articles SET headline = 'Another' WHERE id = 17", "title"},
        {"UPDATE articles SET section_id = 2 WHERE id = 17", "url"},
        {"UPDATE articles SET slug = 'another', slug_key = 'another' WHERE id = 17", "url"},
        {"UPDATE articles SET updated_at = published_at + 60 WHERE id = 17", "date_modified"},
        {"UPDATE articles SET published_at = published_at + 1 WHERE id = 17", "date_published"},
        {"UPDATE articles SET body = 'Another', revision = 9 WHERE id = 17", "content_html"},
        {"UPDATE articles SET language = 'en' WHERE id = 17", "language"},
    };
    for (size_t i = 0; i < COUNT(changes); i++) {
        json_t *before = feed();
        check_status(changes[i].sql, db_run(edition.paper.db, changes[i].sql), STATUS_OK);
        json_t *after = feed();
        check_true(changes[i].sql, strcmp(text_of(item_of(before, 0), changes[i].field),
                                          text_of(item_of(after, 0), changes[i].field)) != 0);
        check_text(changes[i].sql, text_of(item_of(after, 0), "id"),
                   "https://khobor.example/api/v1/articles/17");
        json_decref(before);
        json_decref(after);
    }
}

static void dates_have_both_forms(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *published, *modified, *mail, *feed_mail;
    } cases[] = {
        {"UTC", "2024-04-16T06:01:00+00:00", "2024-04-16T06:20:00+00:00",
         "Tue, 16 Apr 2024 06:01:00 +0000", "Tue, 16 Apr 2024 06:20:00 +0000"},
        {"America/St_Johns", "2024-04-16T03:31:00-02:30", "2024-04-16T03:50:00-02:30",
         "Tue, 16 Apr 2024 03:31:00 -0230", "Tue, 16 Apr 2024 03:50:00 -0230"},
        {"Asia/Dhaka", "2024-04-16T12:01:00+06:00", "2024-04-16T12:20:00+06:00",
         "Tue, 16 Apr 2024 12:01:00 +0600", "Tue, 16 Apr 2024 12:20:00 +0600"},
    };
    put("changed", "B", ",\"updated_at\":\"2024-04-16T06:20:00Z\"");
    put("newer", "B", "");
    for (size_t i = 0; i < COUNT(cases); i++) {
        check_status(cases[i].zone, zone_use(cases[i].zone), STATUS_OK);
        json_t *document = feed();
        const json_t *item = item_of(document, 1), *whole = json_object_get(document, "_khobor");
        check_text(cases[i].zone, text_of(item, "date_published"), cases[i].published);
        check_text(cases[i].zone, text_of(item, "date_modified"), cases[i].modified);
        check_text(cases[i].zone, text_of(json_object_get(item, "_khobor"), "mail_date"),
                   cases[i].mail);
        /* The feed changed when anything in it last did, which need not be its newest. */
        check_text(cases[i].zone, text_of(whole, "changed_at"), cases[i].modified);
        check_text(cases[i].zone, text_of(whole, "mail_date"), cases[i].feed_mail);
        json_decref(document);
    }
}

static void an_image_has_an_absolute_address(void **state)
{
    (void)state;
    static const struct {
        const char *name, *url, *expected;
    } cases[] = {
        {"a path", "/media/a.jpg", "https://khobor.example/media/a.jpg"},
        {"a space", "/a b.jpg", "https://khobor.example/a%20b.jpg"},
        {"a code", "/a%20b.jpg", "https://khobor.example/a%20b.jpg"},
        {"a space and a code", "/a b%20c.jpg", "https://khobor.example/a%20b%20c.jpg"},
        {"Bengali", "/ছবি.jpg", "https://khobor.example/%E0%A6%9B%E0%A6%AC%E0%A6%BF.jpg"},
        {"Bengali that is encoded", "/%E0%A6%9B.jpg", "https://khobor.example/%E0%A6%9B.jpg"},
        {"a per cent sign", "/100%.jpg", "https://khobor.example/100%25.jpg"},
        {"a host", "//cdn.example/a.jpg", "https://cdn.example/a.jpg"},
        {"a host and a space", "//cdn.example/a b.jpg", "https://cdn.example/a%20b.jpg"},
        {"https", "https://cdn.example/a.jpg", "https://cdn.example/a.jpg"},
        {"http", "http://cdn.example/a.jpg", "http://cdn.example/a.jpg"},
        {"https and Bengali", "https://cdn.example/ছ ছ%20?w=1&h=2#x",
         "https://cdn.example/%E0%A6%9B%20%E0%A6%9B%20?w=1&h=2#x"},
        {"a quote", "/a\\\"b'c<d>.jpg", "https://khobor.example/a%22b'c%3Cd%3E.jpg"},
        {"none", NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char slug[16], more[256] = "";
        snprintf(slug, sizeof slug, "i-%zu", i);
        if (cases[i].url)
            snprintf(more, sizeof more, ",\"image\":{\"url\":\"%s\"}", cases[i].url);
        put(slug, "B", more);
        json_t *document = feed();
        check_text(cases[i].name, text_of(item_of(document, 0), "image"), cases[i].expected);
        check_number(cases[i].name, json_object_get(item_of(document, 0), "image") != NULL,
                     cases[i].expected != NULL);
        json_decref(document);
    }
}

/* The place of a null in a document; false when there is none. */
static bool has_null(const json_t *value)
{
    const char *key;
    size_t index;
    json_t *inner;
    if (json_is_null(value))
        return true;
    json_object_foreach((json_t *)value, key, inner)
    {
        if (has_null(inner))
            return true;
    }
    json_array_foreach(value, index, inner)
    {
        if (has_null(inner))
            return true;
    }
    return false;
}

/* JSON Feed knows no null: what is absent is left out. */
static void nothing_in_a_feed_is_null(void **state)
{
    (void)state;
    static const char *const contents[] = {"full", "summary"};
    json_t *null = json_pack("{s:[{s:n}]}", "a", "b");
    check_true("a null is seen", has_null(null));
    json_decref(null);
    put("bare", "", "");
    put("nulls", "",
        ",\"kicker\":null,\"standfirst\":null,\"desk\":null,\"authors\":null,\"credits\":null,"
        "\"tags\":null,\"image\":null,\"updated_at\":null,\"related\":null");
    put("image", "", ",\"image\":{\"url\":\"/a\",\"alt\":null,\"width\":null}");
    for (size_t i = 0; i < COUNT(contents); i++) {
        strcpy(edition.paper.config.feeds.content, contents[i]);
        json_t *document = feed();
        check_true(contents[i], !has_null(document));
        json_decref(document);
        document = feed_of(&(struct feed_request){
            .path = "/empty/feed.json", .section = "empty", .section_name = "E", .section_id = 3});
        check_true(contents[i], !has_null(document));
        json_decref(document);
    }
}

/* Only a damaged database has them. */
static void what_can_not_be_stored_is_an_error(void **state)
{
    (void)state;
    json_t *document = NULL;
    const struct feed_request whole = {.path = "/feed.json"};
    const struct feed_request section = {
        .path = "/empty/feed.json", .section = "empty", .section_name = "E", .section_id = 0};
    check_status("a section's id of 0", feed_document(&edition.context, &section, &document),
                 STATUS_UNUSABLE);
    check_status("damage",
                 db_run(edition.paper.db, "PRAGMA foreign_keys = OFF;"
                                          "ALTER TABLE articles RENAME TO stored;"
                                          "CREATE TABLE articles AS SELECT * FROM stored;"
                                          "UPDATE articles SET body = NULL WHERE id = 17"),
                 STATUS_OK);
    check_status("no body", feed_document(&edition.context, &whole, &document), STATUS_UNUSABLE);
    check_true("untouched", document == NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_item_has_its_fields),
        TEST(a_feed_says_what_it_is),
        TEST(a_section_has_its_own),
        TEST(a_feed_has_as_many_items_as_are_set),
        TEST(an_empty_feed_is_a_feed),
        TEST(a_feed_holds_what_may_be_seen),
        TEST(an_id_stays_whatever_becomes_of_the_article),
        TEST(dates_have_both_forms),
        TEST(an_image_has_an_absolute_address),
        TEST(nothing_in_a_feed_is_null),
        TEST(what_can_not_be_stored_is_an_error),
    };
    return cmocka_run_group_tests_name("page/feed", tests, NULL, NULL);
}
