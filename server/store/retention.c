#include "store/retention.h"

#include "store/state.h"
#include "store/views.h"

enum {
    STEP_ROWS = 500, /* of each kind in one step: some milliseconds */
    SLOTS_SINCE = VIEW_SLOTS_KEPT_S / VIEW_SLOT_S,
    HOURS_SINCE = 24, /* with views, or with a stored ranking */
};

/* The day up to which hours were looked at and packed. */
static const char packed_until[] = "views_packed_until";

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The nth newest of a kind that is not after now; INT64_MIN when there are not so many. */
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

/* The oldest of a kind; INT64_MAX when there is none. */
static enum status oldest(struct db *db, enum sql which, const char *column, int64_t *begin)
{
    struct query *query = db_query(db, which);
    enum status status = query_step(query);
    *begin = status == STATUS_OK ? query_number(query, column) : INT64_MAX;
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

/* A kind of rows that is deleted in time. */
struct kind {
    enum sql oldest, nth_newest, expire;
    const char *column, *before;
    int64_t nth;
};

enum {
    KIND_SLOTS,
    KIND_APART,
    KIND_RANKINGS,
    KIND__MAX
};

static const struct kind kinds[KIND__MAX] = {
    [KIND_SLOTS] = {SQL_VIEW_SLOTS_OLDEST, SQL_VIEW_SLOTS_NTH_NEWEST, SQL_VIEW_SLOTS_EXPIRE,
                    "begin", "before_begin", SLOTS_SINCE},
    [KIND_APART] = {SQL_VIEWS_APART_OLDEST, SQL_VIEW_HOURS_NTH_NEWEST, SQL_VIEWS_APART_EXPIRE,
                    "begin", "before_begin", HOURS_SINCE},
    [KIND_RANKINGS] = {SQL_RANKINGS_OLDEST, SQL_RANKING_HOUR_NTH_NEWEST, SQL_RANKINGS_EXPIRE,
                       "hour", "before_hour", HOURS_SINCE},
};

/* What of a kind is kept: from `limit` on by time, or less far by what came since. INT64_MIN when
 * nothing is to go. */
static enum status kept_from(struct db *db, const struct kind *kind, int64_t now_s, int64_t limit,
                             int64_t *from)
{
    int64_t first, since;
    enum status status = oldest(db, kind->oldest, kind->column, &first);
    *from = INT64_MIN;
    if (status != STATUS_OK || first >= limit)
        return status;
    status = nth_newest(db, kind->nth_newest, kind->column, now_s, kind->nth, &since);
    if (status == STATUS_OK && first < earlier(limit, since))
        *from = earlier(limit, since);
    return status;
}

static int64_t limit_of(int kind, int64_t now_s, int64_t history_s)
{
    const int64_t kept_s[KIND__MAX] = {[KIND_SLOTS] = VIEW_SLOTS_KEPT_S,
                                       [KIND_APART] = VIEW_HOURS_KEPT_S,
                                       [KIND_RANKINGS] = history_s};
    return instant_floor(now_s - kept_s[kind], kind == KIND_SLOTS ? VIEW_SLOT_S : HOUR_S);
}

/* From when to when hours are to be packed; *from >= *before when none are. */
static enum status unpacked(struct db *db, int64_t now_s, int64_t *from, int64_t *before)
{
    int64_t since;
    enum status status = state_get(db, packed_until, from);
    *before = instant_floor(now_s - VIEW_HOURS_KEPT_S, DAY_S);
    if (status != STATUS_OK || *from >= *before)
        return status;
    status = nth_newest(db, SQL_VIEW_HOURS_NTH_NEWEST, "begin", now_s, HOURS_SINCE, &since);
    if (status == STATUS_OK && since == INT64_MIN)
        *before = *from;
    else if (status == STATUS_OK)
        *before = earlier(*before, instant_floor(since - VIEW_HOURS_KEPT_S, DAY_S));
    return status;
}

enum status retention_due(struct db *db, int64_t now_s, int64_t history_s, bool *due)
{
    int64_t from, before;
    enum status status = unpacked(db, now_s, &from, &before);
    bool any = from < before;
    for (int i = 0; i < KIND__MAX && status == STATUS_OK && !any; i++) {
        status = kept_from(db, &kinds[i], now_s, limit_of(i, now_s, history_s), &from);
        any = from != INT64_MIN;
    }
    if (status == STATUS_OK)
        *due = any;
    return status;
}

static enum status expire(struct db *db, const struct kind *kind, int64_t from)
{
    struct query *query = db_query(db, kind->expire);
    query_bind_number(query, kind->before, from);
    query_bind_number(query, "limit", STEP_ROWS);
    return query_run(query);
}

/* Moves an hour into its day. */
static enum status pack(struct db *db, const struct view_count *hour)
{
    int64_t day = instant_floor(hour->begin, DAY_S);
    struct query *query = db_query(db, SQL_VIEW_DAY_PACK);
    query_bind_number(query, "day", day);
    query_bind_number(query, "hour", (hour->begin - day) / HOUR_S);
    query_bind_number(query, "article_id", hour->article_id);
    query_bind_number(query, "count", hour->count);
    enum status status = query_run(query);
    if (status != STATUS_OK)
        return status;
    query = db_query(db, SQL_VIEW_HOUR_REMOVE);
    query_bind_number(query, "begin", hour->begin);
    query_bind_number(query, "article_id", hour->article_id);
    return query_run(query);
}

/* Reads hours before any is packed: a statement must not walk what changes. */
static enum status read_hours(struct db *db, int64_t from, int64_t before, struct view_count *hours,
                              int *count)
{
    struct query *query = db_query(db, SQL_VIEW_HOURS_UNPACKED);
    query_bind_number(query, "from_begin", from);
    query_bind_number(query, "before_begin", before);
    query_bind_number(query, "limit", STEP_ROWS);
    enum status status;
    *count = 0;
    while ((status = query_step(query)) == STATUS_OK)
        hours[(*count)++] = (struct view_count){.begin = query_number(query, "begin"),
                                                .article_id = query_number(query, "article_id"),
                                                .count = query_number(query, "count")};
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

static enum status pack_hours(struct db *db, int64_t now_s)
{
    struct view_count hours[STEP_ROWS];
    int count;
    int64_t from, before;
    enum status status = unpacked(db, now_s, &from, &before);
    if (status != STATUS_OK || from >= before)
        return status;
    status = read_hours(db, from, before, hours, &count);
    for (int i = 0; i < count && status == STATUS_OK; i++)
        status = pack(db, &hours[i]);
    if (status != STATUS_OK)
        return status;
    bool is_all = count < STEP_ROWS;
    return state_set(db, packed_until,
                     is_all ? before : instant_floor(hours[count - 1].begin, DAY_S));
}

enum status retention_step(struct db *db, int64_t now_s, int64_t history_s)
{
    enum status status = STATUS_OK;
    for (int i = 0; i < KIND__MAX && status == STATUS_OK; i++) {
        int64_t from;
        status = kept_from(db, &kinds[i], now_s, limit_of(i, now_s, history_s), &from);
        if (status == STATUS_OK && from != INT64_MIN)
            status = expire(db, &kinds[i], from);
    }
    return status == STATUS_OK ? pack_hours(db, now_s) : status;
}

static enum status of_day(struct db *db, enum sql which, int64_t article_id, int64_t day)
{
    struct query *query = db_query(db, which);
    query_bind_number(query, "day", day);
    query_bind_number(query, "article_id", article_id);
    return query_run(query);
}

enum status retention_unpack(struct db *db, int64_t article_id, int64_t hour)
{
    int64_t packed, day = instant_floor(hour, DAY_S);
    enum status status = state_get(db, packed_until, &packed);
    if (status != STATUS_OK || day >= packed)
        return status;
    status = of_day(db, SQL_VIEW_DAY_UNPACK, article_id, day);
    if (status == STATUS_OK)
        status = of_day(db, SQL_VIEW_DAY_REMOVE, article_id, day);
    return status == STATUS_OK ? state_set(db, packed_until, day) : status;
}
