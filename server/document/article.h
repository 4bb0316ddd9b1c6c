/* One article, with what a page needs beside it. */
#ifndef KHOBOR_DOCUMENT_ARTICLE_H
#define KHOBOR_DOCUMENT_ARTICLE_H

#include "base/buf.h"
#include "base/status.h"
#include "document/context.h"

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

/* An article by itself: what stays the same until it is changed. */
struct article_core {
    int64_t id, revision, section_id;
    json_t *fields; /* a card's, and the article's own */
    json_t *picks;  /* slugs that the editors want beside it */
};

/* Reads an article; statuses as article_visible. To be released. */
enum status article_core_read(const struct context *context, int64_t id,
                              struct article_core *core) MUST_CHECK;
void article_core_release(struct article_core *core);

/* Notes what a core is made from, for what is made of one that was read before. */
void article_core_note(const struct context *context, int64_t id);

/* The article with the chosen lists, each in the shape of its own route and as long as the settings
 * say. The core stays as it is. */
enum status article_compose(const struct context *context, const struct article_core *core,
                            unsigned include, json_t **document) MUST_CHECK;

/* Appends the path of an article's page, without reading the article; statuses as article_visible.
 */
enum status article_address(const struct context *context, int64_t id, struct buf *to) MUST_CHECK;

/* The article, its revision, and the chosen lists, read and composed. Statuses as article_visible.
 */
enum status article_document(const struct context *context, int64_t id, unsigned include,
                             json_t **document, int64_t *revision) MUST_CHECK;

#endif
