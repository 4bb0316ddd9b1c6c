#include "db/sqlite.h"

#include "paper.h"

static struct paper paper;

static int open_paper(void **state)
{
    (void)state;
    paper_open(&paper);
    return 0;
}

static int close_paper(void **state)
{
    (void)state;
    paper_close(&paper);
    return 0;
}

static void set(struct db *db, const char *name, int64_t value)
{
    struct query *query = db_query(db, SQL_STATE_SET);
    query_bind_string(query, "name", name);
    query_bind_number(query, "value", value);
    check_status(name, query_run(query), STATUS_OK);
}

/* A remembered number; -1 when there is none. */
static int64_t get(struct db *db, const char *name)
{
    struct query *query = db_query(db, SQL_STATE_GET);
    query_bind_string(query, "name", name);
    enum status status = query_step(query);
    int64_t value = status == STATUS_OK ? query_number(query, "value") : -1;
    check_status(name, query_end(query, status), value == -1 ? STATUS_ABSENT : STATUS_OK);
    return value;
}

static void numbers_and_texts_come_back_as_they_went(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t value;
    } cases[] = {
        {"zero", 0},    {"the least", INT64_MIN},  {"the most", INT64_MAX},
        {"শূন্য", -1000}, {"a quote's ' and \"", 5}, {"", 6},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        set(paper.db, cases[i].name, cases[i].value);
    for (size_t i = 0; i < COUNT(cases); i++)
        check_number(cases[i].name, get(paper.db, cases[i].name), cases[i].value);
    check_number("none such", get(paper.db, "zer"), -1);
}

static void a_query_is_taken_up_unbound(void **state)
{
    (void)state;
    set(paper.db, "a", 5);
    struct query *query = db_query(paper.db, SQL_STATE_GET);
    query_bind_string(query, "name", "a");
    check_status("bound", query_step(query), STATUS_OK);
    query = db_query(paper.db, SQL_STATE_GET);
    check_status("unbound", query_step(query), STATUS_ABSENT);
    check_status("end", query_end(query, STATUS_GONE), STATUS_GONE);
}

static void columns_are_found_by_name_in_any_order(void **state)
{
    (void)state;
    size_t len;
    paper_import(&paper,
                 "{\"type\":\"section\",\"slug\":\"দেশ\",\"name\":\"দে\",\"position\":4}\n");
    struct query *query = db_query(paper.db, SQL_SECTIONS_ALL);
    check_status("step", query_step(query), STATUS_OK);
    check_number("position", query_number(query, "position"), 4);
    check_text("name", query_text(query, "name", &len), "দে");
    check_number("its length", (int64_t)len, 6);
    check_text("slug", query_text(query, "slug", &len), "দেশ");
    check_number("id", query_number(query, "id"), 1);
    check_true("no NULL", !query_is_null(query, "id"));
    check_number("position again", query_number(query, "position"), 4);
    check_status("no more", query_step(query), STATUS_ABSENT);
    check_status("end", query_end(query, STATUS_OK), STATUS_OK);
}

/* SQLite prepares a statement again when the schema has changed, and moves its names. */
static void columns_keep_their_names_when_the_schema_changes(void **state)
{
    (void)state;
    set(paper.db, "a", 5);
    struct db *reader = paper_reader(&paper);
    for (int i = 0; i < 5; i++) {
        char sql[80];
        snprintf(sql, sizeof sql, "CREATE TABLE another%d (value INTEGER)", i);
        check_status("a table", db_run(paper.db, sql), STATUS_OK);
        check_number("the value", get(reader, "a"), 5);
        check_number("and the writer's", get(paper.db, "a"), 5);
    }
    db_close(reader);
}

static void a_reader_can_not_write(void **state)
{
    (void)state;
    struct db *reader = paper_reader(&paper);
    struct query *query = db_query(reader, SQL_STATE_SET);
    query_bind_string(query, "name", "a");
    query_bind_number(query, "value", 1);
    enum status status = query_run(query);
    check_true("refused", status != STATUS_OK);
    check_true("by SQL too", db_run(reader, "DELETE FROM state") != STATUS_OK);
    db_close(reader);
    check_number("nothing is there", get(paper.db, "a"), -1);
}

static void a_reader_sees_what_was_committed(void **state)
{
    (void)state;
    struct db *reader = paper_reader(&paper);
    paper_begin_write(&paper);
    set(paper.db, "a", 1);
    check_number("not yet", get(reader, "a"), -1);
    paper_commit(&paper);
    check_number("now", get(reader, "a"), 1);
    paper_begin_write(&paper);
    set(paper.db, "a", 2);
    transaction_rollback(paper.transaction);
    check_number("rolled back", get(reader, "a"), 1);
    check_status("begin", query_run(db_query(reader, SQL_READ_BEGIN)), STATUS_OK);
    check_number("in a transaction", get(reader, "a"), 1);
    paper_begin_write(&paper);
    set(paper.db, "a", 3);
    paper_commit(&paper);
    check_number("the same snapshot", get(reader, "a"), 1);
    db_end_transaction(reader);
    check_number("the next one", get(reader, "a"), 3);
    db_end_transaction(reader);
    db_close(reader);
}

/* A statement that was left on a row must not prevent the next transaction. */
static void a_forgotten_row_holds_nobody_up(void **state)
{
    (void)state;
    struct fault fault;
    struct paper other = paper;
    check_done("other", transaction_open(&paper.config, &other.transaction, NULL, &fault), &fault);
    other.db = transaction_db(other.transaction);
    set(paper.db, "a", 1);
    struct query *query = db_query(other.db, SQL_STATE_GET);
    query_bind_string(query, "name", "a");
    check_status("a row", query_step(query), STATUS_OK);
    for (int i = 0; i < 3; i++) {
        paper_begin_write(&paper);
        set(paper.db, "a", i);
        paper_commit(&paper);
        paper_begin_write(&other);
        set(other.db, "b", i);
        query = db_query(other.db, SQL_STATE_GET);
        query_bind_string(query, "name", "a");
        check_status("a row", query_step(query), STATUS_OK);
        paper_commit(&other);
    }
    transaction_close(other.transaction);
}

static void steps_count_what_a_query_cost(void **state)
{
    (void)state;
    check_status("rows",
                 db_run(paper.db, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                                  "WHERE i < 1000) INSERT INTO changes SELECT i, i FROM n"),
                 STATUS_OK);
    db_steps(paper.db);
    check_number("nothing was done", db_steps(paper.db), 0);
    struct query *query = db_query(paper.db, SQL_CHANGES_SEEN);
    query_bind_number(query, "limit", 10);
    check_status("ten", query_run(query), STATUS_OK);
    int64_t ten = db_steps(paper.db);
    query = db_query(paper.db, SQL_CHANGES_SEEN);
    query_bind_number(query, "limit", 1000);
    check_status("a thousand", query_run(query), STATUS_OK);
    check_true("some", ten > 10);
    check_true("a hundred times as many", db_steps(paper.db) > 50 * ten);
}

static void a_constraint_is_an_error(void **state)
{
    (void)state;
    check_true("a foreign key",
               db_run(paper.db, "INSERT INTO view_totals VALUES (5, 1, 1, 1)") != STATUS_OK);
    check_true("a strict type",
               db_run(paper.db, "INSERT INTO state VALUES ('a', 'b')") != STATUS_OK);
    check_true("no SQL", db_run(paper.db, "SELECT FROM") != STATUS_OK);
    check_status("all is well after it", db_run(paper.db, "INSERT INTO state VALUES ('a', 1)"),
                 STATUS_OK);
}

static void a_path_that_can_be_no_database_is_a_fault(void **state)
{
    (void)state;
    char missing[128];
    struct db *db;
    struct fault fault = {.field = ""};
    snprintf(missing, sizeof missing, "%s/none.db", paper.folder);
    check_status("no file to read", db_open(missing, DB_READER, 1024, &db, &fault), STATUS_ABSENT);
    check_holds("no file to read", fault.text, missing);
    check_true("none was made", access(missing, F_OK) != 0);
}

static void closing_leaves_one_file(void **state)
{
    (void)state;
    char wal[CONFIG_TEXT_BYTES + 8];
    snprintf(wal, sizeof wal, "%s-wal", paper.config.store.database);
    set(paper.db, "a", 1);
    check_number("a WAL", access(wal, F_OK), 0);
    transaction_close(paper.transaction);
    bool gone = access(wal, F_OK) != 0;
    struct fault fault;
    check_done("again", transaction_open(&paper.config, &paper.transaction, NULL, &fault), &fault);
    paper.db = transaction_db(paper.transaction);
    check_true("the WAL is gone", gone);
    check_number("what was stored", get(paper.db, "a"), 1);
    db_close(NULL);
    transaction_close(NULL);
}

int main(void)
{
#define WITH_PAPER(test) cmocka_unit_test_setup_teardown(test, open_paper, close_paper)
    const struct CMUnitTest tests[] = {
        WITH_PAPER(numbers_and_texts_come_back_as_they_went),
        WITH_PAPER(a_query_is_taken_up_unbound),
        WITH_PAPER(columns_are_found_by_name_in_any_order),
        WITH_PAPER(columns_keep_their_names_when_the_schema_changes),
        WITH_PAPER(a_reader_can_not_write),
        WITH_PAPER(a_reader_sees_what_was_committed),
        WITH_PAPER(a_forgotten_row_holds_nobody_up),
        WITH_PAPER(steps_count_what_a_query_cost),
        WITH_PAPER(a_constraint_is_an_error),
        WITH_PAPER(a_path_that_can_be_no_database_is_a_fault),
        WITH_PAPER(closing_leaves_one_file),
    };
    return cmocka_run_group_tests_name("db/sqlite", tests, NULL, NULL);
}
