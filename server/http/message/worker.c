#include "http/message/worker.h"

#include <stdlib.h>

enum status worker_open(struct worker *worker, size_t cache_bytes)
{
    worker->work = calloc(1, sizeof *worker->work);
    if (!worker->work)
        return STATUS_NO_MEMORY;
    buf_init(&worker->work->key, RESPONSE_CACHE_KEY_BYTES_MAX);
    enum status status = visibility_cache_open(&worker->visibility);
    return status == STATUS_OK
               ? response_cache_open(cache_bytes, worker->shared->versions, &worker->cache)
               : status;
}

void worker_close(struct worker *worker)
{
    response_cache_close(worker->cache);
    visibility_cache_close(worker->visibility);
    if (worker->work) {
        target_release(&worker->work->target);
        buf_release(&worker->work->key);
        if (worker->work->counted.handle)
            worker->work->counted.free(worker->work->counted.handle);
    }
    free(worker->work);
}
