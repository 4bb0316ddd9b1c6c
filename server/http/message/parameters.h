/* What a request asks for, once its path and parameters have been read. */
#ifndef KHOBOR_HTTP_MESSAGE_PARAMETERS_H
#define KHOBOR_HTTP_MESSAGE_PARAMETERS_H

#include "base/status.h"
#include "document/lists.h"
#include "http/message/request.h"
#include "ranking/window.h"

#include <stdbool.h>

/* The parameters that routes know; a route names its own as a set. Others are ignored. */
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

struct parameters {
    const struct request *request;
    const char *
        names[PARAMETERS_NAMES_MAX]; /* what stands in the path's {…}, in order; NULL behind them */
    const char *query;               /* as it came, without its '?'; NULL without */
    bool paged;                      /* a cursor was given */
    struct list_request list;        /* section_id is the handler's to find */
    enum window window;
    int64_t at; /* INSTANT_NONE: now */
    unsigned include;
    unsigned given; /* the parameters that came, a set */
};

/* Reads the parameters in `known` from `target` into `ask`, which holds the defaults.
 * STATUS_INVALID with a fault that names the parameter, what it may be and what came. */
enum status parameters_read(const struct target *target, unsigned known,
                            struct parameters *parameters, struct fault *fault) MUST_CHECK;

#endif
