/* A reply in the making: status, headers, and the representation that is its body. */
#ifndef KHOBOR_HTTP_MESSAGE_RESPONSE_H
#define KHOBOR_HTTP_MESSAGE_RESPONSE_H

#include "base/buf.h"
#include "render/representation.h"

enum {
    RESPONSE_HEADERS_MAX = 16,
    RESPONSE_ADDRESS_BYTES_MAX = 4096, /* in a header: they share their memory with the request's */
};

/* Where the server keeps its own response for a reply that will be given again. */
struct prepared_response {
    void *handle; /* NULL until it was made */
    void (*free)(void *handle);
};

/* `rep` is NULL when there is none (204, 301); a 304 has the one whose body is not sent. Header
 * values are texts in `values`. Where `prepared` has a response already, that is the reply, and
 * there is nothing else in it. */
struct response {
    int status;
    struct prepared_response *prepared; /* NULL for a reply that is given once */
    struct representation *representation;
    enum encoding encoding;
    struct {
        const char *name; /* static */
        size_t value;     /* where its value begins in `values` */
    } headers[RESPONSE_HEADERS_MAX];
    int headers_len;
    struct buf values;
};

/* An empty reply with what every reply has. */
void response_begin(struct response *response, int status);

/* A reply whose response was prepared before. */
void response_reuse(struct response *response, int status, struct prepared_response *prepared);
void response_release(struct response *response);

/* Adds a header; the value is copied, the name is static. */
void response_header(struct response *response, const char *name, const char *value);

/* The value of the header at an index. */
const char *response_value(const struct response *response, int index);

#endif
