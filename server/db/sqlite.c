/* Wraps SQLite's C interface. Statements are prepared once for each connection and kept; columns
 * and parameters are found by name, starting at the one after the last, so that code that asks in
 * the statement's order compares one name each time. */
#include "db/sqlite.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/log.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PARAMETER_BYTES = 48,
    SHM_REGION_BYTES = 32768,
    SHM_MOVED_AT = 96, /* https://sqlite.org/walformat.html: nBackfill */
    BUSY_MS = 200,     /* a connection waits only for programs that do not know Khobor's locks */
};

/* Invariants: last_column is below columns_len, or 0; a statement that is not is_running is reset;
 * is_on_row implies is_running, and only then may columns be read. */
struct query {
    struct db *db;
    sqlite3_stmt *statement;
    char **columns; /* their names, copied: SQLite's own move when it prepares again */
    int columns_len;
    int last_column;    /* the column that was read last; the next read begins its search there */
    int next_parameter; /* from 1: where the search for the next parameter begins */
    bool is_running;    /* stepped since it was reset */
    bool is_on_row;     /* the last step gave a row */
};

struct db {
    sqlite3 *sqlite;
    int logged_code;        /* of the error that was logged last, until a commit succeeds */
    sqlite3_stmt *rollback; /* prepared first, so that it needs no memory later */
    int wal_pages;          /* in the WAL after the last commit */
    int timeout_ms;
    struct query queries[SQL__MAX];
};

static enum status status_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_DONE:
    case SQLITE_ROW:
        return STATUS_OK;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return STATUS_BUSY;
    case SQLITE_FULL:
        return STATUS_FULL;
    case SQLITE_NOMEM:
        return STATUS_NO_MEMORY;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return STATUS_UNUSABLE;
    default:
        return STATUS_FAILED;
    }
}

/* Logs an error once: what fails is tried again and again, as on a full disk. */
static enum status log_error(struct db *db, int code, const char *what)
{
    enum status status = status_of(code);
    assert(status != STATUS_OK);
    if (db->logged_code != code)
        log_write(LOG_ERROR, "database: %s: %s (SQLite %d)", what, sqlite3_errmsg(db->sqlite),
                  sqlite3_extended_errcode(db->sqlite));
    db->logged_code = code;
    return status;
}

/* Why a file can't be used, in words for its owner. Never STATUS_OK. */
static enum status open_fault(const char *path, int code, struct fault *fault)
{
    static const struct {
        int code;
        const char *text;
    } rows[] = {
        {SQLITE_NOTADB, "is not an SQLite database"},
        {SQLITE_CORRUPT, "is damaged"},
        {SQLITE_ERROR, "is damaged: its tables are not Khobor's"}, /* a statement names another */
        {SQLITE_READONLY, "or its folder is read-only; the database's folder must be writable"},
        {SQLITE_BUSY, "is locked by another program"},
        {SQLITE_FULL, "is on a disk that is full"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].code == (code & 0xff))
            return fault_set(fault, code == SQLITE_ERROR ? STATUS_UNUSABLE : status_of(code),
                             "database", "%s %s", path, rows[i].text);
    }
    return fault_set(fault, status_of(code), "database", "%s can't be opened: %s", path,
                     sqlite3_errstr(code));
}

static int note_wal(void *arg, sqlite3 *sqlite, const char *name, int pages)
{
    (void)sqlite, (void)name;
    ((struct db *)arg)->wal_pages = pages;
    return SQLITE_OK;
}

/* Sets a connection up. Its last statement fails if the file is no database. */
static int configure(struct db *db, enum db_role role, int cache_kb)
{
    char pragmas[320];
    assert(cache_kb > 0);
    snprintf(pragmas, sizeof pragmas,
             "PRAGMA cache_size = -%d; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON;"
             "PRAGMA trusted_schema = OFF; %s SELECT count(*) FROM sqlite_schema;",
             cache_kb,
             role == DB_WRITER ? "PRAGMA synchronous = FULL;" : "PRAGMA query_only = ON;");
    db_set_timeout(db, BUSY_MS);
    sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_wal_hook(db->sqlite, note_wal, db); /* in place of SQLite's own checkpoints */
    if (role == DB_READER)
        sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    return sqlite3_exec(db->sqlite, pragmas, NULL, NULL, NULL);
}

void db_set_timeout(struct db *db, int timeout_ms)
{
    sqlite3_busy_timeout(db->sqlite, db->timeout_ms = timeout_ms);
}

int db_wal_pages(const struct db *db)
{
    return db->wal_pages;
}

enum status db_checkpoint(struct db *db, bool cuts_wal)
{
    int pages = 0, moved = 0;
    sqlite3_busy_timeout(db->sqlite, 0); /* a reader that is in the way is not waited for */
    int code = sqlite3_wal_checkpoint_v2(
        db->sqlite, "main", cuts_wal ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE,
        &pages, &moved);
    sqlite3_busy_timeout(db->sqlite, db->timeout_ms);
    if (code != SQLITE_OK)
        return (code & 0xff) == SQLITE_BUSY ? STATUS_BUSY : log_error(db, code, "a checkpoint");
    db->wal_pages = cuts_wal ? 0 : pages - moved;
    return STATUS_OK;
}

int64_t db_moved_frames(struct db *db)
{
    sqlite3_file *file = NULL;
    volatile void *region = NULL;
    uint32_t moved;
    if (sqlite3_file_control(db->sqlite, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK ||
        !file->pMethods || file->pMethods->iVersion < 2 ||
        file->pMethods->xShmMap(file, 0, SHM_REGION_BYTES, 0, &region) != SQLITE_OK || !region)
        return 0;
    memcpy(&moved, (const char *)region + SHM_MOVED_AT, sizeof moved);
    return moved;
}

enum status db_open(const char *path, enum db_role role, int cache_kb, struct db **db,
                    struct fault *fault)
{
    if (access(path, F_OK) != 0 && role == DB_READER)
        return fault_set(fault, STATUS_ABSENT, "database", "%s does not exist", path);
    struct db *opened = calloc(1, sizeof *opened);
    if (!opened)
        return fault_set(fault, STATUS_NO_MEMORY, "database", "%s can't be opened: out of memory",
                         path);
    /* Statistics of memory take a process-wide lock at each allocation. (The first call counts.) */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int code = sqlite3_open_v2(path, &opened->sqlite,
                               flags | (role == DB_WRITER ? SQLITE_OPEN_CREATE : 0), NULL);
    if (code == SQLITE_OK)
        code = configure(opened, role, cache_kb);
    if (code == SQLITE_OK)
        code = sqlite3_prepare_v3(opened->sqlite, "ROLLBACK", -1, SQLITE_PREPARE_PERSISTENT,
                                  &opened->rollback, NULL);
    if (code == SQLITE_OK && role == DB_WRITER && sqlite3_db_readonly(opened->sqlite, "main") == 1)
        code = SQLITE_READONLY;
    if (code != SQLITE_OK) {
        db_close(opened);
        return open_fault(path, code, fault);
    }
    *db = opened;
    return STATUS_OK;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    for (size_t i = 0; i < SQL__MAX; i++) {
        sqlite3_finalize(db->queries[i].statement);
        for (int j = 0; db->queries[i].columns && j < db->queries[i].columns_len; j++)
            free(db->queries[i].columns[j]);
        free(db->queries[i].columns);
    }
    sqlite3_finalize(db->rollback);
    sqlite3_close(db->sqlite);
    free(db);
}

void db_keep_wal(struct db *db)
{
    sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

/* Nearly all statements of a connection are at rest at any time, so this is mostly a comparison. */
static void reset(struct query *query)
{
    assert(query->is_running || !query->is_on_row);
    if (!query->is_running)
        return;
    sqlite3_reset(query->statement);
    query->is_running = query->is_on_row = false;
}

void db_reset_statements(struct db *db)
{
    for (size_t i = 0; i < SQL__MAX; i++)
        reset(&db->queries[i]);
}

void db_end_transaction(struct db *db)
{
    db_reset_statements(db);
    if (sqlite3_get_autocommit(db->sqlite))
        return;
    assert(db->rollback);
    sqlite3_step(db->rollback);
    int code = sqlite3_reset(db->rollback);
    if (code != SQLITE_OK) /* the next db_end_transaction tries again */
        log_error(db, code, "ROLLBACK");
}

/* Copies the names of a statement's columns. */
static bool copy_column_names(struct query *query)
{
    query->columns_len = sqlite3_column_count(query->statement);
    query->columns = calloc((size_t)query->columns_len + 1, sizeof *query->columns);
    for (int i = 0; i < query->columns_len && query->columns; i++) {
        const char *name = sqlite3_column_name(query->statement, i);
        query->columns[i] = name ? strdup(name) : NULL;
        if (!query->columns[i])
            return false;
    }
    return query->columns != NULL;
}

enum status db_begin_read(struct db *db)
{
    db_end_transaction(db);
    enum status status = query_run(db_query(db, SQL_READ_BEGIN));
    if (status != STATUS_OK)
        db_end_transaction(db);
    return status;
}

enum status db_prepare(struct db *db, struct fault *fault)
{
    for (size_t i = 0; i < SQL__MAX; i++) {
        const struct embedded *file = &embedded_queries[i];
        struct query *query = &db->queries[i];
        assert(!query->statement && file->name); /* enum sql has the table's order */
        *query = (struct query){.db = db};
        int code = sqlite3_prepare_v3(db->sqlite, file->begin, (int)(file->end - file->begin),
                                      SQLITE_PREPARE_PERSISTENT, &query->statement, NULL);
        if (code == SQLITE_OK && !copy_column_names(query))
            code = SQLITE_NOMEM;
        if (code != SQLITE_OK) {
            log_error(db, code, file->name);
            return open_fault(sqlite3_db_filename(db->sqlite, "main"), code, fault);
        }
    }
    return STATUS_OK;
}

enum status db_run(struct db *db, const char *sql)
{
    int code = sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL);
    if (code != SQLITE_OK)
        return log_error(db, code, sql);
    if (strcmp(sql, "COMMIT") == 0)
        db->logged_code = SQLITE_OK;
    return STATUS_OK;
}

enum status db_text(struct db *db, const char *sql, const char *argument, char *text, size_t size)
{
    sqlite3_stmt *statement = NULL;
    enum status status = STATUS_OK;
    int code = sqlite3_prepare_v2(db->sqlite, sql, -1, &statement, NULL);
    if (code == SQLITE_OK && argument)
        code = sqlite3_bind_text(statement, 1, argument, -1, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    const char *found = code == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : NULL;
    if (found)
        snprintf(text, size, "%s", found);
    else if (code == SQLITE_ROW || code == SQLITE_DONE)
        status = STATUS_ABSENT;
    else
        status = log_error(db, code, sql);
    sqlite3_finalize(statement);
    return status;
}

enum status db_number(struct db *db, const char *sql, int64_t *number)
{
    char text[24];
    enum status status = db_text(db, sql, NULL, text, sizeof text);
    if (status == STATUS_OK)
        *number = strtoll(text, NULL, 10);
    return status;
}

struct query *db_query(struct db *db, enum sql which)
{
    struct query *query = &db->queries[which];
    assert(query->statement && "db_prepare comes first");
    reset(query);
    sqlite3_clear_bindings(query->statement);
    query->last_column = 0;
    query->next_parameter = 1;
    return query;
}

/* The index of a parameter, from 1. Callers bind in the statement's order, so the next is tried
 * first. */
static int parameter_named(struct query *query, const char *name)
{
    assert(!query->is_running && query->next_parameter > 0); /* SQLite refuses to bind then */
    const char *next = sqlite3_bind_parameter_name(query->statement, query->next_parameter);
    int index = query->next_parameter;
    if (!next || strcmp(next + 1, name) != 0) {
        char full[PARAMETER_BYTES];
        snprintf(full, sizeof full, ":%s", name);
        index = sqlite3_bind_parameter_index(query->statement, full);
    }
    assert(index > 0 && "the statement has no such parameter");
    query->next_parameter = index + 1;
    return index;
}

void query_bind_number(struct query *query, const char *name, int64_t number)
{
    sqlite3_bind_int64(query->statement, parameter_named(query, name), number);
}

void query_bind_text(struct query *query, const char *name, const char *text, size_t len)
{
    sqlite3_bind_text64(query->statement, parameter_named(query, name), text, len, SQLITE_STATIC,
                        SQLITE_UTF8);
}

void query_bind_bytes(struct query *query, const char *name, const void *bytes, size_t len)
{
    sqlite3_bind_blob64(query->statement, parameter_named(query, name), bytes, len, SQLITE_STATIC);
}

void query_bind_string(struct query *query, const char *name, const char *text)
{
    if (text)
        query_bind_text(query, name, text, strlen(text));
    else
        sqlite3_bind_null(query->statement, parameter_named(query, name));
}

enum status query_step(struct query *query)
{
    query->is_running = true;
    int code = sqlite3_step(query->statement);
    query->is_on_row = code == SQLITE_ROW;
    query->last_column = 0;
    if (code == SQLITE_ROW)
        return STATUS_OK;
    if (code == SQLITE_DONE)
        return STATUS_ABSENT;
    return log_error(query->db, code, embedded_queries[query - query->db->queries].name);
}

enum status query_run(struct query *query)
{
    enum status status;
    while ((status = query_step(query)) == STATUS_OK)
        continue;
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

enum status query_end(struct query *query, enum status status)
{
    reset(query);
    return status;
}

/* The index of a column of the current row. */
static int column_named(struct query *query, const char *name)
{
    int at = query->last_column;
    assert(query->is_on_row && at < query->columns_len);
    for (int i = 0; i < query->columns_len; i++) {
        const char *column = query->columns[at];
        if (column[0] == name[0] && strcmp(column, name) == 0) {
            query->last_column = at;
            return at;
        }
        at = at + 1 < query->columns_len ? at + 1 : 0;
    }
    assert(!"the statement has no such column");
    return 0;
}

int64_t query_number(struct query *query, const char *column)
{
    return sqlite3_column_int64(query->statement, column_named(query, column));
}

bool query_is_null(struct query *query, const char *column)
{
    return sqlite3_column_type(query->statement, column_named(query, column)) == SQLITE_NULL;
}

const char *query_text(struct query *query, const char *column, size_t *len)
{
    int at = column_named(query, column);
    const char *text = (const char *)sqlite3_column_text(query->statement, at);
    *len = (size_t)sqlite3_column_bytes(query->statement, at);
    if (!text && sqlite3_errcode(query->db->sqlite) == SQLITE_NOMEM)
        arena_note_failure();
    return text;
}

int64_t db_steps(struct db *db)
{
    int64_t steps = 0;
    for (size_t i = 0; i < SQL__MAX; i++) {
        if (db->queries[i].statement)
            steps += sqlite3_stmt_status(db->queries[i].statement, SQLITE_STMTSTATUS_VM_STEP, 1);
    }
    return steps;
}
