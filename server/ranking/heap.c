/* A binary heap of pointers, best at the top. The best of it are read without removing them: a
 * sorted list of candidates (the frontier) begins with the top, and each one taken adds its two
 * children.
 *
 * H1  articles[place]->places[chart][scope] == place, for places 1 to len: an article outside of
 *     the heap has place 0.
 * H2  No article is better than its parent, articles[place / 2].
 * H3  Every article in the heap had least_views when it was inserted or moved; one that has fewer
 *     leaves with the heap_update that follows the change.
 * H4  Articles published before `since` may be in the heap, as `since` rises with time; they leave
 *     when heap_best meets them. */
#include "ranking/heap.h"

#include "store/articles.h"
#include "store/visibility.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    CAPACITY_MIN = 64,
    EXPIRED_MAX = 64, /* articles before `since` that are walked over before all are removed */
    SWEEPS_MAX = 8,   /* one sweep may miss an article that it moved */
};

bool trend_add(struct trend *trend, int64_t hour, int64_t views, int64_t half_life_s)
{
    assert(half_life_s > 0);
    bool is_empty = trend->views == 0 && trend->before == 0;
    if (is_empty)
        trend->hour = hour;
    if (hour < trend->hour)
        return false;
    if (hour > trend->hour) {
        double half_lives = (double)(hour - trend->hour) / (double)half_life_s;
        trend->before = (trend->before + (double)trend->views) * exp2(-half_lives);
        trend->views = 0;
        trend->hour = hour;
    }
    trend->views += views;
    return true;
}

double trend_score(const struct trend *trend, int64_t half_life_s)
{
    double sum = trend->before + (double)trend->views;
    return sum > 0 ? (double)trend->hour / (double)half_life_s + log2(sum) : -INFINITY;
}

void heap_init(struct heap *heap, int chart, enum scope scope, int64_t least_views)
{
    assert(chart < CHART__MAX && least_views > 0); /* H3: no article without views is in a heap */
    *heap = (struct heap){
        .chart = chart, .scope = scope, .least_views = least_views, .since = INT64_MIN};
}

void heap_release(struct heap *heap)
{
    free(heap->articles);
    free(heap->frontier);
    heap_init(heap, heap->chart, heap->scope, heap->least_views);
}

static int64_t views_of(const struct heap *heap, const struct ranked_article *article)
{
    return article->views[heap->chart == CHART_TRENDING ? WINDOW_24H : heap->chart];
}

static bool is_better(const struct heap *heap, const struct ranked_article *a,
                      const struct ranked_article *b)
{
    bool is_trending = heap->chart == CHART_TRENDING;
    if (is_trending && a->score != b->score)
        return a->score > b->score;
    if (!is_trending && a->views[heap->chart] != b->views[heap->chart])
        return a->views[heap->chart] > b->views[heap->chart];
    if (a->published_at != b->published_at)
        return a->published_at > b->published_at;
    return a->id > b->id;
}

static size_t *place_of(const struct heap *heap, struct ranked_article *article)
{
    return &article->places[heap->chart][heap->scope];
}

static void put(struct heap *heap, size_t place, struct ranked_article *article)
{
    assert(place >= 1 && place <= heap->len); /* H1 */
    heap->articles[place] = article;
    *place_of(heap, article) = place;
}

static void sift_up(struct heap *heap, size_t place)
{
    struct ranked_article *article = heap->articles[place];
    while (place > 1 && is_better(heap, article, heap->articles[place / 2])) {
        put(heap, place, heap->articles[place / 2]);
        place /= 2;
    }
    put(heap, place, article);
}

static void sift_down(struct heap *heap, size_t place)
{
    struct ranked_article *article = heap->articles[place];
    for (;;) {
        size_t child = place * 2;
        if (child < heap->len && is_better(heap, heap->articles[child + 1], heap->articles[child]))
            child++;
        if (child > heap->len || !is_better(heap, heap->articles[child], article))
            break;
        put(heap, place, heap->articles[child]);
        place = child;
    }
    put(heap, place, article);
    assert(place == 1 || !is_better(heap, article, heap->articles[place / 2])); /* H2 */
}

static enum status insert(struct heap *heap, struct ranked_article *article)
{
    if (heap->len + 2 > heap->capacity) {
        size_t capacity = heap->capacity ? heap->capacity * 2 : CAPACITY_MIN;
        struct ranked_article **articles =
            realloc(heap->articles, capacity * sizeof(struct ranked_article *));
        if (!articles)
            return STATUS_NO_MEMORY;
        heap->articles = articles;
        heap->capacity = capacity;
    }
    put(heap, ++heap->len, article);
    sift_up(heap, heap->len);
    return STATUS_OK;
}

void heap_remove(struct heap *heap, struct ranked_article *article)
{
    size_t place = *place_of(heap, article);
    if (place == 0)
        return;
    assert(place <= heap->len && heap->articles[place] == article); /* H1 */
    struct ranked_article *last = heap->articles[heap->len--];
    *place_of(heap, article) = 0;
    if (last == article)
        return;
    put(heap, place, last);
    sift_up(heap, place);
    sift_down(heap, *place_of(heap, last));
}

enum status heap_update(struct heap *heap, struct ranked_article *article)
{
    size_t place = *place_of(heap, article);
    assert(views_of(heap, article) >= 0);
    bool belongs = article->ranked && views_of(heap, article) >= heap->least_views &&
                   article->published_at >= heap->since;
    if (!belongs) {
        heap_remove(heap, article);
        return STATUS_OK;
    }
    if (place == 0)
        return insert(heap, article);
    assert(place <= heap->len && heap->articles[place] == article); /* H1 */
    sift_up(heap, place);
    sift_down(heap, *place_of(heap, article));
    return STATUS_OK;
}

/* Makes room for one more place in the frontier; false without memory. */
static bool reserve_frontier(struct heap *heap, size_t len)
{
    if (len < heap->frontier_capacity)
        return true;
    size_t capacity = heap->frontier_capacity ? heap->frontier_capacity * 2 : CAPACITY_MIN;
    size_t *frontier = realloc(heap->frontier, capacity * sizeof *frontier);
    if (!frontier)
        return false;
    heap->frontier = frontier;
    heap->frontier_capacity = capacity;
    return true;
}

/* Inserts a place into the frontier, which is sorted with the best last. Without memory the worst
 * is dropped. Returns the new length. */
static size_t frontier_add(struct heap *heap, size_t len, size_t place)
{
    if (place > heap->len)
        return len;
    if (!reserve_frontier(heap, len)) {
        if (len == 0)
            return 0;
        memmove(heap->frontier, heap->frontier + 1, --len * sizeof *heap->frontier);
    }
    size_t *frontier = heap->frontier, at = len;
    while (at > 0 && is_better(heap, heap->articles[frontier[at - 1]], heap->articles[place]))
        at--;
    memmove(frontier + at + 1, frontier + at, (len - at) * sizeof *frontier);
    frontier[at] = place;
    return len + 1;
}

/* As heap_best, but leaves articles published before `since` in the heap: *expired says how many it
 * met. It stops early when they are many. */
static struct best_list collect(struct heap *heap, int64_t now_s, struct ranked *best, size_t most,
                                int *expired)
{
    struct best_list list = {.oldest = INT64_MAX};
    size_t frontier_len = frontier_add(heap, 0, 1);
    *expired = 0;
    while (list.len < most && frontier_len > 0 && *expired < EXPIRED_MAX) {
        size_t place = heap->frontier[--frontier_len];
        const struct ranked_article *article = heap->articles[place];
        if (article_visibility(false, article->published_at, now_s) != STATUS_OK) {
            list.has_future = true;
        } else if (article->published_at < heap->since) {
            (*expired)++;
        } else {
            assert(views_of(heap, article) >= heap->least_views); /* H3 */
            best[list.len++] =
                (struct ranked){.article_id = article->id, .views = views_of(heap, article)};
            if (article->published_at < list.oldest)
                list.oldest = article->published_at;
        }
        frontier_len = frontier_add(heap, frontier_len, place * 2);
        frontier_len = frontier_add(heap, frontier_len, place * 2 + 1);
    }
    return list;
}

/* Removes those from the whole heap, so that it is long until the next one is met (H4). */
static void remove_expired(struct heap *heap)
{
    for (size_t place = heap->len; place > 0; place--) {
        if (place <= heap->len && heap->articles[place]->published_at < heap->since)
            heap_remove(heap, heap->articles[place]);
    }
}

struct best_list heap_best(struct heap *heap, int64_t now_s, struct ranked *best, size_t most)
{
    int expired;
    struct best_list list = collect(heap, now_s, best, most, &expired);
    for (int i = 0; expired > 0 && i < SWEEPS_MAX; i++) {
        remove_expired(heap);
        list = collect(heap, now_s, best, most, &expired);
    }
    assert(list.len <= most);
    return list;
}
