/* What every page has around its own document. */
#ifndef KHOBOR_DOCUMENT_PAGE_H
#define KHOBOR_DOCUMENT_PAGE_H

#include "base/status.h"
#include "document/reading.h"

#include <jansson.h>
#include <stdbool.h>

/* {site, texts, nav: [{slug, name, url, current}…], page: {path, paged, is_latest,
 * is_most_read}}. `path` is the page's own,
 * percent-encoded; `paged` says that it is not a list's first page. `document` says the section it
 * belongs to, if any. */
enum status page_frame(const struct reading *reading, const char *path, bool paged,
                       const json_t *document, json_t **frame) MUST_CHECK;

#endif
