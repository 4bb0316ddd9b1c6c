/* One lock guards the newest snapshot and all counts of references; readers hold it for a few
 * instructions and then read without it.
 *
 * S1  A snapshot that is published never changes, except for its count of references.
 * S2  references is at least 1 while anybody can reach the snapshot; at 0 it is freed, and its
 *     reference to `previous` with it.
 * S3  `newest` is never NULL.
 * S4  No list is longer than RANKED_MAX. */
#include "ranking/snapshot.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct published_ranking {
    pthread_mutex_t lock; /* guards `newest`, `previous` and every count of references */
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
    assert(chart >= 0 && chart < CHART__MAX);
    for (size_t i = 0; i < snapshot->lists_len; i++) {
        const struct ranked_list *list = &snapshot->lists[i];
        if (list->section_id == section_id) {
            assert(list->lens[chart] <= RANKED_MAX); /* S4 */
            *len = list->lens[chart];
            return list->ranked[chart];
        }
    }
    *len = 0;
    return NULL;
}

/* Whether the ids of a chart's first places differ; *shortest gets how many both have. */
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

/* One more place than is shown counts, because one article may be left out. A wider chart matters
 * only when the narrower ones do not fill the list; what it repeats of them takes no place. */
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

/* With the lock held. `snapshot` may be NULL. */
static void unref(struct snapshot *snapshot)
{
    while (snapshot) {
        assert(snapshot->references > 0); /* S2 */
        if (--snapshot->references > 0)
            return;
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
    assert(snapshot->references == 1 && !snapshot->previous); /* S1, S2 */
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
    assert(previous->references == 1 && !previous->previous); /* S1, S2 */
    pthread_mutex_lock(&published->lock);
    unref(published->previous);
    published->previous = previous;
    pthread_mutex_unlock(&published->lock);
}

const struct snapshot *published_ranking_ref(struct published_ranking *published)
{
    pthread_mutex_lock(&published->lock);
    struct snapshot *newest = published->newest;
    assert(newest && newest->references > 0); /* S2, S3 */
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
