#include "http/policy.h"

void add_cors(const struct desk *desk, struct reply *reply)
{
    const char *origin = desk->shared->config->http.cors_origin;
    if (origin[0] == '\0')
        return;
    reply_header(reply, "Access-Control-Allow-Origin", origin);
    reply_header(reply, "Access-Control-Expose-Headers", "ETag, Link");
}

void add_page_safety(struct reply *reply)
{
    /* Pictures may come from anywhere, everything else from here; nothing inline is run. */
    reply_header(reply, "Content-Security-Policy",
                 "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
                 "img-src * data:; font-src 'self'; manifest-src 'self'; base-uri 'none'; "
                 "form-action 'self'; frame-ancestors 'self'");
    reply_header(reply, "X-Frame-Options", "SAMEORIGIN");
    reply_header(reply, "Referrer-Policy", "strict-origin-when-cross-origin");
}
