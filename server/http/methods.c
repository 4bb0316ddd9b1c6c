#include "http/methods.h"

#include "http/policy.h"
#include "http/refusal.h"

/* "GET, HEAD, OPTIONS" of a set of methods. */
static void add_allow(struct reply *reply, const char *name, unsigned methods)
{
    struct buf allow;
    buf_init(&allow, 64);
    if (methods & METHOD_GET)
        buf_text(&allow, "GET, HEAD, ");
    if (methods & METHOD_POST)
        buf_text(&allow, "POST, ");
    buf_text(&allow, "OPTIONS");
    reply_header(reply, name, buf_string(&allow));
    buf_release(&allow);
}

void answer_options(struct exchange *exchange, unsigned methods)
{
    struct reply *reply = exchange->reply;
    reply_begin(reply, 204);
    add_allow(reply, "Allow", methods);
    add_cors(exchange->desk, reply);
    if (exchange->desk->shared->config->http.cors_origin[0] == '\0')
        return;
    add_allow(reply, "Access-Control-Allow-Methods", methods);
    reply_header(reply, "Access-Control-Allow-Headers", "Accept, Content-Type, If-None-Match");
    reply_header(reply, "Access-Control-Max-Age", "86400");
}

void refuse_method(struct exchange *exchange, unsigned methods)
{
    struct fault fault;
    fault_set(&fault, STATUS_INVALID, "", "this address does not take that method");
    refuse(exchange, 405, &fault);
    add_allow(exchange->reply, "Allow", methods);
}
