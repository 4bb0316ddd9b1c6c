/* The parameters of a request: what its path and its query ask for. */
#ifndef KHOBOR_HTTP_MESSAGE_PARAMETERS_H
#define KHOBOR_HTTP_MESSAGE_PARAMETERS_H

#include "base/status.h"
#include "document/lists.h"
#include "http/message/request.h"
#include "ranking/window.h"

#include <stdbool.h>

/* The parameters of all routes. A route has a set of these; it ignores the others. */
enum parameter {
    PARAMETER_SECTION = 1,
    PARAMETER_TAG = 2,
    PARAMETER_AUTHOR = 4,
    PARAMETER_FROM = 8,
    PARAMETER_TO = 16,
    PARAMETER_LIMIT = 32,
    PARAMETER_CURSOR = 64,
    PARAMETER_FIELDS = 128,
    PARAMETER_WINDOW = 256,
    PARAMETER_INCLUDE = 512,
    PARAMETER_AT = 1024,
};

enum {
    PARAMETERS_NAMES_MAX = 3
};

/* All texts are borrowed from the request and its target. */
struct parameters {
    const struct request *request;
    const char *names[PARAMETERS_NAMES_MAX]; /* as route_names sets them */
    bool paged;                              /* a cursor was given */
    struct list_request list;                /* section_id is left to the handler */
    enum window window;
    int64_t at;       /* INSTANT_NONE: now */
    unsigned include; /* a set of enum include */
    unsigned given;   /* the set of enum parameter that the query has */
};

/* Reads the parameters in `known`, a set, from `target` into `parameters`, which has the defaults.
 * STATUS_INVALID with a fault that names the parameter, what it must be, and the value. */
enum status parameters_read(const struct target *target, unsigned known,
                            struct parameters *parameters, struct fault *fault) MUST_CHECK;

#endif
