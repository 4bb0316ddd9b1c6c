/* What goes with an article. */
#ifndef KHOBOR_DOCUMENT_RELATED_H
#define KHOBOR_DOCUMENT_RELATED_H

#include "base/status.h"
#include "document/context.h"

#include <jansson.h>
#include <stdint.h>

/* What an article says of its relations. Everything is borrowed. */
struct relations {
    int64_t id, section_id;
    const json_t *picks; /* slugs, the editors' */
    const json_t *tags;
};

/* What goes with an article: the editors' picks, then the newest of its tags, then of its section;
 * never itself. */
enum status related_list(const struct context *context, const struct relations *relations,
                         int limit, json_t **list) MUST_CHECK;

/* The same for an article that is read for it; statuses as article_visible. */
enum status related_document(const struct context *context, int64_t id, int limit,
                             json_t **document) MUST_CHECK;

#endif
