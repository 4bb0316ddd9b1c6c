#include "db/migrate.h"

#include "base/file.h"
#include "paper.h"

#include <sqlite3.h>

static char folder[64], path[128];

static int open_folder(void **state)
{
    (void)state;
    folder_make(folder);
    snprintf(path, sizeof path, "%s/paper.db", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

static struct db *open_writer(void)
{
    struct db *db;
    struct fault fault = {.field = ""};
    check_done("open", db_open(path, DB_WRITER, 1024, &db, &fault), &fault);
    return db;
}

static void make(void)
{
    int from;
    struct fault fault;
    struct db *db = open_writer();
    check_done("migrate", migrate(db, &from, &fault), &fault);
    db_close(db);
}

/* Makes a file with SQLite alone, as another program does. */
static void make_foreign(const char *sql)
{
    sqlite3 *sqlite;
    assert_int_equal(sqlite3_open(path, &sqlite), SQLITE_OK);
    check_number(sql, sqlite3_exec(sqlite, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(sqlite);
}

static int64_t number(struct db *db, const char *sql)
{
    int64_t number = -1;
    check_status(sql, db_number(db, sql, &number), STATUS_OK);
    return number;
}

static void a_new_file_gets_every_migration(void **state)
{
    (void)state;
    int from = -1;
    struct fault fault;
    struct db *db = open_writer();
    check_done("migrate", migrate(db, &from, &fault), &fault);
    check_number("from", from, 0);
    check_number("version", number(db, "PRAGMA user_version"), migrate_newest());
    check_number("application", number(db, "PRAGMA application_id"), 0x4B686272);
    check_done("every statement", db_prepare(db, &fault), &fault);
    check_done("check", migrate_check(db, &fault), &fault);
    check_number("nothing in it", number(db, "SELECT count(*) FROM articles"), 0);
    db_close(db);
}

static void there_is_a_migration_for_each_version(void **state)
{
    (void)state;
    char number_of_it[16];
    check_true("at least one", migrate_newest() >= 1);
    for (int i = 0; i < migrate_newest(); i++) {
        snprintf(number_of_it, sizeof number_of_it, "%04d_", i + 1);
        check_true(embedded_migrations[i].name,
                   strncmp(embedded_migrations[i].name, number_of_it, 5) == 0);
    }
}

static void a_migrated_file_stays_as_it_is(void **state)
{
    (void)state;
    int from = -1;
    size_t before_len, after_len;
    struct fault fault;
    make();
    char *before = file_read(path, &before_len);
    struct db *db = open_writer();
    check_done("again", migrate(db, &from, &fault), &fault);
    db_close(db);
    char *after = file_read(path, &after_len);
    bool same = before_len == after_len && memcmp(before, after, before_len) == 0;
    free(before);
    free(after);
    check_number("from", from, migrate_newest());
    check_true("the same bytes", same);
}

/* In a test of one step after the other a program could die between any two. */
static void a_migration_is_whole_or_not_at_all(void **state)
{
    (void)state;
    for (int pages = 2; pages < 200; pages++) {
        int from;
        char pragma[64];
        struct fault fault;
        struct db *db = open_writer();
        snprintf(pragma, sizeof pragma, "PRAGMA max_page_count = %d", pages);
        check_number("pragma", number(db, pragma), pages);
        enum status status = migrate(db, &from, &fault);
        if (status == STATUS_OK) {
            db_close(db);
            check_true("several pages", pages > 10);
            return;
        }
        check_status("full", status, STATUS_FULL);
        check_number("version", number(db, "PRAGMA user_version"), 0);
        check_number("application", number(db, "PRAGMA application_id"), 0);
        check_number("tables", number(db, "SELECT count(*) FROM sqlite_schema"), 0);
        check_number("transaction", number(db, "PRAGMA data_version") > 0, 1);
        check_status("no transaction is open", db_run(db, "BEGIN IMMEDIATE; COMMIT"), STATUS_OK);
        db_close(db);
    }
    fail();
}

static const struct {
    const char *name;
    const char *sql; /* NULL: a file of Khobor's, changed by `change` */
    const char *change;
    const char *text; /* a part of the reason */
} refused[] = {
    {"from the future", NULL, "PRAGMA user_version = 1000", "newer"},
    {"a version below 0", NULL, "PRAGMA user_version = -1", "version -1"},
    {"another program's", "CREATE TABLE t (a); PRAGMA application_id = 5", NULL, "another program"},
    {"another program's without a table", "PRAGMA application_id = 5", NULL, "another program"},
    {"nobody's with a table", "CREATE TABLE t (a)", NULL, "another program"},
    {"nobody's with a version", "PRAGMA user_version = 1", NULL, "another program"},
    {"another program's in WAL mode",
     "PRAGMA journal_mode = WAL; CREATE TABLE t (a); PRAGMA application_id = 5", NULL,
     "another program"},
};

static void check_refusal(const char *name, const char *text)
{
    int from = -5;
    size_t before_len, after_len;
    struct fault fault = {.field = ""};
    char *before = file_read(path, &before_len);
    struct db *db = open_writer();
    enum status status = migrate(db, &from, &fault);
    struct fault check_fault = {.field = ""};
    enum status check = migrate_check(db, &check_fault);
    db_close(db);
    char *after = file_read(path, &after_len);
    bool same = before_len == after_len && memcmp(before, after, before_len) == 0;
    free(before);
    free(after);
    check_status(name, status, STATUS_UNUSABLE);
    check_text(name, fault.field, "database");
    check_holds(name, fault.text, text);
    check_number(name, from, -5);
    check_true("the file has the same bytes", same);
    check_status(name, check, STATUS_UNUSABLE);
    check_holds(name, check_fault.text, text);
}

static void a_file_that_is_not_ours_is_left_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++) {
        unlink(path);
        if (refused[i].sql)
            make_foreign(refused[i].sql);
        else
            make();
        if (refused[i].change)
            make_foreign(refused[i].change);
        check_refusal(refused[i].name, refused[i].text);
    }
}

/* With transaction_open, which has more to close. A WAL that a newer Khobor has left
 * when it was killed is its own to recover. */
static void a_wal_that_is_not_ours_is_left_alone(void **state)
{
    (void)state;
    char copy[160], wal[160], copy_wal[168];
    size_t len, wal_len, after_len;
    sqlite3 *sqlite;
    struct config config;
    struct transaction *transaction;
    struct fault fault = {.field = ""};
    make();
    make_foreign("PRAGMA user_version = 1000");
    assert_int_equal(sqlite3_open(path, &sqlite), SQLITE_OK);
    assert_int_equal(sqlite3_exec(sqlite, "CREATE TABLE newer (a)", NULL, NULL, NULL), SQLITE_OK);
    snprintf(wal, sizeof wal, "%s-wal", path);
    snprintf(copy, sizeof copy, "%s/killed.db", folder);
    snprintf(copy_wal, sizeof copy_wal, "%s-wal", copy);
    char *bytes = file_read(path, &len), *wal_bytes = file_read(wal, &wal_len);
    assert_non_null(wal_bytes);
    assert_true(wal_len > 0);
    file_write(copy, bytes, len);
    file_write(copy_wal, wal_bytes, wal_len);
    sqlite3_close(sqlite);
    config_init(&config);
    snprintf(config.store.database, sizeof config.store.database, "%s", copy);
    enum status status = transaction_open(&config, &transaction, NULL, &fault);
    char *after = file_read(copy, &after_len);
    bool same = after && after_len == len && memcmp(after, bytes, len) == 0;
    free(after);
    after = file_read(copy_wal, &after_len);
    bool same_wal = after && after_len == wal_len && memcmp(after, wal_bytes, wal_len) == 0;
    free(after);
    free(bytes);
    free(wal_bytes);
    check_status("open", status, STATUS_UNUSABLE);
    check_true("the file is as it was", same);
    check_true("its WAL is as it was", same_wal);
}

static void what_is_no_database_is_left_alone(void **state)
{
    (void)state;
    static const char text[] = "This is no database, but a text that is long enough to be looked "
                               "at. SQLite reads a header of a hundred bytes, so it is longer.";
    size_t len;
    struct db *db;
    struct fault fault = {.field = ""};
    file_write(path, text, sizeof text - 1);
    check_status("open", db_open(path, DB_WRITER, 1024, &db, &fault), STATUS_UNUSABLE);
    check_text("field", fault.field, "database");
    check_holds("reason", fault.text, "not an SQLite database");
    char *after = file_read(path, &len);
    check_text("bytes", after, text);
    free(after);
}

static void an_empty_file_is_a_new_one(void **state)
{
    (void)state;
    int from = -1;
    struct fault fault;
    file_write(path, "", 0);
    struct db *db = open_writer();
    check_done("migrate", migrate(db, &from, &fault), &fault);
    check_number("from", from, 0);
    db_close(db);
}

static void a_reader_asks_for_the_newest_version(void **state)
{
    (void)state;
    struct fault fault = {.field = ""};
    struct db *db;
    make();
    make_foreign("PRAGMA user_version = 0");
    check_done("open", db_open(path, DB_READER, 1024, &db, &fault), &fault);
    check_status("old", migrate_check(db, &fault), STATUS_UNUSABLE);
    check_holds("old", fault.text, "khobor migrate");
    db_close(db);
}

int main(void)
{
#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, open_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(a_new_file_gets_every_migration),
        WITH_FOLDER(there_is_a_migration_for_each_version),
        WITH_FOLDER(a_migrated_file_stays_as_it_is),
        WITH_FOLDER(a_migration_is_whole_or_not_at_all),
        WITH_FOLDER(a_file_that_is_not_ours_is_left_alone),
        WITH_FOLDER(a_wal_that_is_not_ours_is_left_alone),
        WITH_FOLDER(what_is_no_database_is_left_alone),
        WITH_FOLDER(an_empty_file_is_a_new_one),
        WITH_FOLDER(a_reader_asks_for_the_newest_version),
    };
    return cmocka_run_group_tests_name("db/migrate", tests, NULL, NULL);
}
