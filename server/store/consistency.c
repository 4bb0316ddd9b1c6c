/* A table of queries whose rows are faults, and a table of columns that must be whole texts or
 * JSON. Each kind of fault is told for a few rows, then counted. */
#include "store/consistency.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "store/views.h"

#include <assert.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum {
    TOLD_MAX = 5, /* rows of one kind */
    WHAT_BYTES = 320,
    COLUMNS_MAX = 16,
    CLOCK_SLACK_S = HOUR_S,
};

static const char restore_advice[] = "restore a backup, or export and import what can be read",
                  repair_advice[] = "run `khobor check --repair`",
                  edit_advice[] = "import the article again with a right value";

/* Queries that give the id of an article for each fault. */
static const struct row_check {
    enum sql sql;
    const char *what;
    const char *advice;
} row_checks[] = {
    {SQL_CHECK_TOTALS_FOLLOW, "the total views repeat another section or time than the article's",
     repair_advice},
    {SQL_CHECK_TERMS_FOLLOW, "a tag or author repeats another section or time than the article's",
     repair_advice},
    {SQL_CHECK_UNCOUNTED, "views that did not count are below 0", restore_advice},
    {SQL_CHECK_CHANGES, "a change that waits is of no article", restore_advice},
};

/* Columns of text: TEXT must be UTF-8 without control characters, JSON in addition well-formed. */
static const struct text_check {
    enum sql sql;
    const char *table;
    const char *texts[COLUMNS_MAX], *json[COLUMNS_MAX];
} text_checks[] = {
    {SQL_CHECK_ARTICLES,
     "articles",
     {"status", "language", "slug", "slug_key", "kicker", "headline", "standfirst", "desk", "body"},
     {"image", "authors", "credits", "tags", "related"}},
    {SQL_CHECK_SECTIONS, "sections", {"slug", "slug_key", "name"}, {NULL}},
    {SQL_CHECK_TERMS, "terms", {"kind", "key"}, {NULL}},
    {SQL_CHECK_REDIRECTS, "redirects", {"source"}, {NULL}},
    {SQL_CHECK_VIEW_DAYS, "view_days", {NULL}, {"hours"}},
};

/* Whom to tell, and how often one kind was told. */
struct telling {
    consistency_found *found;
    void *arg;
    int64_t count; /* of this kind */
};

static void tell(struct telling *telling, const char *where, int64_t id, const char *what,
                 const char *advice)
{
    char text[WHAT_BYTES];
    if (++telling->count > TOLD_MAX)
        return;
    snprintf(text, sizeof text, "%s %" PRId64 ": %s", where, id, what);
    telling->found(telling->arg, text, advice);
}

/* Ends one kind. */
static void tell_rest(struct telling *telling, const char *what, const char *advice)
{
    char text[WHAT_BYTES];
    int64_t rest = telling->count - TOLD_MAX;
    telling->count = 0;
    if (rest <= 0)
        return;
    snprintf(text, sizeof text, "%" PRId64 " more of this kind: %s", rest, what);
    telling->found(telling->arg, text, advice);
}

static enum status check_rows(struct db *db, const struct row_check *check, struct telling *telling)
{
    enum status status;
    struct query *query = db_query(db, check->sql);
    while ((status = query_step(query)) == STATUS_OK)
        tell(telling, "article", query_number(query, "id"), check->what, check->advice);
    tell_rest(telling, check->what, check->advice);
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

static bool is_json(const char *text, size_t len)
{
    json_error_t error;
    json_t *json = json_loadb(text, len, JSON_DECODE_ANY, &error);
    json_decref(json);
    return json != NULL;
}

static void check_column(struct query *query, const char *table, const char *column, bool json,
                         struct telling *telling)
{
    size_t len;
    uint32_t code;
    char what[WHAT_BYTES / 2];
    if (query_is_null(query, column)) /* where it may not be, integrity_check says so */
        return;
    const char *text = query_text(query, column, &len);
    bool is_whole = text && utf8_check(text, len, UTF8_MANY_LINES, &code) == UTF8_FINE;
    if (is_whole && (!json || is_json(text, len)))
        return;
    snprintf(what, sizeof what, "the column %s is not %s", column,
             is_whole ? "JSON" : "whole UTF-8");
    tell(telling, table, query_number(query, "id"), what, edit_advice);
}

static enum status check_texts(struct db *db, const struct text_check *check,
                               struct telling *telling)
{
    enum status status;
    struct query *query = db_query(db, check->sql);
    while ((status = query_step(query)) == STATUS_OK) {
        for (int i = 0; i < COLUMNS_MAX && check->texts[i]; i++)
            check_column(query, check->table, check->texts[i], false, telling);
        for (int i = 0; i < COLUMNS_MAX && check->json[i]; i++)
            check_column(query, check->table, check->json[i], true, telling);
    }
    tell_rest(telling, "texts that are not whole", edit_advice);
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

/* Numbers of articles that no paper has. */
static enum status check_numbers(struct db *db, struct telling *telling)
{
    static const char *const times[] = {"published_at", "updated_at", "created_at"};
    enum status status;
    struct query *query = db_query(db, SQL_CHECK_ARTICLES);
    while ((status = query_step(query)) == STATUS_OK) {
        int64_t id = query_number(query, "id");
        if (id < 1)
            tell(telling, "article", id, "the id must be over 0", restore_advice);
        if (query_number(query, "revision") < 1)
            tell(telling, "article", id, "the revision must be over 0", edit_advice);
        for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
            int64_t at = query_number(query, times[i]);
            if (!query_is_null(query, times[i]) && (at < INSTANT_LEAST || at > INSTANT_MOST))
                tell(telling, "article", id, "a time is in no year from 1000 to 9999", edit_advice);
        }
    }
    tell_rest(telling, "numbers that can't be", edit_advice);
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

static enum status add_hour(void *arg, int64_t hour, int64_t count,
                            const struct uncounted_views *uncounted)
{
    int64_t *sum = arg;
    (void)hour;
    (void)uncounted;
    *sum += count;
    return STATUS_OK;
}

/* Compares each total with the sum of its hours, packed or not; `repairs` sets the total. */
static enum status check_totals(struct db *db, bool repairs, struct telling *telling)
{
    enum status status;
    struct query *query = db_query(db, SQL_CHECK_VIEW_TOTALS);
    while ((status = query_step(query)) == STATUS_OK) {
        int64_t id = query_number(query, "article_id"), total = query_number(query, "total");
        int64_t sum = 0;
        enum status summed = views_hours_each(db, id, add_hour, &sum);
        if (summed == STATUS_UNUSABLE && !repairs)
            tell(telling, "article", id, "a packed day of views is damaged", restore_advice);
        else if (summed != STATUS_OK && summed != STATUS_UNUSABLE)
            return query_end(query, summed);
        else if (summed == STATUS_OK && sum != total && repairs) {
            struct query *repair = db_query(db, SQL_REPAIR_TOTAL);
            query_bind_number(repair, "total", sum);
            query_bind_number(repair, "article_id", id);
            summed = query_run(repair);
            if (summed != STATUS_OK)
                return query_end(query, summed);
        } else if (summed == STATUS_OK && sum != total)
            tell(telling, "article", id, "the total is not the sum of its hours", repair_advice);
    }
    if (!repairs)
        tell_rest(telling, "totals that are not the sum of their hours", repair_advice);
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

static enum status check_structure(struct db *db, struct telling *telling)
{
    char text[WHAT_BYTES / 2] = "it can't be read", what[WHAT_BYTES];
    enum status status = db_text(db, "PRAGMA integrity_check(1)", NULL, text, sizeof text);
    if (status != STATUS_OK || strcmp(text, "ok") != 0) {
        snprintf(what, sizeof what, "the file is damaged: %s", text);
        telling->found(telling->arg, what, restore_advice);
    }
    status = db_text(db, "PRAGMA foreign_key_check", NULL, text, sizeof text);
    if (status == STATUS_OK) {
        snprintf(what, sizeof what, "the table %s names a row that is not there", text);
        telling->found(telling->arg, what, restore_advice);
    }
    return status == STATUS_ABSENT ? STATUS_OK : status;
}

static enum status check_clock(struct db *db, int64_t now_s, struct telling *telling)
{
    struct query *query = db_query(db, SQL_CHECK_NEWEST_SLOT);
    enum status status = query_step(query);
    if (status == STATUS_OK && !query_is_null(query, "begin") &&
        query_number(query, "begin") > now_s + CLOCK_SLACK_S)
        telling->found(telling->arg, "views were counted in the future of this clock",
                       "set the clock");
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

enum status consistency_check(struct db *db, int64_t now_s, consistency_found *found, void *arg)
{
    struct telling telling = {.found = found, .arg = arg};
    enum status status = check_structure(db, &telling);
    for (size_t i = 0; i < sizeof text_checks / sizeof text_checks[0] && status == STATUS_OK; i++)
        status = check_texts(db, &text_checks[i], &telling);
    if (status == STATUS_OK)
        status = check_numbers(db, &telling);
    for (size_t i = 0; i < sizeof row_checks / sizeof row_checks[0] && status == STATUS_OK; i++)
        status = check_rows(db, &row_checks[i], &telling);
    if (status == STATUS_OK)
        status = check_totals(db, false, &telling);
    if (status == STATUS_OK)
        status = check_clock(db, now_s, &telling);
    if (status != STATUS_OK)
        found(arg, "the database can't be read to its end", restore_advice);
    return status;
}

enum status consistency_repair(struct db *db)
{
    enum status status = query_run(db_query(db, SQL_REPAIR_TOTALS_FOLLOW));
    if (status == STATUS_OK)
        status = query_run(db_query(db, SQL_REPAIR_TERMS_FOLLOW));
    return status == STATUS_OK ? check_totals(db, true, NULL) : status;
}
