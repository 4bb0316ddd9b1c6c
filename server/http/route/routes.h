/* THE table of routes: which request gets which document, and how that becomes a response. */
#ifndef KHOBOR_HTTP_ROUTE_ROUTES_H
#define KHOBOR_HTTP_ROUTE_ROUTES_H

#include "http/message/headers.h"
#include "http/message/parameters.h"
#include "http/message/request.h"
#include "http/message/worker.h"
#include "render/representation.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* What a handler found: a document, a representation, a redirect, or none of them (204). All of it
 * is handed over to the caller. It starts as zeros, with `location` initialized. */
struct handler_result {
    json_t *document;
    int64_t revision;                      /* of an article; 0 for any other document */
    struct representation *representation; /* NULL when there is a document */
    bool is_immutable;                     /* the address will never mean other bytes */
    bool is_misaddressed; /* the address is not that of these bytes: not to be cached here */
    struct buf location;  /* the path to redirect to; empty for no redirect */
    int64_t read_id;      /* the article that the client reads by this request; 0 for none */
};

/* What a handler works with; all of it is borrowed. */
struct handler_call {
    const struct worker *worker;
    const struct context *context;
    const struct parameters *parameters; /* they have been checked */
    struct handler_result *result;
    struct fault *fault; /* to be filled where the client can be told what is wrong */
};

/* A handler finds what a request asks for. Besides STATUS_OK it returns STATUS_ABSENT, STATUS_GONE,
 * STATUS_INVALID or STATUS_TOO_MANY with a fault that names the parameter, or another error. */
typedef enum status route_handler(const struct handler_call *call);

struct route {
    const char *pattern; /* segments; {name} matches any segment and is passed to the handler */
    enum method method;
    unsigned parameters; /* the set of enum parameter that the route reads */
    int limit;           /* default of the parameter limit */
    enum freshness freshness;
    route_handler *handle;
    struct presentation show;
};

/* The route of a target and method; NULL when there is none. *methods is then the set of methods
 * that the path has, 0 for an unknown path. */
const struct route *route_find(const struct target *target, enum method method, unsigned *methods);

/* Sets `names` to the target's segments that the pattern's {names} match, in order; NULL after
 * them. */
void route_names(const struct route *route, const struct target *target,
                 const char *names[PARAMETERS_NAMES_MAX]);

/* Whether a target belongs to the API: its errors are always problem documents, never pages. */
bool route_is_api(const struct target *target);

/* Every template that a route or an error page needs; ends with NULL. */
extern const char *const route_templates[];

/* First path segments that a section's slug may not be; ends with NULL. */
extern const char *const route_reserved[];

#endif
