/* A response as the cache holds it: a representation with the header fields that go with it, ready
 * to be sent to any client, and the key by which it is found again.
 *
 * A client gets one of a few variants, one an encoding. The encoded bytes and the HTTP library's
 * own response (prepared_response) of a variant are made when a client first needs them and are
 * reused afterwards, for a 304 too.
 */
#ifndef KHOBOR_HTTP_SERVE_CACHED_RESPONSE_H
#define KHOBOR_HTTP_SERVE_CACHED_RESPONSE_H

#include "base/buf.h"
#include "http/message/worker.h"
#include "http/route/routes.h"
#include "render/representation.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cached_response {
    const struct route *route;
    struct representation *representation;
    enum freshness freshness;
    int64_t read_id; /* the article that a GET of it reads; 0 for none */
    char *link;      /* value of Link; NULL for none */
    char *tags;      /* value of the field that names its dependencies; NULL for none */
    struct prepared_response prepared[ENCODING__MAX];
};

/* Writes the cache key of a response to `key`, whose content is replaced: the route and the values
 * of its parameters, in one order however the request was written. False when such a response is
 * not cached: a page after a cursor, chosen fields, a span of time, or a key over
 * RESPONSE_CACHE_KEY_BYTES_MAX. */
bool cached_response_key(const struct route *route, const struct target *target,
                         const struct parameters *parameters, struct buf *key);

/* Makes a response of what a handler found, whose representation it takes over in every case. The
 * tags are those of the worker's dependencies. NULL without memory. */
struct cached_response *cached_response_new(const struct exchange *exchange,
                                            struct handler_result *result);
void cached_response_free(void *cached);

/* Writes the response to the client: 200, or 304 when If-None-Match names a variant. The exchange's
 * response borrows `cached` until it was sent. Returns by how many bytes `cached` has grown. */
size_t cached_response_send(struct exchange *exchange, struct cached_response *cached);

/* Bytes of memory that a response takes before it was sent to anybody. */
size_t cached_response_bytes(const struct cached_response *cached);

#endif
