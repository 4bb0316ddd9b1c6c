/* Paths and URLs; the only place where they are built. Results are percent-encoded (RFC 3986) and
 * appended to a buffer, whose status the caller checks.
 */
#ifndef KHOBOR_DOCUMENT_URL_H
#define KHOBOR_DOCUMENT_URL_H

#include "base/buf.h"
#include "store/articles.h"

#include <stddef.h>
#include <stdint.h>

enum {
    URL_BYTES_MAX = 32768, /* of any URL: a list's next page has the parameters of the request */
};

/* Appends a text as one path segment or query value: every byte encoded but the unreserved
 * characters of RFC 3986 §2.3. */
void url_encode(const char *text, struct buf *to);

/* Appends `len` bytes with their percent codes decoded, except %00; what is no code stays. */
void url_decode(const char *text, size_t len, struct buf *to);

/* Appends the path of an article, /{section}/{id}/{slug}; of a section, /{slug}; of a term,
 * /tag/{name} or /author/{name}. */
void url_article(const char *section, int64_t id, const char *slug, struct buf *to);
void url_section(const char *slug, struct buf *to);
void url_term(enum term_kind kind, const char *name, struct buf *to);

/* Appends a URL that an editor wrote so that it is valid in a page or feed: bytes that RFC 3986 §2
 * does not allow are encoded, the rest stays. */
void url_clean(const char *url, struct buf *to);

/* Appends `url`, cleaned, with the site's own URL in front when it is a path, and https: when it
 * begins with // and a host (RFC 3986 §4.2). */
void url_absolute(const char *site_url, const char *url, struct buf *to);

/* Appends "?name=value", or "&name=value" when `to` has a query already; nothing when `value` is
 * NULL. */
void url_parameter(const char *name, const char *value, struct buf *to);

#endif
