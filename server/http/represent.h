/* A document as the bytes that leave. */
#ifndef KHOBOR_HTTP_REPRESENT_H
#define KHOBOR_HTTP_REPRESENT_H

#include "base/status.h"
#include "document/reading.h"
#include "http/route.h"
#include "render/rep.h"
#include "render/theme.h"

#include <jansson.h>

/* What is shown: a document, and what a page's frame needs to know of the request. */
struct shown {
    const json_t *document;
    int64_t revision;
    const char *path; /* the page's own, percent-encoded */
    bool paged;
};

/* The document as JSON, or filled into a template of `theme` between what every page has. In the
 * read transaction that the document was made in. */
enum status represent(const struct reading *reading, const struct theme *theme,
                      const struct show *show, const struct shown *shown,
                      struct rep **rep) MUST_CHECK;

#endif
