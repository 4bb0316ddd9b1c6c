/* Pages, feeds and sitemaps without a socket, and where other addresses lead. */
#include "serving.h"

#define DESH "/%E0%A6%A6%E0%A7%87%E0%A6%B6"

static struct serving serving;

static int set_up(void **state)
{
    (void)state;
    serving_open(&serving);
    paper_import(&serving.edition.paper,
                 "{\"type\":\"redirect\",\"from\":\"/news.php?id=5&l=bn\",\"to\":\"a-5\"}\n"
                 "{\"type\":\"redirect\",\"from\":\"/পুরোনো/পাতা\",\"to\":\"a-6\"}\n"
                 "{\"type\":\"redirect\",\"from\":\"/old%20page\",\"to\":\"a-7\"}\n"
                 "{\"type\":\"redirect\",\"from\":\"/world/3/x\",\"to\":\"a-8\"}\n"
                 "{\"type\":\"redirect\",\"from\":\"/gone\",\"to\":\"a-19\"}\n"
                 "{\"type\":\"redirect\",\"from\":\"/draft\",\"to\":\"a-18\"}\n"
                 "{\"type\":\"redirect\",\"from\":\"/world\",\"to\":\"a-9\"}\n");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    serving_close(&serving);
    return 0;
}

static const struct {
    const char *target;
    int status;
    enum media media;
} shown[] = {
    {"/", 200, MEDIA_HTML},
    {"/?utm_source=a", 200, MEDIA_HTML},
    {"/latest", 200, MEDIA_HTML},
    {"/latest?cursor=1713246900.15", 200, MEDIA_HTML},
    {"/latest?cursor=x", 400, MEDIA_PROBLEM},
    {"/most-read", 200, MEDIA_HTML},
    {"/most-read?window=7d", 200, MEDIA_HTML},
    {"/most-read?window=2d", 400, MEDIA_PROBLEM},
    {"/world", 200, MEDIA_HTML},
    {DESH, 200, MEDIA_HTML},
    {"/empty", 200, MEDIA_HTML},
    {"/nowhere", 404, MEDIA_PROBLEM},
    {"/world/2/a-2", 200, MEDIA_HTML},
    {DESH "/1/a-1", 200, MEDIA_HTML},
    {"/world/18/a-18", 404, MEDIA_PROBLEM},
    {DESH "/19/a-19", 410, MEDIA_PROBLEM},
    {"/world/20/a-20", 404, MEDIA_PROBLEM},
    {"/world/99/a-99", 404, MEDIA_PROBLEM},
    {"/world/x/a-2", 404, MEDIA_PROBLEM},
    {"/archive/2024-04-16", 200, MEDIA_HTML},
    {"/archive/1900-01-01", 200, MEDIA_HTML},
    {"/archive/2024-04-17", 404, MEDIA_PROBLEM},
    {"/archive/2024-02-30", 404, MEDIA_PROBLEM},
    {"/archive/0000-00-00", 404, MEDIA_PROBLEM},
    {"/archive/9999-12-31", 404, MEDIA_PROBLEM},
    {"/archive/today", 404, MEDIA_PROBLEM},
    {"/archive", 404, MEDIA_PROBLEM},
    {"/tag/%E0%A6%95%E0%A6%B0", 200, MEDIA_HTML},
    {"/tag/Tax", 200, MEDIA_HTML},
    {"/tag/nobody", 404, MEDIA_PROBLEM},
    {"/tag/%E2%80%8D", 404, MEDIA_PROBLEM},
    {"/author/W1", 200, MEDIA_HTML},
    {"/author/Tax", 404, MEDIA_PROBLEM},
    {"/search", 404, MEDIA_PROBLEM},
    {"/metrics", 404, MEDIA_PROBLEM},
    {"/%", 400, MEDIA_PROBLEM},
    {"/feed.xml", 200, MEDIA_RSS},
    {"/atom.xml", 200, MEDIA_ATOM},
    {"/feed.json", 200, MEDIA_JSON_FEED},
    {"/world/feed.xml", 200, MEDIA_RSS},
    {"/world/atom.xml", 200, MEDIA_ATOM},
    {"/world/feed.json", 200, MEDIA_JSON_FEED},
    {"/empty/feed.json", 200, MEDIA_JSON_FEED},
    {"/nowhere/feed.xml", 404, MEDIA_PROBLEM},
    {"/sitemap.xml", 200, MEDIA_XML},
    {"/sitemaps/1.xml", 200, MEDIA_XML},
    {"/sitemaps/fronts.xml", 200, MEDIA_XML},
    {"/sitemaps/0.xml", 404, MEDIA_PROBLEM},
    {"/sitemaps/01.xml", 404, MEDIA_PROBLEM},
    {"/sitemaps/2.xml", 404, MEDIA_PROBLEM},
    {"/sitemaps/1", 404, MEDIA_PROBLEM},
    {"/sitemaps/99999999999999999999.xml", 404, MEDIA_PROBLEM},
    {"/news-sitemap.xml", 200, MEDIA_XML},
    {"/robots.txt", 200, MEDIA_TEXT},
    {"/manifest.webmanifest", 200, MEDIA_MANIFEST},
    {"/favicon.ico", 200, MEDIA_ICON},
    {"/assets/x/style.css", 200, MEDIA_CSS},
    {"/assets/x/nothing.css", 404, MEDIA_PROBLEM},
    {"/assets/x/..%2Fstyle.css", 404, MEDIA_PROBLEM},
    {"/api/v1/front", 200, MEDIA_JSON},
    {"/api/v1/texts", 200, MEDIA_JSON},
    {"/api/v1/archive/2024-04-16", 200, MEDIA_JSON},
    {"/api/v1/archive/2024-04-17", 404, MEDIA_PROBLEM},
    {"/api/v1/tags/Tax?limit=1", 200, MEDIA_JSON},
    {"/api/v1/tags/nobody", 404, MEDIA_PROBLEM},
    {"/api/v1/authors/W2", 200, MEDIA_JSON},
};

static void every_address_has_its_answer(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(shown); i++) {
        struct response response;
        serving_ask(&serving, METHOD_GET, shown[i].target, &response);
        check_number(shown[i].target, response.status, shown[i].status);
        check_number(shown[i].target, representation_media(response.representation),
                     shown[i].media);
        check_text(shown[i].target, reply_field(&response, "X-Content-Type-Options"), "nosniff");
        bool is_page = shown[i].media == MEDIA_HTML;
        check_number(shown[i].target, reply_field(&response, "Content-Security-Policy") != NULL,
                     is_page);
        check_number(shown[i].target, reply_field(&response, "Referrer-Policy") != NULL, is_page);
        response_release(&response);
    }
}

static const struct {
    const char *target, *location;
} moved[] = {
    {"/world/1/a-1", DESH "/1/a-1"},
    {DESH "/1/other", DESH "/1/a-1"},
    {"/world/1", DESH "/1/a-1"},
    {"/world/a-2", "/world/2/a-2"},
    {"/nowhere/2/a-2", "/world/2/a-2"},
    {"/world/02/a-2", "/world/2/a-2"},
    {"/world/2/%61-2?utm_source=b", NULL},
    {"/world/2/a-3?utm_source=b", "/world/2/a-2?utm_source=b"},
    {"/latest/", "/latest"},
    {"/latest/?cursor=1.1", "/latest?cursor=1.1"},
    {"/world/2/a-2/", "/world/2/a-2"},
    {"/w%E2%80%8Borld", "/world"},
    {"/tag/T%E2%80%8Bax?cursor=1.1", "/tag/Tax?cursor=1.1"},
    {"/author/W%E2%80%8D1", "/author/W1"},
    {"/news.php?id=5&l=bn", DESH "/5/a-5"},
    {"/news.php?id=%35&l=bn", DESH "/5/a-5"},
    {"/%E0%A6%AA%E0%A7%81%E0%A6%B0%E0%A7%8B%E0%A6%A8%E0%A7%8B/%E0%A6%AA%E0%A6%BE%E0%A6%A4%E0%A6%BE",
     "/world/6/a-6"},
    {"/%E0%A6%AA%E0%A7%81%E0%A6%B0%E0%A7%8B%E0%A6%A8%E0%A7%8B/%E0%A6%AA%E0%A6%BE%E0%A6%A4%E0%A6%BE"
     "?a=b",
     "/world/6/a-6"},
    {"/old%20page", DESH "/7/a-7"},
    {"/world/3/x", "/world/8/a-8"},
};

static void other_addresses_lead_to_the_right_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(moved); i++) {
        struct response response;
        serving_ask(&serving, METHOD_GET, moved[i].target, &response);
        check_number(moved[i].target, response.status, moved[i].location ? 301 : 200);
        check_text(moved[i].target, reply_field(&response, "Location"), moved[i].location);
        check_text(moved[i].target, reply_field(&response, "Cache-Control"), "public, max-age=10");
        check_number(moved[i].target, response.representation == NULL, moved[i].location != NULL);
        response_release(&response);
    }
}

static void a_redirect_to_what_can_not_be_read_says_why(void **state)
{
    (void)state;
    struct response response;
    serving_ask(&serving, METHOD_GET, "/gone", &response);
    check_number("withdrawn", response.status, 410);
    response_release(&response);
    serving_ask(&serving, METHOD_GET, "/draft", &response);
    check_number("a draft", response.status, 404);
    response_release(&response);
    serving_ask(&serving, METHOD_GET, "/world", &response);
    check_number("a section goes before", response.status, 200);
    response_release(&response);
}

/* Neither method nor type of the client's choice turns a page into something else. */
static void a_page_is_sent_whatever_was_asked_for(void **state)
{
    (void)state;
    static const struct {
        const char *target, *accept;
        int status;
        enum media media;
    } cases[] = {
        {"/latest", "application/json", 200, MEDIA_HTML},
        {"/feed.xml", "text/html", 200, MEDIA_RSS},
        {"/nowhere", "text/html,*/*;q=0.8", 404, MEDIA_HTML},
        {"/nowhere", "application/json", 404, MEDIA_PROBLEM},
        {"/nowhere", "*/*", 404, MEDIA_PROBLEM},
        {"/search", "text/html,*/*;q=0.8", 404, MEDIA_HTML},
        {"/search", "*/*", 404, MEDIA_PROBLEM},
        {"/search", "text/html;q=0,*/*", 404, MEDIA_PROBLEM},
        {"/sitemaps/9.xml", "text/html", 404, MEDIA_HTML},
        {"/healthz/x", "text/html", 404, MEDIA_HTML},
        {"/healthz/", "*/*", 404, MEDIA_PROBLEM},
        {"/api/v1/nowhere", "text/html", 404, MEDIA_PROBLEM},
        {"/api/v1/site", "text/html", 406, MEDIA_PROBLEM},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct response response;
        const struct request request = {
            .method = METHOD_GET, .target = cases[i].target, .accept = cases[i].accept};
        serve(&serving.worker, &request, PAPER_NOW, &response);
        check_number(cases[i].target, response.status, cases[i].status);
        check_number(cases[i].target, representation_media(response.representation),
                     cases[i].media);
        response_release(&response);
    }
    struct response response;
    serving_ask(&serving, METHOD_POST, "/world/2/a-2", &response);
    check_number("POST", response.status, 405);
    check_text("POST", reply_field(&response, "Allow"), "GET, HEAD, OPTIONS");
    response_release(&response);
}

static void an_asset_keeps_for_a_year_at_its_own_address(void **state)
{
    (void)state;
    struct response response;
    char address[128];
    serving_ask(&serving, METHOD_GET, "/", &response);
    const char *at = strstr(reply_text(&response), "/assets/");
    assert_non_null(at);
    snprintf(address, sizeof address, "%.*s", (int)strcspn(at, "\""), at);
    response_release(&response);
    serving_ask(&serving, METHOD_GET, address, &response);
    check_number(address, response.status, 200);
    check_text(address, reply_field(&response, "Cache-Control"),
               "public, max-age=31536000, immutable");
    response_release(&response);
    serving_ask(&serving, METHOD_GET, "/assets/older/style.css", &response);
    check_text("another edition of it", reply_field(&response, "Cache-Control"),
               "public, max-age=10");
    response_release(&response);
}

/* Anybody can make up addresses of an asset without end; cached, they would push out what readers ask for. */
static void an_asset_is_cached_at_its_own_address_only(void **state)
{
    (void)state;
    struct response response;
    char address[128];
    struct response_cache_stats before = {.hits = 0}, after = {.hits = 0};
    response_cache_add_stats(serving.worker.cache, &before);
    for (int i = 0; i < 50; i++) {
        snprintf(address, sizeof address, "/assets/%012d/style.css", i);
        serving_ask(&serving, METHOD_GET, address, &response);
        check_number(address, response.status, 200);
        response_release(&response);
    }
    response_cache_add_stats(serving.worker.cache, &after);
    check_number("made-up addresses in the cache", (int64_t)after.entries, (int64_t)before.entries);
    check_number("their bytes", (int64_t)after.bytes, (int64_t)before.bytes);
}

/* The tag of a page is of its bytes, and an article's says its revision. */
static void a_page_that_is_known_is_not_sent_again(void **state)
{
    (void)state;
    static const char *const targets[] = {"/", "/world/2/a-2", "/feed.xml", "/robots.txt"};
    for (size_t i = 0; i < COUNT(targets); i++) {
        struct response first, second;
        serving_ask(&serving, METHOD_GET, targets[i], &first);
        const char *tag = reply_field(&first, "ETag");
        check_number(targets[i], strncmp(tag, "\"r1-", 4) == 0, i == 1);
        const struct request request = {
            .method = METHOD_GET, .target = targets[i], .if_none_match = tag};
        serve(&serving.worker, &request, PAPER_NOW, &second);
        check_number(targets[i], second.status, 304);
        check_text(targets[i], reply_field(&second, "ETag"), tag);
        response_release(&first);
        response_release(&second);
    }
}

/* Even what can't be read is said in the paper's language, with the way on. */
static void a_database_that_can_not_be_read_has_a_page(void **state)
{
    (void)state;
    struct response response;
    struct request request = {
        .method = METHOD_GET, .target = "/world/2/a-2", .accept = "text/html"};
    struct db *db = serving.worker.db;
    versions_invalidate_all(serving.shared.versions);
    /* A table of this name without columns: the statements no longer fit. */
    check_status("hide", db_run(db, "PRAGMA query_only = OFF; CREATE TEMP TABLE articles (none)"),
                 STATUS_OK);
    serve(&serving.worker, &request, PAPER_NOW, &response);
    check_number("status", response.status, 500);
    check_number("a page", representation_media(response.representation), MEDIA_HTML);
    check_holds("title", reply_text(&response), words_label(words_of("bn"), LABEL_FAILURE));
    check_holds("the way on", reply_text(&response), "<a href=\"/latest\">");
    check_text("not kept", reply_field(&response, "Cache-Control"), "no-store");
    response_release(&response);
    check_status("show", db_run(db, "DROP TABLE temp.articles; PRAGMA query_only = ON"), STATUS_OK);
    serve(&serving.worker, &request, PAPER_NOW, &response);
    check_number("and then it goes on", response.status, 200);
    response_release(&response);
}

/* As after a ROLLBACK that failed: the next request ends it, and sees what is there now. */
static void a_transaction_that_was_left_open_is_ended(void **state)
{
    (void)state;
    struct response response;
    struct request request = {.method = METHOD_GET, .target = "/api/v1/articles/2"};
    struct db *db = serving.worker.db;
    for (int i = 0; i < 2; i++) {
        versions_invalidate_all(serving.shared.versions);
        check_status("begin", db_run(db, "BEGIN"), STATUS_OK);
        serve(&serving.worker, &request, PAPER_NOW, &response);
        check_number("status", response.status, 200);
        response_release(&response);
    }
}

/* Nothing that readers are told depends on how the request came to be. */
static void addresses_are_the_sites_own(void **state)
{
    (void)state;
    static const struct {
        const char *target, *part;
    } cases[] = {
        {"/world/2/a-2", "<link rel=\"canonical\" href=\"https://khobor.example/world/2/a-2\">"},
        {"/latest", "<link rel=\"canonical\" href=\"https://khobor.example/latest\">"},
        {"/feed.json", "\"feed_url\":\"https://khobor.example/feed.json\""},
        {"/feed.json", "\"url\":\"https://khobor.example" DESH "/17/a-17\""},
        {"/world/feed.json", "\"home_page_url\":\"https://khobor.example/world\""},
        {"/sitemap.xml", "<loc>https://khobor.example/sitemaps/1.xml</loc>"},
        {"/sitemaps/1.xml", "<loc>https://khobor.example/world/2/a-2</loc>"},
        {"/robots.txt", "Sitemap: https://khobor.example/sitemap.xml"},
    };
    strcpy(serving.edition.paper.config.site.url, "https://khobor.example");
    versions_invalidate_all(serving.shared.versions);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct response response;
        serving_ask(&serving, METHOD_GET, cases[i].target, &response);
        check_holds(cases[i].target, reply_text(&response), cases[i].part);
        response_release(&response);
    }
}

/* What the archive shows of a day, and the days around it. */
static void days_lead_to_the_nearest_with_news(void **state)
{
    (void)state;
    static const struct {
        const char *day, *ids, *previous, *following;
    } cases[] = {
        {"2024-04-16", "17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 ", NULL, NULL},
        {"2024-04-15", "", NULL, "2024-04-16"},
        {"1900-01-01", "", NULL, "2024-04-16"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char target[64];
        struct response response;
        snprintf(target, sizeof target, "/api/v1/archive/%s", cases[i].day);
        serving_ask(&serving, METHOD_GET, target, &response);
        json_t *document = json_loads(reply_text(&response), 0, NULL);
        check_ids(target, document, cases[i].ids);
        check_text(target, json_string_value(json_object_get(document, "date")), cases[i].day);
        check_text(target, json_string_value(json_object_get(document, "previous")),
                   cases[i].previous);
        check_text(target, json_string_value(json_object_get(document, "following")),
                   cases[i].following);
        json_decref(document);
        response_release(&response);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_address_has_its_answer),
        cmocka_unit_test(other_addresses_lead_to_the_right_one),
        cmocka_unit_test(a_redirect_to_what_can_not_be_read_says_why),
        cmocka_unit_test(a_page_is_sent_whatever_was_asked_for),
        cmocka_unit_test(an_asset_keeps_for_a_year_at_its_own_address),
        cmocka_unit_test(an_asset_is_cached_at_its_own_address_only),
        cmocka_unit_test(a_page_that_is_known_is_not_sent_again),
        cmocka_unit_test(a_database_that_can_not_be_read_has_a_page),
        cmocka_unit_test(a_transaction_that_was_left_open_is_ended),
        cmocka_unit_test(addresses_are_the_sites_own),
        cmocka_unit_test(days_lead_to_the_nearest_with_news),
    };
    return cmocka_run_group_tests_name("http/pages", tests, set_up, tear_down);
}
