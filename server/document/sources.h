/* What a document was made from, noted while it is made, so that whoever keeps it knows when it no
 * longer holds. A document that notes too little is served when it is stale: each place that reads
 * from the store or the rankings notes what could make it read something else. */
#ifndef KHOBOR_DOCUMENT_SOURCES_H
#define KHOBOR_DOCUMENT_SOURCES_H

#include "base/buf.h"
#include "base/status.h"
#include "document/reading.h"
#include "store/versions.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    SOURCES_MAX = 256,
};

struct source {
    enum topic topic;
    int64_t id;
};

/* Each source once. What has too many depends on the whole paper instead. */
struct sources {
    struct source sources[SOURCES_MAX];
    int len;
    int64_t until_s; /* from then on it may be another one by time alone; INT64_MAX: never */
};

void sources_init(struct sources *sources);

/* Notes for the document that is being made what it depends on, and until when it holds at most.
 * Where nobody wants to know (reading->sources is NULL), nothing happens. */
void source_note(const struct reading *reading, enum topic topic, int64_t id);
void source_until(const struct reading *reading, int64_t until_s);

/* Puts the whole paper in the place of everything that belongs to it. */
void sources_widen(struct sources *sources);

/* Appends the sources as words, "article-12 list-sports", with `separator` between them. A section
 * goes by its slug, percent-encoded; everything else by its number. */
enum status sources_write(const struct sources *sources, struct db *db, const char *separator,
                          struct buf *to) MUST_CHECK;

#endif
