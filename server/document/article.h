/* One article as a document, with the lists that its page shows next to it. */
#ifndef KHOBOR_DOCUMENT_ARTICLE_H
#define KHOBOR_DOCUMENT_ARTICLE_H

#include "base/buf.h"
#include "base/status.h"
#include "document/context.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* What a client can have embedded in an article; a set of bits. */
enum include {
    INCLUDE_RELATED = 1,
    INCLUDE_LATEST = 2,
    INCLUDE_MOST_READ = 4,
    INCLUDE_SITE = 8,
    INCLUDE_ALL = INCLUDE_RELATED | INCLUDE_LATEST | INCLUDE_MOST_READ | INCLUDE_SITE,
};

/* The bit of "related" and so on; 0 for any other name. */
unsigned include_named(const char *name, size_t len);

/* An article without embedded lists: the part that stays the same until the article is changed, so
 * that it is worth caching by itself. */
struct article_core {
    int64_t id, revision, section_id;
    json_t *fields; /* those of a card, and the article's own */
    json_t *picks;  /* slugs of the related articles that the editors chose */
};

/* Notes the dependencies of a core, also for a document that is composed of a cached one. */
void article_core_note(const struct context *context, int64_t id);

/* Reads an article and notes its dependencies; statuses as article_visible. The caller releases
 * *core. */
enum status article_core_read(const struct context *context, int64_t id,
                              struct article_core *core) MUST_CHECK;
void article_core_release(struct article_core *core);

/* The article with the lists of the set `include`, each in the shape of its own route and as long
 * as the settings say. Notes the dependencies of the lists, not those of the core. The core stays
 * as it is; the caller owns *document. */
enum status article_compose(const struct context *context, const struct article_core *core,
                            unsigned include, json_t **document) MUST_CHECK;

/* Reads and composes an article, and says its revision. Statuses as article_visible. */
enum status article_document(const struct context *context, int64_t id, unsigned include,
                             json_t **document, int64_t *revision) MUST_CHECK;

/* Appends the path of an article's page; statuses as article_visible. Notes no
 * dependency, since the redirects that need it are not cached. */
enum status article_url(const struct context *context, int64_t id, struct buf *to) MUST_CHECK;

#endif
