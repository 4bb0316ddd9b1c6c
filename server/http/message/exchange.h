/* A request on its way through a serving thread: what was read of it, and the reply being made. */
#ifndef KHOBOR_HTTP_MESSAGE_EXCHANGE_H
#define KHOBOR_HTTP_MESSAGE_EXCHANGE_H

#include "http/message/request.h"
#include "http/message/response.h"
#include "http/message/worker.h"

#include <stdint.h>

struct route;

struct exchange {
    const struct worker *worker;
    const struct request *request;
    int64_t now_s;
    const struct target *target;
    const struct route *route; /* NULL until one is found */
    struct response *response;
};

#endif
