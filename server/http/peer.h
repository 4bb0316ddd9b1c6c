/* The other end of a connection, and the request that it sends: one after the other in the same
 * memory, so that a request allocates nothing. Knows nothing of the library that reads them. */
#ifndef KHOBOR_HTTP_PEER_H
#define KHOBOR_HTTP_PEER_H

#include "http/connections.h"
#include "http/request.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A request, from its first line until it was answered, or given up. */
struct incoming {
    struct request request;
    bool is_under_way;
    bool begun; /* its headers were looked at */
    int64_t body_bytes;
};

struct peer {
    struct connections *connections;
    struct connection *listed; /* NULL when it could not be listed */
    atomic_int *under_way;     /* requests of the serving thread, which alone changes the number */
    struct address address;
    struct incoming incoming;
    char *target; /* of the request, as it came */
    size_t target_room;
};

/* A connection was accepted; `socket` is its other end. NULL without memory, or when that end is
 * unknown. Both pointers must outlive the peer. */
struct peer *peer_open(struct connections *connections, atomic_int *under_way, int fd,
                       const struct sockaddr *socket);
void peer_close(struct peer *peer);

/* A request begins; what came before it is given up. False without memory. */
bool peer_begin(struct peer *peer, const char *target);

/* The request was answered, or given up. */
void peer_end(struct peer *peer);

#endif
