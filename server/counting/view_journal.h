/* Views as they are acknowledged: a ring of records in a file, which outlives the process.
 *
 * The file is mapped, and all its room is taken when it is made. A record is in it before the view
 * is answered, so that a killed process loses none; what a power cut may cost, view_journal_sync
 * bounds. Who stores the records stores the number of the last in the same transaction: at the next
 * start exactly those behind it are read again, and none is lost or counted twice. A record that
 * was torn when a process ended was never acknowledged; it is passed over.
 */
#ifndef KHOBOR_COUNTING_VIEW_JOURNAL_H
#define KHOBOR_COUNTING_VIEW_JOURNAL_H

#include "base/status.h"
#include "counting/verdict.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    JOURNAL_RECORD_BYTES = 32,
};

struct journal_record {
    int64_t at;
    int64_t article_id;
    enum verdict verdict;
};

struct view_journal;

/* Opens the file `path`, with room for `capacity` records, and makes it when there is none, or when
 * it is another database's: `id` is ours. `applied` is the number of the last record that is
 * stored. A journal with records keeps the size it has. The fault says why it can't be used. */
enum status view_journal_open(const char *path, int64_t capacity, int64_t id, int64_t applied,
                              struct view_journal **journal, struct fault *fault) MUST_CHECK;
void view_journal_close(struct view_journal *journal);

/* Writes a record down. STATUS_FULL when `capacity` of them wait to be stored. From any thread. */
enum status view_journal_append(struct view_journal *journal,
                                const struct journal_record *record) MUST_CHECK;

/* Calls `take` with the records that were not read yet, in order, at most `most`, until it is not
 * OK: that record is read again. Returns the number of the last that was read, for
 * journal_applied. One thread, as for all below. */
int64_t view_journal_read(struct view_journal *journal, int64_t most,
                          enum status (*take)(void *arg, const struct journal_record *record),
                          void *arg);

/* Records up to `last` are stored for good: their room is free. */
void view_journal_applied(struct view_journal *journal, int64_t last);

/* Brings what was written since the last call to the disk; without that it does nothing. One
 * thread, which may be another than the one that reads. */
enum status view_journal_sync(struct view_journal *journal) MUST_CHECK;

/* How many records waited to be stored when the journal was opened, and how many were torn. */
int64_t view_journal_waiting(const struct view_journal *journal);
int64_t view_journal_torn(const struct view_journal *journal);

/* Whether the file was missing, another's or not whole when it was opened, though records of it had
 * been stored before: views that waited in it may be lost. */
bool view_journal_damaged(const struct view_journal *journal);

#endif
