/* Finds header fields that can be read in two ways: RFC 9112 §3.2, §5.1, §6.1, §6.3.
 *
 * libmicrohttpd accepts them. A proxy in front may read them in another way, so that a client could
 * smuggle a second request inside of one. Such a request is refused and its connection closed.
 */
#ifndef KHOBOR_HTTP_WIRE_FRAMING_H
#define KHOBOR_HTTP_WIRE_FRAMING_H

#include <stdbool.h>
#include <stddef.h>

/* What the fields had so far; starts as zeros. */
struct framing {
    int hosts, lengths, codings;
    bool has_unknown_coding, has_bad_name, has_bad_value, has_bad_length, has_bad_host;
};

/* Adds one header field. */
void framing_add(struct framing *framing, const char *name, size_t name_len, const char *value,
                 size_t value_len);

/* Why the request is refused, for the client; NULL when nothing is wrong. Static. */
const char *framing_fault(const struct framing *framing);

#endif
