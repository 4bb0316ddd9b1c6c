#include "ranking/heap.h"

#include "store/articles.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_ROOM = 64,
    OLD_MAX = 64,   /* articles of old that are walked over before all are taken out */
    SWEEPS_MAX = 8, /* one may pass an article by that it moved */
};

void heap_init(struct heap *heap, int chart, enum scope scope, int64_t least)
{
    *heap = (struct heap){.chart = chart, .scope = scope, .least = least, .since = INT64_MIN};
}

void heap_release(struct heap *heap)
{
    free(heap->articles);
    free(heap->frontier);
    heap_init(heap, heap->chart, heap->scope, heap->least);
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
    heap->articles[place] = article;
    *place_of(heap, article) = place;
}

static void rise(struct heap *heap, size_t place)
{
    struct ranked_article *article = heap->articles[place];
    while (place > 1 && is_better(heap, article, heap->articles[place / 2])) {
        put(heap, place, heap->articles[place / 2]);
        place /= 2;
    }
    put(heap, place, article);
}

static void sink(struct heap *heap, size_t place)
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
}

static enum status let_in(struct heap *heap, struct ranked_article *article)
{
    if (heap->len + 2 > heap->room) {
        size_t room = heap->room ? heap->room * 2 : FIRST_ROOM;
        struct ranked_article **articles =
            realloc(heap->articles, room * sizeof(struct ranked_article *));
        if (!articles)
            return STATUS_NO_MEMORY;
        heap->articles = articles;
        heap->room = room;
    }
    put(heap, ++heap->len, article);
    rise(heap, heap->len);
    return STATUS_OK;
}

void heap_remove(struct heap *heap, struct ranked_article *article)
{
    size_t place = *place_of(heap, article);
    if (place == 0)
        return;
    struct ranked_article *last = heap->articles[heap->len--];
    *place_of(heap, article) = 0;
    if (last == article)
        return;
    put(heap, place, last);
    rise(heap, place);
    sink(heap, *place_of(heap, last));
}

enum status heap_settle(struct heap *heap, struct ranked_article *article)
{
    size_t place = *place_of(heap, article);
    bool belongs = article->ranked && views_of(heap, article) >= heap->least &&
                   article->published_at >= heap->since;
    if (!belongs) {
        heap_remove(heap, article);
        return STATUS_OK;
    }
    if (place == 0)
        return let_in(heap, article);
    rise(heap, place);
    sink(heap, *place_of(heap, article));
    return STATUS_OK;
}

/* Makes room for one more place in the frontier; false without memory. */
static bool widen_frontier(struct heap *heap, size_t len)
{
    if (len < heap->frontier_room)
        return true;
    size_t room = heap->frontier_room ? heap->frontier_room * 2 : FIRST_ROOM;
    size_t *frontier = realloc(heap->frontier, room * sizeof *frontier);
    if (!frontier)
        return false;
    heap->frontier = frontier;
    heap->frontier_room = room;
    return true;
}

/* Puts a place into the frontier: the places whose parents have been taken, best last. Without
 * memory the worst is let go. Returns its new length. */
static size_t frontier_add(struct heap *heap, size_t len, size_t place)
{
    if (place > heap->len)
        return len;
    if (!widen_frontier(heap, len)) {
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

static void take(struct best_of *of, const struct heap *heap, const struct ranked_article *article,
                 struct ranked *best)
{
    best[of->len++] = (struct ranked){.article_id = article->id, .views = views_of(heap, article)};
    if (article->published_at < of->oldest)
        of->oldest = article->published_at;
}

/* As heap_best, but with the articles of old still in it: *old says how many were met. It gives up
 * when they are many. */
static struct best_of look(struct heap *heap, int64_t now_s, struct ranked *best, size_t most,
                           int *old)
{
    struct best_of of = {.oldest = INT64_MAX};
    size_t len = frontier_add(heap, 0, 1);
    *old = 0;
    while (of.len < most && len > 0 && *old < OLD_MAX) {
        size_t place = heap->frontier[--len];
        const struct ranked_article *article = heap->articles[place];
        if (article_visibility(false, article->published_at, now_s) != STATUS_OK)
            of.passed_over = true;
        else if (article->published_at < heap->since)
            (*old)++;
        else
            take(&of, heap, article, best);
        len = frontier_add(heap, len, place * 2);
        len = frontier_add(heap, len, place * 2 + 1);
    }
    return of;
}

/* Walks the whole heap, so that the next of old is met long after. */
static void remove_old(struct heap *heap)
{
    for (size_t place = heap->len; place > 0; place--) {
        if (place <= heap->len && heap->articles[place]->published_at < heap->since)
            heap_remove(heap, heap->articles[place]);
    }
}

struct best_of heap_best(struct heap *heap, int64_t now_s, struct ranked *best, size_t most)
{
    int old;
    struct best_of of = look(heap, now_s, best, most, &old);
    for (int i = 0; old > 0 && i < SWEEPS_MAX; i++) {
        remove_old(heap);
        of = look(heap, now_s, best, most, &old);
    }
    return of;
}
