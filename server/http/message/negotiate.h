/* What the header fields of a request say about the response: RFC 9110 §12.5 (Accept,
 * Accept-Encoding), §13.1.2 (If-None-Match). Absent fields are NULL. */
#ifndef KHOBOR_HTTP_MESSAGE_NEGOTIATE_H
#define KHOBOR_HTTP_MESSAGE_NEGOTIATE_H

#include "render/representation.h"

#include <stdbool.h>

/* Whether a client accepts `type`, such as "application/json". */
bool accepts_type(const char *accept, const char *type);

/* Whether a client accepts `type` by its full name, as browsers do with text/html, and not only by
 * a star. */
bool names_type(const char *accept, const char *type);

/* The encoding with the highest weight; of equal ones brotli, then gzip, then identity. */
enum encoding accepted_encoding(const char *accept_encoding);

/* Whether If-None-Match names any variant of a representation; *encoding is then that variant.
 * "*" names the variant `preferred`. */
bool matches_tag(const char *if_none_match, const struct representation *representation,
                 enum encoding preferred, enum encoding *encoding);

#endif
