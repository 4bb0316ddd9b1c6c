/* How long others may keep an answer, and by which words they may be told to forget it. */
#ifndef KHOBOR_HTTP_MESSAGE_FRESHNESS_H
#define KHOBOR_HTTP_MESSAGE_FRESHNESS_H

#include "base/config.h"
#include "http/message/response.h"

/* How long an answer may be kept. */
enum freshness {
    FRESH_NEVER,     /* not stored anywhere */
    FRESH_BRIEF,     /* a second: counts move */
    FRESH_USUAL,     /* http.max_age_s */
    FRESH_IMMUTABLE, /* a year: the address has a hash of the bytes */
};

/* Cache-Control (RFC 9111 §5.2.2), with RFC 5861's grace where the settings give one. */
void add_freshness(const struct config *config, enum freshness freshness,
                   struct response *response);

/* The field that names what an answer is made from, by `http.cache_tags`; NULL for none. Their
 * separator: Cache-Tag has commas, Surrogate-Key spaces. */
const char *tags_field(const struct config *config);
const char *tags_separator(const struct config *config);

/* How long that field may be: an eighth of a connection's memory; 0 for none. */
size_t tags_bytes_max(const struct config *config);

#endif
