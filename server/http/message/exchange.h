/* One request on its way through a serving thread: what has been read of it, and the response. */
#ifndef KHOBOR_HTTP_MESSAGE_EXCHANGE_H
#define KHOBOR_HTTP_MESSAGE_EXCHANGE_H

#include "http/message/request.h"
#include "http/message/response.h"
#include "http/message/worker.h"

#include <stdint.h>

struct route;

/* Everything is borrowed. Used by the worker's thread alone, while serve() runs. */
struct exchange {
    const struct worker *worker;
    const struct request *request;
    int64_t now_s;               /* the time of the whole exchange */
    const struct target *target; /* filled when the request's target has been parsed */
    const struct route *route;   /* NULL until one is found */
    struct response *response;
};

#endif
