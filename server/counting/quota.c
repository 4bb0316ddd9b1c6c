/* A leaky bucket (GCRA) for each address: a hash table of fixed size, in sets of four cells, holds
 * the time at which an address has its whole allowance again. A new address takes the cell of its
 * set whose allowance is nearest to full.
 *
 * Q1  step_us is between 1 and an hour, or 0 for no limit.
 * Q2  A view is granted only while full_us stays within an hour of now, so no address gets more
 *     than its hour's views at once. */
#include "counting/quota.h"

#include "base/crypto.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

enum {
    CELLS_A_SET = 4,
    SETS = 16384, /* of 64 bytes: 1 MiB for 65,536 addresses */
    SECOND_US = 1000000,
};

#define HOUR_US (INT64_C(3600) * SECOND_US)

struct quota_cell {
    uint64_t hash;
    int64_t full_us; /* when the address has its whole allowance again; any past time is alike */
};

struct quota {
    pthread_mutex_t lock; /* guards the cells */
    int64_t step_us;      /* in which one view grows back; 0: no limit */
    unsigned char key[HASH_KEY_BYTES];
    struct quota_cell cells[SETS][CELLS_A_SET];
};

enum status quota_open(int64_t per_hour, struct quota **quota)
{
    assert(per_hour >= 0 && per_hour <= HOUR_US); /* Q1 */
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

/* The cell of an address; one that has none gets the cell of its set that is nearest to full. */
static struct quota_cell *cell_of(struct quota *quota, uint64_t hash)
{
    struct quota_cell *cells = quota->cells[hash & (SETS - 1)], *oldest = &cells[0];
    for (int i = 0; i < CELLS_A_SET; i++) {
        if (cells[i].hash == hash)
            return &cells[i];
        if (cells[i].full_us < oldest->full_us)
            oldest = &cells[i];
    }
    *oldest = (struct quota_cell){.hash = hash, .full_us = INT64_MIN};
    return oldest;
}

bool quota_take(struct quota *quota, const struct address *address, int64_t now_ms,
                int64_t *retry_s)
{
    struct address site = *address;
    int64_t now_us = now_ms * 1000;
    if (quota->step_us == 0)
        return true;
    address_mask_host(&site);
    uint64_t hash = hash_keyed(quota->key, site.bytes, sizeof site.bytes);
    pthread_mutex_lock(&quota->lock);
    struct quota_cell *cell = cell_of(quota, hash);
    int64_t from_us = cell->full_us > now_us ? cell->full_us : now_us;
    int64_t excess_us = from_us + quota->step_us - now_us - HOUR_US; /* Q2 */
    if (excess_us <= 0)
        cell->full_us = from_us + quota->step_us;
    pthread_mutex_unlock(&quota->lock);
    if (excess_us <= 0)
        return true;
    *retry_s = (excess_us + SECOND_US - 1) / SECOND_US;
    assert(*retry_s > 0);
    return false;
}
