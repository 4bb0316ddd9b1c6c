/* Pairs SQLite's transaction with the write lock between processes, and each COMMIT with the
 * publication of what it changed, so that caches learn of a change as soon as it can be read. */
#include "db/transaction.h"

#include "db/database_file.h"
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
    struct database_file *file;
    /* PRAGMA data_version, and commits that other processes announced, when the main file was last
     * seen unchanged: a commit that moved only the first was another program's. */
    int64_t data_version;
    uint32_t others_begun;
    struct write_lock lock;
    bool is_open;
    struct versions *versions;
    struct change_set changes;
};

enum {
    CHECKPOINT_PAGES = 4000,  /* 16 MiB of WAL before its pages move to the main file, */
    CUT_WAL_BYTES = 32 << 20, /* and when a WAL that has grown over this is cut */
};

/* Opens, migrates and prepares the database; with the lock, between the marks of a checkpoint. */
static enum status open_marked(struct transaction *transaction, const struct config *config,
                               int *from, struct fault *fault)
{
    enum status status = db_open(config->store.database, DB_WRITER, (int)config->store.cache_kb,
                                 &transaction->db, fault);
    if (status != STATUS_OK)
        return status;
    transaction_set_timeout(transaction, transaction->lock.timeout_ms);
    status = migrate(transaction->db, from, fault);
    if (status == STATUS_OK)
        status = db_prepare(transaction->db, fault);
    if (status == STATUS_OK &&
        db_number(transaction->db, "PRAGMA data_version", &transaction->data_version) != STATUS_OK)
        status = fault_set(fault, STATUS_UNUSABLE, "database", "%s can't be read",
                           config->store.database);
    return status;
}

/* Opens the database under the lock, so that no process sees a half-made file. */
static enum status open_database(struct transaction *transaction, const struct config *config,
                                 int *from, struct fault *fault)
{
    enum status status = write_lock_take(&transaction->lock);
    if (status != STATUS_OK)
        return fault_set(fault, status, "database", "%s is %s", config->store.database,
                         status_text(status));
    status = database_file_check_wal(transaction->file, fault);
    if (status == STATUS_OK) {
        status = database_file_begin_checkpoint(transaction->file);
        if (status != STATUS_OK)
            fault_set(fault, status, "database", "%s-serve can't be written",
                      config->store.database);
    }
    if (status == STATUS_OK) {
        status = open_marked(transaction, config, from, fault);
        database_file_end_checkpoint(transaction->file);
    }
    write_lock_give(&transaction->lock);
    return status;
}

/* A server locks the file; a command looks whether it has a server under another name. */
static enum status claim_file(struct transaction *transaction, bool is_server, struct fault *fault)
{
    return is_server ? database_file_lock(transaction->file, fault)
                     : database_file_check_name(transaction->file, fault);
}

static enum status open_as(const struct config *config, bool is_server,
                           struct transaction **transaction, int *from, struct fault *fault)
{
    int version;
    const char *path = config->store.database;
    enum status status = database_file_check_path(path, fault);
    if (status != STATUS_OK)
        return status;
    struct transaction *opened = calloc(1, sizeof *opened);
    if (!opened)
        return fault_set(fault, STATUS_NO_MEMORY, "database", "out of memory");
    status = write_lock_open(path, config->store.lock_timeout_ms, &opened->lock, fault);
    if (status != STATUS_OK)
        goto free_opened;
    status = database_file_open(path, &opened->file, fault);
    if (status != STATUS_OK)
        goto close_db;
    /* Before SQLite opens a file that has another server; a new file has none. */
    bool existed = database_file_exists(opened->file);
    if (existed)
        status = claim_file(opened, is_server, fault);
    if (status == STATUS_OK)
        status = open_database(opened, config, &version, fault);
    if (status == STATUS_OK && !existed)
        status = claim_file(opened, is_server, fault);
    if (status == STATUS_OK)
        status = versions_open(path, is_server, &opened->versions, fault);
    if (status != STATUS_OK)
        goto close_db;
    opened->others_begun = versions_commits_begun_by_others(opened->versions);
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
    database_file_close(opened->file);
    write_lock_close(&opened->lock);
free_opened:
    free(opened);
    return status;
}

enum status transaction_open(const struct config *config, struct transaction **transaction,
                             int *from, struct fault *fault)
{
    return open_as(config, false, transaction, from, fault);
}

enum status transaction_open_served(const struct config *config, struct transaction **transaction,
                                    struct fault *fault)
{
    return open_as(config, true, transaction, NULL, fault);
}

void transaction_close(struct transaction *transaction)
{
    if (!transaction)
        return;
    if (transaction->is_open)
        transaction_rollback(transaction);
    assert(!transaction->lock.is_held); /* T1 */
    /* Closing checkpoints, which needs the lock. Without it the WAL stays, for the next writer. */
    bool may_move = write_lock_take(&transaction->lock) == STATUS_OK &&
                    database_file_is_same(transaction->file) &&
                    database_file_begin_checkpoint(transaction->file) == STATUS_OK;
    if (!may_move)
        db_keep_wal(transaction->db);
    db_close(transaction->db);
    if (may_move)
        database_file_end_checkpoint(transaction->file);
    database_file_close(transaction->file);
    write_lock_close(&transaction->lock);
    versions_close(transaction->versions);
    free(transaction);
}

/* Checks, with the lock held, that nobody has replaced or overwritten the main file. */
static enum status check_file(struct transaction *transaction, struct fault *fault)
{
    int64_t version;
    if (database_file_is_same(transaction->file)) {
        if (database_file_is_under_way(transaction->file))
            database_file_end_checkpoint(transaction->file);
        return STATUS_OK;
    }
    enum status status = db_number(transaction->db, "PRAGMA data_version", &version);
    if (status != STATUS_OK)
        return fault_set(fault, status, "database", "the database can't be read");
    uint32_t others_begun = versions_commits_begun_by_others(transaction->versions);
    bool others_committed =
        version != transaction->data_version && others_begun == transaction->others_begun;
    if (others_begun != transaction->others_begun)
        database_file_note_commit(transaction->file);
    transaction->data_version = version;
    transaction->others_begun = others_begun;
    return database_file_explain(transaction->file, others_committed,
                                 db_moved_frames(transaction->db), fault);
}

/* The same, and that the disk has room; housekeeping says why it failed. */
static enum status check_writable(struct transaction *transaction)
{
    struct fault fault;
    enum status status = check_file(transaction, &fault);
    return status == STATUS_OK && !database_file_has_room(transaction->file) ? STATUS_FULL : status;
}

enum status transaction_check_file(struct transaction *transaction, struct fault *fault)
{
    int64_t data_version;
    assert(!transaction->is_open); /* T1 */
    /* Before the file is looked at: a commit between the two is then found the next time. */
    uint32_t others_begun = versions_commits_begun_by_others(transaction->versions);
    if (db_number(transaction->db, "PRAGMA data_version", &data_version) != STATUS_OK)
        return STATUS_OK; /* it is logged; the next time */
    if (database_file_is_same(transaction->file) &&
        !database_file_is_under_way(transaction->file)) {
        transaction->data_version = data_version;
        transaction->others_begun = others_begun;
        return STATUS_OK;
    }
    if (write_lock_take(&transaction->lock) != STATUS_OK)
        return STATUS_OK; /* the next time */
    enum status status = check_file(transaction, fault);
    write_lock_give(&transaction->lock);
    return status;
}

/* Moves pages from the WAL into the main file; with the lock held. What fails is tried again after
 * the next commit. */
static void move_wal(struct transaction *transaction, bool cuts_wal)
{
    assert(transaction->lock.is_held && !transaction->is_open); /* T1 */
    if (!database_file_has_room(transaction->file) ||
        database_file_begin_checkpoint(transaction->file) != STATUS_OK)
        return;
    enum status status = db_checkpoint(transaction->db, cuts_wal);
    (void)status; /* it is logged; busy is no error */
    database_file_end_checkpoint(transaction->file);
}

void transaction_cut_wal(struct transaction *transaction)
{
    assert(!transaction->is_open);
    if (database_file_wal_bytes(transaction->file) <= CUT_WAL_BYTES ||
        write_lock_take(&transaction->lock) != STATUS_OK)
        return;
    if (database_file_is_same(transaction->file))
        move_wal(transaction, true);
    write_lock_give(&transaction->lock);
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
    status = check_writable(transaction);
    if (status != STATUS_OK) {
        write_lock_give(&transaction->lock);
        return status;
    }
    versions_recover(transaction->versions); /* T2 */
    change_set_clear(&transaction->changes); /* T3 */
    db_end_transaction(transaction->db);     /* T4, and one that could not be rolled back */
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
    /* Again: the file may have been replaced, or the disk filled, during the transaction. */
    enum status status = check_writable(transaction);
    if (status != STATUS_OK) {
        transaction_rollback(transaction);
        return status;
    }
    versions_begin_commit(transaction->versions);
    status = db_run(transaction->db, "COMMIT");
    if (status == STATUS_OK)
        versions_publish(transaction->versions, &transaction->changes); /* T3 */
    versions_end_commit(transaction->versions);
    if (status != STATUS_OK) {
        transaction_rollback(transaction);
        return status;
    }
    database_file_note_commit(transaction->file);
    transaction->is_open = false;
    if (db_wal_pages(transaction->db) >= CHECKPOINT_PAGES)
        move_wal(transaction, false);
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
