/* Pairs SQLite's transaction with the write lock between processes, and each COMMIT with the
 * publication of what it changed, so that caches learn of a change as soon as it can be read. */
#include "db/transaction.h"

#include "db/locks.h"
#include "db/migrate.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

/* States:
 *
 *            begin: lock, recover, BEGIN             commit: begin_commit, COMMIT,
 *            and an empty change set                 publish, end_commit, unlock
 *      IDLE -----------------------------> OPEN ------------------------------> IDLE
 *        ^                                  |
 *        +---- rollback, or COMMIT failed --+
 *
 * Invariants:
 *   T1  The write lock is held when a transaction is open and inside open and close, never
 *       otherwise: what writes or checkpoints holds it, and nobody waits for an idle process.
 *   T2  Before the first statement of a transaction, a commit that a dead writer left unfinished
 *       has been recovered (versions.c, V1).
 *   T3  The change set has the changes of the open transaction only. It is published after its
 *       COMMIT succeeded, and otherwise never.
 *   T4  BEGIN and COMMIT are run with every statement reset: one left on a row would hold an old
 *       snapshot, which can't be written from.
 */
struct transaction {
    struct db *db;
    struct write_lock lock;
    bool is_open;
    struct versions *versions;
    struct change_set changes;
};

/* Opens and migrates the database under the lock, so that no process sees a half-made file. */
static enum status open_database(struct transaction *transaction, const struct config *config,
                                 int *from, struct fault *fault)
{
    enum status status = write_lock_take(&transaction->lock);
    if (status != STATUS_OK)
        return fault_set(fault, status, "database", "%s is %s", config->store.database,
                         status_text(status));
    status = db_open(config->store.database, DB_WRITER, (int)config->store.cache_kb,
                     &transaction->db, fault);
    if (status == STATUS_OK) {
        transaction_set_timeout(transaction, transaction->lock.timeout_ms);
        status = migrate(transaction->db, from, fault);
    }
    if (status == STATUS_OK) {
        status = db_prepare(transaction->db);
        if (status != STATUS_OK)
            fault_set(fault, status, "database", "%s is damaged: its tables are not Khobor's",
                      config->store.database);
    }
    write_lock_give(&transaction->lock);
    return status;
}

enum status transaction_open(const struct config *config, struct transaction **transaction,
                             int *from, struct fault *fault)
{
    int version;
    struct transaction *opened = calloc(1, sizeof *opened);
    if (!opened)
        return fault_set(fault, STATUS_NO_MEMORY, "database", "out of memory");
    enum status status = write_lock_open(config->store.database, config->store.lock_timeout_ms,
                                         &opened->lock, fault);
    if (status != STATUS_OK)
        goto free_opened;
    status = open_database(opened, config, &version, fault);
    if (status != STATUS_OK)
        goto close_db;
    status = versions_open(config->store.database, &opened->versions);
    if (status != STATUS_OK) {
        fault_set(fault, status, "database", "out of memory");
        goto close_db;
    }
    assert(!opened->is_open && !opened->lock.is_held); /* T1 */
    *transaction = opened;
    if (from)
        *from = version;
    return STATUS_OK;
close_db:
    /* A refused file is left as it is, and its WAL too. */
    if (opened->db)
        db_keep_wal(opened->db);
    db_close(opened->db);
    write_lock_close(&opened->lock);
free_opened:
    free(opened);
    return status;
}

void transaction_close(struct transaction *transaction)
{
    if (!transaction)
        return;
    if (transaction->is_open)
        transaction_rollback(transaction);
    assert(!transaction->lock.is_held); /* T1 */
    /* Closing checkpoints, which needs the lock. Without it the WAL stays, for the next writer. */
    if (write_lock_take(&transaction->lock) != STATUS_OK)
        db_keep_wal(transaction->db);
    db_close(transaction->db);
    write_lock_close(&transaction->lock);
    versions_close(transaction->versions);
    free(transaction);
}

struct db *transaction_db(struct transaction *transaction)
{
    return transaction->db;
}

struct versions *transaction_versions(struct transaction *transaction)
{
    return transaction->versions;
}

struct change_set *transaction_changes(struct transaction *transaction)
{
    assert(transaction->is_open); /* T3 */
    return &transaction->changes;
}

void transaction_set_timeout(struct transaction *transaction, int64_t timeout_ms)
{
    assert(timeout_ms >= 0);
    transaction->lock.timeout_ms = timeout_ms;
    db_set_timeout(transaction->db, (int)timeout_ms);
}

enum status transaction_begin(struct transaction *transaction)
{
    assert(!transaction->is_open); /* T1 */
    enum status status = write_lock_take(&transaction->lock);
    if (status != STATUS_OK)
        return status;
    versions_recover(transaction->versions); /* T2 */
    change_set_clear(&transaction->changes); /* T3 */
    db_reset_statements(transaction->db);    /* T4 */
    status = db_run(transaction->db, "BEGIN IMMEDIATE");
    if (status != STATUS_OK)
        write_lock_give(&transaction->lock);
    transaction->is_open = status == STATUS_OK;
    assert(transaction->is_open == transaction->lock.is_held); /* T1 */
    return status;
}

enum status transaction_commit(struct transaction *transaction)
{
    assert(transaction->is_open && transaction->lock.is_held); /* T1 */
    db_reset_statements(transaction->db);                      /* T4 */
    versions_begin_commit(transaction->versions);
    enum status status = db_run(transaction->db, "COMMIT");
    if (status == STATUS_OK)
        versions_publish(transaction->versions, &transaction->changes); /* T3 */
    versions_end_commit(transaction->versions);
    if (status != STATUS_OK) {
        transaction_rollback(transaction);
        return status;
    }
    transaction->is_open = false;
    write_lock_give(&transaction->lock);
    return STATUS_OK;
}

void transaction_rollback(struct transaction *transaction)
{
    assert(transaction->is_open && transaction->lock.is_held); /* T1 */
    db_end_transaction(transaction->db);
    transaction->is_open = false;
    write_lock_give(&transaction->lock);
}
