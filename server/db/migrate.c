/* Reads a file's version from its pragmas, and runs the embedded migrations that are newer, all in
 * one transaction: a migration that fails or is interrupted leaves the file as it was. */
#include "db/migrate.h"

#include "base/file.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

enum {
    PRAGMAS_BYTES = 96,
};

int migrate_newest(void)
{
    int count = 0;
    while (embedded_migrations[count].name)
        count++;
    return count;
}

/* Reads the version of a file; 0 for an empty one. */
static enum status read_version(struct db *db, int *version, struct fault *fault)
{
    int64_t application, user_version, schema;
    if (db_number(db, "PRAGMA application_id", &application) != STATUS_OK ||
        db_number(db, "PRAGMA user_version", &user_version) != STATUS_OK ||
        db_number(db, "PRAGMA schema_version", &schema) != STATUS_OK)
        return fault_set(fault, STATUS_UNUSABLE, "database", "the file can't be read");
    if (application != MIGRATE_APPLICATION_ID &&
        (application != 0 || user_version != 0 || schema != 0))
        return fault_set(fault, STATUS_UNUSABLE, "database", "the file belongs to another program");
    if (user_version < 0 || user_version > migrate_newest())
        return fault_set(fault, STATUS_UNUSABLE, "database",
                         "the file has version %" PRId64
                         " and this Khobor knows up to %d: use a newer Khobor",
                         user_version, migrate_newest());
    *version = (int)user_version;
    return STATUS_OK;
}

enum status migrate_check(struct db *db, struct fault *fault)
{
    int version;
    enum status status = read_version(db, &version, fault);
    if (status == STATUS_OK && version < migrate_newest())
        return fault_set(
            fault, STATUS_UNUSABLE, "database",
            "the file has version %d and this Khobor needs %d: run `khobor migrate` first", version,
            migrate_newest());
    return status;
}

/* Applies the migrations after `version`. */
static enum status apply_after(struct db *db, int version)
{
    char pragmas[PRAGMAS_BYTES];
    assert(version >= 0 && version < migrate_newest());
    int len =
        snprintf(pragmas, sizeof pragmas, "PRAGMA application_id = %d; PRAGMA user_version = %d;",
                 MIGRATE_APPLICATION_ID, migrate_newest());
    assert(len > 0 && len < PRAGMAS_BYTES);
    (void)len;
    enum status status = db_run(db, "BEGIN IMMEDIATE");
    if (status != STATUS_OK)
        return status;
    for (int i = version; i < migrate_newest() && status == STATUS_OK; i++)
        status = db_run(db, embedded_migrations[i].begin);
    if (status == STATUS_OK)
        status = db_run(db, pragmas);
    if (status == STATUS_OK)
        status = db_run(db, "COMMIT");
    if (status != STATUS_OK)
        db_end_transaction(db);
    return status;
}

enum status migrate(struct db *db, int *from, struct fault *fault)
{
    int version;
    enum status status = read_version(db, &version, fault);
    if (status != STATUS_OK)
        return status;
    /* SQLite does not change the journal mode inside a transaction. */
    if (version == 0)
        status = db_run(db, "PRAGMA journal_mode = WAL");
    if (status == STATUS_OK && version < migrate_newest())
        status = apply_after(db, version);
    if (status != STATUS_OK)
        return fault_set(fault, status, "database", "the file can't be brought to version %d: %s",
                         migrate_newest(), status_text(status));
    *from = version;
    return STATUS_OK;
}
