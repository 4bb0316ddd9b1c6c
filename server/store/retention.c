/* A table names the three kinds of rows that are deleted, with the statements that find the oldest,
 * count what came since, and delete; packing is a fourth kind with steps of its own. How far hours
 * are packed is remembered in the table state, as the day `views_packed_until`:
 *
 *        view_days            view_hours
 *   |------ packed ------|- to be packed -|--- within VIEW_HOURS_KEPT_S ---|
 *                   packed_until        before                           now
 *
 * R1  A step reads and changes at most STEP_ROWS rows of each kind.
 * R2  packed_until is the beginning of a day. It falls only in retention_unpack.
 * R3  A pack leaves the sum of an article's views as it was: what is added to view_days is removed
 *     from view_hours in the same transaction.
 */
#include "store/retention.h"

#include "store/state.h"
#include "store/view_days.h"
#include "store/views.h"

#include <assert.h>
#include <stdlib.h>

enum {
    STEP_ROWS = 500, /* of each kind in one step: some milliseconds */
    NEWER_SLOTS = VIEW_SLOTS_KEPT_S / VIEW_SLOT_S,
    NEWER_HOURS = 24, /* with views, or with a stored ranking */
};

static const char packed_until[] = "views_packed_until";

static int64_t lesser(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The begin of the nth newest slot or hour that is not after `now_s`; INT64_MIN when there are
 * fewer.
 */
static enum status nth_newest(struct db *db, enum sql which, const char *column, int64_t now_s,
                              int64_t nth, int64_t *begin)
{
    struct query *query = db_query(db, which);
    query_bind_number(query, "now", now_s);
    query_bind_number(query, "nth", nth);
    enum status status = query_step(query);
    *begin = status == STATUS_OK ? query_number(query, column) : INT64_MIN;
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

/* A kind of rows that are deleted: its statements, their column and parameter, and how many newer
 * slots or hours must have rows. */
struct expiring_kind {
    enum sql oldest, nth_newest, expire;
    const char *column, *before;
    int64_t newer;
};

enum {
    KIND_SLOTS,
    KIND_UNCOUNTED,
    KIND_RANKINGS,
    KIND__MAX
};

static const struct expiring_kind kinds[KIND__MAX] = {
    [KIND_SLOTS] = {SQL_VIEW_SLOTS_OLDEST, SQL_VIEW_SLOTS_NTH_NEWEST, SQL_VIEW_SLOTS_EXPIRE,
                    "begin", "before_begin", NEWER_SLOTS},
    [KIND_UNCOUNTED] = {SQL_VIEWS_APART_OLDEST, SQL_VIEW_HOURS_NTH_NEWEST, SQL_VIEWS_APART_EXPIRE,
                        "begin", "before_begin", NEWER_HOURS},
    [KIND_RANKINGS] = {SQL_RANKINGS_OLDEST, SQL_RANKING_HOUR_NTH_NEWEST, SQL_RANKINGS_EXPIRE,
                       "hour", "before_hour", NEWER_HOURS},
};

/* Sets *before so that rows of a kind which begin before it have expired; INT64_MIN when no row
 * has.
 */
static enum status expired_before(struct db *db, int kind_index, int64_t now_s, int64_t history_s,
                                  int64_t *before)
{
    const int64_t kept_s[KIND__MAX] = {[KIND_SLOTS] = VIEW_SLOTS_KEPT_S,
                                       [KIND_UNCOUNTED] = VIEW_HOURS_KEPT_S,
                                       [KIND_RANKINGS] = history_s};
    const struct expiring_kind *kind = &kinds[kind_index];
    int64_t by_age =
        instant_floor(now_s - kept_s[kind_index], kind_index == KIND_SLOTS ? VIEW_SLOT_S : HOUR_S);
    int64_t by_newer;
    assert(kept_s[kind_index] >= 0 && kind->newer > 0); /* 0: rankings are not kept at all */
    *before = INT64_MIN;
    struct query *query = db_query(db, kind->oldest);
    enum status status = query_step(query);
    int64_t oldest = status == STATUS_OK ? query_number(query, kind->column) : INT64_MAX;
    status = query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
    if (status != STATUS_OK || oldest >= by_age)
        return status;
    status = nth_newest(db, kind->nth_newest, kind->column, now_s, kind->newer, &by_newer);
    if (status == STATUS_OK && oldest < lesser(by_age, by_newer))
        *before = lesser(by_age, by_newer);
    return status;
}

/* The range of hours that are to be packed; *from >= *before when there are none. */
static enum status pack_range(struct db *db, int64_t now_s, int64_t *from, int64_t *before)
{
    int64_t by_newer;
    enum status status = state_get(db, packed_until, from);
    *before = instant_floor(now_s - VIEW_HOURS_KEPT_S, DAY_S);
    if (status != STATUS_OK || *from >= *before)
        return status;
    status = nth_newest(db, SQL_VIEW_HOURS_NTH_NEWEST, "begin", now_s, NEWER_HOURS, &by_newer);
    if (status == STATUS_OK && by_newer == INT64_MIN)
        *before = *from;
    else if (status == STATUS_OK)
        *before = lesser(*before, instant_floor(by_newer - VIEW_HOURS_KEPT_S, DAY_S));
    return status;
}

enum status retention_due(struct db *db, int64_t now_s, int64_t history_s, bool *due)
{
    int64_t from, before;
    enum status status = pack_range(db, now_s, &from, &before);
    bool is_due = from < before;
    for (int i = 0; i < KIND__MAX && status == STATUS_OK && !is_due; i++) {
        status = expired_before(db, i, now_s, history_s, &before);
        is_due = before != INT64_MIN;
    }
    if (status == STATUS_OK)
        *due = is_due;
    return status;
}

/* Reads the oldest hours of a range, at most STEP_ROWS, before any is packed: a statement must not
 * walk rows that are being deleted. */
static enum status read_hours(struct db *db, int64_t from, int64_t before, struct view_count *hours,
                              int *count)
{
    struct query *query = db_query(db, SQL_VIEW_HOURS_UNPACKED);
    query_bind_number(query, "from_begin", from);
    query_bind_number(query, "before_begin", before);
    query_bind_number(query, "limit", STEP_ROWS);
    enum status status;
    *count = 0;
    while ((status = query_step(query)) == STATUS_OK) {
        assert(*count < STEP_ROWS); /* R1 */
        hours[(*count)++] = (struct view_count){.begin = query_number(query, "begin"),
                                                .article_id = query_number(query, "article_id"),
                                                .count = query_number(query, "count")};
    }
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

static int by_day_and_article(const void *left, const void *right)
{
    const struct view_count *a = left, *b = right;
    int64_t a_day = instant_floor(a->begin, DAY_S), b_day = instant_floor(b->begin, DAY_S);
    if (a_day != b_day)
        return a_day < b_day ? -1 : 1;
    return a->article_id < b->article_id ? -1 : a->article_id > b->article_id;
}

/* Moves the first hours, as many as are of one article and day, into their packed day; *moved says
 * how many. */
static enum status pack_day(struct db *db, const struct view_count *hours, int count, int *moved)
{
    assert(count > 0 && count <= STEP_ROWS); /* R1 */
    struct view_day packed;
    int64_t article_id = hours[0].article_id, day = instant_floor(hours[0].begin, DAY_S);
    if (hours[0].begin < day) /* of a damaged database: instant_floor has no day for it */
        return STATUS_UNUSABLE;
    enum status status = view_day_find(db, day, article_id, &packed);
    int i = 0;
    for (; i < count && status == STATUS_OK && hours[i].article_id == article_id &&
           instant_floor(hours[i].begin, DAY_S) == day;
         i++) {
        status = view_day_add(&packed, (int)((hours[i].begin - day) / HOUR_S), hours[i].count);
        if (status != STATUS_OK)
            break;
        struct query *query = db_query(db, SQL_VIEW_HOUR_REMOVE); /* R3 */
        query_bind_number(query, "begin", hours[i].begin);
        query_bind_number(query, "article_id", article_id);
        status = query_run(query);
    }
    assert(i > 0 || status != STATUS_OK);
    *moved = i;
    return status == STATUS_OK ? view_day_save(db, day, article_id, &packed) : status;
}

static enum status pack_hours(struct db *db, int64_t now_s)
{
    struct view_count hours[STEP_ROWS];
    int count, moved;
    int64_t from, before;
    enum status status = pack_range(db, now_s, &from, &before);
    if (status != STATUS_OK || from >= before)
        return status;
    status = read_hours(db, from, before, hours, &count);
    if (status != STATUS_OK)
        return status;
    int64_t until = count < STEP_ROWS ? before : instant_floor(hours[count - 1].begin, DAY_S);
    assert(until % DAY_S == 0); /* R2 */
    qsort(hours, (size_t)count, sizeof hours[0], by_day_and_article);
    for (int i = 0; i < count && status == STATUS_OK; i += moved)
        status = pack_day(db, &hours[i], count - i, &moved);
    return status == STATUS_OK ? state_set(db, packed_until, until) : status;
}

enum status retention_step(struct db *db, int64_t now_s, int64_t history_s)
{
    enum status status = STATUS_OK;
    for (int i = 0; i < KIND__MAX && status == STATUS_OK; i++) {
        int64_t before;
        status = expired_before(db, i, now_s, history_s, &before);
        if (status != STATUS_OK || before == INT64_MIN)
            continue;
        struct query *query = db_query(db, kinds[i].expire);
        query_bind_number(query, kinds[i].before, before);
        query_bind_number(query, "limit", STEP_ROWS); /* R1 */
        status = query_run(query);
    }
    return status == STATUS_OK ? pack_hours(db, now_s) : status;
}

enum status retention_unpack(struct db *db, int64_t article_id, int64_t hour)
{
    struct view_day packed;
    int64_t until, day = instant_floor(hour, DAY_S);
    assert(hour % HOUR_S == 0 && day % DAY_S == 0); /* R2 */
    enum status status = state_get(db, packed_until, &until);
    /* The day at which packing stopped may be packed in part. */
    if (status != STATUS_OK || day > until)
        return status;
    status = view_day_find(db, day, article_id, &packed);
    for (int i = 0; i < DAY_HOURS && status == STATUS_OK; i++) {
        if (packed.counts[i] == 0)
            continue;
        struct query *query = db_query(db, SQL_VIEW_HOUR_ADD); /* R3 */
        query_bind_number(query, "begin", day + i * HOUR_S);
        query_bind_number(query, "article_id", article_id);
        query_bind_number(query, "count", packed.counts[i]);
        status = query_run(query);
    }
    if (status == STATUS_OK)
        status = view_day_remove(db, day, article_id);
    return status == STATUS_OK ? state_set(db, packed_until, day) : status; /* R2 */
}
