/* What a client's header fields ask for: RFC 9110 §12.5 (Accept, Accept-Encoding), §13.1.2
 * (If-None-Match). Absent fields are NULL. */
#ifndef KHOBOR_HTTP_MESSAGE_NEGOTIATE_H
#define KHOBOR_HTTP_MESSAGE_NEGOTIATE_H

#include "render/representation.h"

#include <stdbool.h>

/* Whether a client takes `type` ("application/json"). */
bool accepts_type(const char *accept, const char *type);

/* Whether a client takes `type` and says so by name, as browsers do of text/html, and not by a
 * star.
 */
bool names_type(const char *accept, const char *type);

/* The encoding a client likes best; brotli before gzip before none where it likes them equally. */
enum encoding accepted_encoding(const char *accept_encoding);

/* Whether If-None-Match names any variant of `rep`; *encoding says which. "*" names `preferred`. */
bool matches_tag(const char *if_none_match, const struct representation *representation,
                 enum encoding preferred, enum encoding *encoding);

#endif
