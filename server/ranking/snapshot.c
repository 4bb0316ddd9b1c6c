#include "ranking/snapshot.h"

#include <pthread.h>
#include <stdlib.h>

struct published_ranking {
    pthread_mutex_t lock; /* guards `newest` and every count of references */
    struct snapshot *newest;
    struct snapshot *previous; /* NULL at first */
};

struct snapshot *snapshot_new(size_t lists_len)
{
    struct snapshot *snapshot =
        calloc(1, sizeof(struct snapshot) + lists_len * sizeof(struct ranked_list));
    if (!snapshot)
        return NULL;
    snapshot->references = 1;
    snapshot->lists_len = lists_len;
    return snapshot;
}

const struct ranked *snapshot_best(const struct snapshot *snapshot, int chart, int64_t section_id,
                                   size_t *len)
{
    for (size_t i = 0; i < snapshot->lists_len; i++) {
        const struct ranked_list *list = &snapshot->lists[i];
        if (list->section_id == section_id) {
            *len = list->lens[chart];
            return list->ranked[chart];
        }
    }
    *len = 0;
    return NULL;
}

/* The ids of a chart's first places, in order. */
static bool heads_differ(const struct snapshot *left, const struct snapshot *right, int chart,
                         size_t places, size_t *shortest)
{
    size_t left_len, right_len;
    const struct ranked *left_best = snapshot_best(left, chart, 0, &left_len);
    const struct ranked *right_best = snapshot_best(right, chart, 0, &right_len);
    left_len = left_len < places ? left_len : places;
    right_len = right_len < places ? right_len : places;
    *shortest = left_len < right_len ? left_len : right_len;
    for (size_t i = 0; i < *shortest; i++) {
        if (left_best[i].article_id != right_best[i].article_id)
            return true;
    }
    return left_len != right_len;
}

/* Of each chart as many places count as are shown and one more: those that stand in the list
 * already and the one that is left out are passed over, never more. */
bool snapshot_order_differs(const struct snapshot *left, const struct snapshot *right,
                            size_t places)
{
    if (left->previous != right->previous)
        return true;
    for (int chart = WINDOW_24H; chart <= WINDOW_ALL; chart++) {
        size_t shortest;
        if (heads_differ(left, right, chart, places + 1, &shortest))
            return true;
        if (shortest == places + 1)
            return false;
    }
    return false;
}

enum status published_ranking_open(struct published_ranking **published)
{
    struct published_ranking *opened = calloc(1, sizeof *opened);
    struct snapshot *empty = snapshot_new(0);
    if (!opened || !empty) {
        free(opened);
        free(empty);
        return STATUS_NO_MEMORY;
    }
    opened->newest = empty;
    pthread_mutex_init(&opened->lock, NULL);
    *published = opened;
    return STATUS_OK;
}

/* With the lock held. */
static void unref(struct snapshot *snapshot)
{
    while (snapshot && --snapshot->references == 0) {
        struct snapshot *previous = snapshot->previous;
        free(snapshot);
        snapshot = previous;
    }
}

void published_ranking_close(struct published_ranking *published)
{
    if (!published)
        return;
    unref(published->newest);
    unref(published->previous);
    pthread_mutex_destroy(&published->lock);
    free(published);
}

void published_ranking_put(struct published_ranking *published, struct snapshot *snapshot)
{
    pthread_mutex_lock(&published->lock);
    snapshot->previous = published->previous;
    if (snapshot->previous)
        snapshot->previous->references++;
    unref(published->newest);
    published->newest = snapshot;
    pthread_mutex_unlock(&published->lock);
}

void published_ranking_put_previous(struct published_ranking *published, struct snapshot *previous)
{
    pthread_mutex_lock(&published->lock);
    unref(published->previous);
    published->previous = previous;
    pthread_mutex_unlock(&published->lock);
}

const struct snapshot *published_ranking_ref(struct published_ranking *published)
{
    pthread_mutex_lock(&published->lock);
    struct snapshot *newest = published->newest;
    newest->references++;
    pthread_mutex_unlock(&published->lock);
    return newest;
}

void published_ranking_unref(struct published_ranking *published, const struct snapshot *snapshot)
{
    pthread_mutex_lock(&published->lock);
    unref((struct snapshot *)snapshot);
    pthread_mutex_unlock(&published->lock);
}
