#include "http/peer.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

struct peer *peer_open(struct connections *connections, atomic_int *under_way, int fd,
                       const struct sockaddr *socket)
{
    struct address address;
    if (!socket || !address_of_socket(socket, &address))
        return NULL;
    struct peer *peer = calloc(1, sizeof *peer);
    if (!peer)
        return NULL;
    peer->connections = connections;
    peer->under_way = under_way;
    peer->address = address;
    peer->listed = connection_add(connections, fd, socket, clock_steady_ms());
    return peer;
}

/* One thread writes, so that nothing has to be locked for it. */
static void count(struct peer *peer, int change)
{
    int requests = atomic_load_explicit(peer->under_way, memory_order_relaxed);
    atomic_store_explicit(peer->under_way, requests + change, memory_order_release);
}

static void give_up(struct peer *peer)
{
    if (!peer->incoming.is_under_way)
        return;
    request_release(&peer->incoming.request);
    peer->incoming.is_under_way = false;
    count(peer, -1);
}

void peer_close(struct peer *peer)
{
    give_up(peer);
    if (peer->listed)
        connection_remove(peer->connections, peer->listed);
    free(peer->target);
    free(peer);
}

static bool keep_target(struct peer *peer, const char *target)
{
    size_t need = strlen(target) + 1;
    if (need > peer->target_room) {
        char *grown = realloc(peer->target, need);
        if (!grown)
            return false;
        peer->target = grown;
        peer->target_room = need;
    }
    memcpy(peer->target, target, need);
    return true;
}

bool peer_begin(struct peer *peer, const char *target)
{
    give_up(peer);
    if (!keep_target(peer, target))
        return false;
    peer->incoming = (struct incoming){.is_under_way = true};
    count(peer, 1);
    return true;
}

void peer_end(struct peer *peer)
{
    give_up(peer);
    if (peer->listed)
        connection_completed(peer->listed, clock_steady_ms());
}
