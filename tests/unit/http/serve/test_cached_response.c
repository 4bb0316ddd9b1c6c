/* Which changes leave cached responses valid, and what a hit still does for each request. Whether
 * cached responses are right is the subject of test_cached_against_fresh.c. */
#include "cached_edition.h"

/* The API's document of an article has no lists, and so no part that is cached apart. */
static void a_cached_article_ends_with_the_article(void **state)
{
    (void)state;
    check_body("at first", "/world/2/a-2", "শিরোনাম 2", "New one");
    paper_import(&other, ARTICLE("a-2", "world", ""));
    check_body("its own headline", "/world/2/a-2", "New one", "শিরোনাম 2");
    paper_import(&other, "{\"type\":\"section\",\"slug\":\"world\",\"name\":\"Globe\"}\n");
    check_body("its section's name", "/world/2/a-2", "Globe", "World");
}

/* What is asked for with ever new values would push out what many ask for. */
static void what_is_not_kept_takes_no_room(void **state)
{
    static const char *const targets[] = {
        "/api/v1/articles?cursor=1713246600.10",
        "/api/v1/articles?fields=id",
        "/api/v1/articles?from=2024-04-16",
        "/latest?cursor=1713246600.10",
        "/healthz",
        "/readyz",
    };
    (void)state;
    for (int turn = 0; turn < 2; turn++) {
        for (size_t i = 0; i < COUNT(targets); i++) {
            uint64_t hits = figures().hits;
            is_hit(targets[i]);
            check_number(targets[i], (int64_t)(figures().hits - hits), 0);
            check_number(targets[i], (int64_t)figures().entries, 0);
        }
    }
}

static const char *const shown[] = {
    "/",
    "/latest",
    "/world",
    "/world/2/a-2",
    "/api/v1/front",
    "/api/v1/articles/2",
    "/api/v1/articles/2?include=related,latest,most_read,site",
    "/api/v1/sections",
    "/api/v1/articles?tag=Tax",
    "/api/v1/articles?author=W1",
    "/feed.xml",
    "/world/feed.json",
    "/api/v1/archive/2024-04-16",
    "/tag/Tax",
    "/api/v1/most-read",
    "/most-read",
};

static void ask_for_what_is_shown(void)
{
    for (size_t i = 0; i < COUNT(shown); i++)
        is_hit(shown[i]);
}

static void check_shown(const char *name)
{
    char what[NAME_BYTES];
    for (size_t i = 0; i < COUNT(shown); i++) {
        snprintf(what, sizeof what, "%s: %s", name, shown[i]);
        check_true(what, is_hit(shown[i]));
    }
}

/* A newsroom's system may send all its articles again and again. */
static void saving_the_same_again_moves_nothing(void **state)
{
    static const char lines[] =
        "{\"type\":\"section\",\"slug\":\"world\",\"name\":\"World\",\"position\":1}\n" ARTICLE(
            "n-1", "world", ",\"tags\":[\"Tax\"],\"related\":[\"a-1\"]")
            ARTICLE("n-2", "world", ",\"status\":\"draft\"")
                ARTICLE("n-3", "empty", ",\"status\":\"withdrawn\"");
    (void)state;
    paper_import(&other, lines);
    ask_for_what_is_shown();
    uint64_t generation = versions_generation(serving.shared.versions);
    paper_import(&other, lines);
    check_true("no number moved", versions_generation(serving.shared.versions) == generation);
    check_shown("the same");
}

static void a_draft_moves_nothing_that_is_shown(void **state)
{
    (void)state;
    ask_for_what_is_shown();
    paper_import(&other, ARTICLE("n-1", "world", ",\"status\":\"draft\",\"tags\":[\"Tax\"]"));
    check_shown("a new draft");
    uint64_t generation = versions_generation(serving.shared.versions);
    paper_import(&other, ARTICLE("n-1", "world",
                                 ",\"status\":\"draft\",\"tags\":[\"Tax\"],\"kicker\":\"K\""));
    check_true("a change of it moves no number",
               versions_generation(serving.shared.versions) == generation);
    check_shown("a draft that changed");
    paper_import(&other, ARTICLE("n-1", "world", ",\"status\":\"withdrawn\""));
    check_shown("a draft that is withdrawn");
}

/* Beside articles there stand no numbers of views: only the order counts there. */
static void views_leave_what_shows_no_numbers(void **state)
{
    static const char *const with_numbers[] = {"/api/v1/most-read", "/most-read",
                                               "/api/v1/trending"};
    static const char *const with_order[] = {"/", "/world/2/a-2", "/api/v1/front",
                                             "/api/v1/articles/2?include=most_read"};
    (void)state;
    for (size_t i = 0; i < COUNT(with_numbers); i++)
        is_hit(with_numbers[i]);
    ask_for_what_is_shown();
    is_hit(with_order[3]);
    versions_invalidate(serving.shared.versions, TOPIC_COUNTS, 0);
    for (size_t i = 0; i < COUNT(with_order); i++)
        check_true(with_order[i], is_hit(with_order[i]));
    for (size_t i = 0; i < COUNT(with_numbers); i++)
        check_true(with_numbers[i], !is_hit(with_numbers[i]));
    versions_invalidate(serving.shared.versions, TOPIC_ORDER, 0);
    for (size_t i = 0; i < COUNT(with_order); i++)
        check_true(with_order[i], !is_hit(with_order[i]));
    check_true("an article alone", is_hit("/api/v1/articles/2"));
}

/* However it is asked for, it is one answer: one thing is kept, and found. */
static void other_spellings_find_the_same(void **state)
{
    static const char *const spellings[] = {
        "/api/v1/articles?tag=Tax&limit=5&utm_source=x",
        "/api/v1/articles?limit=5&tag=Tax",
        "/api/v1/articles?limit=05&tag=T%61x",
        "http://khobor.example/api/v1/articles?limit=5&tag=Tax",
        "/api/v1/articles?utm_campaign=y&limit=5&tag=Tax",
    };
    (void)state;
    check_true("not yet", !is_hit(spellings[0]));
    size_t entries = figures().entries;
    for (int turn = 0; turn < 2; turn++) {
        for (size_t i = 0; i < COUNT(spellings); i++)
            check_true(spellings[i], is_hit(spellings[i]));
    }
    check_number("entries", (int64_t)figures().entries, (int64_t)entries);
}

/* What is absent can appear without a version moving, so that a refusal is not cached. */
static void refusals_are_not_kept(void **state)
{
    static const struct {
        const char *target;
        int status;
    } cases[] = {
        {"/api/v1/articles/99", 404},
        {"/api/v1/articles/19", 410},
        {"/api/v1/articles?limit=x", 400},
        {"/api/v1/articles?section=nowhere", 404},
        {"/nowhere", 404},
        {"/world/2", 301},
        {"/api/v1/archive/2024-04-17", 404},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (int turn = 0; turn < 2; turn++) {
            struct response response;
            serving_ask(&serving, METHOD_GET, cases[i].target, &response);
            check_number(cases[i].target, response.status, cases[i].status);
            check_true(cases[i].target, response.prepared == NULL);
            response_release(&response);
        }
    }
}

static void ask_as(const struct request *request, struct response *response)
{
    serve(&serving.worker, request, PAPER_NOW, response);
}

/* What is kept is given to who may have it, and as he wants it. */
static void who_asks_still_matters(void **state)
{
    (void)state;
    struct response response;
    is_hit("/api/v1/articles");
    check_true("kept", is_hit("/api/v1/articles"));
    ask_as(&(struct request){.method = METHOD_GET,
                             .target = "/api/v1/articles",
                             .accept = "text/html"},
           &response);
    check_number("takes no JSON", response.status, 406);
    response_release(&response);
    ask_as(&(struct request){.method = METHOD_POST, .target = "/api/v1/articles"}, &response);
    check_number("another method", response.status, 405);
    response_release(&response);
    ask_as(&(struct request){.method = METHOD_OPTIONS, .target = "/api/v1/articles"}, &response);
    check_number("what may be done", response.status, 204);
    response_release(&response);
    ask_as(&(struct request){.method = METHOD_GET,
                             .target = "/api/v1/articles",
                             .accept_encoding = "gzip"},
           &response);
    check_number("encoded", response.encoding, ENCODING_GZIP);
    check_holds("encoded", reply_field(&response, "ETag"), "-gz\"");
    response_release(&response);
    ask_as(&(struct request){.method = METHOD_GET, .target = "/api/v1/articles"}, &response);
    check_number("and not", response.encoding, ENCODING_IDENTITY);
    response_release(&response);
}

/* Each form that is sent takes room of its own: its bytes, and what the server makes of it. */
static void every_form_that_was_sent_is_counted(void **state)
{
    enum {
        LEAST = 1024
    };
    (void)state;
    char tag[REPRESENTATION_TAG_BYTES + 8];
    struct response response;
    struct request request = {.method = METHOD_GET, .target = "/api/v1/articles"};
    size_t len, encoded_len, before = figures().bytes;
    ask_as(&request, &response);
    representation_body(response.representation, ENCODING_IDENTITY, &len);
    snprintf(tag, sizeof tag, "%s", reply_field(&response, "ETag"));
    response_release(&response);
    check_at_most("plain", (int64_t)(before + len + LEAST), (int64_t)figures().bytes);
    before = figures().bytes;
    request.accept_encoding = "gzip";
    ask_as(&request, &response);
    representation_body(response.representation, ENCODING_GZIP, &encoded_len);
    response_release(&response);
    check_at_most("encoded", (int64_t)(before + encoded_len + LEAST), (int64_t)figures().bytes);
    before = figures().bytes;
    request.accept_encoding = NULL;
    request.if_none_match = tag;
    ask_as(&request, &response);
    check_number("not modified", response.status, 304);
    response_release(&response);
    check_at_most("not modified", (int64_t)(before + LEAST), (int64_t)figures().bytes);
}

static int64_t counted(void)
{
    size_t len;
    int64_t views = 0;
    const struct pending_count *batch = pending_views_batch(serving.shared.views, &len);
    for (size_t i = 0; i < len; i++)
        views += batch[i].views[VERDICT_COUNTED];
    pending_views_stored(serving.shared.views);
    return views;
}

static void a_read_counts_wherever_its_answer_comes_from(void **state)
{
    static const char *const targets[] = {
        "/api/v1/articles/2", "/api/v1/articles/2", "/api/v1/articles/2?utm_source=x",
        "/api/v1/articles/2?include=latest", "/api/v1/articles/2?include=latest"};
    (void)state;
    struct response response;
    is_hit("/api/v1/articles/2");
    is_hit("/api/v1/articles/2");
    check_number("off", counted(), 0);
    snprintf(serving.edition.paper.config.popularity.count_reads, 8, "on");
    for (size_t i = 0; i < COUNT(targets); i++)
        is_hit(targets[i]);
    check_number("each", counted(), COUNT(targets));
    is_hit("/api/v1/articles");
    is_hit("/world/2/a-2");
    is_hit("/api/v1/articles/2/related");
    check_number("none of an article over the API", counted(), 0);
    ask_as(&(struct request){.method = METHOD_GET,
                             .is_head = true,
                             .target = "/api/v1/articles/2",
                             .agent = "Mozilla/5.0 Firefox/120.0 head"},
           &response);
    response_release(&response);
    check_number("nobody reads a HEAD", counted(), 0);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_cached_article_ends_with_the_article),
        TEST(what_is_not_kept_takes_no_room),
        TEST(saving_the_same_again_moves_nothing),
        TEST(a_draft_moves_nothing_that_is_shown),
        TEST(views_leave_what_shows_no_numbers),
        TEST(other_spellings_find_the_same),
        TEST(refusals_are_not_kept),
        TEST(who_asks_still_matters),
        TEST(every_form_that_was_sent_is_counted),
        TEST(a_read_counts_wherever_its_answer_comes_from),
    };
    return cmocka_run_group_tests_name("http/kept", tests, NULL, NULL);
}
