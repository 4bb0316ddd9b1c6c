#include "ranker.h"

#include "document/past.h"
#include "store/articles.h"
#include "store/rankings.h"
#include "store/sections.h"
#include "store/views.h"

#include <stdlib.h>

/* Gives an article the place that its row says, and marks the lists it stands in. */
static enum status place(struct ranker *ranker, int64_t article_id)
{
    struct article_standing standing;
    enum status status = article_standing(ranker->db, article_id, &standing);
    if (status != STATUS_OK)
        return status;
    bool ranked = standing.ranked && standing.listed_at != INSTANT_NONE;
    return ranking_place(ranker->ranking, article_id, standing.section_id, standing.listed_at,
                         ranked);
}

static enum status add(struct ranker *ranker, enum window window, int64_t article_id, int64_t views)
{
    enum status status = STATUS_OK;
    if (!ranking_knows(ranker->ranking, article_id))
        status = place(ranker, article_id);
    return status == STATUS_OK ? ranking_add(ranker->ranking, window, article_id, views) : status;
}

/* What is trending goes by the hours of this window. */
static const enum window window_of_trend = WINDOW_7D;

static enum status take_trend(void *context, const struct view_count *views)
{
    const struct ranker *ranker = context;
    enum status status =
        ranking_add_trend(ranker->ranking, views->article_id, views->begin, views->count);
    return status == STATUS_ABSENT ? STATUS_OK : status;
}

/* Hours came in before others that are counted, or went out behind them: from the first on anew. */
static enum status trend_anew(struct ranker *ranker, int64_t article_id)
{
    const struct span *span = &ranker->spans[window_of_trend];
    enum status status = ranking_forget_trend(ranker->ranking, article_id);
    if (status != STATUS_OK)
        return status == STATUS_ABSENT ? STATUS_OK : status;
    return views_each_of_article(ranker->db, article_id, span->begin, span->end, take_trend,
                                 ranker);
}

static enum status add_trend(struct ranker *ranker, int64_t article_id, int64_t hour, int64_t views)
{
    enum status status = ranking_add_trend(ranker->ranking, article_id, hour, views);
    return status == STATUS_INVALID ? trend_anew(ranker, article_id) : status;
}

/* One window's part in views that came into it, or slid out of it. */
struct slide {
    struct ranker *ranker;
    enum window window;
    int sign;
    bool anew; /* the trend of what is met is to be made anew, once the window has moved */
};

static enum status take_views(void *context, const struct view_count *views)
{
    struct slide *slide = context;
    struct ranker *ranker = slide->ranker;
    int64_t id = views->article_id;
    if (slide->sign < 0 && !ranking_knows(ranker->ranking, id))
        return STATUS_OK;
    enum status status = add(ranker, slide->window, id, slide->sign * views->count);
    bool is_trend = slide->window == window_of_trend && slide->sign > 0 && !slide->anew;
    if (status == STATUS_OK && is_trend)
        status = add_trend(ranker, id, views->begin, views->count);
    return status;
}

static enum status take_anew(void *context, const struct view_count *views)
{
    return trend_anew(context, views->article_id);
}

/* Adds or takes away what lies from `from` on and before `to`, if anything does. */
static enum status shift(struct slide *slide, int64_t from, int64_t to)
{
    if (from >= to)
        return STATUS_OK;
    return views_each_in_order(slide->ranker->db, window_step_s(slide->window), from, to,
                               take_views, slide);
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
static enum status move_trend(struct ranker *ranker, const struct span *old, const struct span *new)
{
    const int64_t step_s = window_step_s(window_of_trend);
    enum status status =
        views_each(ranker->db, step_s, greater(old->begin, new->end), old->end, take_anew, ranker);
    if (status == STATUS_OK)
        status = views_each(ranker->db, step_s, new->begin, lesser(old->begin, new->end), take_anew,
                            ranker);
    return status;
}

/* Moves a window: what it leaves goes out, what it meets comes in, however far it went and in
 * whatever direction; what lies between is not looked at. */
static enum status slide_to(struct ranker *ranker, enum window window, struct span to)
{
    struct span from = ranker->spans[window];
    bool back = to.end < from.end;
    struct slide out = {.ranker = ranker, .window = window, .sign = -1, .anew = back};
    struct slide in = {.ranker = ranker, .window = window, .sign = 1, .anew = back};
    enum status status = shift(&out, from.begin, lesser(to.begin, from.end));
    if (status == STATUS_OK)
        status = shift(&out, greater(to.end, from.begin), from.end);
    if (status == STATUS_OK)
        status = shift(&in, to.begin, lesser(from.begin, to.end));
    if (status == STATUS_OK)
        status = shift(&in, greater(from.end, to.begin), to.end);
    if (status == STATUS_OK)
        ranker->spans[window] = to;
    if (status == STATUS_OK && back && window == window_of_trend)
        status = move_trend(ranker, &from, &to);
    return status;
}

/* To what the windows hold at `now_s`; with `whole`, of a whole hour, to the views before it. */
static enum status slide_all(struct ranker *ranker, int64_t now_s, bool whole)
{
    enum status status = STATUS_OK;
    bool back = false;
    for (int window = 0; window < WINDOWS_SLIDING && status == STATUS_OK; window++) {
        struct span span = window_span((enum window)window, now_s);
        if (whole)
            span.end = now_s;
        back |= span.end < ranker->spans[window].end;
        status = slide_to(ranker, (enum window)window, span);
    }
    return status == STATUS_OK && back ? ranking_settle_every(ranker->ranking) : status;
}

/* Views of a slot count in a window that holds the step they fall in; others come in when the
 * window meets them. */
static enum status rank_count(struct ranker *ranker, const struct count *count)
{
    enum status status = STATUS_OK;
    int64_t views = count->views[VERDICT_COUNTED];
    for (int window = 0; window < WINDOWS_SLIDING && status == STATUS_OK; window++) {
        const struct span *span = &ranker->spans[window];
        int64_t step = views_floor(count->begin, window_step_s((enum window)window));
        if (step < span->begin || step >= span->end)
            continue;
        status = add(ranker, (enum window)window, count->article_id, views);
        if (status == STATUS_OK && (enum window)window == window_of_trend)
            status = add_trend(ranker, count->article_id, step, views);
    }
    return status;
}

/* The list of all time is asked for again where an article's total or standing changed. */
static enum status touch_all(struct ranker *ranker, int64_t article_id)
{
    struct article_standing standing;
    enum status status = article_standing(ranker->db, article_id, &standing);
    if (status == STATUS_OK)
        status = ranking_touch_all(ranker->ranking, standing.section_id);
    return status == STATUS_OK ? ranking_touch_all(ranker->ranking, 0) : status;
}

static enum status rank_counts(struct ranker *ranker, const struct count *batch, size_t len)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < len && status == STATUS_OK; i++) {
        if (batch[i].views[VERDICT_COUNTED] == 0)
            continue;
        status = rank_count(ranker, &batch[i]);
        if (status == STATUS_OK)
            status = touch_all(ranker, batch[i].article_id);
        /* A journal may know an article that a database of yesterday does not. */
        if (status == STATUS_ABSENT)
            status = STATUS_OK;
    }
    return status;
}

/* Another process changed an article's row or counts: what it counts is read anew. It may have left
 * a section, so every list of all time that it could stand in is asked for again. */
static enum status recount(struct ranker *ranker, int64_t article_id)
{
    enum status status = touch_all(ranker, article_id);
    ranking_touch_every(ranker->ranking);
    for (int window = 0; window < WINDOWS_SLIDING && status == STATUS_OK; window++) {
        int64_t stored, step = window_step_s((enum window)window);
        const struct span *span = &ranker->spans[window];
        status = views_of_article(ranker->db, article_id, step, span->begin, span->end, &stored);
        int64_t held = ranking_views(ranker->ranking, (enum window)window, article_id);
        if (status == STATUS_OK && stored != held)
            status = add(ranker, (enum window)window, article_id, stored - held);
    }
    if (status == STATUS_OK && ranking_knows(ranker->ranking, article_id))
        status = place(ranker, article_id);
    return status == STATUS_OK ? trend_anew(ranker, article_id) : status;
}

static enum status best_of_all(void *context, int64_t section_id, int64_t since,
                               struct ranked *best, size_t most, struct best_of *of)
{
    const struct ranker *ranker = context;
    struct most_viewed viewed[RANKED_MAX];
    size_t count;
    const struct most_viewed_ask ask = {.section_id = section_id,
                                        .now_s = ranker->now_s,
                                        .since = since,
                                        .most = most < RANKED_MAX ? most : RANKED_MAX};
    enum status status =
        views_most(ranker->db, &ask, viewed, &count, &of->passed_over, &of->oldest);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        best[i] = (struct ranked){.article_id = viewed[i].article_id, .views = viewed[i].total};
    if (status == STATUS_OK)
        of->len = count;
    return status;
}

enum status ranker_take(struct ranker *ranker, struct db *db, const struct news *news)
{
    ranker->db = db;
    enum status status = rank_counts(ranker, news->batch, news->batch_len);
    for (size_t i = 0; i < news->changed_len && status == STATUS_OK; i++)
        status = recount(ranker, news->changed[i]);
    return status;
}

static enum status publish(struct ranker *ranker)
{
    struct publication publication;
    enum status status = ranking_publish(ranker->ranking, ranker->now_s, &publication);
    if (status == STATUS_OK && publication.order)
        versions_move(ranker->versions, TOPIC_ORDER, 0);
    if (status == STATUS_OK && publication.counts)
        versions_move(ranker->versions, TOPIC_COUNTS, 0);
    return status;
}

enum status ranker_publish(struct ranker *ranker, struct db *db, int64_t now_s)
{
    ranker->db = db;
    ranker->now_s = now_s;
    enum status status = slide_all(ranker, now_s, false);
    if (status == STATUS_OK)
        status = ranking_refresh(ranker->ranking, now_s, best_of_all, ranker);
    return status == STATUS_OK ? publish(ranker) : status;
}

/* A section's charts, on their way into the database. */
struct keeping {
    struct db *db;
    int64_t hour;
};

static enum status keep_list(void *context, const struct ranked_list *list)
{
    const struct keeping *keeping = context;
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

enum status ranker_keep_hour(struct ranker *ranker, struct db *db, int64_t hour)
{
    struct keeping keeping = {.db = db, .hour = hour};
    ranker->db = db;
    ranker->now_s = hour;
    enum status status = slide_all(ranker, hour, true);
    if (status == STATUS_OK)
        status = ranking_refresh(ranker->ranking, hour, best_of_all, ranker);
    return status == STATUS_OK ? ranking_each(ranker->ranking, keep_list, &keeping) : status;
}

/* A snapshot of a stored hour, list by list in the ranking's order. */
struct recalling {
    struct db *db;
    struct snapshot *snapshot; /* NULL while lists are only counted */
    size_t lists;
};

static enum status count_list(void *context, const struct ranked_list *list)
{
    struct recalling *recalling = context;
    (void)list;
    recalling->lists++;
    return STATUS_OK;
}

static enum status recall_list(void *context, const struct ranked_list *list)
{
    struct recalling *recalling = context;
    struct ranked_list *past = &recalling->snapshot->lists[recalling->lists++];
    past->section_id = list->section_id;
    return past_read(recalling->db, recalling->snapshot->as_of, past);
}

enum status ranker_show_hour(struct ranker *ranker, struct db *db, int64_t now_s)
{
    int64_t hour;
    struct recalling recalling = {.db = db};
    enum status status = rankings_hour(db, now_s, &hour);
    if (status == STATUS_ABSENT)
        return STATUS_OK;
    if (status == STATUS_OK)
        status = ranking_each(ranker->ranking, count_list, &recalling);
    if (status != STATUS_OK)
        return status;
    recalling.snapshot = snapshot_new(recalling.lists);
    if (!recalling.snapshot)
        return STATUS_NO_MEMORY;
    recalling.snapshot->as_of = hour;
    recalling.lists = 0;
    status = ranking_each(ranker->ranking, recall_list, &recalling);
    if (status == STATUS_OK)
        ranking_put_previous(ranker->ranking, recalling.snapshot);
    else
        free(recalling.snapshot);
    return status;
}

/* Every window as it is at now_s. The one that what is trending goes by, hour by hour. */
static enum status load_windows(struct ranker *ranker)
{
    enum status status = STATUS_OK;
    for (int window = 0; window < WINDOWS_SLIDING && status == STATUS_OK; window++) {
        struct slide slide = {.ranker = ranker, .window = (enum window)window, .sign = 1};
        const struct span span = window_span((enum window)window, ranker->now_s);
        int64_t step_s = window_step_s((enum window)window);
        ranker->spans[window] = span;
        status =
            (enum window)window == window_of_trend
                ? views_each_in_order(ranker->db, step_s, span.begin, span.end, take_views, &slide)
                : views_each(ranker->db, step_s, span.begin, span.end, take_views, &slide);
    }
    return status;
}

static enum status touch_section(void *context, const struct section *section)
{
    struct ranker *ranker = context;
    return ranking_touch_all(ranker->ranking, section->id);
}

enum status ranker_load(struct ranker *ranker, struct db *db, int64_t now_s)
{
    ranker->db = db;
    ranker->now_s = now_s;
    enum status status = load_windows(ranker);
    if (status == STATUS_OK)
        status = sections_each(db, touch_section, ranker);
    if (status == STATUS_OK)
        status = ranking_refresh(ranker->ranking, now_s, best_of_all, ranker);
    return status == STATUS_OK ? publish(ranker) : status;
}
