#include "http/serve/methods.h"

#include "http/message/policy.h"
#include "http/serve/error_page.h"

/* "GET, HEAD, OPTIONS" of a set of methods. */
static void add_allow(struct response *response, const char *name, unsigned methods)
{
    struct buf allow;
    buf_init(&allow, 64);
    if (methods & METHOD_GET)
        buf_text(&allow, "GET, HEAD, ");
    if (methods & METHOD_POST)
        buf_text(&allow, "POST, ");
    buf_text(&allow, "OPTIONS");
    response_header(response, name, buf_string(&allow));
    buf_release(&allow);
}

void respond_options(struct exchange *exchange, unsigned methods)
{
    struct response *response = exchange->response;
    response_begin(response, 204);
    add_allow(response, "Allow", methods);
    add_cors(exchange->worker, response);
    if (exchange->worker->shared->config->http.cors_origin[0] == '\0')
        return;
    add_allow(response, "Access-Control-Allow-Methods", methods);
    response_header(response, "Access-Control-Allow-Headers",
                    "Accept, Content-Type, If-None-Match");
    response_header(response, "Access-Control-Max-Age", "86400");
}

void respond_method_not_allowed(struct exchange *exchange, unsigned methods)
{
    struct fault fault;
    fault_set(&fault, STATUS_INVALID, "", "this address does not take that method");
    respond_error(exchange, 405, &fault);
    add_allow(exchange->response, "Allow", methods);
}
