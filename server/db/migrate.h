/* The schema's versions: sql/schema/NNNN_*.sql, each applied once, in order, in one transaction.
 *
 * The version is the file's PRAGMA user_version; PRAGMA application_id says that it is Khobor's.
 */
#ifndef KHOBOR_DB_MIGRATE_H
#define KHOBOR_DB_MIGRATE_H

#include "base/status.h"
#include "db/sqlite.h"

/* The newest version this program knows. */
int migrate_newest(void);

/* Brings an opened writer's database to the newest version; the caller holds the write lock.
 * *from gets the version before (0: it was new). STATUS_UNUSABLE with a fault, and nothing touched,
 * when the file is another program's or from a newer Khobor. */
enum status migrate(struct db *db, int *from, struct fault *fault) MUST_CHECK;

/* STATUS_OK when the database is Khobor's and of the newest version, else a fault that says what
 * to do. For commands that only read. */
enum status migrate_check(struct db *db, struct fault *fault) MUST_CHECK;

#endif
