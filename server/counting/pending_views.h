/* Views that were counted and are not stored yet, by article and slot.
 *
 * Serving threads add; the writer takes what there is, stores it, and only then lets it go: what
 * could not be stored stays and is tried again. A view is added to the journal, where it outlives
 * the process; only where the journal takes no more, or there is none, to a table in memory.
 */
#ifndef KHOBOR_COUNTING_PENDING_VIEWS_H
#define KHOBOR_COUNTING_PENDING_VIEWS_H

#include "base/status.h"
#include "counting/view_journal.h"

#include <stddef.h>
#include <stdint.h>

struct pending_views;

/* Views of an article in the slot of 150 seconds that begins at `begin`. */
struct pending_count {
    int64_t article_id;
    int64_t begin;
    int64_t views[VERDICT__MAX];
};

/* Holds at most `max` different (article, slot) pairs. */
enum status pending_views_open(size_t max, struct pending_views **counts) MUST_CHECK;
void pending_views_close(struct pending_views *counts);

/* Counts in a journal from now on, or in memory when it is NULL. `applied` is the last of its
 * records that is stored. The journal must outlive the counts. Before other threads come. */
void pending_views_use_journal(struct pending_views *counts, struct view_journal *journal,
                               int64_t applied);

/* Counts one view as what it is. STATUS_FULL when `max` pairs wait to be stored: the view is not
 * counted. From any thread. */
enum status pending_views_add(struct pending_views *counts, int64_t article_id,
                              enum verdict verdict, int64_t now_s) MUST_CHECK;

/* What is to be stored now, in no order: the batch that failed last time, else all that was added
 * since. It stays as it is until pending_views_stored. The writer's thread only. */
const struct pending_count *pending_views_batch(struct pending_views *counts, size_t *len);

/* The last record of the journal that the batch holds, to be stored with it. */
int64_t pending_views_journal_position(const struct pending_views *counts);

/* How many views are held in memory alone, and would be lost with the process. */
int64_t pending_views_unjournaled(struct pending_views *counts);

/* The batch is in the database for good. */
void pending_views_stored(struct pending_views *counts);

#endif
