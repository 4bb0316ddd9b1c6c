/* Lists the open connections of all threads, under one lock, and counts them by address in a hash
 * table. A connection that breaks a limit is shut down; its thread notices that and closes it.
 *
 * Invariants, under the lock:
 * L1  A slot is in the list from connection_limits_add to connection_limits_remove.
 * L2  The count of an address_count is the number of slots that point to it; at 0 it is freed.
 * L3  A descriptor in the list is open: its owner removes the slot before it closes it.
 */
#include "http/wire/connection_limits.h"

#include <assert.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    BUCKETS = 4096,
    POLLED_MAX = 256, /* connections in one call of poll */
};

struct connection_slot {
    int fd;
    atomic_llong since_ms;   /* accepted, or completed a request */
    atomic_bool is_answered; /* a response is being made or sent */
    bool is_shut_down;
    bool was_abandoned; /* when the last sweep looked at it */
    struct connection_slot *previous, *next;
    struct address_count *of_address; /* NULL when its address has no limit */
};

struct address_count {
    struct address address; /* a /64 of IPv6 */
    int64_t count;          /* of its connections */
    struct address_count *next;
};

struct connection_limits {
    pthread_mutex_t lock; /* guards all below */
    int64_t per_address, deadline_ms;
    struct connection_slot *first;
    struct address_count *buckets[BUCKETS];
};

enum status connection_limits_open(int64_t per_address, int64_t deadline_ms,
                                   struct connection_limits **limits)
{
    struct connection_limits *opened = calloc(1, sizeof *opened);
    if (!opened)
        return STATUS_NO_MEMORY;
    opened->per_address = per_address;
    opened->deadline_ms = deadline_ms;
    pthread_mutex_init(&opened->lock, NULL);
    *limits = opened;
    return STATUS_OK;
}

void connection_limits_close(struct connection_limits *limits)
{
    if (!limits)
        return;
    assert(!limits->first); /* L1: all connections were removed */
    pthread_mutex_destroy(&limits->lock);
    free(limits);
}

static struct address_count **bucket_of(struct connection_limits *limits,
                                        const struct address *address)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (int i = 0; i < ADDRESS_BYTES; i++)
        hash = (hash ^ address->bytes[i]) * 16777619u;
    return &limits->buckets[hash % BUCKETS];
}

/* Counts a connection of its address; false when the address then has too many. One that can't be
 * counted is allowed. */
static bool count_connection(struct connection_limits *limits, struct connection_slot *slot,
                             const struct sockaddr *socket)
{
    struct address address;
    if (limits->per_address == 0 || !socket || !address_of_socket(socket, &address) ||
        address_is_loopback(&address))
        return true;
    address_mask_host(&address);
    struct address_count **bucket = bucket_of(limits, &address), *counted = *bucket;
    while (counted && memcmp(&counted->address, &address, sizeof address) != 0)
        counted = counted->next;
    if (!counted) {
        counted = calloc(1, sizeof *counted);
        if (!counted)
            return true;
        counted->address = address;
        counted->next = *bucket;
        *bucket = counted;
    }
    assert(counted->count >= 0); /* L2 */
    slot->of_address = counted;
    return ++counted->count <= limits->per_address;
}

static void uncount_connection(struct connection_limits *limits, struct address_count *counted)
{
    assert(counted->count > 0); /* L2 */
    if (--counted->count > 0)
        return;
    struct address_count **link = bucket_of(limits, &counted->address);
    while (*link != counted) {
        assert(*link); /* L2 */
        link = &(*link)->next;
    }
    *link = counted->next;
    free(counted);
}

struct connection_slot *connection_limits_add(struct connection_limits *limits, int fd,
                                              const struct sockaddr *socket, int64_t now_ms)
{
    struct connection_slot *slot = calloc(1, sizeof *slot);
    if (!slot)
        return NULL;
    slot->fd = fd;
    atomic_init(&slot->since_ms, now_ms);
    atomic_init(&slot->is_answered, false);
    pthread_mutex_lock(&limits->lock);
    if (!count_connection(limits, slot, socket)) {
        slot->is_shut_down = true;
        shutdown(fd, SHUT_RDWR);
    }
    assert(!limits->first || !limits->first->previous); /* L1 */
    slot->next = limits->first;
    if (limits->first)
        limits->first->previous = slot;
    limits->first = slot;
    pthread_mutex_unlock(&limits->lock);
    return slot;
}

void connection_limits_remove(struct connection_limits *limits, struct connection_slot *slot)
{
    pthread_mutex_lock(&limits->lock);
    assert(slot->previous || limits->first == slot); /* L1 */
    if (slot->previous)
        slot->previous->next = slot->next;
    else
        limits->first = slot->next;
    if (slot->next)
        slot->next->previous = slot->previous;
    if (slot->of_address)
        uncount_connection(limits, slot->of_address);
    pthread_mutex_unlock(&limits->lock);
    free(slot);
}

void connection_slot_completed(struct connection_slot *slot, int64_t now_ms)
{
    atomic_store_explicit(&slot->since_ms, now_ms, memory_order_relaxed);
}

void connection_slot_answers(struct connection_slot *slot, bool is_answered)
{
    atomic_store_explicit(&slot->is_answered, is_answered, memory_order_release);
}

static void shut_down(struct connection_slot *slot)
{
    assert(!slot->is_shut_down);
    slot->is_shut_down = true;
    shutdown(slot->fd, SHUT_RDWR); /* L3: it is still open */
}

/* Whether nobody waits for anything on a connection, by the events of its socket. A client that has
 * ended its side only may still wait for the response to a request that the server has read: it has
 * to be found without one twice, as its thread may be between reading the request and saying so. */
static bool is_abandoned(struct connection_slot *slot, short events)
{
    char byte;
    if (events & (POLLHUP | POLLERR))
        return true;
    bool was = slot->was_abandoned;
    slot->was_abandoned = (events & POLLRDHUP) &&
                          !atomic_load_explicit(&slot->is_answered, memory_order_acquire) &&
                          recv(slot->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
    return was && slot->was_abandoned;
}

/* Under the lock. */
static int end_abandoned(struct connection_limits *limits)
{
    int ended = 0;
    struct pollfd polled[POLLED_MAX];
    struct connection_slot *slots[POLLED_MAX];
    for (struct connection_slot *slot = limits->first; slot;) {
        nfds_t len = 0;
        for (; slot && len < POLLED_MAX; slot = slot->next) {
            if (slot->is_shut_down)
                continue;
            polled[len] = (struct pollfd){.fd = slot->fd, .events = POLLRDHUP};
            slots[len++] = slot;
        }
        if (len == 0 || poll(polled, len, 0) <= 0)
            continue;
        for (nfds_t i = 0; i < len; i++) {
            if (!polled[i].revents || !is_abandoned(slots[i], polled[i].revents))
                continue;
            shut_down(slots[i]);
            ended++;
        }
    }
    return ended;
}

int connection_limits_expire(struct connection_limits *limits, int64_t now_ms)
{
    pthread_mutex_lock(&limits->lock);
    int expired = end_abandoned(limits);
    for (struct connection_slot *slot = limits->first; slot; slot = slot->next) {
        int64_t since_ms = atomic_load_explicit(&slot->since_ms, memory_order_relaxed);
        if (slot->is_shut_down || now_ms - since_ms < limits->deadline_ms)
            continue;
        shut_down(slot);
        expired++;
    }
    pthread_mutex_unlock(&limits->lock);
    return expired;
}
