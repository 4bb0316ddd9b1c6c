/* The one way to write: the write lock of the process, a connection, short transactions.
 *
 * Used by one thread at a time: the writer thread of `serve`, or a command.
 */
#ifndef KHOBOR_DB_TRANSACTION_H
#define KHOBOR_DB_TRANSACTION_H

#include "base/config.h"
#include "base/status.h"
#include "db/sqlite.h"
#include "db/versions.h"

#include <stdint.h>

struct transaction;

/* Opens the database for writing, creates or migrates it, prepares every statement. *from (may be
 * NULL) gets the version it had, 0 when it was made now. */
enum status transaction_open(const struct config *config, struct transaction **transaction,
                             int *from, struct fault *fault) MUST_CHECK;

/* Rolls back what is open, moves the WAL into the database, closes. */
void transaction_close(struct transaction *transaction);

/* The connection, for statements between begin and commit, and for reading at any time. */
struct db *transaction_db(struct transaction *transaction);

/* The versions that a commit moves, and what it is to move of them: marked between begin and
 * commit. */
struct versions *transaction_versions(struct transaction *transaction);
struct change_set *transaction_changes(struct transaction *transaction);

/* Changes how long transaction_begin waits for other processes. */
void transaction_set_timeout(struct transaction *transaction, int64_t timeout_ms);

/* Takes the write lock and begins. STATUS_BUSY when another process wrote for too long. */
enum status transaction_begin(struct transaction *transaction) MUST_CHECK;

/* Commits, so that a power cut loses nothing of it, publishes what was marked, and lets the lock
 * go. On an error everything since begin is rolled back. */
enum status transaction_commit(struct transaction *transaction) MUST_CHECK;
void transaction_rollback(struct transaction *transaction);

#endif
