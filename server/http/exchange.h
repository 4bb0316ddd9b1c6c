/* A request on its way through a serving thread: what was read of it, and the reply being made. */
#ifndef KHOBOR_HTTP_EXCHANGE_H
#define KHOBOR_HTTP_EXCHANGE_H

#include "http/desk.h"
#include "http/reply.h"
#include "http/request.h"
#include "http/route.h"

#include <stdint.h>

struct exchange {
    const struct desk *desk;
    const struct request *request;
    int64_t now_s;
    const struct target *target;
    const struct route *route; /* NULL until one is found */
    struct reply *reply;
};

#endif
