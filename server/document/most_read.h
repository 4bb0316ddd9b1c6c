/* What is read most, and what is trending. */
#ifndef KHOBOR_DOCUMENT_MOST_READ_H
#define KHOBOR_DOCUMENT_MOST_READ_H

#include "base/status.h"
#include "document/context.h"
#include "ranking/window.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* What is asked of the rankings. */
struct most_read_request {
    enum window window;  /* of the most read */
    const char *section; /* NULL: the whole paper */
    int64_t section_id;
    int limit;
    int64_t except_id;
    bool counts; /* with views, views_text and as_of */
};

/* The most read in a window of reading->ranking. Places that it leaves empty are filled from wider
 * windows, openly: each item says its window, and `fallback` names the widest that was used. An
 * item's `previous_rank` is its place in the same list of the last stored hour. */
enum status most_read_document(const struct context *context,
                               const struct most_read_request *request,
                               json_t **document) MUST_CHECK;

/* What is trending, likewise, with the views of 24 hours. */
enum status trending_document(const struct context *context,
                              const struct most_read_request *request,
                              json_t **document) MUST_CHECK;

#endif
