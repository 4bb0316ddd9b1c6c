/* Addresses; the only place where they are put together. All are paths, percent-encoded (RFC 3986).
 */
#ifndef KHOBOR_DOCUMENT_URL_H
#define KHOBOR_DOCUMENT_URL_H

#include "base/buf.h"
#include "store/articles.h"

#include <stdint.h>

/* Appends a text as one path segment or query value: all but unreserved characters encoded. */
void url_encode(const char *text, struct buf *to);

/* Appends /{section}/{id}/{slug}. */
void url_article(const char *section, int64_t id, const char *slug, struct buf *to);

/* Appends /{name}, the address of a section; and /tag/{name} or /author/{name}. */
void url_section(const char *slug, struct buf *to);
void url_term(enum term_kind kind, const char *name, struct buf *to);

/* Appends `len` bytes with their percent codes decoded, but for %00. */
void url_decode(const char *text, size_t len, struct buf *to);

/* Appends an address that somebody wrote as it may stand in a page or feed: what RFC 3986 does not
 * allow there is encoded, the rest is left. */
void url_clean(const char *address, struct buf *to);

/* Appends `address`, cleaned, with the site's own address before it when it is a path. */
void url_absolute(const char *site_url, const char *address, struct buf *to);

/* Appends "?name=value", or "&name=value" when `to` has a query already; nothing for NULL. */
void url_parameter(const char *name, const char *value, struct buf *to);

#endif
