/* A reply in the making: status, headers, and the representation that is its body. */
#ifndef KHOBOR_HTTP_REPLY_H
#define KHOBOR_HTTP_REPLY_H

#include "base/buf.h"
#include "render/rep.h"

enum {
    REPLY_HEADERS_MAX = 16,
    REPLY_ADDRESS_BYTES_MAX = 4096, /* in a header: they share their memory with the request's */
};

/* Where the server keeps its own response for a reply that will be given again. */
struct prepared {
    void *response; /* NULL until it was made */
    void (*free)(void *response);
};

/* `rep` is NULL when there is none (204, 301); a 304 has the one whose body is not sent. Header
 * values are texts in `values`. Where `prepared` has a response already, that is the reply, and
 * there is nothing else in it. */
struct reply {
    int status;
    struct prepared *prepared; /* NULL for a reply that is given once */
    struct rep *rep;
    enum encoding encoding;
    struct {
        const char *name; /* static */
        size_t value;     /* where its value begins in `values` */
    } headers[REPLY_HEADERS_MAX];
    int headers_len;
    struct buf values;
};

/* An empty reply with what every reply has. */
void reply_begin(struct reply *reply, int status);

/* A reply whose response was prepared before. */
void reply_prepared(struct reply *reply, int status, struct prepared *prepared);
void reply_release(struct reply *reply);

/* Adds a header; the value is copied, the name is static. */
void reply_header(struct reply *reply, const char *name, const char *value);

/* The value of the header at an index. */
const char *reply_value(const struct reply *reply, int index);

#endif
