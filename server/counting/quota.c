#include "counting/quota.h"

#include "base/crypto.h"

#include <pthread.h>
#include <stdlib.h>

enum {
    CELLS_A_SET = 4,
    SETS = 16384, /* of 64 bytes: 1 MiB for 65,536 addresses */
    SECOND_US = 1000000,
};

#define HOUR_US (INT64_C(3600) * SECOND_US)

/* `full_us` is when the address will have its whole allowance again; past times are all alike. */
struct cell {
    uint64_t hash;
    int64_t full_us;
};

struct quota {
    pthread_mutex_t lock; /* guards the cells */
    int64_t step_us;      /* in which one view grows back; 0: no limit */
    unsigned char key[HASH_KEY_BYTES];
    struct cell cells[SETS][CELLS_A_SET];
};

enum status quota_open(int64_t per_hour, struct quota **quota)
{
    struct quota *opened = calloc(1, sizeof *opened);
    if (!opened || random_fill(opened->key, sizeof opened->key) != STATUS_OK) {
        free(opened);
        return STATUS_NO_MEMORY;
    }
    opened->step_us = per_hour ? HOUR_US / per_hour : 0;
    pthread_mutex_init(&opened->lock, NULL);
    *quota = opened;
    return STATUS_OK;
}

void quota_close(struct quota *quota)
{
    if (!quota)
        return;
    pthread_mutex_destroy(&quota->lock);
    free(quota);
}

/* The cell of an address, or the one it gets: of those that are not its own, the emptiest. */
static struct cell *cell_of(struct quota *quota, uint64_t hash)
{
    struct cell *cells = quota->cells[hash & (SETS - 1)], *oldest = &cells[0];
    for (int i = 0; i < CELLS_A_SET; i++) {
        if (cells[i].hash == hash)
            return &cells[i];
        if (cells[i].full_us < oldest->full_us)
            oldest = &cells[i];
    }
    *oldest = (struct cell){.hash = hash, .full_us = INT64_MIN};
    return oldest;
}

bool quota_take(struct quota *quota, const struct address *address, int64_t now_ms,
                int64_t *retry_s)
{
    struct address site = *address;
    int64_t now_us = now_ms * 1000;
    if (quota->step_us == 0)
        return true;
    address_keep_site(&site);
    uint64_t hash = hash_keyed(quota->key, site.bytes, sizeof site.bytes);
    pthread_mutex_lock(&quota->lock);
    struct cell *cell = cell_of(quota, hash);
    int64_t from_us = cell->full_us > now_us ? cell->full_us : now_us;
    int64_t over_us = from_us + quota->step_us - now_us - HOUR_US;
    if (over_us <= 0)
        cell->full_us = from_us + quota->step_us;
    pthread_mutex_unlock(&quota->lock);
    if (over_us > 0)
        *retry_s = (over_us + SECOND_US - 1) / SECOND_US;
    return over_us <= 0;
}
