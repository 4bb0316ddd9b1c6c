/* Views that were counted and are not in the database yet, summed by article and slot.
 *
 * Serving threads add views. The writer thread takes all of them as a batch, stores it, and says
 * so; a batch that could not be stored stays as it is and is tried again. A view is added to the
 * journal where there is one, so that it outlives the process. When the journal is full, or can't
 * be used, the view is added to a table in memory and would be lost with the process.
 */
#ifndef KHOBOR_COUNTING_PENDING_VIEWS_H
#define KHOBOR_COUNTING_PENDING_VIEWS_H

#include "base/status.h"
#include "counting/view_journal.h"

#include <stddef.h>
#include <stdint.h>

struct pending_views;

/* Views of an article in the slot of 150 seconds that begins at `begin`, by verdict. */
struct pending_count {
    int64_t article_id;
    int64_t begin;
    int64_t views[VERDICT__MAX];
};

/* Holds at most `max` different (article, slot) pairs in memory. STATUS_NO_MEMORY. The caller
 * closes it. */
enum status pending_views_open(size_t max, struct pending_views **views) MUST_CHECK;

/* `views` may be NULL. */
void pending_views_close(struct pending_views *views);

/* Adds views to a journal from now on, or to memory when `journal` is NULL. `applied` is the number
 * of the last record that is stored. The journal must outlive `views`. To be called before any view
 * is added and before other threads start. */
void pending_views_use_journal(struct pending_views *views, struct view_journal *journal,
                               int64_t applied);

/* Counts one view under its verdict. STATUS_FULL when the journal is full and `max` pairs wait to
 * be stored: the view is not counted. STATUS_FAILED when no article can have the id. Any thread. */
enum status pending_views_add(struct pending_views *views, int64_t article_id, enum verdict verdict,
                              int64_t now_s) MUST_CHECK;

/* What is to be stored now, in no order: the batch that was not stored yet, or else all that was
 * added since. It belongs to `views` and stays as it is until pending_views_stored. The writer
 * thread only. */
const struct pending_count *pending_views_batch(struct pending_views *views, size_t *len);

/* The number of the last record of the journal that the batch holds, which is to be stored with it.
 * The writer thread only. */
int64_t pending_views_journal_position(const struct pending_views *views);

/* The batch is in the database for good. The writer thread only. */
void pending_views_stored(struct pending_views *views);

/* How many views are in memory alone, or may be, and would be lost with the process. The writer
 * thread, or any when that has ended. */
int64_t pending_views_unjournaled(struct pending_views *views);

#endif
