#include "popularity/heap.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_ROOM = 64,
    FRONTIER_MAX = 512, /* places that may be looked at next; beyond, the worst are let go */
};

void heap_init(struct heap *heap, enum window window, enum scope scope)
{
    *heap = (struct heap){.window = window, .scope = scope};
}

void heap_release(struct heap *heap)
{
    free(heap->articles);
    heap_init(heap, heap->window, heap->scope);
}

static bool is_better(const struct heap *heap, const struct ranked_article *a,
                      const struct ranked_article *b)
{
    if (a->views[heap->window] != b->views[heap->window])
        return a->views[heap->window] > b->views[heap->window];
    if (a->published_at != b->published_at)
        return a->published_at > b->published_at;
    return a->id > b->id;
}

static size_t *place_of(const struct heap *heap, struct ranked_article *article)
{
    return &article->places[heap->window][heap->scope];
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
    bool belongs = article->ranked && article->views[heap->window] > 0;
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

/* The places whose parents have been taken, best last. */
struct frontier {
    size_t places[FRONTIER_MAX];
    size_t len;
};

static void frontier_add(struct frontier *frontier, const struct heap *heap, size_t place)
{
    if (place > heap->len)
        return;
    size_t at = frontier->len;
    while (at > 0 &&
           is_better(heap, heap->articles[frontier->places[at - 1]], heap->articles[place]))
        at--;
    if (frontier->len == FRONTIER_MAX) {
        if (at == 0)
            return;
        memmove(frontier->places, frontier->places + 1, --at * sizeof frontier->places[0]);
        frontier->places[at] = place;
        return;
    }
    memmove(frontier->places + at + 1, frontier->places + at,
            (frontier->len - at) * sizeof frontier->places[0]);
    frontier->places[at] = place;
    frontier->len++;
}

size_t heap_best(const struct heap *heap, int64_t now_s, struct ranked *best, size_t most,
                 bool *passed_over)
{
    struct frontier frontier = {.len = 0};
    size_t count = 0;
    *passed_over = false;
    frontier_add(&frontier, heap, 1);
    while (count < most && frontier.len > 0) {
        size_t place = frontier.places[--frontier.len];
        const struct ranked_article *article = heap->articles[place];
        if (article->published_at <= now_s)
            best[count++] =
                (struct ranked){.article_id = article->id, .views = article->views[heap->window]};
        else
            *passed_over = true;
        frontier_add(&frontier, heap, place * 2);
        frontier_add(&frontier, heap, place * 2 + 1);
    }
    return count;
}
