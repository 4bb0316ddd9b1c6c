#include "db/transaction.h"

#include "db/locks.h"
#include "db/migrate.h"

#include <stdlib.h>

struct transaction {
    struct db *db;
    struct write_lock lock;
    bool open; /* between begin and commit */
    struct versions *versions;
    struct change_set changes;
};

/* Creates or migrates under the lock; a new file must not be seen half made. */
static enum status prepare(struct transaction *transaction, const struct config *config, int *from,
                           struct fault *fault)
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
        goto free_writing;
    status = prepare(opened, config, &version, fault);
    if (status != STATUS_OK)
        goto close_db;
    status = versions_open(config->store.database, &opened->versions);
    if (status != STATUS_OK) {
        fault_set(fault, status, "database", "out of memory");
        goto close_db;
    }
    *transaction = opened;
    if (from)
        *from = version;
    return STATUS_OK;
close_db:
    /* A file that was refused is left as it is, its WAL too. */
    if (opened->db)
        db_keep_wal(opened->db);
    db_close(opened->db);
    write_lock_close(&opened->lock);
free_writing:
    free(opened);
    return status;
}

void transaction_close(struct transaction *transaction)
{
    if (!transaction)
        return;
    if (transaction->open)
        transaction_rollback(transaction);
    /* Closing checkpoints, which is a write. Without the lock it must not: leave the WAL then. */
    bool locked = write_lock_take(&transaction->lock) == STATUS_OK;
    if (!locked)
        db_keep_wal(transaction->db);
    db_close(transaction->db);
    if (locked)
        write_lock_give(&transaction->lock);
    write_lock_close(&transaction->lock);
    versions_close(transaction->versions);
    free(transaction);
}

struct versions *transaction_versions(struct transaction *transaction)
{
    return transaction->versions;
}

struct change_set *transaction_changes(struct transaction *transaction)
{
    return &transaction->changes;
}

struct db *transaction_db(struct transaction *transaction)
{
    return transaction->db;
}

void transaction_set_timeout(struct transaction *transaction, int64_t timeout_ms)
{
    transaction->lock.timeout_ms = timeout_ms;
    db_set_timeout(transaction->db, (int)timeout_ms);
}

enum status transaction_begin(struct transaction *transaction)
{
    enum status status = write_lock_take(&transaction->lock);
    if (status != STATUS_OK)
        return status;
    versions_recover(transaction->versions);
    change_set_clear(&transaction->changes);
    db_settle(transaction->db);
    status = db_run(transaction->db, "BEGIN IMMEDIATE");
    if (status != STATUS_OK)
        write_lock_give(&transaction->lock);
    transaction->open = status == STATUS_OK;
    return status;
}

enum status transaction_commit(struct transaction *transaction)
{
    db_settle(transaction->db);
    versions_begin_commit(transaction->versions);
    enum status status = db_run(transaction->db, "COMMIT");
    if (status == STATUS_OK)
        versions_publish(transaction->versions, &transaction->changes);
    versions_end_commit(transaction->versions);
    if (status != STATUS_OK) {
        transaction_rollback(transaction);
        return status;
    }
    transaction->open = false;
    write_lock_give(&transaction->lock);
    return STATUS_OK;
}

void transaction_rollback(struct transaction *transaction)
{
    db_end_transaction(transaction->db);
    transaction->open = false;
    write_lock_give(&transaction->lock);
}
