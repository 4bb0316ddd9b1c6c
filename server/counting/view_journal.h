/* Views that are acknowledged and not yet in the database: a ring of records in memory and in a
 * file, which outlives the process.
 *
 * A record is in the file before the view is acknowledged, so a killed process loses none; what a
 * power cut costs is bounded by view_journal_sync. The writer stores, in one transaction, the views
 * of a batch and the number of its last record (its journal position). At the next start exactly
 * the records after that number are read again, so none is lost and none counts twice. A record
 * that was torn when a process ended was never acknowledged; it is skipped.
 */
#ifndef KHOBOR_COUNTING_VIEW_JOURNAL_H
#define KHOBOR_COUNTING_VIEW_JOURNAL_H

#include "base/status.h"
#include "counting/journal_file.h"
#include "counting/verdict.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    JOURNAL_RECORD_BYTES = 32,
};

/* The largest id of an article that a record has room for. */
#define JOURNAL_ARTICLE_MAX ((INT64_C(1) << 60) - 1)

/* No database stores so many records; a larger position is damaged. */
#define JOURNAL_NUMBER_MAX (INT64_MAX / 2)

struct journal_record {
    int64_t at;         /* seconds since 1970; read: one that can be stored */
    int64_t article_id; /* 1 to JOURNAL_ARTICLE_MAX */
    enum verdict verdict;
};

struct view_journal;

/* Opens NAME-views of the database at the path `database`, which must outlive the journal, with
 * room for `capacity` records. It is created when it is missing, and emptied when it is another
 * database's; `id` is this one's. `applied` is the number of the last record that is stored, 0 for
 * none. A journal with records to read keeps the size it has. STATUS_INVALID: something else has
 * the file's name, or another server uses it. The fault says why the journal can't be used. The
 * caller closes it. */
enum status view_journal_open(const char *database, int64_t capacity, int64_t id, int64_t applied,
                              struct view_journal **journal, struct fault *fault) MUST_CHECK;

/* `journal` may be NULL. */
void view_journal_close(struct view_journal *journal);

/* Adds a record, in memory and in the file; see view_journal_behind for one that could not be
 * written. STATUS_FULL when `capacity` records wait to be stored. Any thread. */
enum status view_journal_append(struct view_journal *journal,
                                const struct journal_record *record) MUST_CHECK;

/* Calls `take` with the records that were not read yet, in order, at most `most`, until it returns
 * another status than STATUS_OK: that record is read again. Returns the number of the last record
 * that was read, for view_journal_applied. One thread, as for all below. */
int64_t view_journal_read(struct view_journal *journal, int64_t most,
                          enum status (*take)(void *arg, const struct journal_record *record),
                          void *arg);

/* Frees the room of the records up to `last`, which are in the database for good. */
void view_journal_applied(struct view_journal *journal, int64_t last);

/* For another process than the one that has the journal open: calls `take` with each whole record
 * after `applied`, in no order. STATUS_BUSY when records after `applied` may have been overwritten,
 * because the database has stored further ones since. */
enum status view_journal_peek(const char *database, int64_t id, int64_t applied,
                              enum status (*take)(void *arg, const struct journal_record *record),
                              void *arg) MUST_CHECK;

/* Compares the records that were read and are not stored with the file. Those that it lost (because
 * something wrote over it, cut, removed or replaced it) or never got (a full disk) are written
 * again, from memory: *missing counts them. With a fault while that fails. */
enum status view_journal_check(struct view_journal *journal, int64_t *missing,
                               struct fault *fault) MUST_CHECK;

/* How many records a kill of the process may lose because they could not be written to the file; 0
 * as a rule. */
int64_t view_journal_behind(const struct view_journal *journal);

/* Brings to the disk what was written since the last call; without new records it does nothing.
 * STATUS_FAILED. One thread, which may be another than the one that reads. */
enum status view_journal_sync(struct view_journal *journal) MUST_CHECK;

/* How many records waited to be stored when the journal was opened, and how many of these were
 * torn. */
int64_t view_journal_waiting(const struct view_journal *journal);
int64_t view_journal_torn(const struct view_journal *journal);

/* Whether the file was missing, another database's or not whole when it was opened, although
 * records of it had been stored before: views that waited in it may be lost. */
bool view_journal_damaged(const struct view_journal *journal);

#endif
