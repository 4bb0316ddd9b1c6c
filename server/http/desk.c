#include "http/desk.h"

#include <stdlib.h>

enum {
    KEY_BYTES_MAX = 64 * 1024,
};

enum status desk_open(struct desk *desk, size_t cache_bytes)
{
    desk->work = calloc(1, sizeof *desk->work);
    if (!desk->work)
        return STATUS_NO_MEMORY;
    buf_init(&desk->work->key, KEY_BYTES_MAX);
    enum status status = known_open(&desk->known);
    return status == STATUS_OK ? cache_open(cache_bytes, desk->shared->versions, &desk->cache)
                               : status;
}

void desk_close(struct desk *desk)
{
    cache_close(desk->cache);
    known_close(desk->known);
    if (desk->work) {
        target_release(&desk->work->target);
        buf_release(&desk->work->key);
        if (desk->work->counted.response)
            desk->work->counted.free(desk->work->counted.response);
    }
    free(desk->work);
}
