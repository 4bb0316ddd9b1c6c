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
    DAMAGED = -1, /* in place of a sum */
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
    const char *row; /* what a row is */
    const char *texts[COLUMNS_MAX], *json[COLUMNS_MAX];
} text_checks[] = {
    {SQL_CHECK_ARTICLES,
     "article",
     {"status", "language", "slug", "slug_key", "kicker", "headline", "standfirst", "desk", "body"},
     {"image", "authors", "credits", "tags", "related"}},
    {SQL_CHECK_SECTIONS, "section", {"slug", "slug_key", "name"}, {NULL}},
    {SQL_CHECK_TERMS, "tag or author", {"kind", "key"}, {NULL}},
    {SQL_CHECK_REDIRECTS, "redirect to article", {"source"}, {NULL}},
    {SQL_CHECK_VIEW_DAYS, "packed views of article", {NULL}, {"hours"}},
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

static void check_column(struct query *query, const char *row, const char *column, bool json,
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
    tell(telling, row, query_number(query, "id"), what, edit_advice);
}

static enum status check_texts(struct db *db, const struct text_check *check,
                               struct telling *telling)
{
    enum status status;
    struct query *query = db_query(db, check->sql);
    while ((status = query_step(query)) == STATUS_OK) {
        for (int i = 0; i < COLUMNS_MAX && check->texts[i]; i++)
            check_column(query, check->row, check->texts[i], false, telling);
        for (int i = 0; i < COLUMNS_MAX && check->json[i]; i++)
            check_column(query, check->row, check->json[i], true, telling);
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

/* Calls `take` for each article whose total is not the sum of its hours, packed or not. `sum` is
 * DAMAGED when a packed day can't be read. */
static enum status
each_wrong_total(struct db *db, enum status (*take)(void *arg, int64_t id, int64_t sum), void *arg)
{
    struct query *query = db_query(db, SQL_CHECK_VIEW_TOTALS);
    enum status status;
    while ((status = query_step(query)) == STATUS_OK) {
        int64_t id = query_number(query, "article_id"), sum = 0;
        status = views_hours_each(db, id, add_hour, &sum);
        if (status == STATUS_UNUSABLE)
            status = take(arg, id, DAMAGED);
        else if (status == STATUS_OK && sum != query_number(query, "total"))
            status = take(arg, id, sum);
        if (status != STATUS_OK)
            break;
    }
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

static enum status tell_total(void *arg, int64_t id, int64_t sum)
{
    if (sum == DAMAGED)
        tell(arg, "article", id, "a packed day of views is damaged", restore_advice);
    else
        tell(arg, "article", id, "the total is not the sum of its hours", repair_advice);
    return STATUS_OK;
}

static enum status repair_total(void *arg, int64_t id, int64_t sum)
{
    struct query *query;
    if (sum == DAMAGED) /* the check that follows tells it */
        return STATUS_OK;
    query = db_query(arg, SQL_REPAIR_TOTAL);
    query_bind_number(query, "total", sum);
    query_bind_number(query, "article_id", id);
    return query_run(query);
}

static enum status check_totals(struct db *db, struct telling *telling)
{
    enum status status = each_wrong_total(db, tell_total, telling);
    tell_rest(telling, "totals that are not the sum of their hours", repair_advice);
    return status;
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
        status = check_totals(db, &telling);
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
    return status == STATUS_OK ? each_wrong_total(db, repair_total, db) : status;
}
