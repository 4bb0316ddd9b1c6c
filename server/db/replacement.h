/* Puts another file in the place of a database, and the database away under a dated name with its
 * WAL and its journal, so that it can be put back in turn. A kill at any step leaves the old or the
 * new paper: what was begun is completed by the next process that opens the database.
 *
 * The caller holds the write lock (db/locks.h), and the serve lock if it begins a replacement.
 * `database` is the path of the setting store.database.
 */
#ifndef KHOBOR_DB_REPLACEMENT_H
#define KHOBOR_DB_REPLACEMENT_H

#include "base/status.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

/* Writes the path at which the new file has to be made: NAME-restore-new. False: it is too long. */
bool replacement_path(const char *database, char path[PATH_MAX]);

/* Removes the new file and SQLite's files next to it, such as a killed process leaves. */
void replacement_discard(const char *database);

/* Puts the finished file NAME-restore-new in the place of the database. parked[] gets the name that
 * the old database has now, "" when there was none. STATUS_BUSY when another process has the
 * database open; other statuses when a file can't be linked or renamed. With a fault: then all is
 * as it was, or will be completed by replacement_finish. */
enum status replacement_run(const char *database, int64_t now_s, char parked[PATH_MAX],
                            struct fault *fault) MUST_CHECK;

/* Completes a replacement that was interrupted, or undoes it if the new file is gone. Does nothing
 * as a rule. */
enum status replacement_finish(const char *database, struct fault *fault) MUST_CHECK;

/* The same for a process without the write lock, which is taken if there is something to do, and
 * waited for so long. */
enum status replacement_recover(const char *database, int64_t timeout_ms,
                                struct fault *fault) MUST_CHECK;

/* STATUS_BUSY with a fault while a replacement is under way, or was interrupted. */
enum status replacement_check(const char *database, struct fault *fault) MUST_CHECK;

/* Whether another process has the database file open through SQLite: STATUS_BUSY with a fault. */
enum status replacement_check_unused(const char *path, struct fault *fault) MUST_CHECK;

#endif
