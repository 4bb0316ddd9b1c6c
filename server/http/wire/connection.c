#include "http/wire/connection.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

struct connection *connection_open(struct connection_limits *limits, atomic_int *under_way, int fd,
                                   const struct sockaddr *socket)
{
    struct address address;
    if (!socket || !address_of_socket(socket, &address))
        return NULL;
    struct connection *connection = calloc(1, sizeof *connection);
    if (!connection)
        return NULL;
    connection->limits = limits;
    connection->under_way = under_way;
    connection->address = address;
    connection->listed = connection_limits_add(limits, fd, socket, clock_steady_ms());
    return connection;
}

/* One thread writes, so that nothing has to be locked for it. */
static void count(struct connection *connection, int change)
{
    int requests = atomic_load_explicit(connection->under_way, memory_order_relaxed);
    atomic_store_explicit(connection->under_way, requests + change, memory_order_release);
}

static void give_up(struct connection *connection)
{
    if (!connection->incoming.is_under_way)
        return;
    request_release(&connection->incoming.request);
    connection->incoming.is_under_way = false;
    count(connection, -1);
}

void connection_close(struct connection *connection)
{
    give_up(connection);
    if (connection->listed)
        connection_limits_remove(connection->limits, connection->listed);
    free(connection->target);
    free(connection);
}

static bool keep_target(struct connection *connection, const char *target)
{
    size_t need = strlen(target) + 1;
    if (need > connection->target_room) {
        char *grown = realloc(connection->target, need);
        if (!grown)
            return false;
        connection->target = grown;
        connection->target_room = need;
    }
    memcpy(connection->target, target, need);
    return true;
}

bool connection_begin_request(struct connection *connection, const char *target)
{
    give_up(connection);
    if (!keep_target(connection, target))
        return false;
    connection->incoming = (struct incoming){.is_under_way = true};
    count(connection, 1);
    return true;
}

void connection_end_request(struct connection *connection)
{
    give_up(connection);
    if (connection->listed)
        connection_slot_completed(connection->listed, clock_steady_ms());
}
