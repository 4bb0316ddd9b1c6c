/* What every page has around its own document. */
#ifndef KHOBOR_PAGE_PAGE_FRAME_H
#define KHOBOR_PAGE_PAGE_FRAME_H

#include "base/status.h"
#include "document/context.h"

#include <jansson.h>
#include <stdbool.h>

/* {site, texts, nav: [{slug, name, url, current}…], page: {path, paged, is_latest,
 * is_most_read}}. `path` is the page's own,
 * percent-encoded; `paged` says that it is not a list's first page. `document` says the section it
 * belongs to, if any. */
enum status page_frame(const struct context *context, const char *path, bool paged,
                       const json_t *document, json_t **frame) MUST_CHECK;

#endif
