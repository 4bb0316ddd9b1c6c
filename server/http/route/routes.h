/* THE table of routes: which request gets which document, and how it leaves. */
#ifndef KHOBOR_HTTP_ROUTE_ROUTES_H
#define KHOBOR_HTTP_ROUTE_ROUTES_H

#include "http/message/freshness.h"
#include "http/message/parameters.h"
#include "http/message/request.h"
#include "http/message/worker.h"
#include "render/media.h"
#include "render/representation.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* What a handler found: a document, or bytes that are ready, or where else it is, or none of them
 * (204). All is handed over. */
struct found {
    json_t *document;
    int64_t revision;                      /* of an article; 0 for anything else */
    struct representation *representation; /* ready to be sent */
    bool is_immutable;                     /* the address will never mean anything else */
    bool is_misaddressed; /* found at another address than its own: not to be kept */
    struct buf location;  /* a path; empty for here */
    int64_t read_id;      /* of the article that is read with it; 0: of none */
};

/* How a document leaves: through a template, or without one as JSON. */
struct presentation {
    enum media media;
    const char *template;
};

struct route {
    const char *pattern; /* segments; {name} takes any one, and is ask.name */
    enum method method;
    unsigned parameters;
    int limit; /* its default */
    enum freshness freshness;
    enum status (*handle)(const struct worker *worker, const struct context *context,
                          const struct parameters *parameters, struct found *found,
                          struct fault *fault);
    struct presentation show;
};

/* The route of a target and method. NULL when none: *methods then has the methods that the path
 * knows, 0 for an unknown path. */
const struct route *route_find(const struct target *target, enum method method, unsigned *methods);

/* The target's segments that a route's pattern takes as names, in order; NULL behind them. */
void route_names(const struct route *route, const struct target *target,
                 const char *names[PARAMETERS_NAMES_MAX]);

/* Whether a target is the API's: its errors are problems, never pages. */
bool route_is_api(const struct target *target);

/* Every template that a route shows its document through, or an error its page; ends with NULL. */
extern const char *const route_templates[];

/* First path segments that a section's slug may not be; ends with NULL. */
extern const char *const route_reserved[];

#endif
