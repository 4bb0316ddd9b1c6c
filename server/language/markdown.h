/* An article's Markdown (CommonMark) as HTML that is safe to show, and as plain words. */
#ifndef KHOBOR_LANGUAGE_MARKDOWN_H
#define KHOBOR_LANGUAGE_MARKDOWN_H

#include "base/buf.h"

#include <jansson.h>
#include <stddef.h>

/* A JSON text of the HTML of `len` bytes of Markdown, of a text that a NUL ends; NULL without
 * memory. Addresses without a host stay as they are when `base` is NULL; else they are resolved
 * against it, an article's absolute address, as a feed is read elsewhere. Raw HTML is left out,
 * links to javascript: and the like lead nowhere, images
 * of that kind are their words. Whatever level its highest headings have, it
 * becomes the second, as the first is the headline's; none is skipped. */
json_t *markdown_html(const char *text, size_t len, const char *base);

/* Appends the words of the first paragraph, at most `most` bytes, with "…" behind them when they
 * were cut. Nothing when there is no paragraph in the text's beginning. */
void markdown_excerpt(const char *text, size_t len, size_t most, struct buf *to);

#endif
