#include "http/route.h"

#include "http/handlers.h"

#include <string.h>

enum {
    LIST = PARAMETER_LIMIT | PARAMETER_CURSOR,
    FILTERS = PARAMETER_SECTION | PARAMETER_TAG | PARAMETER_AUTHOR | PARAMETER_FROM | PARAMETER_TO,
};

static const struct route routes[] = {
    {"api/v1/site", METHOD_GET, 0, 0, FRESH_USUAL, handle_site},
    {"api/v1/articles", METHOD_GET, LIST | FILTERS | PARAMETER_FIELDS, 20, FRESH_USUAL,
     handle_articles},
    {"api/v1/articles/{article}", METHOD_GET, PARAMETER_INCLUDE, 0, FRESH_USUAL, handle_article},
    {"api/v1/articles/{article}/related", METHOD_GET, PARAMETER_LIMIT, 20, FRESH_USUAL,
     handle_related},
    {"api/v1/articles/{article}/views", METHOD_POST, 0, 0, FRESH_NEVER, handle_view},
    {"api/v1/sections", METHOD_GET, PARAMETER_LIMIT, 5, FRESH_USUAL, handle_sections},
    {"api/v1/sections/{section}", METHOD_GET, LIST | PARAMETER_FIELDS, 20, FRESH_USUAL,
     handle_section},
    {"api/v1/latest", METHOD_GET, LIST | PARAMETER_SECTION, 20, FRESH_USUAL, handle_articles},
    {"api/v1/most-read", METHOD_GET, PARAMETER_SECTION | PARAMETER_LIMIT | PARAMETER_WINDOW, 20,
     FRESH_BRIEF, handle_most_read},
    {"healthz", METHOD_GET, 0, 0, FRESH_NEVER, handle_health},
    {"readyz", METHOD_GET, 0, 0, FRESH_NEVER, handle_ready},
};

enum {
    ROUTES = sizeof routes / sizeof routes[0]
};

/* Routes' own first segments and those that pages, feeds and tools will take: a section that had
 * one of these slugs would lose its address then. */
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

/* Compares a pattern's next segment with a target's; moves behind it. */
static bool segment_fits(const char **pattern, const char *segment)
{
    size_t len = strcspn(*pattern, "/");
    bool is_name = (*pattern)[0] == '{';
    bool fits = is_name ? segment[0] != '\0'
                        : strlen(segment) == len && memcmp(segment, *pattern, len) == 0;
    *pattern += len + ((*pattern)[len] == '/');
    return fits;
}

static bool fits(const struct route *route, const struct target *target)
{
    const char *pattern = route->pattern;
    for (int i = 0; i < target->segments_len; i++) {
        if (*pattern == '\0' || !segment_fits(&pattern, target->segments[i]))
            return false;
    }
    return *pattern == '\0';
}

const struct route *route_find(const struct target *target, enum method method, unsigned *methods)
{
    *methods = 0;
    for (size_t i = 0; i < ROUTES; i++) {
        if (!fits(&routes[i], target))
            continue;
        *methods |= routes[i].method;
        if (routes[i].method == method)
            return &routes[i];
    }
    return NULL;
}

const char *route_name(const struct route *route, const struct target *target)
{
    const char *pattern = route->pattern;
    for (int i = 0; i < target->segments_len; i++) {
        if (*pattern == '{')
            return target->segments[i];
        pattern += strcspn(pattern, "/") + 1;
    }
    return NULL;
}
