/* One article, with what a page needs beside it. */
#ifndef KHOBOR_DOCUMENT_ARTICLE_H
#define KHOBOR_DOCUMENT_ARTICLE_H

#include "base/buf.h"
#include "base/status.h"
#include "document/reading.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* What can be embedded in an article; a set of bits. */
enum include {
    INCLUDE_RELATED = 1,
    INCLUDE_LATEST = 2,
    INCLUDE_MOST_READ = 4,
    INCLUDE_SITE = 8,
};

/* The bit of "related" and so on; 0 when there is none such. */
unsigned include_named(const char *name, size_t len);

/* Appends the path of an article's page, without reading the article; statuses as article_visible.
 */
enum status article_address(const struct reading *reading, int64_t id, struct buf *to) MUST_CHECK;

/* The article, its revision, and the chosen lists, each in the shape of its own route and as long
 * as the settings say. Statuses as article_visible. */
enum status article_document(const struct reading *reading, int64_t id, unsigned include,
                             json_t **document, int64_t *revision) MUST_CHECK;

#endif
