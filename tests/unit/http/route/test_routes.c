#include "http/route/routes.h"

#include "check.h"
#include "http/route/assets.h"
#include "http/route/feeds.h"
#include "http/route/pages.h"
#include "http/route/read.h"
#include "http/route/views.h"

enum {
    LIST = PARAMETER_LIMIT | PARAMETER_CURSOR,
    FILTERS = PARAMETER_SECTION | PARAMETER_TAG | PARAMETER_AUTHOR | PARAMETER_FROM | PARAMETER_TO,
};

/* The table of docs/API.md, written down a second time. */
static const struct {
    const char *target;
    enum method method;
    route_handler *handle;
    const char *name; /* what is in the place of {…} */
    unsigned parameters;
    int limit;
    enum freshness freshness;
    struct presentation show;
} routes[] = {
    {"/api/v1/site", METHOD_GET, handle_site, NULL, 0, 0, FRESH_USUAL, {0}},
    {"/api/v1/articles",
     METHOD_GET,
     handle_articles,
     NULL,
     LIST | FILTERS | PARAMETER_FIELDS,
     20,
     FRESH_USUAL,
     {0}},
    {"/api/v1/articles/66",
     METHOD_GET,
     handle_article,
     "66",
     PARAMETER_INCLUDE,
     0,
     FRESH_USUAL,
     {0}},
    {"/api/v1/articles/%E0%A6%96",
     METHOD_GET,
     handle_article,
     "খ",
     PARAMETER_INCLUDE,
     0,
     FRESH_USUAL,
     {0}},
    {"/api/v1/articles/66/related",
     METHOD_GET,
     handle_related,
     "66",
     PARAMETER_LIMIT,
     20,
     FRESH_USUAL,
     {0}},
    {"/api/v1/articles/66/views", METHOD_POST, handle_view, "66", 0, 0, FRESH_NEVER, {0}},
    {"/api/v1/sections", METHOD_GET, handle_sections, NULL, PARAMETER_LIMIT, 5, FRESH_USUAL, {0}},
    {"/api/v1/sections/national",
     METHOD_GET,
     handle_section,
     "national",
     LIST | PARAMETER_FIELDS,
     20,
     FRESH_USUAL,
     {0}},
    {"/api/v1/latest",
     METHOD_GET,
     handle_articles,
     NULL,
     LIST | PARAMETER_SECTION,
     20,
     FRESH_USUAL,
     {0}},
    {"/api/v1/most-read",
     METHOD_GET,
     handle_most_read,
     NULL,
     PARAMETER_SECTION | PARAMETER_LIMIT | PARAMETER_WINDOW | PARAMETER_AT,
     20,
     FRESH_BRIEF,
     {0}},
    {"/api/v1/trending",
     METHOD_GET,
     handle_trending,
     NULL,
     PARAMETER_SECTION | PARAMETER_LIMIT | PARAMETER_AT,
     20,
     FRESH_BRIEF,
     {0}},
    {"/api/v1/texts", METHOD_GET, handle_texts, NULL, 0, 0, FRESH_USUAL, {0}},
    {"/api/v1/front", METHOD_GET, handle_front, NULL, 0, 0, FRESH_USUAL, {0}},
    {"/api/v1/archive/2024-04-16",
     METHOD_GET,
     handle_archive,
     "2024-04-16",
     LIST | PARAMETER_FIELDS,
     50,
     FRESH_USUAL,
     {0}},
    {"/api/v1/tags/a%2Fb",
     METHOD_GET,
     handle_tag,
     "a/b",
     LIST | PARAMETER_FIELDS,
     20,
     FRESH_USUAL,
     {0}},
    {"/api/v1/authors/W1",
     METHOD_GET,
     handle_author,
     "W1",
     LIST | PARAMETER_FIELDS,
     20,
     FRESH_USUAL,
     {0}},
    {"/", METHOD_GET, handle_front, NULL, 0, 0, FRESH_USUAL, {MEDIA_HTML, "front.html"}},
    {"/latest",
     METHOD_GET,
     handle_articles,
     NULL,
     PARAMETER_CURSOR,
     20,
     FRESH_USUAL,
     {MEDIA_HTML, "latest.html"}},
    {"/most-read",
     METHOD_GET,
     handle_most_read_page,
     NULL,
     PARAMETER_WINDOW,
     20,
     FRESH_BRIEF,
     {MEDIA_HTML, "most-read.html"}},
    {"/archive/2024-04-16",
     METHOD_GET,
     handle_archive,
     "2024-04-16",
     PARAMETER_CURSOR,
     50,
     FRESH_USUAL,
     {MEDIA_HTML, "archive.html"}},
    {"/tag/%3F%23",
     METHOD_GET,
     handle_tag_page,
     "?#",
     PARAMETER_CURSOR,
     20,
     FRESH_USUAL,
     {MEDIA_HTML, "tag.html"}},
    {"/author/W1",
     METHOD_GET,
     handle_author_page,
     "W1",
     PARAMETER_CURSOR,
     20,
     FRESH_USUAL,
     {MEDIA_HTML, "author.html"}},
    {"/national",
     METHOD_GET,
     handle_section_page,
     "national",
     PARAMETER_CURSOR,
     20,
     FRESH_USUAL,
     {MEDIA_HTML, "section.html"}},
    {"/national/66/slug",
     METHOD_GET,
     handle_article_page,
     "national",
     0,
     0,
     FRESH_USUAL,
     {MEDIA_HTML, "article.html"}},
    {"/national/66",
     METHOD_GET,
     handle_article_page,
     "national",
     0,
     0,
     FRESH_USUAL,
     {MEDIA_HTML, "article.html"}},
    {"/feed.xml", METHOD_GET, handle_feed, NULL, 0, 0, FRESH_USUAL, {MEDIA_RSS, "rss.xml"}},
    {"/atom.xml", METHOD_GET, handle_feed, NULL, 0, 0, FRESH_USUAL, {MEDIA_ATOM, "atom.xml"}},
    {"/feed.json", METHOD_GET, handle_feed, NULL, 0, 0, FRESH_USUAL, {MEDIA_JSON_FEED, NULL}},
    {"/national/feed.xml",
     METHOD_GET,
     handle_feed,
     "national",
     0,
     0,
     FRESH_USUAL,
     {MEDIA_RSS, "rss.xml"}},
    {"/national/atom.xml",
     METHOD_GET,
     handle_feed,
     "national",
     0,
     0,
     FRESH_USUAL,
     {MEDIA_ATOM, "atom.xml"}},
    {"/national/feed.json",
     METHOD_GET,
     handle_feed,
     "national",
     0,
     0,
     FRESH_USUAL,
     {MEDIA_JSON_FEED, NULL}},
    {"/sitemap.xml",
     METHOD_GET,
     handle_sitemap_index,
     NULL,
     0,
     0,
     FRESH_USUAL,
     {MEDIA_XML, "sitemap-index.xml"}},
    {"/sitemaps/fronts.xml",
     METHOD_GET,
     handle_empty,
     NULL,
     0,
     0,
     FRESH_USUAL,
     {MEDIA_XML, "sitemap-fronts.xml"}},
    {"/sitemaps/1.xml",
     METHOD_GET,
     handle_sitemap,
     "1.xml",
     0,
     0,
     FRESH_USUAL,
     {MEDIA_XML, "sitemap.xml"}},
    {"/news-sitemap.xml",
     METHOD_GET,
     handle_news_sitemap,
     NULL,
     0,
     0,
     FRESH_USUAL,
     {MEDIA_XML, "news-sitemap.xml"}},
    {"/robots.txt", METHOD_GET, handle_empty, NULL, 0, 0, FRESH_USUAL, {MEDIA_TEXT, "robots.txt"}},
    {"/manifest.webmanifest",
     METHOD_GET,
     handle_empty,
     NULL,
     0,
     0,
     FRESH_USUAL,
     {MEDIA_MANIFEST, "manifest.json"}},
    {"/favicon.ico", METHOD_GET, handle_favicon, NULL, 0, 0, FRESH_USUAL, {MEDIA_ICON, NULL}},
    {"/assets/abc/style.css",
     METHOD_GET,
     handle_asset,
     "abc",
     0,
     0,
     FRESH_USUAL,
     {MEDIA_TEXT, NULL}},
    {"/healthz", METHOD_GET, handle_health, NULL, 0, 0, FRESH_NEVER, {0}},
    {"/readyz", METHOD_GET, handle_ready, NULL, 0, 0, FRESH_NEVER, {0}},
};

static void parse(const char *text, struct target *target)
{
    struct fault fault = {.field = ""};
    check_done(text, target_parse(text, target, &fault), &fault);
}

static const char *first_name(const struct route *route, const struct target *target)
{
    const char *names[PARAMETERS_NAMES_MAX];
    route_names(route, target, names);
    return names[0];
}

static void each_route_is_reached_by_its_method(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(routes); i++) {
        unsigned methods;
        struct target target = {.storage = NULL};
        const char *name = routes[i].target;
        parse(name, &target);
        const struct route *route = route_find(&target, routes[i].method, &methods);
        check_true(name, route != NULL);
        check_true(name, route->handle == routes[i].handle);
        check_number(name, route->method, routes[i].method);
        check_number(name, route->parameters, routes[i].parameters);
        check_number(name, route->limit, routes[i].limit);
        check_number(name, route->freshness, routes[i].freshness);
        check_number(name, route->show.media, routes[i].show.media);
        check_text(name, route->show.template, routes[i].show.template);
        check_text(name, first_name(route, &target), routes[i].name);
        target_release(&target);
    }
}

static void other_methods_get_the_set_of_those_known(void **state)
{
    (void)state;
    static const enum method all[] = {METHOD_GET, METHOD_POST, METHOD_OPTIONS, METHOD_OTHER};
    for (size_t i = 0; i < COUNT(routes); i++) {
        for (size_t j = 0; j < COUNT(all); j++) {
            unsigned methods = 99;
            struct target target = {.storage = NULL};
            if (all[j] == routes[i].method)
                continue;
            parse(routes[i].target, &target);
            assert_null(route_find(&target, all[j], &methods));
            check_number(routes[i].target, methods, routes[i].method);
            target_release(&target);
        }
    }
}

static void a_query_changes_no_route(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(routes); i++) {
        unsigned methods;
        struct buf text;
        struct target target = {.storage = NULL};
        buf_init(&text, 1024);
        buf_format(&text, "http://khobor.example%s?limit=5&a=/b", routes[i].target);
        parse(buf_string(&text), &target);
        const struct route *route = route_find(&target, routes[i].method, &methods);
        check_true(routes[i].target, route && route->handle == routes[i].handle);
        target_release(&target);
        buf_release(&text);
    }
}

static const char *const unknown[] = {
    "//",
    "/api",
    "/api/",
    "/api/v1",
    "/api/v1/",
    "/api/v2/site",
    "/api/v1/Site",
    "/api/v1/sit",
    "/api/v1/sites",
    "/api/v1/site/",
    "/api/v1/site/a",
    "/api//v1/site",
    "//api/v1/site",
    "/api/v1/articles/",
    "/api/v1/articles//related",
    "/api/v1/articles//views",
    "/api/v1/articles/66/",
    "/api/v1/articles/66/comments",
    "/api/v1/articles/66/related/",
    "/api/v1/articles/66/related/a",
    "/api/v1/articles/66/views/",
    "/api/v1/sections/",
    "/api/v1/sections/national/",
    "/api/v1/sections/national/latest",
    "/api/v1/latest/national",
    "/api/v1/most-read/",
    "/api/v1/mostread",
    "/api/v1/most_read",
    "/api/v1%2Fsite",
    "/api/./v1/site",
    "/x/../api/v1/site",
    "/healthz/",
    "/readyz/a",
    "/1/2/3/4/5/6/7/8",
    "/1/2/3/4/5/6/7/8/9",
    "/api/v1/articles/66/related/1/2/3/4/5/6",
    "/api/v1/{article}",
    "/latest/",
    "/latest/1",
    "/search",
    "/metrics",
    "/national/",
    "/national/66/slug/",
    "/assets/abc",
    "/sitemaps",
};

static void other_paths_have_no_route(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(unknown); i++) {
        for (int method = METHOD_GET; method <= METHOD_OTHER; method *= 2) {
            unsigned methods = 99;
            struct target target = {.storage = NULL};
            parse(unknown[i], &target);
            check_true(unknown[i], !route_find(&target, (enum method)method, &methods));
            check_number(unknown[i], methods, 0);
            target_release(&target);
        }
    }
}

/* A name is one segment as it was decoded, whatever is in it. */
static void a_name_is_any_segment(void **state)
{
    (void)state;
    static const struct {
        const char *name, *input, *expected;
    } cases[] = {
        {"an id", "/api/v1/articles/66", "66"},
        {"a slug", "/api/v1/articles/a-b_c.d", "a-b_c.d"},
        {"a slash in it", "/api/v1/articles/a%2Fb", "a/b"},
        {"a space", "/api/v1/articles/%20", " "},
        {"dots", "/api/v1/articles/..", ".."},
        {"like another route", "/api/v1/articles/related", "related"},
        {"like a pattern", "/api/v1/articles/%7Barticle%7D", "{article}"},
        {"named like what follows", "/api/v1/articles/related/related", "related"},
        {"a section", "/api/v1/sections/%E0%A6%96", "খ"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        unsigned methods;
        struct target target = {.storage = NULL};
        parse(cases[i].input, &target);
        const struct route *route = route_find(&target, METHOD_GET, &methods);
        check_true(cases[i].name, route != NULL);
        check_text(cases[i].name, first_name(route, &target), cases[i].expected);
        target_release(&target);
    }
}

/* All names of an article's address, in order. */
static void names_come_in_the_patterns_order(void **state)
{
    (void)state;
    unsigned methods;
    struct target target = {.storage = NULL};
    const char *names[PARAMETERS_NAMES_MAX];
    parse("/%E0%A6%A6%E0%A7%87%E0%A6%B6/66/a-b", &target);
    route_names(route_find(&target, METHOD_GET, &methods), &target, names);
    check_text("section", names[0], "দেশ");
    check_text("article", names[1], "66");
    check_text("slug", names[2], "a-b");
    target_release(&target);
}

static bool is_named(const char *name)
{
    for (const char *const *known = route_templates; *known; known++) {
        if (strcmp(*known, name) == 0)
            return true;
    }
    return false;
}

/* What a start checks for is all that a route will need. */
static void every_template_of_a_route_is_listed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(routes); i++) {
        if (routes[i].show.template)
            check_true(routes[i].target, is_named(routes[i].show.template));
    }
    check_true("errors", is_named("error.html") && is_named("broken.html"));
}

static bool is_reserved(const char *segment, size_t len)
{
    for (const char *const *reserved = route_reserved; *reserved; reserved++) {
        if (strlen(*reserved) == len && memcmp(*reserved, segment, len) == 0)
            return true;
    }
    return false;
}

/* A section with such a slug would have its pages where a route is. */
static void the_first_segment_of_every_route_is_reserved(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(routes); i++) {
        unsigned methods;
        struct target target = {.storage = NULL};
        parse(routes[i].target, &target);
        const struct route *route = route_find(&target, routes[i].method, &methods);
        assert_non_null(route);
        if (route->pattern[0] != '{' && route->pattern[0] != '\0')
            check_true(route->pattern, is_reserved(route->pattern, strcspn(route->pattern, "/")));
        target_release(&target);
    }
    check_true("latest", is_reserved("latest", 6));
    check_true("a section of a newspaper", !is_reserved("national", 8));
}

/* Slugs are compared by their keys, which have small letters only. */
static void what_is_reserved_is_written_like_a_key(void **state)
{
    (void)state;
    static const char key[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
    for (const char *const *reserved = route_reserved; *reserved; reserved++) {
        check_true(*reserved, (*reserved)[0] != '\0');
        check_number(*reserved, (int64_t)strspn(*reserved, key), (int64_t)strlen(*reserved));
        for (const char *const *other = route_reserved; other < reserved; other++)
            assert_string_not_equal(*reserved, *other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_route_is_reached_by_its_method),
        cmocka_unit_test(other_methods_get_the_set_of_those_known),
        cmocka_unit_test(a_query_changes_no_route),
        cmocka_unit_test(other_paths_have_no_route),
        cmocka_unit_test(a_name_is_any_segment),
        cmocka_unit_test(names_come_in_the_patterns_order),
        cmocka_unit_test(every_template_of_a_route_is_listed),
        cmocka_unit_test(the_first_segment_of_every_route_is_reserved),
        cmocka_unit_test(what_is_reserved_is_written_like_a_key),
    };
    return cmocka_run_group_tests_name("http/route", tests, NULL, NULL);
}
