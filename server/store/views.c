/* Statements over slots, hours and totals. Rankings read slots and hours of the last 30 days only,
 * so that they never meet a packed day; an article's whole history merges packed days with the
 * rest.
 */
#include "store/views.h"

#include "store/articles.h"
#include "store/retention.h"
#include "store/view_days.h"
#include "store/visibility.h"

#include <assert.h>

static enum status add_row(struct db *db, enum sql which, int64_t begin, int64_t article_id,
                           int64_t count)
{
    assert(count > 0);
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
            status = add_row(db, SQL_VIEW_HOUR_ADD, instant_floor(view->begin, HOUR_S),
                             view->article_id, view->count);
        if (status == STATUS_OK)
            status = add_total(db, view->article_id, view->count);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

enum status views_add_uncounted(struct db *db, int64_t article_id, int64_t begin,
                                const struct uncounted_views *uncounted)
{
    assert(uncounted->repeated >= 0 && uncounted->bots >= 0);
    if (uncounted->repeated == 0 && uncounted->bots == 0)
        return STATUS_OK;
    struct query *query = db_query(db, SQL_VIEWS_APART_ADD);
    query_bind_number(query, "begin", instant_floor(begin, HOUR_S));
    query_bind_number(query, "article_id", article_id);
    query_bind_number(query, "repeated", uncounted->repeated);
    query_bind_number(query, "bots", uncounted->bots);
    return query_run(query);
}

static enum status read_number(struct query *query, const char *column, int64_t *number)
{
    enum status status = query_step(query);
    if (status == STATUS_OK)
        *number = query_number(query, column);
    return query_end(query, status);
}

/* The views of an hour: those of its row, and those in its packed day. */
static enum status read_hour(struct db *db, int64_t article_id, int64_t hour, int64_t *count)
{
    struct view_day packed;
    int64_t day = instant_floor(hour, DAY_S);
    int hour_of_day = (int)((hour - day) / HOUR_S);
    assert(hour_of_day >= 0 && hour_of_day < DAY_HOURS);
    struct query *query = db_query(db, SQL_VIEW_HOUR_COUNT);
    query_bind_number(query, "begin", hour);
    query_bind_number(query, "article_id", article_id);
    query_bind_number(query, "day", day);
    enum status status = query_step(query);
    if (status == STATUS_OK)
        status = view_day_of_row(query, article_id, &packed);
    if (status == STATUS_OK)
        status = view_day_add(&packed, hour_of_day, query_number(query, "count"));
    if (status == STATUS_OK)
        *count = packed.counts[hour_of_day];
    return query_end(query, status);
}

/* Replaces the slots of an hour by its first one with all views, if slots are kept for so long. */
static enum status set_slots(struct db *db, int64_t article_id, int64_t hour, int64_t count,
                             int64_t now_s)
{
    struct query *query = db_query(db, SQL_VIEW_SLOTS_REMOVE);
    query_bind_number(query, "from_begin", hour);
    query_bind_number(query, "to_begin", hour + HOUR_S);
    query_bind_number(query, "article_id", article_id);
    enum status status = query_run(query);
    if (status != STATUS_OK || count == 0 || hour < now_s - VIEW_SLOTS_KEPT_S)
        return status;
    return add_row(db, SQL_VIEW_SLOT_ADD, hour, article_id, count);
}

enum status views_set_hour(struct db *db, int64_t article_id, int64_t hour, int64_t count,
                           int64_t now_s, enum saved *saved)
{
    assert(hour % HOUR_S == 0 && count >= 0);
    int64_t before = 0;
    enum status status = read_hour(db, article_id, hour, &before);
    if (status != STATUS_OK || before == count) {
        *saved = SAVED_SAME;
        return status;
    }
    status = retention_unpack(db, article_id, hour);
    if (status == STATUS_OK) {
        struct query *query = db_query(db, SQL_VIEW_HOUR_REMOVE);
        query_bind_number(query, "begin", hour);
        query_bind_number(query, "article_id", article_id);
        status = query_run(query);
    }
    if (status == STATUS_OK && count > 0)
        status = add_row(db, SQL_VIEW_HOUR_ADD, hour, article_id, count);
    if (status == STATUS_OK)
        status = set_slots(db, article_id, hour, count, now_s);
    if (status == STATUS_OK)
        status = add_total(db, article_id, count - before);
    *saved = before == 0 ? SAVED_NEW : SAVED_CHANGED;
    return status;
}

/* Calls `take` with each row; rows that are summed have no column `begin`. */
static enum status take_each(struct query *query, bool in_order, views_take *take, void *arg)
{
    enum status status;
    while ((status = query_step(query)) == STATUS_OK) {
        const struct view_count views = {.article_id = query_number(query, "article_id"),
                                         .begin = in_order ? query_number(query, "begin") : 0,
                                         .count = query_number(query, "count")};
        status = take(arg, &views);
        if (status != STATUS_OK)
            break;
    }
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

/* The statement over slots or over hours, whichever last `step_s`, with its range bound. */
static struct query *query_of_range(struct db *db, int64_t step_s, enum sql of_slots,
                                    enum sql of_hours, int64_t from, int64_t to)
{
    assert(step_s == VIEW_SLOT_S || step_s == HOUR_S);
    struct query *query = db_query(db, step_s == VIEW_SLOT_S ? of_slots : of_hours);
    query_bind_number(query, "from_begin", from);
    query_bind_number(query, "to_begin", to);
    return query;
}

enum status views_each(struct db *db, int64_t step_s, int64_t from, int64_t to, views_take *take,
                       void *arg)
{
    return take_each(
        query_of_range(db, step_s, SQL_VIEW_SLOTS_SUMMED, SQL_VIEW_HOURS_SUMMED, from, to), false,
        take, arg);
}

enum status views_each_in_order(struct db *db, int64_t step_s, int64_t from, int64_t to,
                                views_take *take, void *arg)
{
    return take_each(
        query_of_range(db, step_s, SQL_VIEW_SLOTS_IN_ORDER, SQL_VIEW_HOURS_IN_ORDER, from, to),
        true, take, arg);
}

enum status views_each_of_article(struct db *db, int64_t article_id, int64_t from, int64_t to,
                                  views_take *take, void *arg)
{
    enum sql which = SQL_VIEW_HOURS_OF_ARTICLE_IN_ORDER;
    struct query *query = query_of_range(db, HOUR_S, which, which, from, to);
    query_bind_number(query, "article_id", article_id);
    return take_each(query, true, take, arg);
}

enum status views_of_article(struct db *db, int64_t article_id, int64_t step_s, int64_t from,
                             int64_t to, int64_t *count)
{
    struct query *query = query_of_range(db, step_s, SQL_VIEW_SLOTS_OF_ARTICLE_SUMMED,
                                         SQL_VIEW_HOURS_OF_ARTICLE_SUMMED, from, to);
    query_bind_number(query, "article_id", article_id);
    return read_number(query, "count", count);
}

/* The hours of one day of an article, gathered from rows of the three kinds. */
struct article_day {
    int64_t begin; /* INT64_MIN: no row was read yet */
    struct view_day counted;
    struct uncounted_views uncounted[DAY_HOURS];
};

static enum status take_day(const struct article_day *day, views_take_hour *take, void *arg)
{
    assert(day->begin == INT64_MIN || day->begin % DAY_S == 0);
    enum status status = STATUS_OK;
    for (int hour = 0; hour < DAY_HOURS && status == STATUS_OK; hour++) {
        const struct uncounted_views *uncounted = &day->uncounted[hour];
        int64_t count = day->counted.counts[hour];
        if (count != 0 || uncounted->repeated != 0 || uncounted->bots != 0)
            status = take(arg, day->begin + hour * HOUR_S, count, uncounted);
    }
    return status;
}

static enum status add_to_day(struct article_day *day, struct query *row, int64_t article_id,
                              int64_t begin)
{
    /* An hour of a damaged database may be so far from 1970 that its day can't be computed. */
    if (begin < day->begin || begin - day->begin >= DAY_S)
        return STATUS_UNUSABLE;
    int hour = (int)((begin - day->begin) / HOUR_S);
    struct uncounted_views *uncounted = &day->uncounted[hour];
    uncounted->repeated += query_number(row, "repeated");
    uncounted->bots += query_number(row, "bots");
    if (query_is_null(row, "hours"))
        return view_day_add(&day->counted, hour, query_number(row, "count"));
    struct view_day packed;
    enum status status = view_day_of_row(row, article_id, &packed);
    for (int i = 0; i < DAY_HOURS && status == STATUS_OK; i++)
        status = view_day_add(&day->counted, i, packed.counts[i]);
    return status;
}

enum status views_hours_each(struct db *db, int64_t article_id, views_take_hour *take, void *arg)
{
    struct article_day day = {.begin = INT64_MIN};
    struct query *query = db_query(db, SQL_VIEW_HOURS_OF_ARTICLE);
    query_bind_number(query, "article_id", article_id);
    enum status status;
    while ((status = query_step(query)) == STATUS_OK) {
        int64_t begin = query_number(query, "begin");
        if (instant_floor(begin, DAY_S) != day.begin) {
            status = take_day(&day, take, arg);
            day = (struct article_day){.begin = instant_floor(begin, DAY_S)};
        }
        if (status == STATUS_OK)
            status = add_to_day(&day, query, article_id, begin);
        if (status != STATUS_OK)
            return query_end(query, status);
    }
    return query_end(query, status == STATUS_ABSENT ? take_day(&day, take, arg) : status);
}

enum status views_total(struct db *db, int64_t article_id, int64_t *total)
{
    struct query *query = db_query(db, SQL_VIEW_TOTAL);
    query_bind_number(query, "article_id", article_id);
    *total = 0;
    enum status status = read_number(query, "total", total);
    return status == STATUS_ABSENT ? STATUS_OK : status;
}

/* Without an age the index of the totals gives the order. With one, the articles since then are
 * sorted, which are few. */
static struct query *most_viewed_query(struct db *db, const struct most_viewed_request *request)
{
    bool is_ever = request->since == INT64_MIN;
    struct query *query = db_query(db, !is_ever              ? SQL_MOST_VIEWED_EVER_SINCE
                                       : request->section_id ? SQL_MOST_VIEWED_EVER_IN_SECTION
                                                             : SQL_MOST_VIEWED_EVER);
    if (!is_ever)
        query_bind_number(query, "since", request->since);
    if (!is_ever || request->section_id)
        query_bind_number(query, "section_id", request->section_id);
    return query;
}

enum status views_most(struct db *db, const struct most_viewed_request *request,
                       struct most_viewed *best, size_t *len, bool *passed_over, int64_t *oldest)
{
    struct query *query = most_viewed_query(db, request);
    enum status status = STATUS_OK;
    size_t count = 0;
    *passed_over = false;
    *oldest = INT64_MAX;
    while (count < request->most && (status = query_step(query)) == STATUS_OK) {
        int64_t ranked_at = query_number(query, "ranked_at");
        assert(count < request->most);
        best[count].article_id = query_number(query, "article_id");
        best[count].total = query_number(query, "total");
        bool is_due = article_visibility(false, ranked_at, request->now_s) == STATUS_OK;
        *passed_over |= !is_due;
        if (is_due && ranked_at < *oldest)
            *oldest = ranked_at;
        count += is_due;
    }
    assert(*oldest == INT64_MAX || *oldest <= request->now_s);
    *len = count;
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}
