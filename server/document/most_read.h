/* What is read most. */
#ifndef KHOBOR_DOCUMENT_MOST_READ_H
#define KHOBOR_DOCUMENT_MOST_READ_H

#include "base/status.h"
#include "document/reading.h"
#include "popularity/window.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* What is asked of the most read. */
struct most_read_ask {
    enum window window;
    const char *section; /* NULL: the whole paper */
    int64_t section_id;
    int limit;
    int64_t except_id;
    bool counts; /* with views, views_text and as_of */
};

/* The most read in a window. Places that it leaves empty are filled from wider windows, openly:
 * each item says its window, and `fallback` names the widest that was used. */
enum status most_read_document(const struct reading *reading, const struct most_read_ask *ask,
                               json_t **document) MUST_CHECK;

#endif
