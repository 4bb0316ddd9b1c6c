/* Keeps the state of one connection: its client's address, and the one request that it may have.
 * The request's memory is reused, so that a request on an open connection allocates nothing.
 *
 * Invariant P1: the thread's `requests` counts the connections whose request is_under_way.
 */
#include "http/wire/connection.h"

#include "base/clock.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct connection *connection_open(struct connection_limits *limits, atomic_int *requests, int fd,
                                   const struct sockaddr *socket)
{
    struct address address;
    if (!socket || !address_of_socket(socket, &address))
        return NULL;
    struct connection *connection = calloc(1, sizeof *connection);
    if (!connection)
        return NULL;
    connection->limits = limits;
    connection->requests = requests;
    connection->address = address;
    connection->slot = connection_limits_add(limits, fd, socket, clock_steady_ms());
    return connection;
}

/* One thread changes the number, so a load and a store are enough; others only read it. */
static void count(struct connection *connection, int change)
{
    int requests = atomic_load_explicit(connection->requests, memory_order_relaxed) + change;
    assert(requests >= 0); /* P1 */
    atomic_store_explicit(connection->requests, requests, memory_order_release);
}

static void end_request(struct connection *connection)
{
    if (!connection->incoming.is_under_way)
        return;
    request_release(&connection->incoming.request);
    connection->incoming.is_under_way = false;
    if (connection->slot)
        connection_slot_answers(connection->slot, false);
    count(connection, -1);
}

void connection_close(struct connection *connection)
{
    end_request(connection);
    if (connection->slot)
        connection_limits_remove(connection->limits, connection->slot);
    free(connection->target);
    free(connection);
}

bool connection_begin_request(struct connection *connection, const char *target)
{
    size_t need = strlen(target) + 1;
    end_request(connection);
    if (need > connection->target_bytes) {
        char *grown = realloc(connection->target, need);
        if (!grown)
            return false;
        connection->target = grown;
        connection->target_bytes = need;
    }
    assert(connection->target_bytes >= need);
    memcpy(connection->target, target, need);
    assert(!connection->incoming.is_under_way); /* P1 */
    connection->incoming = (struct incoming){.is_under_way = true};
    count(connection, 1);
    return true;
}

void connection_begin_response(struct connection *connection)
{
    assert(connection->incoming.is_under_way);
    if (connection->slot)
        connection_slot_answers(connection->slot, true);
}

void connection_end_request(struct connection *connection)
{
    end_request(connection);
    if (connection->slot)
        connection_slot_completed(connection->slot, clock_steady_ms());
}
