/* Articles related to an article. */
#ifndef KHOBOR_DOCUMENT_RELATED_H
#define KHOBOR_DOCUMENT_RELATED_H

#include "base/status.h"
#include "document/context.h"

#include <jansson.h>
#include <stdint.h>

/* What an article says of its relations. Everything is borrowed. */
struct relations {
    int64_t id, section_id;
    const json_t *picks; /* array of slugs that the editors chose */
    const json_t *tags;  /* array of texts */
};

/* A list (document/lists.h) of at most `limit` cards, 0 to LIST_LIMIT_MAX: the editors' picks, then
 * the newest articles with any of the tags, then the newest of the section; each once, and never
 * the article itself. Notes every pick, tag and list that could have given another article. The
 * caller owns *list. */
enum status related_list(const struct context *context, const struct relations *relations,
                         int limit, json_t **list) MUST_CHECK;

/* The same for the article `id`, whose relations are read first; statuses as article_visible. */
enum status related_document(const struct context *context, int64_t id, int limit,
                             json_t **document) MUST_CHECK;

#endif
