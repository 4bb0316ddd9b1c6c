#include "store/views.h"

#include "store/state.h"

/* Rows that one call of views_compact works on: a few milliseconds. */
enum {
    COMPACT_ROWS = 500
};

/* The hour up to which days have been folded already. */
static const char folded_until[] = "views_folded_until";

int64_t views_floor(int64_t at, int64_t step_s)
{
    int64_t rest = at % step_s;
    return at - (rest < 0 ? rest + step_s : rest);
}

static enum status add_row(struct db *db, enum sql which, int64_t begin, int64_t article_id,
                           int64_t count)
{
    struct query *query = db_query(db, which);
    query_bind_number(query, "begin", begin);
    query_bind_number(query, "article_id", article_id);
    query_bind_number(query, "count", count);
    return query_run(query);
}

static enum status add_total(struct db *db, int64_t article_id, int64_t count)
{
    struct query *query = db_query(db, SQL_VIEW_TOTAL_ADD);
    query_bind_number(query, "count", count);
    query_bind_number(query, "article_id", article_id);
    return query_run(query);
}

enum status views_add(struct db *db, const struct view_count *counts, int64_t counts_len)
{
    for (int64_t i = 0; i < counts_len; i++) {
        const struct view_count *view = &counts[i];
        enum status status =
            add_row(db, SQL_VIEW_SLOT_ADD, view->begin, view->article_id, view->count);
        if (status == STATUS_OK)
            status = add_row(db, SQL_VIEW_HOUR_ADD, views_floor(view->begin, VIEW_HOUR_S),
                             view->article_id, view->count);
        if (status == STATUS_OK)
            status = add_total(db, view->article_id, view->count);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static enum status hour_count(struct db *db, int64_t article_id, int64_t hour, int64_t *count)
{
    struct query *query = db_query(db, SQL_VIEW_HOUR_COUNT);
    query_bind_number(query, "begin", hour);
    query_bind_number(query, "article_id", article_id);
    enum status status = query_step(query);
    if (status == STATUS_OK || status == STATUS_ABSENT)
        *count = status == STATUS_OK ? query_number(query, "count") : 0;
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

static enum status remove_hour(struct db *db, int64_t article_id, int64_t hour)
{
    struct query *query = db_query(db, SQL_VIEW_HOUR_REMOVE);
    query_bind_number(query, "begin", hour);
    query_bind_number(query, "article_id", article_id);
    return query_run(query);
}

/* An hour whose slots are still kept counts from its first slot on. */
static enum status set_slots(struct db *db, int64_t article_id, int64_t hour, int64_t count,
                             int64_t now_s)
{
    struct query *query = db_query(db, SQL_VIEW_SLOTS_REMOVE);
    query_bind_number(query, "from_begin", hour);
    query_bind_number(query, "to_begin", hour + VIEW_HOUR_S);
    query_bind_number(query, "article_id", article_id);
    enum status status = query_run(query);
    if (status != STATUS_OK || count == 0 || hour < now_s - VIEW_SLOTS_KEPT_S)
        return status;
    return add_row(db, SQL_VIEW_SLOT_ADD, hour, article_id, count);
}

/* An hour that comes in for a day that was folded makes that day due again. */
static enum status unfold_from(struct db *db, int64_t hour)
{
    int64_t folded;
    enum status status = state_get(db, folded_until, &folded);
    int64_t day = views_floor(hour, VIEW_DAY_S);
    if (status == STATUS_OK && day < folded)
        status = state_set(db, folded_until, day);
    return status;
}

enum status views_set_hour(struct db *db, int64_t article_id, int64_t hour, int64_t count,
                           int64_t now_s, enum saved *saved)
{
    int64_t before = 0;
    enum status status = hour_count(db, article_id, hour, &before);
    if (status != STATUS_OK || before == count) {
        *saved = SAVED_SAME;
        return status;
    }
    status = remove_hour(db, article_id, hour);
    if (status == STATUS_OK && count > 0)
        status = add_row(db, SQL_VIEW_HOUR_ADD, hour, article_id, count);
    if (status == STATUS_OK)
        status = set_slots(db, article_id, hour, count, now_s);
    if (status == STATUS_OK)
        status = add_total(db, article_id, count - before);
    if (status == STATUS_OK)
        status = unfold_from(db, hour);
    *saved = before == 0 ? SAVED_NEW : SAVED_CHANGED;
    return status;
}

static enum status each(struct query *query, views_take *take, void *context)
{
    enum status status;
    while ((status = query_step(query)) == STATUS_OK) {
        int64_t article_id = query_number(query, "article_id");
        status = take(context, article_id, query_number(query, "count"));
        if (status != STATUS_OK)
            break;
    }
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

enum status views_each(struct db *db, int64_t step_s, int64_t from, int64_t to, views_take *take,
                       void *context)
{
    struct query *query =
        db_query(db, step_s == VIEW_SLOT_S ? SQL_VIEW_SLOTS_SUMMED : SQL_VIEW_HOURS_SUMMED);
    query_bind_number(query, "from_begin", from);
    query_bind_number(query, "to_begin", to);
    return each(query, take, context);
}

static enum status one_number(struct query *query, const char *column, int64_t *number)
{
    enum status status = query_step(query);
    if (status == STATUS_OK)
        *number = query_number(query, column);
    return query_end(query, status);
}

enum status views_of_article(struct db *db, int64_t article_id, int64_t step_s, int64_t from,
                             int64_t *count)
{
    struct query *query = db_query(db, step_s == VIEW_SLOT_S ? SQL_VIEW_SLOTS_OF_ARTICLE_SUMMED
                                                             : SQL_VIEW_HOURS_OF_ARTICLE_SUMMED);
    query_bind_number(query, "article_id", article_id);
    query_bind_number(query, "from_begin", from);
    return one_number(query, "count", count);
}

enum status views_hours_each(struct db *db, int64_t article_id,
                             enum status (*take)(void *context, int64_t hour, int64_t count),
                             void *context)
{
    struct query *query = db_query(db, SQL_VIEW_HOURS_OF_ARTICLE);
    query_bind_number(query, "article_id", article_id);
    enum status status;
    while ((status = query_step(query)) == STATUS_OK) {
        int64_t hour = query_number(query, "begin");
        status = take(context, hour, query_number(query, "count"));
        if (status != STATUS_OK)
            break;
    }
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

enum status views_total(struct db *db, int64_t article_id, int64_t *total)
{
    struct query *query = db_query(db, SQL_VIEW_TOTAL);
    query_bind_number(query, "article_id", article_id);
    *total = 0;
    enum status status = one_number(query, "total", total);
    return status == STATUS_ABSENT ? STATUS_OK : status;
}

enum status views_most(struct db *db, int64_t section_id, int64_t now_s, struct most_viewed *best,
                       size_t most, size_t *len, bool *passed_over)
{
    struct query *query =
        db_query(db, section_id ? SQL_MOST_VIEWED_EVER_IN_SECTION : SQL_MOST_VIEWED_EVER);
    if (section_id)
        query_bind_number(query, "section_id", section_id);
    enum status status = STATUS_OK;
    size_t count = 0;
    *passed_over = false;
    while (count < most && (status = query_step(query)) == STATUS_OK) {
        best[count].article_id = query_number(query, "article_id");
        best[count].total = query_number(query, "total");
        bool is_due = query_number(query, "ranked_at") <= now_s;
        *passed_over |= !is_due;
        count += is_due;
    }
    *len = count;
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

static int64_t slots_kept_from(int64_t now_s)
{
    return views_floor(now_s - VIEW_SLOTS_KEPT_S, VIEW_SLOT_S);
}

static int64_t hours_kept_from(int64_t now_s)
{
    return views_floor(now_s - VIEW_HOURS_KEPT_S, VIEW_DAY_S);
}

enum status views_compact_due(struct db *db, int64_t now_s, bool *due)
{
    int64_t folded, oldest = INT64_MAX;
    enum status status = one_number(db_query(db, SQL_VIEW_SLOTS_OLDEST), "begin", &oldest);
    if (status != STATUS_OK && status != STATUS_ABSENT)
        return status;
    status = state_get(db, folded_until, &folded);
    if (status == STATUS_OK)
        *due = oldest < slots_kept_from(now_s) || folded < hours_kept_from(now_s);
    return status;
}

/* Moves one hour's count to the first hour of its day. */
static enum status fold(struct db *db, const struct view_count *hour)
{
    enum status status = remove_hour(db, hour->article_id, hour->begin);
    if (status != STATUS_OK)
        return status;
    return add_row(db, SQL_VIEW_HOUR_ADD, views_floor(hour->begin, VIEW_DAY_S), hour->article_id,
                   hour->count);
}

/* Reads hours that are to be folded before any is: a statement must not walk what changes. */
static enum status unfolded(struct db *db, int64_t from, int64_t before, struct view_count *hours,
                            int *count)
{
    struct query *query = db_query(db, SQL_VIEW_HOURS_UNFOLDED);
    query_bind_number(query, "from_begin", from);
    query_bind_number(query, "before_begin", before);
    query_bind_number(query, "limit", COMPACT_ROWS);
    enum status status;
    *count = 0;
    while ((status = query_step(query)) == STATUS_OK) {
        struct view_count *hour = &hours[(*count)++];
        hour->begin = query_number(query, "begin");
        hour->article_id = query_number(query, "article_id");
        hour->count = query_number(query, "count");
    }
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

static enum status fold_days(struct db *db, int64_t now_s, bool *more)
{
    struct view_count hours[COMPACT_ROWS];
    int count;
    int64_t from, before = hours_kept_from(now_s);
    enum status status = state_get(db, folded_until, &from);
    if (status != STATUS_OK || from >= before)
        return status;
    status = unfolded(db, from, before, hours, &count);
    for (int i = 0; i < count && status == STATUS_OK; i++)
        status = fold(db, &hours[i]);
    if (status != STATUS_OK)
        return status;
    *more |= count == COMPACT_ROWS;
    return state_set(db, folded_until,
                     count == COMPACT_ROWS ? views_floor(hours[count - 1].begin, VIEW_DAY_S)
                                           : before);
}

enum status views_compact(struct db *db, int64_t now_s, bool *more)
{
    struct query *query = db_query(db, SQL_VIEW_SLOTS_EXPIRE);
    query_bind_number(query, "before_begin", slots_kept_from(now_s));
    query_bind_number(query, "limit", COMPACT_ROWS);
    enum status status = query_run(query);
    if (status != STATUS_OK)
        return status;
    *more = db_changed(db) == COMPACT_ROWS;
    return fold_days(db, now_s, more);
}
