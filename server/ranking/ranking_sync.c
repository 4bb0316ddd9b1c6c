/* Moves the windows over the counts in the database.
 *
 *   before           [=========================)
 *   after                    [=========================)
 *   taken away       [-------)
 *   added                                      [-------)
 *
 * However far the clock went, and in either direction, only the counts at the two ends are read. A
 * window may be moved to a place that does not overlap the old one.
 *
 * W1  spans[window] begins and ends at a step of the window, and the article sums cover exactly the
 *     counts in it, as they were when they were read. A count that another process has changed
 *     since is recounted when its change is read.
 * W2  A sum is never taken below 0. A count that was raised since it was added (see W1) would take
 *     away more than it added.
 * W3  A trend adds the hours of WINDOW_7D, oldest first. Hours that leave the window stay in it,
 *     decayed to next to nothing. An hour that is out of order, or a window that moves back, makes
 *     it sum again from the window's first hour.
 * W4  While sums are changed is_behind is set. So a call that fails halfway leaves it set, and the
 *     sums are thrown away and read again before they are used. */
#include "ranking/ranking_sync.h"

#include "ranking/ranking_history.h"
#include "store/articles.h"
#include "store/rankings.h"
#include "store/sections.h"
#include "store/views.h"

#include <assert.h>
#include <stdlib.h>

static const enum window window_of_trend = WINDOW_7D;

/* Adds the article as its row describes it, or updates it, and marks its lists. */
static enum status put_article(struct ranking_sync *sync, int64_t article_id)
{
    struct article_standing standing;
    enum status status = article_standing(sync->db, article_id, &standing);
    if (status != STATUS_OK)
        return status;
    bool ranked = standing.ranked && standing.listed_at != INSTANT_NONE;
    return ranking_put_article(sync->ranking, article_id, standing.section_id, standing.listed_at,
                               ranked);
}

/* Adds to an article's sum, or takes away at most the sum (W2). */
static enum status add(struct ranking_sync *sync, enum window window, int64_t article_id,
                       int64_t views)
{
    int64_t sum = ranking_views(sync->ranking, window, article_id);
    assert(sum >= 0); /* W2 */
    if (views < 0 && views < -sum)
        views = -sum;
    if (views > INT64_MAX - sum) /* counts come from the database, and may be damaged */
        views = INT64_MAX - sum;
    if (views == 0)
        return STATUS_OK;
    enum status status = STATUS_OK;
    if (!ranking_has(sync->ranking, article_id))
        status = put_article(sync, article_id);
    return status == STATUS_OK ? ranking_add(sync->ranking, window, article_id, views) : status;
}

static enum status take_trend(void *arg, const struct view_count *views)
{
    const struct ranking_sync *sync = arg;
    enum status status =
        ranking_add_trend(sync->ranking, views->article_id, views->begin, views->count);
    return status == STATUS_ABSENT ? STATUS_OK : status;
}

/* Sums an article's trend again from the window's first hour (W3). */
static enum status recount_trend(struct ranking_sync *sync, int64_t article_id)
{
    const struct time_span *span = &sync->spans[window_of_trend];
    enum status status = ranking_reset_trend(sync->ranking, article_id);
    if (status != STATUS_OK)
        return status == STATUS_ABSENT ? STATUS_OK : status;
    return views_each_of_article(sync->db, article_id, span->begin, span->end, take_trend, sync);
}

static enum status add_trend(struct ranking_sync *sync, int64_t article_id, int64_t hour,
                             int64_t views)
{
    enum status status = ranking_add_trend(sync->ranking, article_id, hour, views);
    return status == STATUS_INVALID ? recount_trend(sync, article_id) : status;
}

/* Views that a window takes in, or that it leaves. */
struct window_move {
    struct ranking_sync *sync;
    enum window window;
    int sign;     /* 1 or -1 */
    bool is_back; /* the window moves back: the trends are summed again afterwards */
};

static enum status take_views(void *arg, const struct view_count *views)
{
    const struct window_move *move = arg;
    struct ranking_sync *sync = move->sync;
    enum status status = add(sync, move->window, views->article_id, move->sign * views->count);
    bool is_trend = move->window == window_of_trend && move->sign > 0 && !move->is_back;
    if (status == STATUS_OK && is_trend)
        status = add_trend(sync, views->article_id, views->begin, views->count);
    return status;
}

static enum status take_recount(void *arg, const struct view_count *views)
{
    return recount_trend(arg, views->article_id);
}

static int64_t lesser(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t greater(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static bool is_aligned(const struct time_span *span, int64_t step_s)
{
    return span->begin < span->end && span->begin == instant_floor(span->begin, step_s) &&
           span->end == instant_floor(span->end, step_s);
}

/* Sums the trends again of all articles in what a window that moved back has left and met (W3). */
static enum status move_trend_back(struct ranking_sync *sync, const struct time_span *from,
                                   const struct time_span *to)
{
    const int64_t step_s = window_step_s(window_of_trend);
    enum status status =
        views_each(sync->db, step_s, greater(from->begin, to->end), from->end, take_recount, sync);
    if (status != STATUS_OK)
        return status;
    return views_each(sync->db, step_s, to->begin, lesser(from->begin, to->end), take_recount,
                      sync);
}

static enum status move_window(struct ranking_sync *sync, enum window window, struct time_span to)
{
    const struct time_span from = sync->spans[window];
    const int64_t step_s = window_step_s(window);
    bool is_back = to.end < from.end;
    assert(is_aligned(&from, step_s) && is_aligned(&to, step_s)); /* W1 */
    struct window_move out = {.sync = sync, .window = window, .sign = -1, .is_back = is_back};
    struct window_move in = {.sync = sync, .window = window, .sign = 1, .is_back = is_back};
    const struct {
        struct window_move *move;
        struct time_span span;
    } ends[] = {
        {&out, {from.begin, lesser(to.begin, from.end)}},
        {&out, {greater(to.end, from.begin), from.end}},
        {&in, {to.begin, lesser(from.begin, to.end)}},
        {&in, {greater(from.end, to.begin), to.end}},
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0] && status == STATUS_OK; i++) {
        const struct time_span *span = &ends[i].span;
        if (span->begin < span->end)
            status = views_each_in_order(sync->db, step_s, span->begin, span->end, take_views,
                                         ends[i].move);
    }
    if (status == STATUS_OK)
        sync->spans[window] = to;
    if (status == STATUS_OK && is_back && window == window_of_trend)
        status = move_trend_back(sync, &from, &to);
    return status;
}

static enum status mark_section(void *arg, const struct section *section)
{
    const struct ranking_sync *sync = arg;
    return ranking_mark_totals(sync->ranking, section->id);
}

/* Sums the windows at `now_s` from the database. */
static enum status sum_windows(struct ranking_sync *sync, int64_t now_s)
{
    enum status status = STATUS_OK;
    sync->is_behind = true; /* W4 */
    ranking_clear(sync->ranking);
    for (int i = 0; i < WINDOWS_SLIDING && status == STATUS_OK; i++) {
        enum window window = (enum window)i;
        struct window_move in = {.sync = sync, .window = window, .sign = 1};
        const struct time_span span = window_span(window, now_s);
        assert(is_aligned(&span, window_step_s(window))); /* W1 */
        sync->spans[window] = span;
        /* One sum for each article is enough, except for the trend (W3). */
        status = (window == window_of_trend ? views_each_in_order : views_each)(
            sync->db, window_step_s(window), span.begin, span.end, take_views, &in);
    }
    if (status == STATUS_OK)
        status = sections_each(sync->db, mark_section, sync);
    sync->is_behind = status != STATUS_OK;
    return status;
}

/* To what the windows cover at `now_s`; with `is_whole_hour`, to the views before that hour. */
static enum status move_windows(struct ranking_sync *sync, int64_t now_s, bool is_whole_hour)
{
    bool is_back = false;
    enum status status = sync->is_behind ? sum_windows(sync, now_s) : STATUS_OK;
    if (status != STATUS_OK)
        return status;
    sync->is_behind = true; /* W4 */
    for (int window = 0; window < WINDOWS_SLIDING && status == STATUS_OK; window++) {
        struct time_span span = window_span((enum window)window, now_s);
        if (is_whole_hour)
            span.end = now_s;
        is_back |= span.end < sync->spans[window].end;
        status = move_window(sync, (enum window)window, span);
    }
    if (status == STATUS_OK && is_back)
        status = ranking_rebuild(sync->ranking);
    sync->is_behind = status != STATUS_OK;
    return status;
}

/* Adds stored views to the windows that cover their step. Other windows take them in when they get
 * there. */
static enum status apply_count(struct ranking_sync *sync, const struct pending_count *count)
{
    enum status status = STATUS_OK;
    int64_t views = count->views[VERDICT_COUNTED];
    for (int window = 0; window < WINDOWS_SLIDING && status == STATUS_OK; window++) {
        const struct time_span *span = &sync->spans[window];
        int64_t step = instant_floor(count->begin, window_step_s((enum window)window));
        if (step < span->begin || step >= span->end)
            continue;
        status = add(sync, (enum window)window, count->article_id, views);
        if (status == STATUS_OK && (enum window)window == window_of_trend)
            status = add_trend(sync, count->article_id, step, views);
    }
    return status;
}

/* Marks the lists of all time that an article's total or properties changed. */
static enum status mark_totals(struct ranking_sync *sync, int64_t article_id)
{
    struct article_standing standing;
    enum status status = article_standing(sync->db, article_id, &standing);
    if (status == STATUS_OK)
        status = ranking_mark_totals(sync->ranking, standing.section_id);
    return status == STATUS_OK ? ranking_mark_totals(sync->ranking, 0) : status;
}

/* Sums an article that another process changed again. It may have left a section, so every list of
 * all time that may have had it is marked. */
static enum status recount(struct ranking_sync *sync, int64_t article_id)
{
    enum status status = mark_totals(sync, article_id);
    ranking_mark_all_totals(sync->ranking);
    for (int window = 0; window < WINDOWS_SLIDING && status == STATUS_OK; window++) {
        int64_t stored, step_s = window_step_s((enum window)window);
        const struct time_span *span = &sync->spans[window];
        status = views_of_article(sync->db, article_id, step_s, span->begin, span->end, &stored);
        int64_t sum = ranking_views(sync->ranking, (enum window)window, article_id);
        if (status == STATUS_OK)
            status = add(sync, (enum window)window, article_id, stored - sum);
    }
    if (status == STATUS_OK && ranking_has(sync->ranking, article_id))
        status = put_article(sync, article_id);
    return status == STATUS_OK ? recount_trend(sync, article_id) : status;
}

enum status ranking_sync_apply(struct ranking_sync *sync, struct db *db,
                               const struct ranking_news *news)
{
    enum status status = STATUS_OK;
    sync->db = db;
    if (sync->is_behind) /* the news is in the database, which will be read */
        return STATUS_OK;
    sync->is_behind = true; /* W4 */
    for (size_t i = 0; i < news->batch_len && status == STATUS_OK; i++) {
        assert(news->batch[i].views[VERDICT_COUNTED] >= 0);
        if (news->batch[i].views[VERDICT_COUNTED] == 0)
            continue;
        status = apply_count(sync, &news->batch[i]);
        if (status == STATUS_OK)
            status = mark_totals(sync, news->batch[i].article_id);
        /* A journal may have an article that an older copy of the database does not. */
        if (status == STATUS_ABSENT)
            status = STATUS_OK;
    }
    for (size_t i = 0; i < news->changed_len && status == STATUS_OK; i++)
        status = recount(sync, news->changed[i]);
    sync->is_behind = status != STATUS_OK;
    return status;
}

bool ranking_sync_is_behind(const struct ranking_sync *sync)
{
    return sync->is_behind;
}

static enum status read_totals(void *arg, int64_t section_id, int64_t since, struct ranked *best,
                               size_t most, struct best_list *list)
{
    const struct ranking_sync *sync = arg;
    struct most_viewed viewed[RANKED_MAX];
    size_t len;
    assert(most <= RANKED_MAX);
    const struct most_viewed_request request = {
        .section_id = section_id, .now_s = sync->now_s, .since = since, .most = most};
    enum status status =
        views_most(sync->db, &request, viewed, &len, &list->has_future, &list->oldest);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < len; i++)
        best[i] = (struct ranked){.article_id = viewed[i].article_id, .views = viewed[i].total};
    list->len = len;
    return STATUS_OK;
}

static enum status publish(struct ranking_sync *sync)
{
    struct publication publication;
    enum status status = ranking_publish(sync->ranking, sync->now_s, &publication);
    if (status == STATUS_OK && publication.order)
        versions_invalidate(sync->versions, TOPIC_ORDER, 0);
    if (status == STATUS_OK && publication.counts)
        versions_invalidate(sync->versions, TOPIC_COUNTS, 0);
    return status;
}

enum status ranking_sync_publish(struct ranking_sync *sync, struct db *db, int64_t now_s)
{
    sync->db = db;
    sync->now_s = now_s;
    enum status status = move_windows(sync, now_s, false);
    if (status == STATUS_OK)
        status = ranking_refresh(sync->ranking, now_s, read_totals, sync);
    return status == STATUS_OK ? publish(sync) : status;
}

enum status ranking_sync_store_hour(struct ranking_sync *sync, struct db *db, int64_t hour)
{
    assert(hour == instant_floor(hour, HOUR_S)); /* W1 */
    sync->db = db;
    sync->now_s = hour;
    enum status status = move_windows(sync, hour, true);
    if (status == STATUS_OK)
        status = ranking_refresh(sync->ranking, hour, read_totals, sync);
    for (size_t i = 0; i < ranking_lists_len(sync->ranking) && status == STATUS_OK; i++)
        status = ranking_history_write(db, hour, ranking_list(sync->ranking, i));
    return status;
}

enum status ranking_sync_show_hour(struct ranking_sync *sync, struct db *db, int64_t now_s)
{
    int64_t hour;
    enum status status = rankings_hour(db, now_s, &hour);
    if (status != STATUS_OK)
        return status == STATUS_ABSENT ? STATUS_OK : status;
    size_t lists_len = ranking_lists_len(sync->ranking);
    struct snapshot *previous = snapshot_new(lists_len);
    if (!previous)
        return STATUS_NO_MEMORY;
    previous->as_of = hour;
    for (size_t i = 0; i < lists_len && status == STATUS_OK; i++) {
        previous->lists[i].section_id = ranking_list(sync->ranking, i)->section_id;
        status = ranking_history_read(db, hour, &previous->lists[i]);
    }
    if (status == STATUS_OK)
        ranking_set_previous(sync->ranking, previous);
    else
        free(previous);
    return status;
}

enum status ranking_sync_load(struct ranking_sync *sync, struct db *db, int64_t now_s)
{
    sync->db = db;
    sync->now_s = now_s;
    enum status status = sum_windows(sync, now_s);
    if (status == STATUS_OK)
        status = ranking_refresh(sync->ranking, now_s, read_totals, sync);
    return status == STATUS_OK ? publish(sync) : status;
}
