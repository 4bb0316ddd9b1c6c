/* Renders an article's Markdown (CommonMark) as HTML that is safe to show, and as plain text.
 */
#ifndef KHOBOR_LANGUAGE_MARKDOWN_H
#define KHOBOR_LANGUAGE_MARKDOWN_H

#include "base/buf.h"

#include <jansson.h>
#include <stddef.h>

/* A JSON string with the HTML of `len` bytes of Markdown, which a NUL must follow; the caller owns
 * it. NULL without memory.
 *
 * Raw HTML is omitted. Links with dangerous schemes such as javascript: lead nowhere, and images
 * with them are replaced by their alternative text. The highest level of headings becomes the
 * second, as the first is the headline's, and no level is skipped. Relative URLs stay as they are
 * if `base` is NULL; otherwise they are resolved against it, the article's absolute URL, for feeds,
 * which are read elsewhere. */
json_t *markdown_html(const char *text, size_t len, const char *base);

/* Appends the plain text of the first paragraph: at most `most` bytes, followed by "…" if it was
 * cut. Appends nothing if there is no paragraph in the first 8 KiB. */
void markdown_excerpt(const char *text, size_t len, size_t most, struct buf *to);

#endif
