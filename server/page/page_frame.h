/* What every page has around its own document. */
#ifndef KHOBOR_PAGE_PAGE_FRAME_H
#define KHOBOR_PAGE_PAGE_FRAME_H

#include "base/status.h"
#include "document/context.h"

#include <jansson.h>
#include <stdbool.h>

/* {site, texts, nav: [{slug, name, url, current}…], page: {path, paged, is_latest, is_most_read}},
 * with site and texts as in document/site.h. `path` is the page's own, percent-encoded; `paged`
 * says that it is not the first page of a list. `document` is what the page shows: the section that
 * it is or belongs to, if any, is `current`. Notes what site_document notes. The caller owns
 * *frame. */
enum status page_frame(const struct context *context, const char *path, bool paged,
                       const json_t *document, json_t **frame) MUST_CHECK;

#endif
