/* Header fields that make a request mean two things: RFC 9112 §3.2, §5.1, §6.1, §6.3.
 *
 * libmicrohttpd lets these through, and a proxy in front may read them otherwise, so that a second
 * request could be smuggled inside one. Such a request is refused and its connection closed.
 */
#ifndef KHOBOR_HTTP_WIRE_FRAMING_H
#define KHOBOR_HTTP_WIRE_FRAMING_H

#include <stdbool.h>
#include <stddef.h>

/* What has been seen so far; starts as zeros. */
struct framing {
    int hosts, lengths, codings;
    bool unknown_coding, bad_name, bad_length, bad_host;
};

/* Takes note of one header field. */
void framing_look(struct framing *framing, const char *name, size_t name_len, const char *value,
                  size_t value_len);

/* What is wrong with the fields taken together; NULL when nothing is. Static. */
const char *framing_fault(const struct framing *framing);

#endif
