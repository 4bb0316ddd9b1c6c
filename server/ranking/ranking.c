#include "ranking/ranking.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_BUCKETS = 1024
};

/* The lists of a section, or of the whole paper. `changed` has a bit a chart. */
struct standings {
    int64_t section_id;
    unsigned changed;
    int64_t oldest[CHART__MAX];    /* when a list's oldest article was published */
    struct heap heaps[CHART__MAX]; /* WINDOW_ALL's stays empty */
    struct ranked_list list;       /* as it was made last */
};

struct ranking {
    struct published_ranking *published;
    struct ranking_rules rules;
    struct ranked_article **buckets; /* articles by id, chained */
    size_t buckets_len, articles;
    struct standings **standings; /* [0] is the whole paper's */
    size_t standings_len;
    bool unpublished; /* a list differs from what was shown last */
};

static size_t bucket_of(const struct ranking *ranking, int64_t id)
{
    return (size_t)((uint64_t)id * 0x9E3779B97F4A7C15u >> 20) & (ranking->buckets_len - 1);
}

static struct ranked_article *article_of(const struct ranking *ranking, int64_t id)
{
    struct ranked_article *article = ranking->buckets[bucket_of(ranking, id)];
    while (article && article->id != id)
        article = article->next;
    return article;
}

static enum status grow(struct ranking *ranking)
{
    size_t old_len = ranking->buckets_len;
    struct ranked_article **old = ranking->buckets;
    struct ranked_article **buckets = calloc(old_len * 2, sizeof(struct ranked_article *));
    if (!buckets)
        return STATUS_NO_MEMORY;
    ranking->buckets = buckets;
    ranking->buckets_len = old_len * 2;
    for (size_t i = 0; i < old_len; i++) {
        for (struct ranked_article *article = old[i], *next; article; article = next) {
            next = article->next;
            struct ranked_article **bucket = &buckets[bucket_of(ranking, article->id)];
            article->next = *bucket;
            *bucket = article;
        }
    }
    free(old);
    return STATUS_OK;
}

/* The standings of a section, made when they are not there yet; NULL without memory. */
static struct standings *standings_of(struct ranking *ranking, int64_t section_id)
{
    for (size_t i = 0; i < ranking->standings_len; i++) {
        if (ranking->standings[i]->section_id == section_id)
            return ranking->standings[i];
    }
    struct standings **larger =
        realloc(ranking->standings, (ranking->standings_len + 1) * sizeof(struct standings *));
    if (!larger)
        return NULL;
    ranking->standings = larger;
    struct standings *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    made->section_id = made->list.section_id = section_id;
    made->changed = 1u << WINDOW_ALL;
    for (int chart = 0; chart < CHART__MAX; chart++) {
        heap_init(&made->heaps[chart], chart, section_id ? SCOPE_SECTION : SCOPE_PAPER,
                  chart == CHART_TRENDING ? ranking->rules.trending_least : 1);
        made->oldest[chart] = INT64_MAX;
    }
    larger[ranking->standings_len++] = made;
    return made;
}

static void standings_free(struct standings *standings)
{
    for (int chart = 0; chart < CHART__MAX; chart++)
        heap_release(&standings->heaps[chart]);
    free(standings);
}

enum status ranking_open(struct published_ranking *published, const struct ranking_rules *rules,
                         struct ranking **ranking)
{
    struct ranking *opened = calloc(1, sizeof *opened);
    if (!opened)
        return STATUS_NO_MEMORY;
    opened->published = published;
    opened->rules = *rules;
    opened->buckets_len = FIRST_BUCKETS;
    opened->buckets = calloc(FIRST_BUCKETS, sizeof(struct ranked_article *));
    if (!opened->buckets || !standings_of(opened, 0)) {
        ranking_close(opened);
        return STATUS_NO_MEMORY;
    }
    *ranking = opened;
    return STATUS_OK;
}

void ranking_close(struct ranking *ranking)
{
    if (!ranking)
        return;
    for (size_t i = 0; ranking->buckets && i < ranking->buckets_len; i++) {
        for (struct ranked_article *article = ranking->buckets[i], *next; article; article = next) {
            next = article->next;
            free(article);
        }
    }
    for (size_t i = 0; i < ranking->standings_len; i++)
        standings_free(ranking->standings[i]);
    free(ranking->standings);
    free(ranking->buckets);
    free(ranking);
}

bool ranking_knows(const struct ranking *ranking, int64_t article_id)
{
    return article_of(ranking, article_id) != NULL;
}

int64_t ranking_views(const struct ranking *ranking, enum window window, int64_t article_id)
{
    const struct ranked_article *article = article_of(ranking, article_id);
    return article ? article->views[window] : 0;
}

/* Puts an article into its two lists of a chart, and marks them changed. */
static enum status settle(struct ranking *ranking, struct ranked_article *article, int chart)
{
    struct standings *both[SCOPE__MAX] = {
        [SCOPE_PAPER] = ranking->standings[0],
        [SCOPE_SECTION] = standings_of(ranking, article->section_id),
    };
    for (int scope = 0; scope < SCOPE__MAX; scope++) {
        if (!both[scope] || heap_settle(&both[scope]->heaps[chart], article) != STATUS_OK)
            return STATUS_NO_MEMORY;
        both[scope]->changed |= 1u << chart;
    }
    return STATUS_OK;
}

static enum status settle_everywhere(struct ranking *ranking, struct ranked_article *article)
{
    enum status status = STATUS_OK;
    for (int chart = 0; chart < CHART__MAX && status == STATUS_OK; chart++) {
        if (chart != WINDOW_ALL)
            status = settle(ranking, article, chart);
    }
    return status;
}

/* Takes an article out of its section's lists, before it moves to another. */
static void leave_section(struct ranking *ranking, struct ranked_article *article)
{
    struct standings *standings = standings_of(ranking, article->section_id);
    for (int chart = 0; standings && chart < CHART__MAX; chart++) {
        if (chart == WINDOW_ALL)
            continue;
        heap_remove(&standings->heaps[chart], article);
        standings->changed |= 1u << chart;
    }
}

static struct ranked_article *article_made(struct ranking *ranking, int64_t id)
{
    if (ranking->articles >= ranking->buckets_len && grow(ranking) != STATUS_OK)
        return NULL;
    struct ranked_article *article = calloc(1, sizeof *article);
    if (!article)
        return NULL;
    struct ranked_article **bucket = &ranking->buckets[bucket_of(ranking, id)];
    article->id = id;
    article->score = trend_score(&article->trend, ranking->rules.half_life_s);
    article->next = *bucket;
    *bucket = article;
    ranking->articles++;
    return article;
}

enum status ranking_place(struct ranking *ranking, int64_t article_id, int64_t section_id,
                          int64_t published_at, bool ranked)
{
    struct ranked_article *article = article_of(ranking, article_id);
    if (!article)
        article = article_made(ranking, article_id);
    else if (article->section_id != section_id)
        leave_section(ranking, article);
    if (!article)
        return STATUS_NO_MEMORY;
    article->section_id = section_id;
    article->published_at = published_at;
    article->ranked = ranked;
    return settle_everywhere(ranking, article);
}

static bool has_views(const struct ranked_article *article)
{
    for (int window = 0; window < WINDOWS_SLIDING; window++) {
        if (article->views[window] != 0)
            return true;
    }
    return false;
}

/* An article without views stands in no heap any more. */
static void forget(struct ranking *ranking, struct ranked_article *article)
{
    struct ranked_article **link = &ranking->buckets[bucket_of(ranking, article->id)];
    while (*link != article)
        link = &(*link)->next;
    *link = article->next;
    ranking->articles--;
    free(article);
}

enum status ranking_add(struct ranking *ranking, enum window window, int64_t article_id,
                        int64_t views)
{
    struct ranked_article *article = article_of(ranking, article_id);
    if (!article)
        return STATUS_ABSENT;
    article->views[window] += views;
    enum status status = settle(ranking, article, window);
    if (status == STATUS_OK && window == WINDOW_24H)
        status = settle(ranking, article, CHART_TRENDING);
    if (status == STATUS_OK && !has_views(article))
        forget(ranking, article);
    return status;
}

static enum status rescore(struct ranking *ranking, struct ranked_article *article)
{
    article->score = trend_score(&article->trend, ranking->rules.half_life_s);
    return settle(ranking, article, CHART_TRENDING);
}

enum status ranking_add_trend(struct ranking *ranking, int64_t article_id, int64_t hour,
                              int64_t views)
{
    struct ranked_article *article = article_of(ranking, article_id);
    if (!article)
        return STATUS_ABSENT;
    if (!trend_add(&article->trend, hour, views, ranking->rules.half_life_s))
        return STATUS_INVALID;
    return rescore(ranking, article);
}

enum status ranking_forget_trend(struct ranking *ranking, int64_t article_id)
{
    struct ranked_article *article = article_of(ranking, article_id);
    if (!article)
        return STATUS_ABSENT;
    article->trend = (struct trend){.views = 0};
    return rescore(ranking, article);
}

/* Articles that were published before this stand in no most read. */
static int64_t since(const struct ranking *ranking, int64_t now_s)
{
    return ranking->rules.max_age_s ? now_s - ranking->rules.max_age_s : INT64_MIN;
}

enum status ranking_settle_every(struct ranking *ranking)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < ranking->standings_len; i++) {
        ranking->standings[i]->changed = ~0u;
        for (int chart = 0; chart < CHART__MAX; chart++)
            ranking->standings[i]->heaps[chart].since = INT64_MIN;
    }
    for (size_t i = 0; i < ranking->buckets_len && ranking->rules.max_age_s; i++) {
        for (struct ranked_article *article = ranking->buckets[i]; article && status == STATUS_OK;
             article = article->next)
            status = settle_everywhere(ranking, article);
    }
    return status;
}

enum status ranking_touch_all(struct ranking *ranking, int64_t section_id)
{
    struct standings *standings = standings_of(ranking, section_id);
    if (!standings)
        return STATUS_NO_MEMORY;
    standings->changed |= 1u << WINDOW_ALL;
    return STATUS_OK;
}

void ranking_touch_every(struct ranking *ranking)
{
    for (size_t i = 0; i < ranking->standings_len; i++)
        ranking->standings[i]->changed |= 1u << WINDOW_ALL;
}

/* The list of one chart, read anew. */
struct fresh {
    struct ranked ranked[RANKED_MAX];
    struct best_of of;
};

static enum status make_fresh(struct standings *standings, int chart, int64_t now_s,
                              int64_t since_at, ranking_all *all, void *arg, struct fresh *fresh)
{
    if (chart == WINDOW_ALL)
        return all(arg, standings->section_id, since_at, fresh->ranked, RANKED_MAX, &fresh->of);
    struct heap *heap = &standings->heaps[chart];
    /* What trends may be an old story that is read again. */
    heap->since = chart == CHART_TRENDING ? INT64_MIN : since_at;
    fresh->of = heap_best(heap, now_s, fresh->ranked, RANKED_MAX);
    return STATUS_OK;
}

/* Takes over a list that was read anew; false when it says the same as before. */
static bool take_fresh(struct ranked_list *list, int chart, const struct fresh *fresh)
{
    size_t len = fresh->of.len, bytes = len * sizeof fresh->ranked[0];
    if (list->lens[chart] == len && memcmp(list->ranked[chart], fresh->ranked, bytes) == 0)
        return false;
    list->lens[chart] = len;
    memcpy(list->ranked[chart], fresh->ranked, bytes);
    return true;
}

static bool may_have_changed(const struct standings *standings, int chart, int64_t since_at)
{
    bool has_aged = chart != CHART_TRENDING && standings->oldest[chart] < since_at;
    return has_aged || (standings->changed & 1u << chart);
}

/* Makes the lists that may have changed anew; *differs says whether one did. A list stays marked
 * when it could not be made, or when an article was passed over that comes in by time alone. */
static enum status refresh(struct standings *standings, int64_t now_s, int64_t since_at,
                           ranking_all *all, void *arg, bool *differs)
{
    for (int chart = 0; chart < CHART__MAX; chart++) {
        struct fresh fresh = {.of = {.oldest = INT64_MAX}};
        if (!may_have_changed(standings, chart, since_at))
            continue;
        enum status status = make_fresh(standings, chart, now_s, since_at, all, arg, &fresh);
        if (status != STATUS_OK)
            return status;
        *differs |= take_fresh(&standings->list, chart, &fresh);
        standings->oldest[chart] = fresh.of.oldest;
        if (!fresh.of.passed_over)
            standings->changed &= ~(1u << chart);
    }
    return STATUS_OK;
}

enum status ranking_refresh(struct ranking *ranking, int64_t now_s, ranking_all *all, void *arg)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < ranking->standings_len && status == STATUS_OK; i++)
        status = refresh(ranking->standings[i], now_s, since(ranking, now_s), all, arg,
                         &ranking->unpublished);
    return status;
}

enum status ranking_each(const struct ranking *ranking,
                         enum status (*take)(void *arg, const struct ranked_list *list), void *arg)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < ranking->standings_len && status == STATUS_OK; i++)
        status = take(arg, &ranking->standings[i]->list);
    return status;
}

void ranking_put_previous(struct ranking *ranking, struct snapshot *previous)
{
    published_ranking_put_previous(ranking->published, previous);
    ranking->unpublished = true;
}

enum status ranking_publish(struct ranking *ranking, int64_t now_s, struct publication *publication)
{
    *publication = (struct publication){.counts = false};
    if (!ranking->unpublished)
        return STATUS_OK;
    struct snapshot *snapshot = snapshot_new(ranking->standings_len);
    if (!snapshot)
        return STATUS_NO_MEMORY;
    snapshot->as_of = now_s;
    for (size_t i = 0; i < ranking->standings_len; i++)
        memcpy(&snapshot->lists[i], &ranking->standings[i]->list, sizeof(struct ranked_list));
    const struct snapshot *outgoing = published_ranking_ref(ranking->published);
    published_ranking_put(ranking->published, snapshot);
    publication->counts = true;
    publication->order = snapshot_order_differs(outgoing, snapshot, ranking->rules.beside);
    published_ranking_unref(ranking->published, outgoing);
    ranking->unpublished = false;
    return STATUS_OK;
}
