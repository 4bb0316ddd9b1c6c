/* A change invalidates the cached lists and articles that show it, and no others. */
#include "cached_edition.h"

#define DESH "%E0%A6%A6%E0%A7%87%E0%A6%B6"

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

static void the_list_of_a_page_changes_without_reading_its_article(void **state)
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

/* The second of two goes elsewhere: it was not shown, and yet there is no next page now. */
static void a_list_whose_next_page_disappears_is_rebuilt(void **state)
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
static void a_pick_that_is_published_takes_its_place(void **state)
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

/* News becomes too old by time alone, which invalidates nothing: it stays for up to a minute. */
static void what_is_too_old_for_news_leaves_within_a_minute(void **state)
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

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(publishing_one_article_leaves_every_other_ones_json_valid),
        TEST(lists_that_do_not_show_it_stay),
        TEST(the_list_of_a_page_changes_without_reading_its_article),
        TEST(a_list_whose_next_page_disappears_is_rebuilt),
        TEST(a_pick_that_is_published_takes_its_place),
        TEST(the_name_of_a_section_without_articles_is_seen),
        TEST(a_text_that_no_card_shows_leaves_the_lists),
        TEST(what_is_too_old_for_news_leaves_within_a_minute),
    };
    return cmocka_run_group_tests_name("http/cached_lists", tests, NULL, NULL);
}
