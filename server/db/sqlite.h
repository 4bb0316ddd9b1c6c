/* A connection to the database and its prepared statements: the only file that knows SQLite.
 *
 * struct db is a connection, used by one thread at a time: each serving thread has a reader, and
 * struct transaction has the only writer of a process.
 *
 * struct query is one of its prepared statements, of which there is one for each file in sql/query
 * (enum sql). It belongs to the connection and is never freed by a caller. Its life:
 *
 *      db_query() -----> bind ... -----> query_step() == STATUS_OK: read columns --+
 *      all parameters                          ^                                   |
 *      are NULL                                +-----------------------------------+
 *                                              | STATUS_ABSENT or an error
 *                                              v
 *                                        query_end(): at rest until the next db_query()
 *
 * Since there is one of each, a statement must not be used again (by a function called in between)
 * while its rows are being read. Parameters are bound by name and columns read by name; a name that
 * the statement does not have is a bug, and asserted.
 *
 * What SQLite says about an error goes to the log, never to a client. An error that repeats, as on
 * a full disk, is logged once until a commit succeeds.
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

/* What storing a thing did, for functions that insert or update. */
enum saved {
    SAVED_NEW,
    SAVED_CHANGED,
    SAVED_SAME, /* what is stored is equal: nothing was written */
};

enum db_role {
    DB_READER, /* can't write and never checkpoints */
    DB_WRITER, /* may create the file; one in a process, used with the write lock held */
};

/* Opens the file `path`, which database_file_check_path has accepted, with a page cache of
 * `cache_kb` KiB. The fault says what SQLite makes of the file. No statement can be used before
 * db_prepare. The caller closes the connection. */
enum status db_open(const char *path, enum db_role role, int cache_kb, struct db **db,
                    struct fault *fault) MUST_CHECK;

/* Finalizes all statements and closes. A writer's close checkpoints, and removes the WAL when no
 * other connection is open. `db` may be NULL. */
void db_close(struct db *db);

/* Prepares every statement; the schema must be the current one. The fault says whether it is not,
 * or what else failed. */
enum status db_prepare(struct db *db, struct fault *fault) MUST_CHECK;

/* Begins to read: until db_end_transaction all statements see the database as it was at the first
 * of them. */
enum status db_begin_read(struct db *db) MUST_CHECK;

/* How long a statement waits for a lock of SQLite's own, which only programs that do not know
 * Khobor's locks hold; 200 ms after opening. */
void db_set_timeout(struct db *db, int timeout_ms);

/* How many pages the WAL had after the connection's last commit, less those that its last
 * checkpoint moved. */
int db_wal_pages(const struct db *db);

/* Moves pages from the WAL into the main file, as many as readers allow, without waiting for them.
 * `cuts_wal`: only if all can be moved (else STATUS_BUSY), and then cuts the WAL to nothing. With
 * the write lock held, and between database_file_begin_checkpoint and its end. */
enum status db_checkpoint(struct db *db, bool cuts_wal) MUST_CHECK;

/* How many frames of the WAL are in the main file, by SQLite's shared memory; 0 when unknown. */
int64_t db_moved_frames(struct db *db);

/* Makes db_close leave the WAL as it is: for a writer that could not get the write lock. */
void db_keep_wal(struct db *db);

/* Resets every statement. One that was left on a row (no query_end, or an early return) keeps its
 * read transaction open: the connection goes on seeing the database as it was, and could not begin
 * a write once another process has committed. */
void db_reset_statements(struct db *db);

/* Resets every statement and rolls back the open transaction, if SQLite has not done so by itself
 * already, as it does after some errors (a full disk, no memory). When even that fails, the
 * transaction stays open: to be called again before the next one begins. */
void db_end_transaction(struct db *db);

/* Runs SQL that returns no rows, such as a migration or a pragma. Only constant SQL, never text
 * from outside. */
enum status db_run(struct db *db, const char *sql) MUST_CHECK;

/* Reads one integer with constant SQL, such as PRAGMA user_version. STATUS_ABSENT: no row. */
enum status db_number(struct db *db, const char *sql, int64_t *number) MUST_CHECK;

/* Runs constant SQL whose parameter ?1, if any, is `argument`, and copies the text in the first
 * column of the first row, cut to `size` bytes. STATUS_ABSENT: no row, as of VACUUM INTO. */
enum status db_text(struct db *db, const char *sql, const char *argument, char *text,
                    size_t size) MUST_CHECK;

/* The statement `which`, reset, with every parameter NULL. Never NULL itself. */
struct query *db_query(struct db *db, enum sql which);

/* Binds a parameter, named without its ':'. Text and bytes are borrowed until query_end, or the
 * next db_query for the same statement. Binding in the order of the statement is fastest. */
void query_bind_number(struct query *query, const char *name, int64_t number);
void query_bind_text(struct query *query, const char *name, const char *text, size_t len);
void query_bind_bytes(struct query *query, const char *name, const void *bytes, size_t len);
/* The same for a NUL-terminated text; NULL binds NULL. */
void query_bind_string(struct query *query, const char *name, const char *text);

/* Goes to the next row: STATUS_OK on a row, STATUS_ABSENT after the last one, otherwise an error,
 * which has been logged. */
enum status query_step(struct query *query) MUST_CHECK;

/* Runs a statement to its end and ends it; rows are skipped. */
enum status query_run(struct query *query) MUST_CHECK;

/* Resets the statement, so that it no longer keeps a read transaction open and the text it borrowed
 * may be freed. To be called when its rows have been read, also after an error. Returns `status`,
 * so that it can be the last line of a function. */
enum status query_end(struct query *query, enum status status);

/* A column of the current row, by its name; allowed after query_step returned STATUS_OK. A text or
 * BLOB belongs to the statement and is valid until its next step or end; *len is in bytes, and the
 * text is NULL for NULL. A number is 0 for NULL, so ask query_is_null where that differs. */
int64_t query_number(struct query *query, const char *column);
bool query_is_null(struct query *query, const char *column);
const char *query_text(struct query *query, const char *column, size_t *len);

/* How many steps SQLite's virtual machine took for all statements since the last call: what queries
 * cost, whatever else the machine was doing. Tests compare it. */
int64_t db_steps(struct db *db);

#endif
