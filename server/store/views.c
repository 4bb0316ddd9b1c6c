#include "store/views.h"

#include "store/articles.h"
#include "store/retention.h"

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
            status = add_row(db, SQL_VIEW_HOUR_ADD, instant_floor(view->begin, HOUR_S),
                             view->article_id, view->count);
        if (status == STATUS_OK)
            status = add_total(db, view->article_id, view->count);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

enum status views_add_apart(struct db *db, int64_t article_id, int64_t begin,
                            const struct views_apart *apart)
{
    if (apart->repeated == 0 && apart->bots == 0)
        return STATUS_OK;
    struct query *query = db_query(db, SQL_VIEWS_APART_ADD);
    query_bind_number(query, "begin", instant_floor(begin, HOUR_S));
    query_bind_number(query, "article_id", article_id);
    query_bind_number(query, "repeated", apart->repeated);
    query_bind_number(query, "bots", apart->bots);
    return query_run(query);
}

static enum status one_number(struct query *query, const char *column, int64_t *number)
{
    enum status status = query_step(query);
    if (status == STATUS_OK)
        *number = query_number(query, column);
    return query_end(query, status);
}

/* What an hour counts, packed or not. */
static enum status hour_count(struct db *db, int64_t article_id, int64_t hour, int64_t *count)
{
    struct query *query = db_query(db, SQL_VIEW_HOUR_COUNT);
    int64_t day = instant_floor(hour, DAY_S);
    query_bind_number(query, "day", day);
    query_bind_number(query, "hour", (hour - day) / HOUR_S);
    query_bind_number(query, "article_id", article_id);
    return one_number(query, "count", count);
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
    int64_t before = 0;
    enum status status = hour_count(db, article_id, hour, &before);
    if (status != STATUS_OK || before == count) {
        *saved = SAVED_SAME;
        return status;
    }
    status = retention_unpack(db, article_id, hour);
    if (status == STATUS_OK)
        status = remove_hour(db, article_id, hour);
    if (status == STATUS_OK && count > 0)
        status = add_row(db, SQL_VIEW_HOUR_ADD, hour, article_id, count);
    if (status == STATUS_OK)
        status = set_slots(db, article_id, hour, count, now_s);
    if (status == STATUS_OK)
        status = add_total(db, article_id, count - before);
    *saved = before == 0 ? SAVED_NEW : SAVED_CHANGED;
    return status;
}

/* Hands out rows with an article and its views; with `begin` where the rows have it. */
static enum status each(struct query *query, bool in_order, views_take *take, void *arg)
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

static struct query *between(struct query *query, int64_t from, int64_t to)
{
    query_bind_number(query, "from_begin", from);
    query_bind_number(query, "to_begin", to);
    return query;
}

enum status views_each(struct db *db, int64_t step_s, int64_t from, int64_t to, views_take *take,
                       void *arg)
{
    enum sql which = step_s == VIEW_SLOT_S ? SQL_VIEW_SLOTS_SUMMED : SQL_VIEW_HOURS_SUMMED;
    return each(between(db_query(db, which), from, to), false, take, arg);
}

enum status views_each_in_order(struct db *db, int64_t step_s, int64_t from, int64_t to,
                                views_take *take, void *arg)
{
    enum sql which = step_s == VIEW_SLOT_S ? SQL_VIEW_SLOTS_IN_ORDER : SQL_VIEW_HOURS_IN_ORDER;
    return each(between(db_query(db, which), from, to), true, take, arg);
}

enum status views_each_of_article(struct db *db, int64_t article_id, int64_t from, int64_t to,
                                  views_take *take, void *arg)
{
    struct query *query = between(db_query(db, SQL_VIEW_HOURS_OF_ARTICLE_IN_ORDER), from, to);
    query_bind_number(query, "article_id", article_id);
    return each(query, true, take, arg);
}

enum status views_of_article(struct db *db, int64_t article_id, int64_t step_s, int64_t from,
                             int64_t to, int64_t *count)
{
    enum sql which =
        step_s == VIEW_SLOT_S ? SQL_VIEW_SLOTS_OF_ARTICLE_SUMMED : SQL_VIEW_HOURS_OF_ARTICLE_SUMMED;
    struct query *query = between(db_query(db, which), from, to);
    query_bind_number(query, "article_id", article_id);
    return one_number(query, "count", count);
}

enum status views_hours_each(struct db *db, int64_t article_id,
                             enum status (*take)(void *arg, int64_t hour, int64_t count,
                                                 const struct views_apart *apart),
                             void *arg)
{
    struct query *query = db_query(db, SQL_VIEW_HOURS_OF_ARTICLE);
    query_bind_number(query, "article_id", article_id);
    enum status status;
    while ((status = query_step(query)) == STATUS_OK) {
        int64_t hour = query_number(query, "begin");
        const struct views_apart apart = {.repeated = query_number(query, "repeated"),
                                          .bots = query_number(query, "bots")};
        status = take(arg, hour, query_number(query, "count"), &apart);
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

/* Without an age every article ever viewed comes in the order of an index; with one, those of late
 * are sorted. */
static struct query *most_viewed(struct db *db, const struct most_viewed_request *ask)
{
    bool ever = ask->since == INT64_MIN;
    struct query *query = db_query(db, !ever             ? SQL_MOST_VIEWED_EVER_SINCE
                                       : ask->section_id ? SQL_MOST_VIEWED_EVER_IN_SECTION
                                                         : SQL_MOST_VIEWED_EVER);
    if (!ever)
        query_bind_number(query, "since", ask->since);
    if (!ever || ask->section_id)
        query_bind_number(query, "section_id", ask->section_id);
    return query;
}

enum status views_most(struct db *db, const struct most_viewed_request *ask,
                       struct most_viewed *best, size_t *len, bool *passed_over, int64_t *oldest)
{
    struct query *query = most_viewed(db, ask);
    enum status status = STATUS_OK;
    size_t count = 0;
    *passed_over = false;
    *oldest = INT64_MAX;
    while (count < ask->most && (status = query_step(query)) == STATUS_OK) {
        int64_t ranked_at = query_number(query, "ranked_at");
        best[count].article_id = query_number(query, "article_id");
        best[count].total = query_number(query, "total");
        bool is_due = article_visibility(false, ranked_at, ask->now_s) == STATUS_OK;
        *passed_over |= !is_due;
        if (is_due && ranked_at < *oldest)
            *oldest = ranked_at;
        count += is_due;
    }
    *len = count;
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}
