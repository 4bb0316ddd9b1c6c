/* An article's Markdown (CommonMark) as HTML that is safe to show. */
#ifndef KHOBOR_DOCUMENT_MARKDOWN_H
#define KHOBOR_DOCUMENT_MARKDOWN_H

#include <jansson.h>
#include <stddef.h>

/* A JSON text of the HTML of `len` bytes of Markdown; NULL without memory. Raw HTML is left out,
 * and links to javascript: and the like lead nowhere. */
json_t *markdown_html(const char *text, size_t len);

#endif
