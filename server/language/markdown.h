/* Renders an article's Markdown (CommonMark) as HTML that is safe to show, and as plain text.
 */
#ifndef KHOBOR_LANGUAGE_MARKDOWN_H
#define KHOBOR_LANGUAGE_MARKDOWN_H

#include "base/buf.h"
#include "base/status.h"

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

/* STATUS_INVALID with a fault on "body" when `body` has too many brackets, quotes and other marks,
 * lines, or blocks nested at the beginning of a line.
 *
 * An article is rendered when a reader requests it, on a serving thread that other readers wait
 * for. Some Markdown costs more than in proportion to its length: brackets by the square of their
 * number, nested blocks by their depth times the lines after them. No article needs so many of
 * these, so they are refused when the article is imported. */
enum status markdown_check_limits(const char *body, size_t len, struct fault *fault) MUST_CHECK;

#endif
