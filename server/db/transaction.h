/* The only way to write: take the write lock of the database, begin, change rows, commit.
 *
 * A struct transaction is a connection for writing with its lock, its versions and the set of what
 * the open transaction changed. It is used for one transaction after another, by one thread: the
 * writer thread of `khobor serve`, or a command. transaction.c has the states and invariants.
 */
#ifndef KHOBOR_DB_TRANSACTION_H
#define KHOBOR_DB_TRANSACTION_H

#include "base/config.h"
#include "base/status.h"
#include "db/sqlite.h"
#include "db/versions.h"

#include <stdint.h>

struct transaction;

/* Opens the database of the configuration for writing, creates or migrates it, and prepares every
 * statement. *from (may be NULL) gets the schema version that the file had; 0: it is new. A fault
 * says why the file can't be used. The caller closes the transaction, or gives it to a writer. */
enum status transaction_open(const struct config *config, struct transaction **transaction,
                             int *from, struct fault *fault) MUST_CHECK;

/* The same for the server: the caller has the serve lock. STATUS_BUSY, with a fault, when another
 * process serves the same file under another name. */
enum status transaction_open_served(const struct config *config, struct transaction **transaction,
                                    struct fault *fault) MUST_CHECK;

/* Rolls back what is open, checkpoints the WAL into the database if the lock can be taken, and
 * closes all. `transaction` may be NULL. */
void transaction_close(struct transaction *transaction);

/* The connection: for statements between begin and commit, and for reading at any time. */
struct db *transaction_db(struct transaction *transaction);

/* The versions that a commit moves. */
struct versions *transaction_versions(struct transaction *transaction);

/* The set of changes of the open transaction, empty after begin. Everything that is changed in the
 * database must be added to it. Called between begin and commit. */
struct change_set *transaction_changes(struct transaction *transaction);

/* Changes how long transaction_begin waits for other processes. */
void transaction_set_timeout(struct transaction *transaction, int64_t timeout_ms);

/* Checks that only checkpoints have written the database's file since it was opened, and that no
 * other file has its name (database_file.h). If not, STATUS_UNUSABLE with a fault, at this call and
 * all later ones: nothing is written any more. To be called now and then, between transactions. */
enum status transaction_check_file(struct transaction *transaction, struct fault *fault) MUST_CHECK;

/* Cuts a WAL that has grown far over the usual to nothing, unless a reader is in the way; to be
 * called now and then, between transactions. */
void transaction_cut_wal(struct transaction *transaction);

/* Takes the write lock and begins. STATUS_BUSY when other processes wrote for the whole timeout,
 * STATUS_UNUSABLE when the file was replaced, otherwise what SQLite says; then nothing is open. */
enum status transaction_begin(struct transaction *transaction) MUST_CHECK;

/* Commits so that a power cut can't undo it, publishes the set of changes, and gives the lock back.
 * On an error everything since begin is rolled back, and nothing is open in either case. */
enum status transaction_commit(struct transaction *transaction) MUST_CHECK;

/* Undoes everything since begin, and gives the lock back. */
void transaction_rollback(struct transaction *transaction);

#endif
