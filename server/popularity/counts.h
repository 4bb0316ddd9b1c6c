/* Views that were counted and are not stored yet, by article and slot.
 *
 * Serving threads add; the writer takes what there is, stores it, and only then lets it go: what
 * could not be stored stays and is tried again. A view is added to the journal, where it outlives
 * the process; only where the journal takes no more, or there is none, to a table in memory.
 */
#ifndef KHOBOR_POPULARITY_COUNTS_H
#define KHOBOR_POPULARITY_COUNTS_H

#include "base/status.h"
#include "popularity/journal.h"

#include <stddef.h>
#include <stdint.h>

struct counts;

/* Views of an article in the slot of 150 seconds that begins at `begin`. */
struct count {
    int64_t article_id;
    int64_t begin;
    int64_t views[VERDICT__MAX];
};

/* Holds at most `max` different (article, slot) pairs. */
enum status counts_open(size_t max, struct counts **counts) MUST_CHECK;
void counts_close(struct counts *counts);

/* Counts in a journal from now on, or in memory when it is NULL. `applied` is the last of its
 * records that is stored. The journal must outlive the counts. Before other threads come. */
void counts_use(struct counts *counts, struct journal *journal, int64_t applied);

/* Counts one view as what it is. STATUS_FULL when `max` pairs wait to be stored: the view is not
 * counted. From any thread. */
enum status counts_add(struct counts *counts, int64_t article_id, enum verdict verdict,
                       int64_t now_s) MUST_CHECK;

/* What is to be stored now, in no order: the batch that failed last time, else all that was added
 * since. It stays as it is until counts_stored. The writer's thread only. */
const struct count *counts_batch(struct counts *counts, size_t *len);

/* The last record of the journal that the batch holds, to be stored with it. */
int64_t counts_journaled(const struct counts *counts);

/* How many views are held in memory alone, and would be lost with the process. */
int64_t counts_loose(struct counts *counts);

/* The batch is in the database for good. */
void counts_stored(struct counts *counts);

#endif
