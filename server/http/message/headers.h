/* Header fields that many responses share: how long caches may use a response, what a browser may
 * do with it, which methods an address takes, and the names by which a cache can be purged. */
#ifndef KHOBOR_HTTP_MESSAGE_HEADERS_H
#define KHOBOR_HTTP_MESSAGE_HEADERS_H

#include "base/config.h"
#include "http/message/response.h"

#include <stddef.h>

/* For how long a cache between the server and the reader may use a response. */
enum freshness {
    FRESH_NEVER,     /* not stored anywhere */
    FRESH_BRIEF,     /* one second at most: view counts move */
    FRESH_USUAL,     /* http.max_age_s */
    FRESH_IMMUTABLE, /* a year: the address contains a hash of the bytes */
};

/* Adds Cache-Control (RFC 9111 §5.2.2), with the grace times of RFC 5861 that the settings give. */
void headers_add_cache_control(const struct config *config, enum freshness freshness,
                               struct response *response);

/* Adds the fields that let scripts of `http.cors_origin` read the response; none without one. */
void headers_add_cors(const struct config *config, struct response *response);

/* Adds the fields that limit what an HTML page can do, whatever was written into it. */
void headers_add_page_security(struct response *response);

/* Adds `name` (Allow, or Access-Control-Allow-Methods) with the names of a set of enum method. */
void headers_add_methods(struct response *response, const char *name, unsigned methods);

/* The field by which a cache learns what a response depends on (`http.cache_tags`). */
struct tags_header {
    const char *name;      /* static; NULL when the setting is off */
    const char *separator; /* between two tags; static */
    size_t value_max;      /* bytes: an eighth of a connection's memory; 0 when it is off */
};
struct tags_header headers_tags(const struct config *config);

#endif
