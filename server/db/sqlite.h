/* A connection to the database and its prepared statements; the only file that knows SQLite.
 *
 * One connection is used by one thread at a time. Statements are the files of sql/query, prepared
 * once a connection; they are bound by name and read by column name. SQLite's own words go to the
 * log, never to a client.
 */
#ifndef KHOBOR_DB_SQLITE_H
#define KHOBOR_DB_SQLITE_H

#include "base/status.h"
#include "queries.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db;
struct query;

/* What came of storing something that may have been there. */
enum saved {
    SAVED_NEW,
    SAVED_CHANGED,
    SAVED_SAME, /* what is stored says the same: nothing was written */
};

enum db_role {
    DB_READER, /* can't write, never checkpoints */
    DB_WRITER, /* may create the file; one a process, used under the write lock */
};

/* Whether a path can be a database's: STATUS_UNUSABLE with a fault for a folder, or a file in a
 * folder that does not exist. To be asked before files are made beside it. */
enum status db_check_path(const char *path, struct fault *fault) MUST_CHECK;

/* Opens `path`. A fault tells a folder, a file that is no database, no permission and so on.
 * No statement can be used before db_prepare. */
enum status db_open(const char *path, enum db_role role, int cache_kb, struct db **db,
                    struct fault *fault) MUST_CHECK;

/* Finalizes and closes. A writer's close checkpoints and removes the WAL when it is the last. */
void db_close(struct db *db);

/* Prepares every statement; the schema must be the current one. */
enum status db_prepare(struct db *db) MUST_CHECK;

/* How long a statement waits for a lock of SQLite's own, which only other programs hold; 200 ms
 * at first. */
void db_set_timeout(struct db *db, int timeout_ms);

/* Makes db_close leave the WAL as it is: for a writer that could not get the write lock. */
void db_keep_wal(struct db *db);

/* Resets every statement. One that was left on a row keeps what was read then in view, so that a
 * transaction which begins later on would find others' commits in its way. */
void db_reset_statements(struct db *db);

/* Settles, and rolls back the open transaction; does nothing when SQLite already has, as after a
 * full disk. */
void db_end_transaction(struct db *db);

/* Runs SQL of our own that returns no rows: migrations, pragmas. */
enum status db_run(struct db *db, const char *sql) MUST_CHECK;

/* Reads one integer by SQL of our own (PRAGMA user_version …). */
enum status db_number(struct db *db, const char *sql, int64_t *number) MUST_CHECK;

/* The statement `which`, reset and unbound: every parameter is NULL. Never NULL. */
struct query *db_query(struct db *db, enum sql which);

/* Binds a parameter by its name without ':'. A text is borrowed until the query is reset. */
void query_bind_number(struct query *query, const char *name, int64_t number);
void query_bind_text(struct query *query, const char *name, const char *text, size_t len);
void query_bind_bytes(struct query *query, const char *name, const void *bytes, size_t len);
/* The same for a NUL-terminated text; NULL binds NULL. */
void query_bind_string(struct query *query, const char *name, const char *text);

/* Goes to the next row: STATUS_OK on a row, STATUS_ABSENT behind the last, else an error. */
enum status query_step(struct query *query) MUST_CHECK;

/* Runs a statement whose rows don't matter to its end. */
enum status query_run(struct query *query) MUST_CHECK;

/* Frees what a row holds, so that a transaction can end. Returns `status`, for a last line. */
enum status query_end(struct query *query, enum status status);

/* The current row's value of a column. A text, or bytes as one, is borrowed until the next step;
 * NULL for NULL. */
int64_t query_number(struct query *query, const char *column);
bool query_is_null(struct query *query, const char *column);
const char *query_text(struct query *query, const char *column, size_t *len);

/* How many rows the last INSERT, UPDATE or DELETE that ran to its end has changed. */
int db_changed(struct db *db);

/* Virtual machine steps of all statements since this was last asked: what a query cost, whatever
 * the machine was doing. */
int64_t db_steps(struct db *db);

#endif
