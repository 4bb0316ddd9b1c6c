/* No statement walks a whole table, unless it is listed here with a reason. */
#include "large_archive.h"

#include "base/file.h"

#include <sqlite3.h>

/* Statements that walk a table, and why they may. */
static const struct {
    const char *query;
    const char *plan; /* what its plan may say */
    const char *reason;
} allowed[] = {
    {"changes_seen", "SCAN changes", "the oldest first, with a LIMIT"},
    {"export_articles", "SCAN a", "writes the whole paper"},
    {"export_redirects", "SCAN r", "writes the whole paper"},
    {"export_sections", "SCAN sections", "writes the whole paper"},
    {"export_views", "SCAN", "writes the whole paper"},
    {"most_viewed_ever_since", "USE TEMP B-TREE", "sorts articles of late"},
    {"rankings_oldest", "SCAN rankings", "the first row, with a LIMIT"},
    {"view_hours_nth_newest", "SCAN newest", "as many hours as are counted"},
    {"view_slots_nth_newest", "SCAN newest", "as many slots as are counted"},
    {"views_apart_oldest", "SCAN views_apart", "the first row, with a LIMIT"},
    {"section_last_position", "SCAN sections", "at most 200 sections"},
    {"sections_all", "SCAN sections", "at most 200 sections"},
    {"sections_all", "USE TEMP B-TREE FOR ORDER BY", "at most 200 sections"},
    {"view_slots_oldest", "SCAN view_slots", "the first row, with a LIMIT"},
    {"view_hours_summed", "USE TEMP B-TREE FOR GROUP BY", "groups what slid, or all at start"},
    {"view_slots_summed", "USE TEMP B-TREE FOR GROUP BY", "groups what slid, or all at start"},
};

static bool is_walk(const char *detail)
{
    return strstr(detail, "SCAN ") || strstr(detail, "TEMP B-TREE") || strstr(detail, "AUTOMATIC");
}

static bool was_needed[COUNT(allowed)];

static bool is_allowed(const char *query, const char *detail)
{
    /* A subquery's rows, a constant row, and what one row packs are walked by everyone. */
    if (strncmp(detail, "SCAN CONSTANT ROW", 17) == 0 || strstr(detail, " VIRTUAL TABLE "))
        return true;
    /* khobor check reads the whole database, and mends all of it. */
    if (strncmp(query, "check_", 6) == 0 || strncmp(query, "repair_", 7) == 0)
        return true;
    for (size_t i = 0; i < COUNT(allowed); i++) {
        if (strcmp(allowed[i].query, query) == 0 &&
            strncmp(detail, allowed[i].plan, strlen(allowed[i].plan)) == 0) {
            was_needed[i] = true;
            return true;
        }
    }
    return false;
}

static void check_plan(sqlite3 *sqlite, const struct embedded *file)
{
    char sql[4096];
    sqlite3_stmt *statement;
    int len = (int)(file->end - file->begin);
    snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN %.*s", len, file->begin);
    assert_true((size_t)len < sizeof sql - 32);
    check_number(file->name, sqlite3_prepare_v2(sqlite, sql, -1, &statement, NULL), SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *detail = (const char *)sqlite3_column_text(statement, 3);
        if (is_walk(detail) && !is_allowed(file->name, detail)) {
            print_error("%s: its plan says \"%s\"\n", file->name, detail);
            fail();
        }
    }
    sqlite3_finalize(statement);
}

static void no_statement_walks_a_table_without_a_reason(void **state)
{
    (void)state;
    sqlite3 *sqlite;
    int checked = 0;
    assert_int_equal(sqlite3_open(paper.config.store.database, &sqlite), SQLITE_OK);
    for (const struct embedded *file = embedded_queries; file->name; file++) {
        if (strcmp(file->name, "read_begin") == 0)
            continue;
        check_plan(sqlite, file);
        checked++;
    }
    sqlite3_close(sqlite);
    check_number("statements", checked, SQL__MAX - 1);
}

static void every_exception_is_needed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(allowed); i++) {
        check_true(allowed[i].query, was_needed[i]);
        check_true(allowed[i].query, allowed[i].reason[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_statement_walks_a_table_without_a_reason),
        cmocka_unit_test(every_exception_is_needed),
    };
    return cmocka_run_group_tests_name("store/query_plans", tests, set_up, tear_down);
}
