/* Opens and closes the caches and the request memory of a serving thread. */
#include "http/message/worker.h"

#include <assert.h>
#include <stdlib.h>

enum status worker_open(struct worker *worker, size_t cache_bytes)
{
    assert(!worker->memory && !worker->visibility && !worker->cache);
    worker->memory = calloc(1, sizeof *worker->memory);
    if (!worker->memory)
        return STATUS_NO_MEMORY;
    buf_init(&worker->memory->key, RESPONSE_CACHE_KEY_BYTES_MAX);
    enum status status = visibility_cache_open(&worker->visibility);
    return status == STATUS_OK
               ? response_cache_open(cache_bytes, worker->shared->versions, &worker->cache)
               : status;
}

void worker_close(struct worker *worker)
{
    response_cache_close(worker->cache);
    visibility_cache_close(worker->visibility);
    if (worker->memory) {
        struct prepared_response *counted = &worker->memory->counted;
        target_release(&worker->memory->target);
        buf_release(&worker->memory->key);
        if (counted->handle)
            counted->free(counted->handle);
    }
    free(worker->memory);
}
