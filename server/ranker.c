#include "ranker.h"

#include "store/articles.h"
#include "store/sections.h"
#include "store/views.h"

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

/* One window's part in views that came into it, or slid out of it. */
struct slide {
    struct ranker *ranker;
    enum window window;
    int sign;
};

static enum status take_views(void *context, int64_t article_id, int64_t count)
{
    struct slide *slide = context;
    if (slide->sign < 0 && !ranking_knows(slide->ranker->ranking, article_id))
        return STATUS_OK;
    return add(slide->ranker, slide->window, article_id, slide->sign * count);
}

/* Moves a window's beginning: forwards, what lies between goes out; backwards, as when the clock
 * was set back, it comes in again. */
static enum status slide_to(struct ranker *ranker, enum window window, int64_t begin)
{
    int64_t old = ranker->begins[window];
    bool forwards = begin > old;
    struct slide slide = {.ranker = ranker, .window = window, .sign = forwards ? -1 : 1};
    enum status status = STATUS_OK;
    if (begin != old)
        status = views_each(ranker->db, window_step_s(window), forwards ? old : begin,
                            forwards ? begin : old, take_views, &slide);
    if (status == STATUS_OK)
        ranker->begins[window] = begin;
    return status;
}

static enum status slide_all(struct ranker *ranker)
{
    enum status status = STATUS_OK;
    for (int window = 0; window < WINDOWS_SLIDING && status == STATUS_OK; window++)
        status =
            slide_to(ranker, (enum window)window, window_begin((enum window)window, ranker->now_s));
    return status;
}

/* Views of a slot count in a window when the step they fall in had not slid out of it. */
static enum status rank_count(struct ranker *ranker, const struct count *count)
{
    enum status status = STATUS_OK;
    for (int window = 0; window < WINDOWS_SLIDING && status == STATUS_OK; window++) {
        int64_t step = views_floor(count->begin, window_step_s((enum window)window));
        if (step >= ranker->begins[window])
            status = add(ranker, (enum window)window, count->article_id, count->views);
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
        status = rank_count(ranker, &batch[i]);
        if (status == STATUS_OK)
            status = touch_all(ranker, batch[i].article_id);
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
        status = views_of_article(ranker->db, article_id, step, ranker->begins[window], &stored);
        int64_t held = ranking_views(ranker->ranking, (enum window)window, article_id);
        if (status == STATUS_OK && stored != held)
            status = add(ranker, (enum window)window, article_id, stored - held);
    }
    if (status == STATUS_OK && ranking_knows(ranker->ranking, article_id))
        status = place(ranker, article_id);
    return status;
}

static enum status best_of_all(void *context, int64_t section_id, struct ranked *best, size_t most,
                               size_t *len, bool *passed_over)
{
    const struct ranker *ranker = context;
    struct most_viewed viewed[RANKED_MAX];
    size_t count = most < RANKED_MAX ? most : RANKED_MAX;
    enum status status =
        views_most(ranker->db, section_id, ranker->now_s, viewed, count, &count, passed_over);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        best[i] = (struct ranked){.article_id = viewed[i].article_id, .views = viewed[i].total};
    if (status == STATUS_OK)
        *len = count;
    return status;
}

enum status ranker_run(struct ranker *ranker, struct db *db, int64_t now_s, const struct news *news)
{
    ranker->db = db;
    ranker->now_s = now_s;
    enum status status = rank_counts(ranker, news->batch, news->batch_len);
    if (status == STATUS_OK)
        status = slide_all(ranker);
    for (size_t i = 0; i < news->changed_len && status == STATUS_OK; i++)
        status = recount(ranker, news->changed[i]);
    return status == STATUS_OK ? ranking_publish(ranker->ranking, now_s, best_of_all, ranker)
                               : status;
}

/* Every window from its beginning on, with no end. */
static enum status load_windows(struct ranker *ranker)
{
    enum status status = STATUS_OK;
    for (int window = 0; window < WINDOWS_SLIDING && status == STATUS_OK; window++) {
        struct slide slide = {.ranker = ranker, .window = (enum window)window, .sign = 1};
        ranker->begins[window] = window_begin((enum window)window, ranker->now_s);
        status = views_each(ranker->db, window_step_s((enum window)window), ranker->begins[window],
                            INT64_MAX, take_views, &slide);
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
    return status == STATUS_OK ? ranking_publish(ranker->ranking, now_s, best_of_all, ranker)
                               : status;
}
