#include "popularity/snapshot.h"

#include <pthread.h>
#include <stdlib.h>

struct showcase {
    pthread_mutex_t lock; /* guards `newest` and every count of references */
    struct snapshot *newest;
};

const struct ranked *snapshot_best(const struct snapshot *snapshot, enum window window,
                                   int64_t section_id, size_t *len)
{
    for (size_t i = 0; i < snapshot->lists_len; i++) {
        const struct ranked_list *list = &snapshot->lists[i];
        if (list->section_id == section_id) {
            *len = list->lens[window];
            return list->ranked[window];
        }
    }
    *len = 0;
    return NULL;
}

enum status showcase_open(struct showcase **showcase)
{
    struct showcase *opened = calloc(1, sizeof *opened);
    struct snapshot *empty = calloc(1, sizeof *empty);
    if (!opened || !empty) {
        free(opened);
        free(empty);
        return STATUS_NO_MEMORY;
    }
    empty->references = 1;
    opened->newest = empty;
    pthread_mutex_init(&opened->lock, NULL);
    *showcase = opened;
    return STATUS_OK;
}

/* With the lock held. */
static void unref(struct snapshot *snapshot)
{
    if (--snapshot->references == 0)
        free(snapshot);
}

void showcase_close(struct showcase *showcase)
{
    if (!showcase)
        return;
    unref(showcase->newest);
    pthread_mutex_destroy(&showcase->lock);
    free(showcase);
}

void showcase_put(struct showcase *showcase, struct snapshot *snapshot)
{
    pthread_mutex_lock(&showcase->lock);
    unref(showcase->newest);
    showcase->newest = snapshot;
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
