/* Addresses; the only place where they are put together. All are paths, percent-encoded (RFC 3986).
 */
#ifndef KHOBOR_DOCUMENT_URL_H
#define KHOBOR_DOCUMENT_URL_H

#include "base/buf.h"

#include <stdint.h>

/* Appends a text as one path segment or query value: all but unreserved characters encoded. */
void url_encode(const char *text, struct buf *to);

/* Appends /{section}/{id}/{slug}. */
void url_article(const char *section, int64_t id, const char *slug, struct buf *to);

/* Appends "?name=value", or "&name=value" when `to` has a query already; nothing for NULL. */
void url_parameter(const char *name, const char *value, struct buf *to);

#endif
