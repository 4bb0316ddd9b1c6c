#include "counting/visitors.h"

#include "base/crypto.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    CELLS_A_SET = 8, /* a line of the processor's cache */
    AGENT_BYTES = 512,
    TIME_BITS = 24,
    TIME_MASK = (1 << TIME_BITS) - 1, /* 194 days of seconds, and a salt lasts one */
    SALT_MS = 24 * 3600 * 1000,
};

/* A cell has 39 bits of a hash, a bit that is always set, and 24 bits of when: 0 is empty. */
struct set {
    uint64_t cells[CELLS_A_SET];
};

struct visitors {
    pthread_mutex_t lock; /* guards all below */
    unsigned char salt[HASH_KEY_BYTES];
    unsigned char last_salt[HASH_KEY_BYTES]; /* until its visits are past their time */
    int64_t salted_ms;
    bool salted;
    int64_t revisit_s;
    size_t sets_len; /* a power of two */
    struct set *sets;
};

enum status visitors_open(int64_t room, int64_t revisit_s, struct visitors **visitors)
{
    struct visitors *opened = calloc(1, sizeof *opened);
    if (!opened)
        return STATUS_NO_MEMORY;
    opened->revisit_s = revisit_s;
    opened->sets_len = 1;
    while ((int64_t)opened->sets_len * CELLS_A_SET < room)
        opened->sets_len *= 2;
    opened->sets = calloc(opened->sets_len, sizeof *opened->sets);
    if (!opened->sets || random_fill(opened->salt, sizeof opened->salt) != STATUS_OK) {
        free(opened->sets);
        free(opened);
        return STATUS_NO_MEMORY;
    }
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

/* A day's salt goes; without a new one, which never happened yet, the old one stays a day more. */
static void renew_salt(struct visitors *visitors, int64_t now_ms)
{
    unsigned char fresh[HASH_KEY_BYTES];
    bool due = now_ms - visitors->salted_ms >= SALT_MS;
    if (visitors->salted && !due)
        return;
    visitors->salted_ms = now_ms;
    if (visitors->salted && random_fill(fresh, sizeof fresh) == STATUS_OK) {
        memcpy(visitors->last_salt, visitors->salt, sizeof fresh);
        memcpy(visitors->salt, fresh, sizeof fresh);
    }
    visitors->salted = true;
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

static struct set *set_of(const struct visitors *visitors, uint64_t hash)
{
    return &visitors->sets[hash & (visitors->sets_len - 1)];
}

static uint64_t print_of(uint64_t hash)
{
    return (hash | UINT64_C(1) << TIME_BITS) & ~(uint64_t)TIME_MASK;
}

static int64_t age_of(uint64_t cell, int64_t now_s)
{
    return (int64_t)(((uint64_t)now_s - cell) & TIME_MASK);
}

/* The cell of a visit that is not past its time; NULL when there is none. */
static uint64_t *find(const struct visitors *visitors, uint64_t hash, int64_t now_s)
{
    struct set *set = set_of(visitors, hash);
    for (int i = 0; i < CELLS_A_SET; i++) {
        uint64_t *cell = &set->cells[i];
        if (*cell != 0 && (*cell & ~(uint64_t)TIME_MASK) == print_of(hash) &&
            age_of(*cell, now_s) < visitors->revisit_s)
            return cell;
    }
    return NULL;
}

/* Takes an empty cell, else the oldest. */
static void remember(struct visitors *visitors, uint64_t hash, int64_t now_s)
{
    struct set *set = set_of(visitors, hash);
    uint64_t *oldest = &set->cells[0];
    for (int i = 0; i < CELLS_A_SET && *oldest != 0; i++) {
        uint64_t *cell = &set->cells[i];
        if (*cell == 0 || age_of(*cell, now_s) > age_of(*oldest, now_s))
            oldest = cell;
    }
    *oldest = print_of(hash) | ((uint64_t)now_s & TIME_MASK);
}

/* Whether a visit is remembered under the salt of the day before. */
static bool was_here_yesterday(const struct visitors *visitors, const struct visit *visit,
                               int64_t now_ms)
{
    bool may_be = now_ms - visitors->salted_ms < visitors->revisit_s * 1000;
    return may_be && find(visitors, hash_of(visitors->last_salt, visit), now_ms / 1000);
}

bool visitors_enter(struct visitors *visitors, const struct visit *visit, int64_t now_ms)
{
    if (visitors->revisit_s == 0)
        return true;
    pthread_mutex_lock(&visitors->lock);
    renew_salt(visitors, now_ms);
    uint64_t hash = hash_of(visitors->salt, visit);
    bool is_new =
        !find(visitors, hash, now_ms / 1000) && !was_here_yesterday(visitors, visit, now_ms);
    if (is_new)
        remember(visitors, hash, now_ms / 1000);
    pthread_mutex_unlock(&visitors->lock);
    return is_new;
}

void visitors_leave(struct visitors *visitors, const struct visit *visit)
{
    pthread_mutex_lock(&visitors->lock);
    uint64_t hash = hash_of(visitors->salt, visit);
    struct set *set = set_of(visitors, hash);
    for (int i = 0; i < CELLS_A_SET; i++) {
        if ((set->cells[i] & ~(uint64_t)TIME_MASK) == print_of(hash))
            set->cells[i] = 0;
    }
    pthread_mutex_unlock(&visitors->lock);
}
