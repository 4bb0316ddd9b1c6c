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

/* Rows of the table. What is read with GET and cached as usual is a document of the API, a page, or
 * something without parameters (BARE); ROW is for everything else. */
#define ROW(pattern, method, parameters, limit, freshness, handle, media, template) \
    {                                                                               \
        pattern, method, parameters, limit, freshness, handle,                      \
        {                                                                           \
            media, template                                                         \
        }                                                                           \
    }
#define API(pattern, parameters, limit, handle) \
    ROW("api/v1/" pattern, METHOD_GET, parameters, limit, FRESH_USUAL, handle, MEDIA_JSON, NULL)
#define PAGE(pattern, parameters, limit, handle, template) \
    ROW(pattern, METHOD_GET, parameters, limit, FRESH_USUAL, handle, MEDIA_HTML, template)
#define BARE(pattern, handle, media, template) \
    ROW(pattern, METHOD_GET, 0, 0, FRESH_USUAL, handle, media, template)

/* The first route that matches is used. Pages come last because {section} matches any name. */
static const struct route routes[] = {
    API("site", 0, 0, handle_site),
    API("texts", 0, 0, handle_texts),
    API("front", 0, 0, handle_front),
    API("articles", LIST | FILTERS | PARAMETER_FIELDS, 20, handle_articles),
    API("articles/{article}", PARAMETER_INCLUDE, 0, handle_article),
    API("articles/{article}/related", PARAMETER_LIMIT, 20, handle_related),
    ROW("api/v1/articles/{article}/views", METHOD_POST, 0, 0, FRESH_NEVER, handle_view, MEDIA_JSON,
        NULL),
    API("sections", PARAMETER_LIMIT, 5, handle_sections),
    API("sections/{section}", LIST | PARAMETER_FIELDS, 20, handle_section),
    API("latest", LIST | PARAMETER_SECTION, 20, handle_articles),
    ROW("api/v1/most-read", METHOD_GET, RANKED | PARAMETER_WINDOW, 20, FRESH_BRIEF,
        handle_most_read, MEDIA_JSON, NULL),
    ROW("api/v1/trending", METHOD_GET, RANKED, 20, FRESH_BRIEF, handle_trending, MEDIA_JSON, NULL),
    API("archive/{day}", LIST | PARAMETER_FIELDS, 50, handle_archive),
    API("tags/{tag}", LIST | PARAMETER_FIELDS, 20, handle_tag),
    API("authors/{author}", LIST | PARAMETER_FIELDS, 20, handle_author),

    ROW("healthz", METHOD_GET, 0, 0, FRESH_NEVER, handle_health, MEDIA_JSON, NULL),
    ROW("readyz", METHOD_GET, 0, 0, FRESH_NEVER, handle_ready, MEDIA_JSON, NULL),

    BARE("feed.xml", handle_feed, MEDIA_RSS, "rss.xml"),
    BARE("atom.xml", handle_feed, MEDIA_ATOM, "atom.xml"),
    BARE("feed.json", handle_feed, MEDIA_JSON_FEED, NULL),
    BARE("sitemap.xml", handle_sitemap_index, MEDIA_XML, "sitemap-index.xml"),
    BARE("sitemaps/fronts.xml", handle_empty, MEDIA_XML, "sitemap-fronts.xml"),
    BARE("sitemaps/{number}", handle_sitemap, MEDIA_XML, "sitemap.xml"),
    BARE("news-sitemap.xml", handle_news_sitemap, MEDIA_XML, "news-sitemap.xml"),
    BARE("robots.txt", handle_empty, MEDIA_TEXT, "robots.txt"),
    BARE("manifest.webmanifest", handle_empty, MEDIA_MANIFEST, "manifest.json"),
    BARE("favicon.ico", handle_favicon, MEDIA_ICON, NULL),
    BARE("assets/{hash}/{name}", handle_asset, MEDIA_TEXT, NULL),

    PAGE("", 0, 0, handle_front, "front.html"),
    PAGE("latest", PARAMETER_CURSOR, 20, handle_articles, "latest.html"),
    ROW("most-read", METHOD_GET, PARAMETER_WINDOW, 20, FRESH_BRIEF, handle_most_read_page,
        MEDIA_HTML, "most-read.html"),
    PAGE("archive/{day}", PARAMETER_CURSOR, 50, handle_archive, "archive.html"),
    PAGE("tag/{tag}", PARAMETER_CURSOR, 20, handle_tag_page, "tag.html"),
    PAGE("author/{author}", PARAMETER_CURSOR, 20, handle_author_page, "author.html"),
    PAGE("{section}", PARAMETER_CURSOR, 20, handle_section_page, "section.html"),
    BARE("{section}/feed.xml", handle_feed, MEDIA_RSS, "rss.xml"),
    BARE("{section}/atom.xml", handle_feed, MEDIA_ATOM, "atom.xml"),
    BARE("{section}/feed.json", handle_feed, MEDIA_JSON_FEED, NULL),
    PAGE("{section}/{article}", 0, 0, handle_article_page, "article.html"),
    PAGE("{section}/{article}/{slug}", 0, 0, handle_article_page, "article.html"),
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
