/* A set-associative hash table of visits under one lock: a visit is searched for in the eight cells
 * of its set, which are one cache line.
 *
 *   cell   63            25  24  23          0
 *          [ hash, 39 bits ][1][ seconds mod 2^24 ]      0: empty
 *
 * The salt is replaced each day. A visit under the old salt is found until its time is over.
 *
 * V1  The time never goes back: requests read the clock before they take the lock, so the newest
 *     time seen so far is used. A cell that was written is therefore never ahead of the clock; if
 *     it were, its age would wrap to 194 days and the same reader would count twice.
 * V2  The number of sets is a power of two.
 * V3  A cell that holds a visit is never 0. */
#include "counting/visitors.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    CELLS_A_SET = 8,
    AGENT_BYTES = 512,
    TIME_BITS = 24,
    TIME_MASK = (1 << TIME_BITS) - 1, /* 194 days of seconds; a salt lasts one */
    SALT_MS = 24 * 3600 * 1000,
};

struct visit_set {
    uint64_t cells[CELLS_A_SET];
};

struct visitors {
    pthread_mutex_t lock; /* guards all below */
    unsigned char salt[HASH_KEY_BYTES];
    unsigned char last_salt[HASH_KEY_BYTES];
    int64_t salted_ms; /* when `salt` was made */
    bool is_salted;
    int64_t latest_ms; /* V1 */
    int64_t revisit_s;
    size_t sets_len; /* V2 */
    struct visit_set *sets;
};

enum status visitors_open(int64_t capacity, int64_t revisit_s,
                          const unsigned char salt[HASH_KEY_BYTES], struct visitors **visitors)
{
    assert(revisit_s >= 0 && revisit_s * 1000 <= SALT_MS);
    struct visitors *opened = calloc(1, sizeof *opened);
    if (!opened)
        return STATUS_NO_MEMORY;
    opened->latest_ms = INT64_MIN;
    opened->revisit_s = revisit_s;
    opened->sets_len = 1;
    while ((int64_t)opened->sets_len * CELLS_A_SET < capacity)
        opened->sets_len *= 2;
    opened->sets = calloc(opened->sets_len, sizeof *opened->sets);
    if (!opened->sets) {
        free(opened);
        return STATUS_NO_MEMORY;
    }
    memcpy(opened->salt, salt, HASH_KEY_BYTES);
    pthread_mutex_init(&opened->lock, NULL);
    *visitors = opened;
    return STATUS_OK;
}

void visitors_close(struct visitors *visitors)
{
    if (!visitors)
        return;
    pthread_mutex_destroy(&visitors->lock);
    free(visitors->sets);
    free(visitors);
}

/* Replaces a salt that is a day old. When the system gives no random numbers, the old one is used
 * for another day. */
static void renew_salt(struct visitors *visitors, int64_t now_ms)
{
    unsigned char fresh[HASH_KEY_BYTES];
    if (visitors->is_salted && now_ms - visitors->salted_ms < SALT_MS)
        return;
    visitors->salted_ms = now_ms;
    if (visitors->is_salted && random_fill(fresh, sizeof fresh) == STATUS_OK) {
        memcpy(visitors->last_salt, visitors->salt, sizeof fresh);
        memcpy(visitors->salt, fresh, sizeof fresh);
    }
    visitors->is_salted = true;
}

static uint64_t hash_of(const unsigned char *salt, const struct visit *visit)
{
    unsigned char bytes[ADDRESS_BYTES + sizeof visit->article_id + AGENT_BYTES];
    size_t len = strnlen(visit->agent, AGENT_BYTES);
    memcpy(bytes, visit->address.bytes, ADDRESS_BYTES);
    memcpy(bytes + ADDRESS_BYTES, &visit->article_id, sizeof visit->article_id);
    memcpy(bytes + ADDRESS_BYTES + sizeof visit->article_id, visit->agent, len);
    return hash_keyed(salt, bytes, ADDRESS_BYTES + sizeof visit->article_id + len);
}

static struct visit_set *set_of(const struct visitors *visitors, uint64_t hash)
{
    assert((visitors->sets_len & (visitors->sets_len - 1)) == 0); /* V2 */
    return &visitors->sets[hash & (visitors->sets_len - 1)];
}

/* The bits of a cell that identify the visit. */
static uint64_t visit_bits(uint64_t hash)
{
    return (hash | UINT64_C(1) << TIME_BITS) & ~(uint64_t)TIME_MASK;
}

static int64_t age_s(uint64_t cell, int64_t now_s)
{
    return (int64_t)(((uint64_t)now_s - cell) & TIME_MASK);
}

/* Whether the set of `hash` holds a visit that is younger than revisit_s. */
static bool has_visit(const struct visitors *visitors, uint64_t hash, int64_t now_s)
{
    const struct visit_set *set = set_of(visitors, hash);
    for (int i = 0; i < CELLS_A_SET; i++) {
        uint64_t cell = set->cells[i];
        if ((cell & ~(uint64_t)TIME_MASK) == visit_bits(hash) &&
            age_s(cell, now_s) < visitors->revisit_s)
            return true;
    }
    return false;
}

/* Writes a visit into an empty cell of its set, or over the oldest. */
static void remember(struct visitors *visitors, uint64_t hash, int64_t now_s)
{
    assert(now_s == visitors->latest_ms / 1000); /* V1 */
    struct visit_set *set = set_of(visitors, hash);
    uint64_t *oldest = &set->cells[0];
    for (int i = 0; i < CELLS_A_SET && *oldest != 0; i++) {
        uint64_t *cell = &set->cells[i];
        if (*cell == 0 || age_s(*cell, now_s) > age_s(*oldest, now_s))
            oldest = cell;
    }
    *oldest = visit_bits(hash) | ((uint64_t)now_s & TIME_MASK);
    assert(*oldest != 0); /* V3 */
}

bool visitors_enter(struct visitors *visitors, const struct visit *visit, int64_t now_ms)
{
    if (visitors->revisit_s == 0)
        return true;
    pthread_mutex_lock(&visitors->lock);
    if (now_ms > visitors->latest_ms)
        visitors->latest_ms = now_ms;
    now_ms = visitors->latest_ms; /* V1 */
    renew_salt(visitors, now_ms);
    int64_t now_s = now_ms / 1000;
    uint64_t hash = hash_of(visitors->salt, visit);
    bool is_new = !has_visit(visitors, hash, now_s);
    bool is_last_salt_used = now_ms - visitors->salted_ms < visitors->revisit_s * 1000;
    if (is_new && is_last_salt_used)
        is_new = !has_visit(visitors, hash_of(visitors->last_salt, visit), now_s);
    if (is_new)
        remember(visitors, hash, now_s);
    pthread_mutex_unlock(&visitors->lock);
    return is_new;
}

void visitors_leave(struct visitors *visitors, const struct visit *visit)
{
    pthread_mutex_lock(&visitors->lock);
    uint64_t hash = hash_of(visitors->salt, visit);
    struct visit_set *set = set_of(visitors, hash);
    for (int i = 0; i < CELLS_A_SET; i++) {
        if ((set->cells[i] & ~(uint64_t)TIME_MASK) == visit_bits(hash))
            set->cells[i] = 0;
    }
    pthread_mutex_unlock(&visitors->lock);
}
