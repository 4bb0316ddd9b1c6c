#include "http/wire/connection_limits.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    BUCKETS = 4096
};

struct connection_slot {
    int fd;
    atomic_llong since_ms; /* accepted, or completed a request */
    bool expired;          /* was shut down already */
    struct connection_slot *previous, *next;
    struct holder *holder; /* NULL on loopback */
};

/* How many connections an address has. */
struct holder {
    struct address address;
    int64_t count;
    struct holder *next;
};

struct connection_limits {
    pthread_mutex_t lock; /* guards all below */
    int64_t per_address, deadline_ms;
    struct connection_slot *first;
    struct holder *buckets[BUCKETS];
};

enum status connection_limits_open(int64_t per_address, int64_t deadline_ms,
                                   struct connection_limits **connections)
{
    struct connection_limits *opened = calloc(1, sizeof *opened);
    if (!opened)
        return STATUS_NO_MEMORY;
    opened->per_address = per_address;
    opened->deadline_ms = deadline_ms;
    pthread_mutex_init(&opened->lock, NULL);
    *connections = opened;
    return STATUS_OK;
}

void connection_limits_close(struct connection_limits *connections)
{
    if (!connections)
        return;
    pthread_mutex_destroy(&connections->lock);
    free(connections);
}

static struct holder **bucket_of(struct connection_limits *connections,
                                 const struct address *address)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (int i = 0; i < ADDRESS_BYTES; i++)
        hash = (hash ^ address->bytes[i]) * 16777619u;
    return &connections->buckets[hash % BUCKETS];
}

/* Counts one more connection of an address; NULL without memory. */
static struct holder *holder_enter(struct connection_limits *connections,
                                   const struct address *address)
{
    struct holder **bucket = bucket_of(connections, address), *holder = *bucket;
    while (holder && memcmp(&holder->address, address, sizeof *address) != 0)
        holder = holder->next;
    if (!holder) {
        holder = calloc(1, sizeof *holder);
        if (!holder)
            return NULL;
        holder->address = *address;
        holder->next = *bucket;
        *bucket = holder;
    }
    holder->count++;
    return holder;
}

static void holder_leave(struct connection_limits *connections, struct holder *holder)
{
    if (--holder->count > 0)
        return;
    struct holder **link = bucket_of(connections, &holder->address);
    while (*link != holder)
        link = &(*link)->next;
    *link = holder->next;
    free(holder);
}

static void link_first(struct connection_limits *connections, struct connection_slot *connection)
{
    connection->next = connections->first;
    if (connections->first)
        connections->first->previous = connection;
    connections->first = connection;
}

/* Counts a connection for its address; false when that has too many now. Loopback has no limit. */
static bool enter(struct connection_limits *connections, struct connection_slot *connection,
                  const struct sockaddr *socket)
{
    struct address address;
    if (connections->per_address == 0 || !socket || !address_of_socket(socket, &address) ||
        address_is_loopback(&address))
        return true;
    address_mask_host(&address);
    connection->holder = holder_enter(connections, &address);
    return !connection->holder || connection->holder->count <= connections->per_address;
}

struct connection_slot *connection_limits_add(struct connection_limits *connections, int fd,
                                              const struct sockaddr *socket, int64_t now_ms)
{
    struct connection_slot *connection = calloc(1, sizeof *connection);
    if (!connection)
        return NULL;
    connection->fd = fd;
    atomic_init(&connection->since_ms, now_ms);
    pthread_mutex_lock(&connections->lock);
    if (!enter(connections, connection, socket)) {
        connection->expired = true;
        shutdown(fd, SHUT_RDWR);
    }
    link_first(connections, connection);
    pthread_mutex_unlock(&connections->lock);
    return connection;
}

void connection_limits_remove(struct connection_limits *connections,
                              struct connection_slot *connection)
{
    pthread_mutex_lock(&connections->lock);
    if (connection->previous)
        connection->previous->next = connection->next;
    else
        connections->first = connection->next;
    if (connection->next)
        connection->next->previous = connection->previous;
    if (connection->holder)
        holder_leave(connections, connection->holder);
    pthread_mutex_unlock(&connections->lock);
    free(connection);
}

void connection_slot_completed(struct connection_slot *connection, int64_t now_ms)
{
    atomic_store_explicit(&connection->since_ms, now_ms, memory_order_relaxed);
}

int connection_limits_expire(struct connection_limits *connections, int64_t now_ms)
{
    int expired = 0;
    pthread_mutex_lock(&connections->lock);
    for (struct connection_slot *connection = connections->first; connection;
         connection = connection->next) {
        int64_t since_ms = atomic_load_explicit(&connection->since_ms, memory_order_relaxed);
        if (connection->expired || now_ms - since_ms < connections->deadline_ms)
            continue;
        connection->expired = true;
        /* The descriptor is still its owner's: it is closed only after connection_limits_remove. */
        shutdown(connection->fd, SHUT_RDWR);
        expired++;
    }
    pthread_mutex_unlock(&connections->lock);
    return expired;
}
