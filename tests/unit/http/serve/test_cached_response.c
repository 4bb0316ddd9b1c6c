/* A change evicts only the responses that show it. Whether cached responses are right is tested by
 * test_freshness_of_routes.c. */
#include "http/message/response_cache.h"

#include "serving.h"

enum {
    NAME_BYTES = 200,
};

#define DESH "%E0%A6%A6%E0%A7%87%E0%A6%B6"

static struct serving serving;
static struct paper other; /* what another process opened */

static int set_up(void **state)
{
    (void)state;
    struct fault fault = {.field = ""};
    serving_open(&serving);
    other = serving.edition.paper;
    check_done("other", transaction_open(&other.config, &other.transaction, NULL, &fault), &fault);
    other.db = transaction_db(other.transaction);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    transaction_close(other.transaction);
    serving_close(&serving);
    return 0;
}

static struct response_cache_stats figures(void)
{
    struct response_cache_stats got = {.hits = 0};
    response_cache_add_stats(serving.worker.cache, &got);
    return got;
}

/* Whether a target is served from the cache. */
static bool is_hit(const char *target)
{
    struct response response;
    uint64_t before = figures().misses + figures().stale;
    serving_ask(&serving, METHOD_GET, target, &response);
    check_number(target, response.status, 200);
    response_release(&response);
    return figures().misses + figures().stale == before;
}

static void body_of(const char *target, struct buf *body)
{
    struct response response;
    serving_ask(&serving, METHOD_GET, target, &response);
    check_number(target, response.status, 200);
    buf_init(body, 1024 * 1024);
    buf_text(body, reply_text(&response));
    response_release(&response);
}

static void check_body(const char *name, const char *target, const char *has, const char *lacks)
{
    struct buf body;
    body_of(target, &body);
    check_holds(name, buf_string(&body), has);
    check_lacks(name, buf_string(&body), lacks);
    buf_release(&body);
}

/* Articles that can be read, as ids. */
static bool is_shown(int id)
{
    return id != EDITION_DRAFT && id != EDITION_WITHDRAWN && id != EDITION_SCHEDULED;
}

static void ask_for_articles(int except)
{
    char target[NAME_BYTES];
    for (int id = 1; id <= EDITION_ARTICLES; id++) {
        snprintf(target, sizeof target, "/api/v1/articles/%d", id);
        if (is_shown(id) && id != except)
            is_hit(target);
    }
}

/* All of them but one are given again as they are kept. */
static void check_articles(const char *name, int except)
{
    char target[NAME_BYTES], what[2 * NAME_BYTES];
    for (int id = 1; id <= EDITION_ARTICLES; id++) {
        snprintf(target, sizeof target, "/api/v1/articles/%d", id);
        snprintf(what, sizeof what, "%s: %s", name, target);
        if (is_shown(id) && id != except)
            check_true(what, is_hit(target));
    }
}

#define ARTICLE(slug, section, more)                                                        \
    "{\"type\":\"article\",\"slug\":\"" slug "\",\"section\":\"" section "\",\"headline\":" \
    "\"New one\",\"body\":\"New text\",\"published_at\":\"2024-04-16T11:59:00+06:00\"" more "}\n"

static void publishing_one_article_leaves_every_other_ones_json_valid(void **state)
{
    static const struct {
        const char *name, *line;
        int of; /* the article itself */
    } cases[] = {
        {"a new one", ARTICLE("n-1", "world", ",\"tags\":[\"Tax\",\"Never seen\"]"), 0},
        {"with a lead", ARTICLE("n-2", "world", ",\"lead\":true,\"authors\":[\"W1\"]"), 0},
        {"of one that was withdrawn", ARTICLE("n-1", "world", ",\"status\":\"withdrawn\""), 0},
        {"a draft", ARTICLE("n-3", "world", ",\"status\":\"draft\""), 0},
        {"another text", ARTICLE("a-2", "world", ""), 2},
        {"another section", ARTICLE("a-2", "empty", ",\"tags\":[\"Tax\"]"), 2},
        {"related", ARTICLE("a-2", "empty", ",\"related\":[\"a-3\",\"a-5\"]"), 2},
        {"withdrawn", ARTICLE("a-2", "empty", ",\"status\":\"withdrawn\""), 2},
        {"a redirect", "{\"type\":\"redirect\",\"from\":\"/x\",\"to\":\"a-3\"}\n", 0},
    };
    (void)state;
    ask_for_articles(0);
    check_articles("nothing", 0);
    for (size_t i = 0; i < COUNT(cases); i++) {
        paper_import(&other, cases[i].line);
        /* The one that was withdrawn has no JSON any more. */
        check_articles(cases[i].name, cases[i].of ? cases[i].of : i > 4 ? 2 : 0);
    }
}

/* Two lists that show other articles: what comes in one leaves the other. */
static void lists_that_do_not_show_it_stay(void **state)
{
    static const char *const stay[] = {
        "/api/v1/sections/empty",
        "/api/v1/articles?section=" DESH,
        "/" DESH,
        "/empty",
        "/" DESH "/feed.xml",
        "/api/v1/articles?author=W1",
        "/author/W2",
        "/api/v1/tags/%E0%A6%95%E0%A6%B0",
        "/api/v1/site",
        "/api/v1/texts",
        "/robots.txt",
        "/api/v1/articles?tag=unheard-of",
        "/api/v1/most-read",
        "/api/v1/trending",
        "/api/v1/articles/1?include=most_read,site",
        "/sitemaps/fronts.xml",
    };
    static const char *const go[] = {
        "/api/v1/sections/world",
        "/api/v1/articles?section=world",
        "/world",
        "/world/feed.xml",
        "/api/v1/articles?tag=Tax",
        "/api/v1/latest",
        "/",
        "/api/v1/tags/Tax",
        "/sitemap.xml",
        "/api/v1/sections",
        "/news-sitemap.xml",
        "/api/v1/articles/1?include=latest",
    };
    (void)state;
    for (int turn = 0; turn < 2; turn++) {
        for (size_t i = 0; i < COUNT(stay); i++)
            check_number(stay[i], is_hit(stay[i]), turn);
        for (size_t i = 0; i < COUNT(go); i++)
            check_number(go[i], is_hit(go[i]), turn);
    }
    paper_import(&other, ARTICLE("n-1", "world", ",\"tags\":[\"Tax\"],\"authors\":[\"W9\"]"));
    for (size_t i = 0; i < COUNT(stay); i++) {
        /* A new author is a new term: what asked for one that was not there looks again. */
        if (!strstr(stay[i], "unheard-of"))
            check_true(stay[i], is_hit(stay[i]));
    }
    for (size_t i = 0; i < COUNT(go); i++)
        check_true(go[i], !is_hit(go[i]));
}

/* What would show that an article was read again: another text of it, of which nobody was told. */
static void change_behind_the_back(void)
{
    check_status("sql",
                 db_run(other.db, "UPDATE articles SET body = 'Behind the back' WHERE id = 2"),
                 STATUS_OK);
}

static void a_list_beside_an_article_changes_without_the_article_being_read(void **state)
{
    static const char *const targets[] = {
        "/world/2/a-2",
        "/api/v1/articles/2?include=latest",
        "/api/v1/articles/2?include=related,latest",
        "/api/v1/articles/a-2?include=related,latest,most_read,site",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(targets); i++)
        check_body("at first", targets[i], "তিন", "New one");
    change_behind_the_back();
    paper_import(&other, ARTICLE("n-1", "world", ""));
    for (size_t i = 0; i < COUNT(targets); i++) {
        check_body("with the new list and its own text", targets[i], "New one", "Behind the back");
        check_body("its own text", targets[i], "তিন", "Behind the back");
    }
    /* Were it told, it would be read: the test sees what it means to see. */
    versions_invalidate(serving.shared.versions, TOPIC_ARTICLE, 2);
    for (size_t i = 0; i < COUNT(targets); i++)
        check_body("read again", targets[i], "Behind the back", "তিন");
}

/* The API's document of an article alone has no lists, and no core is cached for it. */
static void what_was_kept_of_an_article_ends_with_it(void **state)
{
    (void)state;
    check_body("at first", "/world/2/a-2", "শিরোনাম 2", "New one");
    paper_import(&other, ARTICLE("a-2", "world", ""));
    check_body("its own headline", "/world/2/a-2", "New one", "শিরোনাম 2");
    paper_import(&other, "{\"type\":\"section\",\"slug\":\"world\",\"name\":\"Globe\"}\n");
    check_body("its section's name", "/world/2/a-2", "Globe", "World");
}

/* The second of two goes elsewhere: it was not shown, and yet there is no next page now. */
static void a_list_whose_next_page_goes_is_made_anew(void **state)
{
    static const struct {
        const char *name, *target, *line;
    } cases[] = {
        {"another section", "/api/v1/sections/empty?limit=1", ARTICLE("n-1", "world", "")},
        {"withdrawn", "/api/v1/articles?section=empty&limit=1",
         ARTICLE("n-1", "empty", ",\"status\":\"withdrawn\"")},
        {"another tag", "/api/v1/articles?tag=Rare&limit=1",
         ARTICLE("n-1", "empty", ",\"tags\":[\"Tax\"]")},
        {"another author", "/api/v1/articles?author=Rare&limit=1",
         ARTICLE("n-1", "empty", ",\"tags\":[\"Rare\"]")},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        paper_import(&other,
                     ARTICLE("n-1", "empty", ",\"tags\":[\"Rare\"],\"authors\":[\"Rare\"]")
                         ARTICLE("n-2", "empty", ",\"tags\":[\"Rare\"],\"authors\":[\"Rare\"]"));
        check_body(cases[i].name, cases[i].target, "cursor=", "n-1\"");
        paper_import(&other, cases[i].line);
        check_body(cases[i].name, cases[i].target, "\"next\":null", "cursor=");
    }
}

static void import_pick(const char *slug, const char *status)
{
    char line[300];
    snprintf(line, sizeof line,
             "{\"type\":\"article\",\"slug\":\"%s\",\"section\":\"empty\",\"headline\":\"H\","
             "\"body\":\"\",\"status\":\"%s\",\"published_at\":\"2020-04-16T11:59:00+06:00\"}\n",
             slug, status);
    paper_import(&other, line);
}

/* An editor's pick that can't be read takes its place when it can, though the list is full of
 * others and nothing else says that it came. */
static void a_pick_that_comes_takes_its_place(void **state)
{
    static const struct {
        const char *slug, *statuses[3];
    } cases[] = {
        {"p-new", {"published"}},
        {"p-draft", {"draft", "published"}},
        {"p-withdrawn", {"withdrawn", "published"}},
        {"p-draft-again", {"draft", "withdrawn", "published"}},
    };
    static const char *const targets[] = {"/api/v1/articles/2/related?limit=1", "/world/2/a-2",
                                          "/api/v1/articles/2?include=related"};
    (void)state;
    serving.edition.paper.config.lists.related = 1;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char line[300], has[40];
        snprintf(has, sizeof has, "/%s\"", cases[i].slug);
        snprintf(line, sizeof line,
                 "{\"type\":\"article\",\"slug\":\"a-2\",\"section\":\"world\",\"headline\":\"H\","
                 "\"body\":\"\",\"published_at\":\"2024-04-16T11:42:00+06:00\",\"related\":[\"%s\","
                 "\"a-3\"]}\n",
                 cases[i].slug);
        paper_import(&other, line);
        for (size_t j = 0; j < COUNT(cases[i].statuses) && cases[i].statuses[j]; j++) {
            for (size_t k = 0; k < COUNT(targets); k++)
                check_body(cases[i].slug, targets[k], "/a-3\"", has);
            import_pick(cases[i].slug, cases[i].statuses[j]);
        }
        for (size_t k = 0; k < COUNT(targets); k++)
            check_body(cases[i].slug, targets[k], has, "/a-3\"");
        import_pick(cases[i].slug, "withdrawn");
        for (size_t k = 0; k < COUNT(targets); k++)
            check_body(cases[i].slug, targets[k], "/a-3\"", has);
    }
}

/* Its feeds have no article that would say it. */
static void the_name_of_a_section_without_articles_is_seen(void **state)
{
    static const char *const targets[] = {
        "/empty/feed.json",       "/empty/feed.xml",  "/empty/atom.xml", "/empty",
        "/api/v1/sections/empty", "/api/v1/sections", "/api/v1/site",    "/"};
    (void)state;
    for (size_t i = 0; i < COUNT(targets); i++)
        is_hit(targets[i]);
    paper_import(&other, "{\"type\":\"section\",\"slug\":\"empty\",\"name\":\"Renamed\"}\n");
    for (size_t i = 0; i < COUNT(targets); i++)
        check_body(targets[i], targets[i], "Renamed", "Empty");
}

/* What no card says is in no list. */
static void a_text_that_no_card_shows_leaves_the_lists(void **state)
{
    static const char *const lists[] = {"/latest",
                                        "/",
                                        "/api/v1/latest",
                                        "/world",
                                        "/api/v1/sections",
                                        "/api/v1/articles?section=world",
                                        "/api/v1/articles?author=W1",
                                        "/api/v1/articles/4/related",
                                        "/api/v1/articles/4?include=related,latest"};
    static const char *const texts[] = {
        "\"body\":\"1\"", "\"body\":\"1\",\"desk\":\"D\"", "\"body\":\"1\",\"credits\":[\"C\"]",
        "\"body\":\"2\",\"related\":[\"a-3\"]", "\"body\":\"2\",\"most_read\":false"};
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        char line[500];
        snprintf(
            line, sizeof line,
            "{\"type\":\"article\",\"slug\":\"a-2\",\"section\":\"world\",\"headline\":"
            "\"Same\",\"published_at\":\"2024-04-16T11:42:00+06:00\",\"authors\":[\"W1\"],%s}\n",
            texts[i]);
        paper_import(&other, line);
        for (size_t j = 0; j < COUNT(lists); j++)
            check_number(lists[j], is_hit(lists[j]), i > 0);
    }
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

/* News becomes too old by time alone, without a commit: it is listed for up to a minute more. */
static void what_gets_too_old_for_news_goes_within_a_minute(void **state)
{
    enum {
        DAYS_2 = 2 * 24 * 3600,
        MINUTE = 60
    };
    static const struct {
        int64_t after_s; /* since the article was two days old */
        bool is_there;
    } cases[] = {{-MINUTE, true}, {-1, true}, {MINUTE, false}, {2 * MINUTE, false}};
    (void)state;
    const int64_t old_s = PAPER_NOW - 60 + DAYS_2;
    paper_import(&other, ARTICLE("n-1", "world", ""));
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct response response;
        const struct request request = {.method = METHOD_GET, .target = "/news-sitemap.xml"};
        serve(&serving.worker, &request, old_s + cases[i].after_s, &response);
        check_number("news", strstr(reply_text(&response), "/n-1<") != NULL, cases[i].is_there);
        response_release(&response);
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

/* What is not there may be there the next moment, and nobody tells: it is not kept. */
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
        TEST(publishing_one_article_leaves_every_other_ones_json_valid),
        TEST(lists_that_do_not_show_it_stay),
        TEST(a_list_beside_an_article_changes_without_the_article_being_read),
        TEST(what_was_kept_of_an_article_ends_with_it),
        TEST(a_list_whose_next_page_goes_is_made_anew),
        TEST(a_pick_that_comes_takes_its_place),
        TEST(the_name_of_a_section_without_articles_is_seen),
        TEST(a_text_that_no_card_shows_leaves_the_lists),
        TEST(what_is_not_kept_takes_no_room),
        TEST(what_gets_too_old_for_news_goes_within_a_minute),
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
