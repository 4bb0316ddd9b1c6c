/* A representation with all that its answers say: what is kept for the readers to come.
 *
 * It is answered in a few forms, one an encoding. What a form takes is made when it is first asked
 * for, and used from then on, for a 304 too: the encoded bytes, and the server's own response.
 */
#ifndef KHOBOR_HTTP_ANSWER_H
#define KHOBOR_HTTP_ANSWER_H

#include "http/exchange.h"
#include "http/route.h"
#include "render/rep.h"

#include <stddef.h>
#include <stdint.h>

struct answer {
    const struct route *route;
    struct rep *rep;
    enum freshness freshness;
    int64_t read_id; /* of the article that a GET of it reads; 0: of none */
    char *link,
        *tags; /* values of Link, and of the field that names what it is made from; or NULL */
    struct prepared prepared[ENCODING__MAX];
};

/* Takes over `rep`; the texts are copied, NULL for none. NULL without memory: the rep is gone then,
 * too. */
struct answer *answer_make(const struct route *route, struct rep *rep, const char *link,
                           const char *tags);
void answer_free(void *answer);

/* Writes the reply: the representation, or that the client has it. The reply borrows the answer.
 * Returns how many bytes more the answer takes by then. */
size_t answer_send(struct exchange *exchange, struct answer *answer);

/* Bytes that an answer takes of which nothing was sent yet. */
size_t answer_bytes(const struct answer *answer);

#endif
