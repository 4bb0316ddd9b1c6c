/* What goes with an article. */
#ifndef KHOBOR_DOCUMENT_RELATED_H
#define KHOBOR_DOCUMENT_RELATED_H

#include "base/status.h"
#include "document/reading.h"

#include <jansson.h>
#include <stdint.h>

/* What goes with an article: the editors' picks, then the newest of its tags, then of its section;
 * never itself. Statuses as article_visible. */
enum status related_document(const struct reading *reading, int64_t id, int limit,
                             json_t **document) MUST_CHECK;

#endif
