#include "http/message/policy.h"

void add_cors(const struct worker *worker, struct response *response)
{
    const char *origin = worker->shared->config->http.cors_origin;
    if (origin[0] == '\0')
        return;
    response_header(response, "Access-Control-Allow-Origin", origin);
    response_header(response, "Access-Control-Expose-Headers", "ETag, Link");
}

void add_page_safety(struct response *response)
{
    /* Pictures may come from anywhere, everything else from here; nothing inline is run. */
    response_header(response, "Content-Security-Policy",
                    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
                    "img-src * data:; font-src 'self'; manifest-src 'self'; base-uri 'none'; "
                    "form-action 'self'; frame-ancestors 'self'");
    response_header(response, "X-Frame-Options", "SAMEORIGIN");
    response_header(response, "Referrer-Policy", "strict-origin-when-cross-origin");
}
