/* A copy of a database on its way to be a paper of its own: a backup that is being made, or what a
 * restore is about to put in place. Nobody else has its file open.
 */
#ifndef KHOBOR_TRANSFER_PAPER_COPY_H
#define KHOBOR_TRANSFER_PAPER_COPY_H

#include "base/status.h"
#include "db/sqlite.h"

#include <stdbool.h>
#include <stdint.h>

/* Whether the file `path` begins as a database of Khobor's does: STATUS_ABSENT when there is none,
 * STATUS_UNUSABLE when it is something else. With a fault that names the path. */
enum status paper_copy_check_header(const char *path, struct fault *fault) MUST_CHECK;

/* Opens the copy `path` and brings it to the newest version, also from its WAL if it has one. The
 * caller closes *copy with db_close. The fault does not name the file. */
enum status paper_copy_open(const char *path, struct db **copy, struct fault *fault) MUST_CHECK;

/* Adds the views that are in the journal `journal_path` and, by the journal position in the copy,
 * not in the copy. *views counts them. *complete_to is as for view_journal_copy. */
enum status paper_copy_add_views(struct db *copy, const char *journal_path, int64_t *views,
                                 int64_t *complete_to, struct fault *fault) MUST_CHECK;

enum paper_check {
    CHECK_OPENS, /* nothing further */
    CHECK_PAGES, /* SQLite's quick_check */
    CHECK_ALL,   /* SQLite's integrity_check, and that each row a row refers to is there */
};

/* Gives the copy a journal of its own, checks it, closes it in any case, and brings it to the disk.
 * Nothing but the file `path` is left. */
enum status paper_copy_finish(struct db *copy, const char *path, enum paper_check check,
                              struct fault *fault) MUST_CHECK;

#endif
