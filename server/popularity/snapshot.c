#include "popularity/snapshot.h"

#include <pthread.h>
#include <stdlib.h>

struct showcase {
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

enum status showcase_open(struct showcase **showcase)
{
    struct showcase *opened = calloc(1, sizeof *opened);
    struct snapshot *empty = snapshot_new(0);
    if (!opened || !empty) {
        free(opened);
        free(empty);
        return STATUS_NO_MEMORY;
    }
    opened->newest = empty;
    pthread_mutex_init(&opened->lock, NULL);
    *showcase = opened;
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

void showcase_close(struct showcase *showcase)
{
    if (!showcase)
        return;
    unref(showcase->newest);
    unref(showcase->previous);
    pthread_mutex_destroy(&showcase->lock);
    free(showcase);
}

void showcase_put(struct showcase *showcase, struct snapshot *snapshot)
{
    pthread_mutex_lock(&showcase->lock);
    snapshot->previous = showcase->previous;
    if (snapshot->previous)
        snapshot->previous->references++;
    unref(showcase->newest);
    showcase->newest = snapshot;
    pthread_mutex_unlock(&showcase->lock);
}

void showcase_put_previous(struct showcase *showcase, struct snapshot *previous)
{
    pthread_mutex_lock(&showcase->lock);
    unref(showcase->previous);
    showcase->previous = previous;
    pthread_mutex_unlock(&showcase->lock);
}

const struct snapshot *showcase_ref(struct showcase *showcase)
{
    pthread_mutex_lock(&showcase->lock);
    struct snapshot *newest = showcase->newest;
    newest->references++;
    pthread_mutex_unlock(&showcase->lock);
    return newest;
}

void showcase_release(struct showcase *showcase, const struct snapshot *snapshot)
{
    pthread_mutex_lock(&showcase->lock);
    unref((struct snapshot *)snapshot);
    pthread_mutex_unlock(&showcase->lock);
}
