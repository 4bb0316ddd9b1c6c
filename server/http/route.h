/* THE table of routes: which request gets which document, and how it leaves. */
#ifndef KHOBOR_HTTP_ROUTE_H
#define KHOBOR_HTTP_ROUTE_H

#include "http/ask.h"
#include "http/desk.h"
#include "http/request.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* What a handler found: a document, or none (204). The document is handed over. */
struct found {
    json_t *document;
    int64_t revision; /* of an article; 0 for anything else */
};

/* How long an answer may be kept. */
enum freshness {
    FRESH_NEVER, /* not stored anywhere */
    FRESH_BRIEF, /* a second: counts move */
    FRESH_USUAL, /* http.max_age_s */
};

struct route {
    const char *pattern; /* segments; {name} takes any one, and is ask.name */
    enum method method;
    unsigned parameters;
    int limit; /* its default */
    enum freshness freshness;
    enum status (*handle)(const struct desk *desk, const struct reading *reading,
                          const struct ask *ask, struct found *found, struct fault *fault);
};

/* The route of a target and method. NULL when none: *methods then has the methods that the path
 * knows, 0 for an unknown path. */
const struct route *route_find(const struct target *target, enum method method, unsigned *methods);

/* The target's segment that a route's pattern takes as a name; NULL when it has none. */
const char *route_name(const struct route *route, const struct target *target);

/* First path segments that a section's slug may not be; ends with NULL. */
extern const char *const route_reserved[];

#endif
