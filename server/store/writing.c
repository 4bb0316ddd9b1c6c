#include "store/writing.h"

#include "store/lock.h"
#include "store/migrate.h"

#include <stdlib.h>

struct writing {
    struct db *db;
    struct write_lock lock;
    bool open; /* between begin and commit */
    struct versions *versions;
    struct marks marks;
};

/* Creates or migrates under the lock; a new file must not be seen half made. */
static enum status prepare(struct writing *writing, const struct config *config, int *from,
                           struct fault *fault)
{
    enum status status = write_lock_take(&writing->lock);
    if (status != STATUS_OK)
        return fault_set(fault, status, "database", "%s is %s", config->store.database,
                         status_text(status));
    status = db_open(config->store.database, DB_WRITER, (int)config->store.cache_kb, &writing->db,
                     fault);
    if (status == STATUS_OK) {
        writing_set_timeout(writing, writing->lock.timeout_ms);
        status = migrate(writing->db, from, fault);
    }
    if (status == STATUS_OK) {
        status = db_prepare(writing->db);
        if (status != STATUS_OK)
            fault_set(fault, status, "database", "%s is damaged: its tables are not Khobor's",
                      config->store.database);
    }
    write_lock_give(&writing->lock);
    return status;
}

enum status writing_open(const struct config *config, struct writing **writing, int *from,
                         struct fault *fault)
{
    int version;
    struct writing *opened = calloc(1, sizeof *opened);
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
    *writing = opened;
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

void writing_close(struct writing *writing)
{
    if (!writing)
        return;
    if (writing->open)
        writing_rollback(writing);
    /* Closing checkpoints, which is a write. Without the lock it must not: leave the WAL then. */
    bool locked = write_lock_take(&writing->lock) == STATUS_OK;
    if (!locked)
        db_keep_wal(writing->db);
    db_close(writing->db);
    if (locked)
        write_lock_give(&writing->lock);
    write_lock_close(&writing->lock);
    versions_close(writing->versions);
    free(writing);
}

struct versions *writing_versions(struct writing *writing)
{
    return writing->versions;
}

struct marks *writing_marks(struct writing *writing)
{
    return &writing->marks;
}

struct db *writing_db(struct writing *writing)
{
    return writing->db;
}

void writing_set_timeout(struct writing *writing, int64_t timeout_ms)
{
    writing->lock.timeout_ms = timeout_ms;
    db_set_timeout(writing->db, (int)timeout_ms);
}

enum status writing_begin(struct writing *writing)
{
    enum status status = write_lock_take(&writing->lock);
    if (status != STATUS_OK)
        return status;
    versions_heal(writing->versions);
    marks_clear(&writing->marks);
    db_settle(writing->db);
    status = db_run(writing->db, "BEGIN IMMEDIATE");
    if (status != STATUS_OK)
        write_lock_give(&writing->lock);
    writing->open = status == STATUS_OK;
    return status;
}

enum status writing_commit(struct writing *writing)
{
    db_settle(writing->db);
    versions_announce(writing->versions);
    enum status status = db_run(writing->db, "COMMIT");
    if (status == STATUS_OK)
        versions_publish(writing->versions, &writing->marks);
    versions_conclude(writing->versions);
    if (status != STATUS_OK) {
        writing_rollback(writing);
        return status;
    }
    writing->open = false;
    write_lock_give(&writing->lock);
    return STATUS_OK;
}

void writing_rollback(struct writing *writing)
{
    db_end_transaction(writing->db);
    writing->open = false;
    write_lock_give(&writing->lock);
}
