/* The response to one client: status, header fields, and the representation that is its body. */
#ifndef KHOBOR_HTTP_MESSAGE_RESPONSE_H
#define KHOBOR_HTTP_MESSAGE_RESPONSE_H

#include "base/buf.h"
#include "render/representation.h"

enum {
    RESPONSE_HEADERS_MAX = 16,
    RESPONSE_ADDRESS_BYTES_MAX = 4096, /* in one field: response and request share their memory */
};

/* The HTTP library's own object for a response, made when it is first sent and reused for every
 * later client that gets the same. */
struct prepared_response {
    void *handle; /* NULL until the response was sent once */
    void (*free)(void *handle);
};

/* A response is of one of two kinds (R1): `prepared` has a handle, and nothing but `status` counts;
 * or all of it counts, and `prepared`, unless NULL, is where a handle is to be stored. */
struct response {
    int status;
    struct prepared_response *prepared;    /* NULL for a response that is sent once */
    struct representation *representation; /* NULL for none (204, 301); a 304 has that of the 200 */
    enum encoding encoding;
    struct {
        const char *name; /* static */
        size_t value;     /* its offset in `values` */
    } headers[RESPONSE_HEADERS_MAX];
    int headers_len;
    struct buf values; /* each with its NUL */
};

/* Starts a response with the header fields that every response has. */
void response_begin(struct response *response, int status);

/* Makes a response that reuses the library's object of an earlier response: `prepared`, which is
 * borrowed and has a handle. */
void response_reuse(struct response *response, int status, struct prepared_response *prepared);

/* Releases the representation and the values; not `prepared`. */
void response_release(struct response *response);

/* Adds a header field; the value is copied, the name must be static. */
void response_header(struct response *response, const char *name, const char *value);

/* The value of the field at an index; valid until the next field is added. */
const char *response_value(const struct response *response, int index);

#endif
