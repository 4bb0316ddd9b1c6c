/* THE table of routes, and how a target is matched with it: segment by segment, in the order of the
 * table. The table is short enough to be searched from its beginning for every request. */
#include "http/route/routes.h"

#include "http/route/feeds.h"
#include "http/route/pages.h"
#include "http/route/read.h"
#include "http/route/views.h"

#include <assert.h>
#include <string.h>

enum {
    LIST = PARAMETER_LIMIT | PARAMETER_CURSOR,
    RANKED = PARAMETER_SECTION | PARAMETER_LIMIT | PARAMETER_AT,
    FILTERS = PARAMETER_SECTION | PARAMETER_TAG | PARAMETER_AUTHOR | PARAMETER_FROM | PARAMETER_TO,
};

#define AS(media, template) \
    {                       \
        media, template     \
    }
#define AS_JSON AS(MEDIA_JSON, NULL)
#define AS_PAGE(name) AS(MEDIA_HTML, name ".html")

/* The first route that matches is used. Pages come last because {section} matches any name. */
static const struct route routes[] = {
    {"api/v1/site", METHOD_GET, 0, 0, FRESH_USUAL, handle_site, AS_JSON},
    {"api/v1/texts", METHOD_GET, 0, 0, FRESH_USUAL, handle_texts, AS_JSON},
    {"api/v1/front", METHOD_GET, 0, 0, FRESH_USUAL, handle_front, AS_JSON},
    {"api/v1/articles", METHOD_GET, LIST | FILTERS | PARAMETER_FIELDS, 20, FRESH_USUAL,
     handle_articles, AS_JSON},
    {"api/v1/articles/{article}", METHOD_GET, PARAMETER_INCLUDE, 0, FRESH_USUAL, handle_article,
     AS_JSON},
    {"api/v1/articles/{article}/related", METHOD_GET, PARAMETER_LIMIT, 20, FRESH_USUAL,
     handle_related, AS_JSON},
    {"api/v1/articles/{article}/views", METHOD_POST, 0, 0, FRESH_NEVER, handle_view, AS_JSON},
    {"api/v1/sections", METHOD_GET, PARAMETER_LIMIT, 5, FRESH_USUAL, handle_sections, AS_JSON},
    {"api/v1/sections/{section}", METHOD_GET, LIST | PARAMETER_FIELDS, 20, FRESH_USUAL,
     handle_section, AS_JSON},
    {"api/v1/latest", METHOD_GET, LIST | PARAMETER_SECTION, 20, FRESH_USUAL, handle_articles,
     AS_JSON},
    {"api/v1/most-read", METHOD_GET, RANKED | PARAMETER_WINDOW, 20, FRESH_BRIEF, handle_most_read,
     AS_JSON},
    {"api/v1/trending", METHOD_GET, RANKED, 20, FRESH_BRIEF, handle_trending, AS_JSON},
    {"api/v1/archive/{day}", METHOD_GET, LIST | PARAMETER_FIELDS, 50, FRESH_USUAL, handle_archive,
     AS_JSON},
    {"api/v1/tags/{tag}", METHOD_GET, LIST | PARAMETER_FIELDS, 20, FRESH_USUAL, handle_tag,
     AS_JSON},
    {"api/v1/authors/{author}", METHOD_GET, LIST | PARAMETER_FIELDS, 20, FRESH_USUAL, handle_author,
     AS_JSON},

    {"healthz", METHOD_GET, 0, 0, FRESH_NEVER, handle_health, AS_JSON},
    {"readyz", METHOD_GET, 0, 0, FRESH_NEVER, handle_ready, AS_JSON},

    {"feed.xml", METHOD_GET, 0, 0, FRESH_USUAL, handle_feed, AS(MEDIA_RSS, "rss.xml")},
    {"atom.xml", METHOD_GET, 0, 0, FRESH_USUAL, handle_feed, AS(MEDIA_ATOM, "atom.xml")},
    {"feed.json", METHOD_GET, 0, 0, FRESH_USUAL, handle_feed, AS(MEDIA_JSON_FEED, NULL)},
    {"sitemap.xml", METHOD_GET, 0, 0, FRESH_USUAL, handle_sitemap_index,
     AS(MEDIA_XML, "sitemap-index.xml")},
    {"sitemaps/fronts.xml", METHOD_GET, 0, 0, FRESH_USUAL, handle_empty,
     AS(MEDIA_XML, "sitemap-fronts.xml")},
    {"sitemaps/{number}", METHOD_GET, 0, 0, FRESH_USUAL, handle_sitemap,
     AS(MEDIA_XML, "sitemap.xml")},
    {"news-sitemap.xml", METHOD_GET, 0, 0, FRESH_USUAL, handle_news_sitemap,
     AS(MEDIA_XML, "news-sitemap.xml")},
    {"robots.txt", METHOD_GET, 0, 0, FRESH_USUAL, handle_empty, AS(MEDIA_TEXT, "robots.txt")},
    {"manifest.webmanifest", METHOD_GET, 0, 0, FRESH_USUAL, handle_empty,
     AS(MEDIA_MANIFEST, "manifest.json")},
    {"favicon.ico", METHOD_GET, 0, 0, FRESH_USUAL, handle_favicon, AS(MEDIA_ICON, NULL)},
    {"assets/{hash}/{name}", METHOD_GET, 0, 0, FRESH_USUAL, handle_asset, AS(MEDIA_TEXT, NULL)},

    {"", METHOD_GET, 0, 0, FRESH_USUAL, handle_front, AS_PAGE("front")},
    {"latest", METHOD_GET, PARAMETER_CURSOR, 20, FRESH_USUAL, handle_articles, AS_PAGE("latest")},
    {"most-read", METHOD_GET, PARAMETER_WINDOW, 20, FRESH_BRIEF, handle_most_read_page,
     AS_PAGE("most-read")},
    {"archive/{day}", METHOD_GET, PARAMETER_CURSOR, 50, FRESH_USUAL, handle_archive,
     AS_PAGE("archive")},
    {"tag/{tag}", METHOD_GET, PARAMETER_CURSOR, 20, FRESH_USUAL, handle_tag_page, AS_PAGE("tag")},
    {"author/{author}", METHOD_GET, PARAMETER_CURSOR, 20, FRESH_USUAL, handle_author_page,
     AS_PAGE("author")},
    {"{section}", METHOD_GET, PARAMETER_CURSOR, 20, FRESH_USUAL, handle_section_page,
     AS_PAGE("section")},
    {"{section}/feed.xml", METHOD_GET, 0, 0, FRESH_USUAL, handle_feed, AS(MEDIA_RSS, "rss.xml")},
    {"{section}/atom.xml", METHOD_GET, 0, 0, FRESH_USUAL, handle_feed, AS(MEDIA_ATOM, "atom.xml")},
    {"{section}/feed.json", METHOD_GET, 0, 0, FRESH_USUAL, handle_feed, AS(MEDIA_JSON_FEED, NULL)},
    {"{section}/{article}", METHOD_GET, 0, 0, FRESH_USUAL, handle_article_page, AS_PAGE("article")},
    {"{section}/{article}/{slug}", METHOD_GET, 0, 0, FRESH_USUAL, handle_article_page,
     AS_PAGE("article")},
};

const char *const route_templates[] = {
    "front.html",       "latest.html",  "most-read.html",    "archive.html", "tag.html",
    "author.html",      "section.html", "article.html",      "error.html",   "broken.html",
    "rss.xml",          "atom.xml",     "sitemap-index.xml", "sitemap.xml",  "sitemap-fronts.xml",
    "news-sitemap.xml", "robots.txt",   "manifest.json",     NULL,
};

enum {
    ROUTES = sizeof routes / sizeof routes[0]
};

/* The first segments of routes, and those that later pages, feeds and tools will have: a section
 * with one of these slugs would lose its address. */
const char *const route_reserved[] = {
    "api",
    "healthz",
    "readyz",
    "metrics",
    "latest",
    "most-read",
    "trending",
    "archive",
    "tag",
    "author",
    "search",
    "assets",
    "static",
    "media",
    "feed.xml",
    "atom.xml",
    "feed.json",
    "sitemap.xml",
    "news-sitemap.xml",
    "sitemaps",
    "robots.txt",
    "favicon.ico",
    "manifest.webmanifest",
    "page",
    "admin",
    NULL,
};

static bool is_reserved(const char *segment)
{
    for (const char *const *reserved = route_reserved; *reserved; reserved++) {
        if (strcmp(segment, *reserved) == 0)
            return true;
    }
    return false;
}

static bool matches(const struct route *route, const struct target *target)
{
    const char *pattern = route->pattern;
    assert(target->segments_len >= 1 && target->segments_len <= TARGET_SEGMENTS_MAX + 1);
    if (*pattern == '\0')
        return target->segments_len == 1 && target->segments[0][0] == '\0';
    /* A reserved segment is never the slug of a section. */
    if (*pattern == '{' && is_reserved(target->segments[0]))
        return false;
    for (int i = 0; i < target->segments_len; i++) {
        const char *segment = target->segments[i];
        size_t len = strcspn(pattern, "/");
        bool fits = *pattern == '{' ? segment[0] != '\0'
                                    : strncmp(segment, pattern, len) == 0 && segment[len] == '\0';
        if (*pattern == '\0' || !fits)
            return false;
        pattern += len + (pattern[len] == '/');
    }
    return *pattern == '\0';
}

const struct route *route_find(const struct target *target, enum method method, unsigned *methods)
{
    *methods = 0;
    for (size_t i = 0; i < ROUTES; i++) {
        if (!matches(&routes[i], target))
            continue;
        *methods |= routes[i].method;
        assert(routes[i].handle && (routes[i].method & (METHOD_GET | METHOD_POST)));
        if (routes[i].method == method)
            return &routes[i];
    }
    return NULL;
}

void route_names(const struct route *route, const struct target *target,
                 const char *names[PARAMETERS_NAMES_MAX])
{
    int len = 0;
    const char *pattern = route->pattern;
    memset(names, 0, PARAMETERS_NAMES_MAX * sizeof names[0]);
    for (int i = 0; i < target->segments_len && *pattern; i++) {
        if (*pattern == '{') {
            assert(len < PARAMETERS_NAMES_MAX);
            names[len++] = target->segments[i];
        }
        pattern += strcspn(pattern, "/");
        pattern += *pattern == '/';
    }
}

bool route_is_api(const struct target *target)
{
    return target->segments_len > 0 && strcmp(target->segments[0], "api") == 0;
}
