#include "ranking/ranking_sync.h"

#include "ranking/ranking_history.h"
#include "store/articles.h"
#include "store/rankings.h"
#include "store/sections.h"
#include "store/views.h"

#include <stdlib.h>

/* Gives an article the place that its row says, and marks the lists it stands in. */
static enum status place(struct ranking_sync *sync, int64_t article_id)
{
    struct article_standing standing;
    enum status status = article_standing(sync->db, article_id, &standing);
    if (status != STATUS_OK)
        return status;
    bool ranked = standing.ranked && standing.listed_at != INSTANT_NONE;
    return ranking_place(sync->ranking, article_id, standing.section_id, standing.listed_at,
                         ranked);
}

static enum status add(struct ranking_sync *sync, enum window window, int64_t article_id,
                       int64_t views)
{
    enum status status = STATUS_OK;
    if (!ranking_knows(sync->ranking, article_id))
        status = place(sync, article_id);
    return status == STATUS_OK ? ranking_add(sync->ranking, window, article_id, views) : status;
}

/* What is trending goes by the hours of this window. */
static const enum window window_of_trend = WINDOW_7D;

static enum status take_trend(void *arg, const struct view_count *views)
{
    const struct ranking_sync *sync = arg;
    enum status status =
        ranking_add_trend(sync->ranking, views->article_id, views->begin, views->count);
    return status == STATUS_ABSENT ? STATUS_OK : status;
}

/* Hours came in before others that are counted, or went out behind them: from the first on anew. */
static enum status trend_anew(struct ranking_sync *sync, int64_t article_id)
{
    const struct span *span = &sync->spans[window_of_trend];
    enum status status = ranking_forget_trend(sync->ranking, article_id);
    if (status != STATUS_OK)
        return status == STATUS_ABSENT ? STATUS_OK : status;
    return views_each_of_article(sync->db, article_id, span->begin, span->end, take_trend, sync);
}

static enum status add_trend(struct ranking_sync *sync, int64_t article_id, int64_t hour,
                             int64_t views)
{
    enum status status = ranking_add_trend(sync->ranking, article_id, hour, views);
    return status == STATUS_INVALID ? trend_anew(sync, article_id) : status;
}

/* One window's part in views that came into it, or slid out of it. */
struct slide {
    struct ranking_sync *sync;
    enum window window;
    int sign;
    bool anew; /* the trend of what is met is to be made anew, once the window has moved */
};

static enum status take_views(void *arg, const struct view_count *views)
{
    struct slide *slide = arg;
    struct ranking_sync *sync = slide->sync;
    int64_t id = views->article_id;
    if (slide->sign < 0 && !ranking_knows(sync->ranking, id))
        return STATUS_OK;
    enum status status = add(sync, slide->window, id, slide->sign * views->count);
    bool is_trend = slide->window == window_of_trend && slide->sign > 0 && !slide->anew;
    if (status == STATUS_OK && is_trend)
        status = add_trend(sync, id, views->begin, views->count);
    return status;
}

static enum status take_anew(void *arg, const struct view_count *views)
{
    return trend_anew(arg, views->article_id);
}

/* Adds or takes away what lies from `from` on and before `to`, if anything does. */
static enum status shift(struct slide *slide, int64_t from, int64_t to)
{
    if (from >= to)
        return STATUS_OK;
    return views_each_in_order(slide->sync->db, window_step_s(slide->window), from, to, take_views,
                               slide);
}

static int64_t lesser(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t greater(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* The trend counts on behind the newest hour; where a window moves back, it is made anew for what
 * it left and what it met. */
static enum status move_trend(struct ranking_sync *sync, const struct span *old,
                              const struct span *new)
{
    const int64_t step_s = window_step_s(window_of_trend);
    enum status status =
        views_each(sync->db, step_s, greater(old->begin, new->end), old->end, take_anew, sync);
    if (status == STATUS_OK)
        status =
            views_each(sync->db, step_s, new->begin, lesser(old->begin, new->end), take_anew, sync);
    return status;
}

/* Moves a window: what it leaves goes out, what it meets comes in, however far it went and in
 * whatever direction; what lies between is not looked at. */
static enum status slide_to(struct ranking_sync *sync, enum window window, struct span to)
{
    struct span from = sync->spans[window];
    bool back = to.end < from.end;
    struct slide out = {.sync = sync, .window = window, .sign = -1, .anew = back};
    struct slide in = {.sync = sync, .window = window, .sign = 1, .anew = back};
    enum status status = shift(&out, from.begin, lesser(to.begin, from.end));
    if (status == STATUS_OK)
        status = shift(&out, greater(to.end, from.begin), from.end);
    if (status == STATUS_OK)
        status = shift(&in, to.begin, lesser(from.begin, to.end));
    if (status == STATUS_OK)
        status = shift(&in, greater(from.end, to.begin), to.end);
    if (status == STATUS_OK)
        sync->spans[window] = to;
    if (status == STATUS_OK && back && window == window_of_trend)
        status = move_trend(sync, &from, &to);
    return status;
}

/* To what the windows hold at `now_s`; with `whole`, of a whole hour, to the views before it. */
static enum status slide_all(struct ranking_sync *sync, int64_t now_s, bool whole)
{
    enum status status = STATUS_OK;
    bool back = false;
    for (int window = 0; window < WINDOWS_SLIDING && status == STATUS_OK; window++) {
        struct span span = window_span((enum window)window, now_s);
        if (whole)
            span.end = now_s;
        back |= span.end < sync->spans[window].end;
        status = slide_to(sync, (enum window)window, span);
    }
    return status == STATUS_OK && back ? ranking_settle_every(sync->ranking) : status;
}

/* Views of a slot count in a window that holds the step they fall in; others come in when the
 * window meets them. */
static enum status rank_count(struct ranking_sync *sync, const struct pending_count *count)
{
    enum status status = STATUS_OK;
    int64_t views = count->views[VERDICT_COUNTED];
    for (int window = 0; window < WINDOWS_SLIDING && status == STATUS_OK; window++) {
        const struct span *span = &sync->spans[window];
        int64_t step = instant_floor(count->begin, window_step_s((enum window)window));
        if (step < span->begin || step >= span->end)
            continue;
        status = add(sync, (enum window)window, count->article_id, views);
        if (status == STATUS_OK && (enum window)window == window_of_trend)
            status = add_trend(sync, count->article_id, step, views);
    }
    return status;
}

/* The list of all time is asked for again where an article's total or standing changed. */
static enum status touch_all(struct ranking_sync *sync, int64_t article_id)
{
    struct article_standing standing;
    enum status status = article_standing(sync->db, article_id, &standing);
    if (status == STATUS_OK)
        status = ranking_touch_all(sync->ranking, standing.section_id);
    return status == STATUS_OK ? ranking_touch_all(sync->ranking, 0) : status;
}

static enum status rank_counts(struct ranking_sync *sync, const struct pending_count *batch,
                               size_t len)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < len && status == STATUS_OK; i++) {
        if (batch[i].views[VERDICT_COUNTED] == 0)
            continue;
        status = rank_count(sync, &batch[i]);
        if (status == STATUS_OK)
            status = touch_all(sync, batch[i].article_id);
        /* A journal may know an article that a database of yesterday does not. */
        if (status == STATUS_ABSENT)
            status = STATUS_OK;
    }
    return status;
}

/* Another process changed an article's row or counts: what it counts is read anew. It may have left
 * a section, so every list of all time that it could stand in is asked for again. */
static enum status recount(struct ranking_sync *sync, int64_t article_id)
{
    enum status status = touch_all(sync, article_id);
    ranking_touch_every(sync->ranking);
    for (int window = 0; window < WINDOWS_SLIDING && status == STATUS_OK; window++) {
        int64_t stored, step = window_step_s((enum window)window);
        const struct span *span = &sync->spans[window];
        status = views_of_article(sync->db, article_id, step, span->begin, span->end, &stored);
        int64_t held = ranking_views(sync->ranking, (enum window)window, article_id);
        if (status == STATUS_OK && stored != held)
            status = add(sync, (enum window)window, article_id, stored - held);
    }
    if (status == STATUS_OK && ranking_knows(sync->ranking, article_id))
        status = place(sync, article_id);
    return status == STATUS_OK ? trend_anew(sync, article_id) : status;
}

static enum status best_of_all(void *arg, int64_t section_id, int64_t since, struct ranked *best,
                               size_t most, struct best_of *of)
{
    const struct ranking_sync *sync = arg;
    struct most_viewed viewed[RANKED_MAX];
    size_t count;
    const struct most_viewed_request ask = {.section_id = section_id,
                                            .now_s = sync->now_s,
                                            .since = since,
                                            .most = most < RANKED_MAX ? most : RANKED_MAX};
    enum status status = views_most(sync->db, &ask, viewed, &count, &of->passed_over, &of->oldest);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        best[i] = (struct ranked){.article_id = viewed[i].article_id, .views = viewed[i].total};
    if (status == STATUS_OK)
        of->len = count;
    return status;
}

enum status ranking_sync_apply(struct ranking_sync *sync, struct db *db,
                               const struct ranking_news *news)
{
    sync->db = db;
    enum status status = rank_counts(sync, news->batch, news->batch_len);
    for (size_t i = 0; i < news->changed_len && status == STATUS_OK; i++)
        status = recount(sync, news->changed[i]);
    return status;
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
    enum status status = slide_all(sync, now_s, false);
    if (status == STATUS_OK)
        status = ranking_refresh(sync->ranking, now_s, best_of_all, sync);
    return status == STATUS_OK ? publish(sync) : status;
}

/* A section's charts, on their way into the database. */
struct keeping {
    struct db *db;
    int64_t hour;
};

static enum status keep_list(void *arg, const struct ranked_list *list)
{
    const struct keeping *keeping = arg;
    enum status status = STATUS_OK;
    for (int chart = 0; chart < CHART__MAX && status == STATUS_OK; chart++) {
        struct stored_rank ranks[RANKED_MAX];
        for (size_t i = 0; i < list->lens[chart]; i++)
            ranks[i] = (struct stored_rank){.article_id = list->ranked[chart][i].article_id,
                                            .views = list->ranked[chart][i].views};
        status = rankings_save(keeping->db, keeping->hour, list->section_id, chart_name(chart),
                               ranks, list->lens[chart]);
    }
    return status;
}

enum status ranking_sync_store_hour(struct ranking_sync *sync, struct db *db, int64_t hour)
{
    struct keeping keeping = {.db = db, .hour = hour};
    sync->db = db;
    sync->now_s = hour;
    enum status status = slide_all(sync, hour, true);
    if (status == STATUS_OK)
        status = ranking_refresh(sync->ranking, hour, best_of_all, sync);
    return status == STATUS_OK ? ranking_each(sync->ranking, keep_list, &keeping) : status;
}

/* A snapshot of a stored hour, list by list in the ranking's order. */
struct recalling {
    struct db *db;
    struct snapshot *snapshot; /* NULL while lists are only counted */
    size_t lists;
};

static enum status count_list(void *arg, const struct ranked_list *list)
{
    struct recalling *recalling = arg;
    (void)list;
    recalling->lists++;
    return STATUS_OK;
}

static enum status recall_list(void *arg, const struct ranked_list *list)
{
    struct recalling *recalling = arg;
    struct ranked_list *past = &recalling->snapshot->lists[recalling->lists++];
    past->section_id = list->section_id;
    return ranking_history_read(recalling->db, recalling->snapshot->as_of, past);
}

enum status ranking_sync_show_hour(struct ranking_sync *sync, struct db *db, int64_t now_s)
{
    int64_t hour;
    struct recalling recalling = {.db = db};
    enum status status = rankings_hour(db, now_s, &hour);
    if (status == STATUS_ABSENT)
        return STATUS_OK;
    if (status == STATUS_OK)
        status = ranking_each(sync->ranking, count_list, &recalling);
    if (status != STATUS_OK)
        return status;
    recalling.snapshot = snapshot_new(recalling.lists);
    if (!recalling.snapshot)
        return STATUS_NO_MEMORY;
    recalling.snapshot->as_of = hour;
    recalling.lists = 0;
    status = ranking_each(sync->ranking, recall_list, &recalling);
    if (status == STATUS_OK)
        ranking_put_previous(sync->ranking, recalling.snapshot);
    else
        free(recalling.snapshot);
    return status;
}

/* Every window as it is at now_s. The one that what is trending goes by, hour by hour. */
static enum status load_windows(struct ranking_sync *sync)
{
    enum status status = STATUS_OK;
    for (int window = 0; window < WINDOWS_SLIDING && status == STATUS_OK; window++) {
        struct slide slide = {.sync = sync, .window = (enum window)window, .sign = 1};
        const struct span span = window_span((enum window)window, sync->now_s);
        int64_t step_s = window_step_s((enum window)window);
        sync->spans[window] = span;
        status =
            (enum window)window == window_of_trend
                ? views_each_in_order(sync->db, step_s, span.begin, span.end, take_views, &slide)
                : views_each(sync->db, step_s, span.begin, span.end, take_views, &slide);
    }
    return status;
}

static enum status touch_section(void *arg, const struct section *section)
{
    struct ranking_sync *sync = arg;
    return ranking_touch_all(sync->ranking, section->id);
}

enum status ranking_sync_load(struct ranking_sync *sync, struct db *db, int64_t now_s)
{
    sync->db = db;
    sync->now_s = now_s;
    enum status status = load_windows(sync);
    if (status == STATUS_OK)
        status = sections_each(db, touch_section, sync);
    if (status == STATUS_OK)
        status = ranking_refresh(sync->ranking, now_s, best_of_all, sync);
    return status == STATUS_OK ? publish(sync) : status;
}
