/* Migrations of the schema: sql/schema/NNNN_*.sql, each applied once, in order.
 *
 * A file's version is the number of migrations that were applied to it, in its PRAGMA user_version;
 * its PRAGMA application_id says that it is Khobor's. An empty file has version 0.
 */
#ifndef KHOBOR_DB_MIGRATE_H
#define KHOBOR_DB_MIGRATE_H

#include "base/status.h"
#include "db/sqlite.h"

enum {
    MIGRATE_APPLICATION_ID = 0x4B686272, /* "Khbr", in the header of each of our databases */
};

/* The newest version that this program knows. */
int migrate_newest(void);

/* Brings the database of an open writer to the newest version; the caller holds the write lock.
 * *from gets the version before (0: the file was empty). When the file belongs to another program
 * or a newer Khobor, STATUS_UNUSABLE, and when a migration fails, another status: in both cases
 * with a fault, and nothing is changed. */
enum status migrate(struct db *db, int *from, struct fault *fault) MUST_CHECK;

/* For commands that only read: STATUS_OK when the database is Khobor's and of the newest version;
 * otherwise STATUS_UNUSABLE with a fault that says what to do. */
enum status migrate_check(struct db *db, struct fault *fault) MUST_CHECK;

#endif
