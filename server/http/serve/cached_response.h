/* A representation with all that its answers say: what is kept for the readers to come.
 *
 * It is answered in a few forms, one an encoding. What a form takes is made when it is first asked
 * for, and used from then on, for a 304 too: the encoded bytes, and the server's own response.
 */
#ifndef KHOBOR_HTTP_SERVE_CACHED_RESPONSE_H
#define KHOBOR_HTTP_SERVE_CACHED_RESPONSE_H

#include "http/message/exchange.h"
#include "http/route/routes.h"
#include "render/representation.h"

#include <stddef.h>
#include <stdint.h>

struct cached_response {
    const struct route *route;
    struct representation *representation;
    enum freshness freshness;
    int64_t read_id; /* of the article that a GET of it reads; 0: of none */
    char *link,
        *tags; /* values of Link, and of the field that names what it is made from; or NULL */
    struct prepared_response prepared[ENCODING__MAX];
};

/* Takes over `rep`; the texts are copied, NULL for none. NULL without memory: the rep is gone then,
 * too. */
struct cached_response *cached_response_new(const struct route *route,
                                            struct representation *representation, const char *link,
                                            const char *tags);
void cached_response_free(void *cached);

/* Writes the reply: the representation, or that the client has it. The reply borrows the answer.
 * Returns how many bytes more the answer takes by then. */
size_t cached_response_send(struct exchange *exchange, struct cached_response *cached);

/* Bytes that an answer takes of which nothing was sent yet. */
size_t cached_response_bytes(const struct cached_response *cached);

#endif
