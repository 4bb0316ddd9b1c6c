/* What every page has around its document, and what an article's page has besides. */
#include "page/page_frame.h"

#include "document/article.h"
#include "document/front.h"
#include "document/lists.h"
#include "document/most_read.h"
#include "document/site.h"
#include "edition.h"

#include <stdlib.h>

#define DESH "/%E0%A6%A6%E0%A7%87%E0%A6%B6"

enum {
    FULL = EDITION_ARTICLES + 1, /* the article that has everything */
    BARE,                        /* one that has nothing */
};

static struct edition edition;

static int set_up(void **state)
{
    (void)state;
    edition_open(&edition);
    strcpy(edition.paper.config.site.url, "https://khobor.example");
    paper_import(&edition.paper,
                 "{\"type\":\"article\",\"slug\":\"full\",\"section\":\"দেশ\",\"headline\":\"H\","
                 "\"standfirst\":\"S & *s*\",\"authors\":[\"এক দুই\",\"A/B\"],\"tags\":[\"কর\","
                 "\"C++\"],\"body\":\"Body\",\"updated_at\":\"2024-04-16T11:30:00+06:00\","
                 "\"image\":{\"url\":\"/ছ b%20c.jpg\"},"
                 "\"published_at\":\"2024-04-16T11:00:00+06:00\"}\n"
                 "{\"type\":\"article\",\"slug\":\"bare\",\"section\":\"world\",\"headline\":\"H\","
                 "\"body\":\"\",\"published_at\":\"2024-04-16T11:00:00+06:00\"}\n");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    edition_close(&edition);
    return 0;
}

static json_t *frame_of(const char *path, bool paged, const json_t *document)
{
    json_t *frame = NULL;
    check_status(path, page_frame(&edition.context, path, paged, document, &frame), STATUS_OK);
    return frame;
}

static json_t *article(int64_t id)
{
    int64_t revision;
    json_t *document = NULL;
    check_status("article", article_document(&edition.context, id, 0, &document, &revision),
                 STATUS_OK);
    return document;
}

static struct list_request ask_all(void)
{
    return (struct list_request){.path = "/x",
                                 .from_at = INT64_MIN,
                                 .before = position_newest(PAPER_NOW),
                                 .limit = 3,
                                 .fields = FIELDS_ALL};
}

static json_t *section(const char *slug)
{
    json_t *document = NULL;
    struct list_request request = ask_all();
    request.section = slug;
    check_status(slug, section_document(&edition.context, &request, &document), STATUS_OK);
    return document;
}

static json_t *list(void)
{
    json_t *document = NULL;
    struct list_request request = ask_all();
    check_status("list", list_document(&edition.context, &request, &document), STATUS_OK);
    return document;
}

static json_t *most_read(const char *slug, int64_t section_id)
{
    json_t *document = NULL;
    struct most_read_request request = {
        .window = WINDOW_24H, .section = slug, .section_id = section_id, .limit = 5};
    check_status("most read", most_read_document(&edition.context, &request, &document), STATUS_OK);
    return document;
}

static json_t *front(void)
{
    json_t *document = NULL;
    check_status("front", front_document(&edition.context, &document), STATUS_OK);
    return document;
}

static json_t *term(enum term_kind kind, const char *name)
{
    json_t *document = NULL;
    struct list_request request = ask_all();
    check_status(name, term_document(&edition.context, kind, name, &request, &document), STATUS_OK);
    return document;
}

static json_t *archive(void)
{
    json_t *document = NULL;
    struct list_request request = ask_all();
    const struct civil day = {.year = 2024, .month = 4, .day = 16};
    check_status("archive", archive_document(&edition.context, &day, &request, &document),
                 STATUS_OK);
    return document;
}

/* The slugs of nav, with a star after those that are current. */
static void check_nav(const char *name, json_t *document, const char *expected)
{
    struct buf text;
    size_t index;
    const json_t *entry;
    json_t *frame = frame_of("/", false, document);
    buf_init(&text, 4096);
    json_array_foreach(json_object_get(frame, "nav"), index, entry)
    {
        const json_t *current = json_object_get(entry, "current");
        check_true("true or false", json_is_boolean(current));
        buf_format(&text, "%s%s ", json_string_value(json_object_get(entry, "slug")),
                   json_is_true(current) ? "*" : "");
    }
    check_text(name, buf_string(&text), expected);
    buf_release(&text);
    json_decref(frame);
    json_decref(document);
}

static void the_section_of_a_page_is_current(void **state)
{
    (void)state;
    check_nav("an article", article(17), "world দেশ* empty ");
    check_nav("another's article", article(16), "world* দেশ empty ");
    check_nav("a section", section("দেশ"), "world দেশ* empty ");
    check_nav("a section without articles", section("empty"), "world দেশ empty* ");
    check_nav("a section in another spelling", section("wor\u200Bld"), "world* দেশ empty ");
}

static void a_page_of_no_section_has_none(void **state)
{
    (void)state;
    check_nav("a list", list(), "world দেশ empty ");
    check_nav("the front", front(), "world দেশ empty ");
    check_nav("the most read", most_read(NULL, 0), "world দেশ empty ");
    check_nav("the most read of a section", most_read("world", 2), "world দেশ empty ");
    check_nav("a tag", term(TERM_TAG, "Tax"), "world দেশ empty ");
    check_nav("an author", term(TERM_AUTHOR, "W1"), "world দেশ empty ");
    check_nav("a day", archive(), "world দেশ empty ");
    check_nav("nothing", json_object(), "world দেশ empty ");
    check_nav("an error", json_pack("{s:i, s:s}", "status", 404, "title", "T"), "world দেশ empty ");
    check_nav("a card, which is no page", json_pack("{s:s}", "slug", "world"), "world দেশ empty ");
    check_nav("a section that is gone", json_pack("{s:s, s:i}", "slug", "gone", "position", 1),
              "world দেশ empty ");
    check_nav("a section's beginning", json_pack("{s:s, s:i}", "slug", "wor", "position", 1),
              "world দেশ empty ");
}

static void nav_has_names_and_addresses(void **state)
{
    (void)state;
    json_t *frame = frame_of("/", false, NULL);
    char *text = json_dumps(json_object_get(frame, "nav"), JSON_COMPACT);
    check_text("nav", text,
               "[{\"slug\":\"world\",\"name\":\"World\",\"url\":\"/world\",\"current\":false},"
               "{\"slug\":\"দেশ\",\"name\":\"দেশের খবর\",\"url\":\"" DESH "\",\"current\":false},"
               "{\"slug\":\"empty\",\"name\":\"Empty\",\"url\":\"/empty\",\"current\":false}]");
    free(text);
    json_decref(frame);
}

/* The longest slug, which encoding makes three times as long. */
static void a_slug_of_any_length_has_an_address(void **state)
{
    (void)state;
    struct buf line;
    buf_init(&line, 4096);
    buf_text(&line, "{\"type\":\"section\",\"position\":9,\"name\":\"N\",\"slug\":\"");
    for (int i = 0; i < 150; i++)
        buf_text(&line, "খ");
    buf_text(&line, "\"}\n");
    paper_import(&edition.paper, buf_string(&line));
    buf_release(&line);
    json_t *frame = frame_of("/", false, NULL);
    const json_t *entry = json_array_get(json_object_get(frame, "nav"), 3);
    check_number("bytes", (int64_t)json_string_length(json_object_get(entry, "url")), 1 + 150 * 9);
    json_decref(frame);
}

static void a_page_says_its_path_and_place(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        bool paged;
        const char *expected;
    } cases[] = {
        {"/", false, "{\"path\":\"/\",\"paged\":false,\"is_latest\":false,\"is_most_read\":false}"},
        {"/latest", true,
         "{\"path\":\"/latest\",\"paged\":true,\"is_latest\":true,\"is_most_read\":false}"},
        {DESH "/1/a-1", false,
         "{\"path\":\"" DESH
         "/1/a-1\",\"paged\":false,\"is_latest\":false,\"is_most_read\":false}"},
        {"/tag/%22%2F", true,
         "{\"path\":\"/tag/%22%2F\",\"paged\":true,\"is_latest\":false,\"is_most_read\":false}"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        json_t *frame = frame_of(cases[i].path, cases[i].paged, NULL);
        char *text = json_dumps(json_object_get(frame, "page"), JSON_COMPACT);
        check_text(cases[i].path, text, cases[i].expected);
        check_number("fields", (int64_t)json_object_size(frame), 4);
        free(text);
        json_decref(frame);
    }
}

/* A page says of the paper what the API says of it. */
static void the_site_is_the_sites_document(void **state)
{
    (void)state;
    json_t *site = NULL;
    check_status("site", site_document(&edition.context, &site), STATUS_OK);
    json_t *frame = frame_of("/", false, NULL);
    check_true("the same", json_equal(json_object_get(frame, "site"), site));
    check_text("its address", json_string_value(json_object_get(site, "url")),
               "https://khobor.example");
    json_decref(frame);
    json_decref(site);
}

static void texts_have_every_label_of_the_papers_language(void **state)
{
    (void)state;
    static const char *const languages[] = {"bn", "en"};
    for (size_t i = 0; i < COUNT(languages); i++) {
        edition.context.words = words_of(languages[i]);
        json_t *frame = frame_of("/", false, NULL);
        const json_t *texts = json_object_get(frame, "texts");
        check_number("labels", (int64_t)json_object_size(texts), LABEL__MAX);
        for (int label = 0; label < LABEL__MAX; label++) {
            const char *name = label_name((enum label)label);
            check_text(name, json_string_value(json_object_get(texts, name)),
                       words_label(words_of(languages[i]), (enum label)label));
        }
        json_decref(frame);
    }
}

static void check_field(const char *name, const json_t *article, const char *field,
                        const char *expected)
{
    char *text = json_dumps(json_object_get(article, field), JSON_COMPACT | JSON_ENCODE_ANY);
    check_text(name, text, expected);
    free(text);
}

static void an_articles_page_has_more_than_the_article(void **state)
{
    (void)state;
    static const struct {
        int64_t id;
        const char *field, *expected;
    } cases[] = {
        {FULL, "description", "\"S & *s*\""},
        {FULL, "tag_links",
         "[{\"name\":\"কর\",\"url\":\"/tag/%E0%A6%95%E0%A6%B0\"},"
         "{\"name\":\"C++\",\"url\":\"/tag/C%2B%2B\"}]"},
        {FULL, "author_links",
         "[{\"name\":\"এক "
         "দুই\",\"url\":\"/author/%E0%A6%8F%E0%A6%95%20%E0%A6%A6%E0%A7%81%E0%A6%87\"},"
         "{\"name\":\"A/B\",\"url\":\"/author/A%2FB\"}]"},
        {FULL, "image_address", "\"https://khobor.example/%E0%A6%9B%20b%20c.jpg\""},
        {FULL, "modified_at", "\"2024-04-16T11:30:00+06:00\""},
        {FULL, "section_url", "\"" DESH "\""},
        {FULL, "has_byline", "true"},
        {BARE, "description", "\"\""},
        {BARE, "tag_links", "[]"},
        {BARE, "author_links", "[]"},
        {BARE, "image_address", "null"},
        {BARE, "modified_at", "\"2024-04-16T11:00:00+06:00\""},
        {BARE, "has_byline", "false"},
        {17, "description", "\"এক দুই তিন\""},
        {17, "author_links", "[{\"name\":\"W2\",\"url\":\"/author/W2\"}]"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        json_t *document = article(cases[i].id);
        check_status("fill", article_page_fill(&edition.context, document), STATUS_OK);
        check_field(cases[i].field, document, cases[i].field, cases[i].expected);
        json_decref(document);
    }
}

/* A damaged database can have any JSON there. */
static void a_tag_or_author_that_is_no_text_has_no_link(void **state)
{
    (void)state;
    check_status("damage",
                 db_run(edition.paper.db,
                        "UPDATE articles SET tags = '[1,\"T\",null]', authors = '{\"a\":[]}'"
                        " WHERE id = 17"),
                 STATUS_OK);
    json_t *document = article(17);
    check_status("fill", article_page_fill(&edition.context, document), STATUS_OK);
    check_field("tags", document, "tag_links", "[{\"name\":\"T\",\"url\":\"/tag/T\"}]");
    check_field("authors", document, "author_links", "[]");
    json_decref(document);
}

/* What the API gives of an article is not changed for its page. */
static void the_article_stays_as_it_is(void **state)
{
    (void)state;
    const char *key;
    json_t *value;
    static const int64_t ids[] = {FULL, BARE, 17};
    for (size_t i = 0; i < COUNT(ids); i++) {
        json_t *plain = article(ids[i]), *filled = article(ids[i]);
        check_status("fill", article_page_fill(&edition.context, filled), STATUS_OK);
        check_number("fields more",
                     (int64_t)json_object_size(filled) - (int64_t)json_object_size(plain), 7);
        json_object_foreach(plain, key, value)
        {
            check_true(key, json_equal(json_object_get(filled, key), value));
        }
        json_decref(plain);
        json_decref(filled);
    }
}

/* Images on another host, and on none. */
static void an_image_has_one_absolute_address(void **state)
{
    (void)state;
    static const struct {
        const char *image, *expected;
    } cases[] = {
        {"{\"url\":\"//cdn.example/a b\"}", "\"https://cdn.example/a%20b\""},
        {"{\"url\":\"http://cdn.example/a\"}", "\"http://cdn.example/a\""},
        {"{\"url\":\"/a\"}", "\"https://khobor.example/a\""},
        {"{\"url\":null}", "null"},
        {"{}", "null"},
        {"null", "null"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        json_t *image = json_loads(cases[i].image, JSON_DECODE_ANY, NULL);
        json_t *document = json_pack("{s:o}", "image", image);
        json_t *address = article_image_url(&edition.context, document);
        char *text = json_dumps(address, JSON_ENCODE_ANY);
        check_text(cases[i].image, text, cases[i].expected);
        free(text);
        json_decref(address);
        json_decref(document);
    }
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_section_of_a_page_is_current),
        TEST(a_page_of_no_section_has_none),
        TEST(nav_has_names_and_addresses),
        TEST(a_slug_of_any_length_has_an_address),
        TEST(a_page_says_its_path_and_place),
        TEST(the_site_is_the_sites_document),
        TEST(texts_have_every_label_of_the_papers_language),
        TEST(an_articles_page_has_more_than_the_article),
        TEST(a_tag_or_author_that_is_no_text_has_no_link),
        TEST(the_article_stays_as_it_is),
        TEST(an_image_has_one_absolute_address),
    };
    return cmocka_run_group_tests_name("page/page_frame", tests, NULL, NULL);
}
