/* The lists of the most read and of the trending articles. */
#ifndef KHOBOR_DOCUMENT_MOST_READ_H
#define KHOBOR_DOCUMENT_MOST_READ_H

#include "base/status.h"
#include "document/context.h"
#include "ranking/window.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct most_read_request {
    enum window window;  /* of the most read; trending ignores it */
    const char *section; /* a slug; NULL: the whole paper */
    int64_t section_id;  /* of `section`; 0: the whole paper */
    int limit;           /* 0 to RANKED_MAX */
    int64_t except_id;   /* an article to leave out; 0: none */
    bool counts;         /* with views, views_text and as_of */
};

/* {window, section, as_of, fallback, items, next: null}: the most read of context->ranking in a
 * window. An item is a card with rank, previous_rank, views, views_text and window. Places that the
 * window leaves empty are filled from wider windows: each item says its own, and `fallback` is the
 * widest that gave any, or null. `previous_rank` is the item's place in the same list of the last
 * stored hour, or null. Notes TOPIC_COUNTS, or without `counts` TOPIC_ORDER, and each card. The
 * caller owns *document. */
enum status most_read_document(const struct context *context,
                               const struct most_read_request *request,
                               json_t **document) MUST_CHECK;

/* {section, as_of, items, next: null}: the same of the chart of trending articles, which has no
 * windows; `views` are those of 24 hours. */
enum status trending_document(const struct context *context,
                              const struct most_read_request *request,
                              json_t **document) MUST_CHECK;

#endif
