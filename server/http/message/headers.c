/* Writes the header fields that follow from the settings or from a route. Each function appends to
 * a response that response_begin has started. */
#include "http/message/headers.h"

#include "http/message/request.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum {
    IMMUTABLE_S = 365 * 24 * 3600,
    BRIEF_S = 1,
    TAGS_PART = 8, /* tags take at most this part of a connection's memory */
    CACHE_CONTROL_BYTES_MAX = 160,
    METHODS_BYTES_MAX = 64,
};

void headers_add_cache_control(const struct config *config, enum freshness freshness,
                               struct response *response)
{
    int64_t max_age_s = config->http.max_age_s;
    int64_t revalidate_s = config->http.stale_while_revalidate_s;
    int64_t error_s = config->http.stale_if_error_s;
    struct buf value;
    if (freshness == FRESH_NEVER) {
        response_header(response, "Cache-Control", "no-store");
        return;
    }
    if (freshness == FRESH_IMMUTABLE) {
        max_age_s = IMMUTABLE_S;
        revalidate_s = error_s = 0;
    } else if (freshness == FRESH_BRIEF && max_age_s > BRIEF_S) {
        max_age_s = BRIEF_S;
    }
    assert(max_age_s >= 0 && max_age_s <= IMMUTABLE_S);
    buf_init(&value, CACHE_CONTROL_BYTES_MAX);
    buf_format(&value, "public, max-age=%" PRId64, max_age_s);
    if (freshness == FRESH_IMMUTABLE)
        buf_text(&value, ", immutable");
    if (revalidate_s > 0)
        buf_format(&value, ", stale-while-revalidate=%" PRId64, revalidate_s);
    if (error_s > 0)
        buf_format(&value, ", stale-if-error=%" PRId64, error_s);
    response_header(response, "Cache-Control", buf_string(&value));
    buf_release(&value);
}

void headers_add_cors(const struct config *config, struct response *response)
{
    const char *origin = config->http.cors_origin;
    if (origin[0] == '\0')
        return;
    response_header(response, "Access-Control-Allow-Origin", origin);
    response_header(response, "Access-Control-Expose-Headers", "ETag, Link");
}

void headers_add_page_security(struct response *response)
{
    /* Pictures are allowed from any host, everything else from this one; inline scripts and styles
     * are not executed. */
    response_header(response, "Content-Security-Policy",
                    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
                    "img-src * data:; font-src 'self'; manifest-src 'self'; base-uri 'none'; "
                    "form-action 'self'; frame-ancestors 'self'");
    response_header(response, "X-Frame-Options", "SAMEORIGIN");
    response_header(response, "Referrer-Policy", "strict-origin-when-cross-origin");
}

void headers_add_methods(struct response *response, const char *name, unsigned methods)
{
    struct buf value;
    assert(methods != 0 && (methods & METHOD_OTHER) == 0);
    buf_init(&value, METHODS_BYTES_MAX);
    if (methods & METHOD_GET)
        buf_text(&value, "GET, HEAD, ");
    if (methods & METHOD_POST)
        buf_text(&value, "POST, ");
    buf_text(&value, "OPTIONS");
    response_header(response, name, buf_string(&value));
    buf_release(&value);
}

struct tags_header headers_tags(const struct config *config)
{
    static const struct {
        const char *setting, *name, *separator;
    } fields[] = {
        {"cache-tag", "Cache-Tag", ","},
        {"surrogate-key", "Surrogate-Key", " "},
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (strcmp(config->http.cache_tags, fields[i].setting) == 0)
            return (struct tags_header){fields[i].name, fields[i].separator,
                                        (size_t)config->http.header_bytes / TAGS_PART};
    }
    return (struct tags_header){.separator = ""};
}
