#include "http/connections.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    BUCKETS = 4096,
    ADDRESS_BYTES = 16
};

struct connection {
    int fd;
    int64_t since_ms; /* accepted, or completed a request */
    bool expired;     /* was shut down already */
    struct connection *previous, *next;
    struct address *address; /* NULL on loopback */
};

/* How many connections an address has; IPv4 as IPv4-mapped IPv6. */
struct address {
    unsigned char bytes[ADDRESS_BYTES];
    int64_t count;
    struct address *next;
};

struct connections {
    pthread_mutex_t lock; /* guards all below */
    int64_t per_address, deadline_ms;
    struct connection *first;
    struct address *buckets[BUCKETS];
};

enum status connections_open(int64_t per_address, int64_t deadline_ms,
                             struct connections **connections)
{
    struct connections *opened = calloc(1, sizeof *opened);
    if (!opened)
        return STATUS_NO_MEMORY;
    opened->per_address = per_address;
    opened->deadline_ms = deadline_ms;
    pthread_mutex_init(&opened->lock, NULL);
    *connections = opened;
    return STATUS_OK;
}

void connections_close(struct connections *connections)
{
    if (!connections)
        return;
    pthread_mutex_destroy(&connections->lock);
    free(connections);
}

/* An address as 16 bytes; false for loopback and for what is no IP address. */
static bool address_bytes(const struct sockaddr *address, unsigned char bytes[ADDRESS_BYTES])
{
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    if (address->sa_family == AF_INET6) {
        memcpy(bytes, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr,
               ADDRESS_BYTES);
    } else if (address->sa_family == AF_INET) {
        memcpy(bytes, mapped, sizeof mapped);
        memcpy(bytes + sizeof mapped,
               &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
    } else {
        return false;
    }
    if (memcmp(bytes, mapped, sizeof mapped) == 0)
        return bytes[12] != 127;
    return !IN6_IS_ADDR_LOOPBACK((const struct in6_addr *)(const void *)bytes);
}

bool address_is_loopback(const struct sockaddr *address)
{
    unsigned char bytes[ADDRESS_BYTES];
    bool is_ip = address->sa_family == AF_INET || address->sa_family == AF_INET6;
    return is_ip && !address_bytes(address, bytes);
}

static struct address **bucket_of(struct connections *connections, const unsigned char *bytes)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (int i = 0; i < ADDRESS_BYTES; i++)
        hash = (hash ^ bytes[i]) * 16777619u;
    return &connections->buckets[hash % BUCKETS];
}

/* Counts one more connection of an address; NULL without memory. */
static struct address *address_enter(struct connections *connections, const unsigned char *bytes)
{
    struct address **bucket = bucket_of(connections, bytes), *address = *bucket;
    while (address && memcmp(address->bytes, bytes, ADDRESS_BYTES) != 0)
        address = address->next;
    if (!address) {
        address = calloc(1, sizeof *address);
        if (!address)
            return NULL;
        memcpy(address->bytes, bytes, ADDRESS_BYTES);
        address->next = *bucket;
        *bucket = address;
    }
    address->count++;
    return address;
}

static void address_leave(struct connections *connections, struct address *address)
{
    if (--address->count > 0)
        return;
    struct address **link = bucket_of(connections, address->bytes);
    while (*link != address)
        link = &(*link)->next;
    *link = address->next;
    free(address);
}

static void link_first(struct connections *connections, struct connection *connection)
{
    connection->next = connections->first;
    if (connections->first)
        connections->first->previous = connection;
    connections->first = connection;
}

struct connection *connection_add(struct connections *connections, int fd,
                                  const struct sockaddr *address, int64_t now_ms)
{
    unsigned char bytes[ADDRESS_BYTES];
    struct connection *connection = calloc(1, sizeof *connection);
    if (!connection)
        return NULL;
    connection->fd = fd;
    connection->since_ms = now_ms;
    pthread_mutex_lock(&connections->lock);
    if (connections->per_address > 0 && address && address_bytes(address, bytes))
        connection->address = address_enter(connections, bytes);
    if (connection->address && connection->address->count > connections->per_address) {
        connection->expired = true;
        shutdown(fd, SHUT_RDWR);
    }
    link_first(connections, connection);
    pthread_mutex_unlock(&connections->lock);
    return connection;
}

void connection_remove(struct connections *connections, struct connection *connection)
{
    pthread_mutex_lock(&connections->lock);
    if (connection->previous)
        connection->previous->next = connection->next;
    else
        connections->first = connection->next;
    if (connection->next)
        connection->next->previous = connection->previous;
    if (connection->address)
        address_leave(connections, connection->address);
    pthread_mutex_unlock(&connections->lock);
    free(connection);
}

void connection_completed(struct connections *connections, struct connection *connection,
                          int64_t now_ms)
{
    pthread_mutex_lock(&connections->lock);
    connection->since_ms = now_ms;
    pthread_mutex_unlock(&connections->lock);
}

int connections_expire(struct connections *connections, int64_t now_ms)
{
    int expired = 0;
    pthread_mutex_lock(&connections->lock);
    for (struct connection *connection = connections->first; connection;
         connection = connection->next) {
        if (connection->expired || now_ms - connection->since_ms < connections->deadline_ms)
            continue;
        connection->expired = true;
        /* The descriptor is still its owner's: it is closed only after connection_remove. */
        shutdown(connection->fd, SHUT_RDWR);
        expired++;
    }
    pthread_mutex_unlock(&connections->lock);
    return expired;
}
