/* The one way to write: the write lock of the process, a connection, short transactions.
 *
 * Used by one thread at a time: the writer thread of `serve`, or a command.
 */
#ifndef KHOBOR_STORE_WRITING_H
#define KHOBOR_STORE_WRITING_H

#include "base/config.h"
#include "base/status.h"
#include "store/db.h"
#include "store/versions.h"

#include <stdint.h>

struct writing;

/* Opens the database for writing, creates or migrates it, prepares every statement. *from (may be
 * NULL) gets the version it had, 0 when it was made now. */
enum status writing_open(const struct config *config, struct writing **writing, int *from,
                         struct fault *fault) MUST_CHECK;

/* Rolls back what is open, moves the WAL into the database, closes. */
void writing_close(struct writing *writing);

/* The connection, for statements between begin and commit, and for reading at any time. */
struct db *writing_db(struct writing *writing);

/* The versions that a commit moves, and what it is to move of them: marked between begin and
 * commit. */
struct versions *writing_versions(struct writing *writing);
struct marks *writing_marks(struct writing *writing);

/* Changes how long writing_begin waits for other processes. */
void writing_set_timeout(struct writing *writing, int64_t timeout_ms);

/* Takes the write lock and begins. STATUS_BUSY when another process wrote for too long. */
enum status writing_begin(struct writing *writing) MUST_CHECK;

/* Commits, so that a power cut loses nothing of it, publishes what was marked, and lets the lock
 * go. On an error everything since begin is rolled back. */
enum status writing_commit(struct writing *writing) MUST_CHECK;
void writing_rollback(struct writing *writing);

#endif
