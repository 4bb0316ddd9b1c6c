/* What a document was made from, noted while it is made, so that whoever keeps it knows when it no
 * longer holds. A document that notes too little is served when it is stale: each place that reads
 * from the store or the rankings notes what could make it read something else. */
#ifndef KHOBOR_DOCUMENT_DEPENDENCIES_H
#define KHOBOR_DOCUMENT_DEPENDENCIES_H

#include "base/buf.h"
#include "base/status.h"
#include "db/versions.h"
#include "document/context.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    DEPENDENCIES_MAX = 256,
};

struct dependency {
    enum topic topic;
    int64_t id;
};

/* Each source once. What has too many depends on the whole paper instead. */
struct dependencies {
    struct dependency dependencies[DEPENDENCIES_MAX];
    int len;
    int64_t until_s; /* from then on it may be another one by time alone; INT64_MAX: never */
};

void dependencies_init(struct dependencies *dependencies);

/* Notes for the document that is being made what it depends on, and until when it holds at most.
 * Where nobody wants to know (reading->sources is NULL), nothing happens. */
void dependency_note(const struct context *context, enum topic topic, int64_t id);
void dependency_until(const struct context *context, int64_t until_s);

/* Puts the whole paper in the place of everything that belongs to it. */
void dependencies_widen(struct dependencies *dependencies);

/* Appends the sources as words, "article-12 list-sports", with `separator` between them. A section
 * goes by its slug, percent-encoded; everything else by its number. */
enum status dependencies_write(const struct dependencies *dependencies, struct db *db,
                               const char *separator, struct buf *to) MUST_CHECK;

#endif
