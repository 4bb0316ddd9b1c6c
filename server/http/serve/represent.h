/* A document as the bytes that leave. */
#ifndef KHOBOR_HTTP_SERVE_REPRESENT_H
#define KHOBOR_HTTP_SERVE_REPRESENT_H

#include "base/status.h"
#include "document/context.h"
#include "http/route/routes.h"
#include "render/representation.h"
#include "render/theme.h"

#include <jansson.h>

/* What is shown: a document, and what a page's frame needs to know of the request. */
struct presented {
    const json_t *document;
    int64_t revision;
    const char *path; /* the page's own, percent-encoded */
    bool paged;
};

/* The document as JSON, or filled into a template of `theme` between what every page has. In the
 * read transaction that the document was made in. */
enum status represent_document(const struct context *context, const struct theme *theme,
                               const struct presentation *show, const struct presented *shown,
                               struct representation **representation) MUST_CHECK;

#endif
