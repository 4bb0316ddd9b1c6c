#include "tick.h"

#include "base/log.h"
#include "store/articles.h"
#include "store/sections.h"
#include "store/views.h"

enum {
    CHANGES_PER_TICK = 2000
};

/* Gives an article the place that its row says, and marks the lists it stands in. */
static enum status place(struct tick *tick, int64_t article_id)
{
    struct article_standing standing;
    enum status status = article_standing(tick->db, article_id, &standing);
    if (status != STATUS_OK)
        return status;
    bool ranked = standing.ranked && standing.listed_at != INSTANT_NONE;
    return ranking_place(tick->ranking, article_id, standing.section_id, standing.listed_at,
                         ranked);
}

static enum status add(struct tick *tick, enum window window, int64_t article_id, int64_t views)
{
    enum status status = STATUS_OK;
    if (!ranking_knows(tick->ranking, article_id))
        status = place(tick, article_id);
    return status == STATUS_OK ? ranking_add(tick->ranking, window, article_id, views) : status;
}

/* One window's part in views that came into it, or slid out of it. */
struct slide {
    struct tick *tick;
    enum window window;
    int sign;
};

static enum status take_views(void *context, int64_t article_id, int64_t count)
{
    struct slide *slide = context;
    if (slide->sign < 0 && !ranking_knows(slide->tick->ranking, article_id))
        return STATUS_OK;
    return add(slide->tick, slide->window, article_id, slide->sign * count);
}

/* Moves a window's beginning: forwards, what lies between goes out; backwards, as when the clock
 * was set back, it comes in again. */
static enum status slide_to(struct tick *tick, enum window window, int64_t begin)
{
    int64_t old = tick->begins[window];
    bool forwards = begin > old;
    struct slide slide = {.tick = tick, .window = window, .sign = forwards ? -1 : 1};
    enum status status = STATUS_OK;
    if (begin != old)
        status = views_each(tick->db, window_step_s(window), forwards ? old : begin,
                            forwards ? begin : old, take_views, &slide);
    if (status == STATUS_OK)
        tick->begins[window] = begin;
    return status;
}

static enum status slide_all(struct tick *tick)
{
    enum status status = STATUS_OK;
    for (int window = 0; window < WINDOWS_SLIDING && status == STATUS_OK; window++)
        status =
            slide_to(tick, (enum window)window, window_begin((enum window)window, tick->now_s));
    return status;
}

/* Views of a slot count in a window when the step they fall in had not slid out of it. */
static enum status rank_count(struct tick *tick, const struct count *count)
{
    enum status status = STATUS_OK;
    for (int window = 0; window < WINDOWS_SLIDING && status == STATUS_OK; window++) {
        int64_t step = views_floor(count->begin, window_step_s((enum window)window));
        if (step >= tick->begins[window])
            status = add(tick, (enum window)window, count->article_id, count->views);
    }
    return status;
}

/* The list of all time is asked for again where an article's total or standing changed. */
static enum status touch_all(struct tick *tick, int64_t article_id)
{
    struct article_standing standing;
    enum status status = article_standing(tick->db, article_id, &standing);
    if (status == STATUS_OK)
        status = ranking_touch_all(tick->ranking, standing.section_id);
    return status == STATUS_OK ? ranking_touch_all(tick->ranking, 0) : status;
}

static enum status rank_counts(struct tick *tick, const struct count *batch, size_t len)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < len && status == STATUS_OK; i++) {
        status = rank_count(tick, &batch[i]);
        if (status == STATUS_OK)
            status = touch_all(tick, batch[i].article_id);
    }
    return status;
}

/* Another process changed an article's row or counts: what it counts is read anew. */
static enum status recount(struct tick *tick, int64_t article_id)
{
    enum status status = touch_all(tick, article_id);
    for (int window = 0; window < WINDOWS_SLIDING && status == STATUS_OK; window++) {
        int64_t stored, step = window_step_s((enum window)window);
        status = views_of_article(tick->db, article_id, step, tick->begins[window], &stored);
        int64_t held = ranking_views(tick->ranking, (enum window)window, article_id);
        if (status == STATUS_OK && stored != held)
            status = add(tick, (enum window)window, article_id, stored - held);
    }
    if (status == STATUS_OK && ranking_knows(tick->ranking, article_id))
        status = place(tick, article_id);
    return status;
}

/* Articles that other processes changed, as far as one tick goes. */
struct changes {
    int64_t articles[CHANGES_PER_TICK];
    int len;
    int64_t last_seq;
};

static enum status read_changes(struct db *db, struct changes *changes)
{
    struct query *query = db_query(db, SQL_CHANGES_SEEN);
    query_bind_number(query, "limit", CHANGES_PER_TICK);
    enum status status;
    changes->len = 0;
    while ((status = query_step(query)) == STATUS_OK) {
        changes->last_seq = query_number(query, "seq");
        changes->articles[changes->len++] = query_number(query, "article_id");
    }
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

static enum status forget_changes(struct db *db, int64_t last_seq)
{
    struct query *query = db_query(db, SQL_CHANGES_FORGET);
    query_bind_number(query, "seq", last_seq);
    return query_run(query);
}

/* What one tick has to write. */
struct work {
    const struct count *batch;
    size_t batch_len;
    struct changes changes;
    bool compact;
};

static enum status gather(struct tick *tick, struct work *work)
{
    int64_t version;
    work->batch = counts_batch(tick->counts, &work->batch_len);
    work->changes.len = 0;
    enum status status = db_number(tick->db, "PRAGMA data_version", &version);
    if (status == STATUS_OK && version != tick->version_seen) {
        status = read_changes(tick->db, &work->changes);
        /* Seen only when all were read: the rest is for the next tick. */
        if (status == STATUS_OK && work->changes.len < CHANGES_PER_TICK)
            tick->version_seen = version;
    }
    return status == STATUS_OK ? views_compact_due(tick->db, tick->now_s, &work->compact) : status;
}

static enum status store_batch(struct db *db, const struct work *work)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < work->batch_len && status == STATUS_OK; i++) {
        const struct count *count = &work->batch[i];
        struct view_count view = {
            .article_id = count->article_id, .begin = count->begin, .count = count->views};
        status = views_add(db, &view, 1);
    }
    return status;
}

static enum status store(struct tick *tick, struct writing *writing, const struct work *work)
{
    bool more;
    if (work->batch_len == 0 && work->changes.len == 0 && !work->compact)
        return STATUS_OK;
    enum status status = writing_begin(writing);
    if (status != STATUS_OK)
        return status;
    status = store_batch(tick->db, work);
    if (status == STATUS_OK && work->changes.len > 0)
        status = forget_changes(tick->db, work->changes.last_seq);
    if (status == STATUS_OK && work->compact)
        status = views_compact(tick->db, tick->now_s, &more);
    if (status == STATUS_OK)
        return writing_commit(writing);
    writing_rollback(writing);
    return status;
}

/* Says once that storing fails, and once that it works again. */
static void note_storing(struct tick *tick, enum status status)
{
    bool works = status == STATUS_OK;
    if (atomic_exchange(tick->storing, works) == works)
        return;
    if (works)
        log_write(LOG_INFO, "views are stored again; none was lost");
    else
        log_write(LOG_ERROR, "views can't be stored (%s); they are kept in memory and tried again",
                  status_text(status));
}

static enum status take_all(void *context, int64_t article_id, int64_t total)
{
    struct ranked **next = context;
    *(*next)++ = (struct ranked){.article_id = article_id, .views = total};
    return STATUS_OK;
}

static enum status best_of_all(void *context, int64_t section_id, struct ranked *best, size_t most,
                               size_t *len)
{
    struct tick *tick = context;
    struct ranked *next = best;
    enum status status = views_most(tick->db, section_id, tick->now_s, (int)most, take_all, &next);
    if (status == STATUS_OK)
        *len = (size_t)(next - best);
    return status;
}

static enum status rank(struct tick *tick, const struct work *work)
{
    enum status status = rank_counts(tick, work->batch, work->batch_len);
    if (status == STATUS_OK)
        status = slide_all(tick);
    for (int i = 0; i < work->changes.len && status == STATUS_OK; i++)
        status = recount(tick, work->changes.articles[i]);
    return status == STATUS_OK ? ranking_publish(tick->ranking, tick->now_s, best_of_all, tick)
                               : status;
}

enum status tick_run(struct tick *tick, struct writing *writing, int64_t now_s)
{
    struct work work;
    tick->db = writing_db(writing);
    tick->now_s = now_s;
    enum status status = gather(tick, &work);
    if (status == STATUS_OK)
        status = store(tick, writing, &work);
    note_storing(tick, status);
    if (status != STATUS_OK)
        return status;
    status = rank(tick, &work);
    counts_stored(tick->counts);
    if (status != STATUS_OK)
        log_write(LOG_ERROR, "the rankings can't be brought up to date: %s", status_text(status));
    return status;
}

/* Every window from its beginning on, with no end. */
static enum status load_windows(struct tick *tick)
{
    enum status status = STATUS_OK;
    for (int window = 0; window < WINDOWS_SLIDING && status == STATUS_OK; window++) {
        struct slide slide = {.tick = tick, .window = (enum window)window, .sign = 1};
        tick->begins[window] = window_begin((enum window)window, tick->now_s);
        status = views_each(tick->db, window_step_s((enum window)window), tick->begins[window],
                            INT64_MAX, take_views, &slide);
    }
    return status;
}

static enum status touch_section(void *context, const struct section *section)
{
    struct tick *tick = context;
    return ranking_touch_all(tick->ranking, section->id);
}

/* What other processes changed until now is in what is read now. */
static enum status load_in_transaction(struct tick *tick)
{
    enum status status = db_number(tick->db, "PRAGMA data_version", &tick->version_seen);
    if (status == STATUS_OK)
        status = query_run(db_query(tick->db, SQL_CHANGES_FORGET_ALL));
    if (status == STATUS_OK)
        status = load_windows(tick);
    if (status == STATUS_OK)
        status = sections_each(tick->db, touch_section, tick);
    return status;
}

enum status tick_load(struct tick *tick, struct writing *writing, int64_t now_s)
{
    tick->db = writing_db(writing);
    tick->now_s = now_s;
    enum status status = writing_begin(writing);
    if (status != STATUS_OK)
        return status;
    status = load_in_transaction(tick);
    if (status != STATUS_OK) {
        writing_rollback(writing);
        return status;
    }
    status = writing_commit(writing);
    return status == STATUS_OK ? ranking_publish(tick->ranking, now_s, best_of_all, tick) : status;
}
