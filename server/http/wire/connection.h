/* The other end of a connection, and the request that it sends: one after the other in the same
 * memory, so that a request allocates nothing. Knows nothing of the library that reads them. */
#ifndef KHOBOR_HTTP_WIRE_CONNECTION_H
#define KHOBOR_HTTP_WIRE_CONNECTION_H

#include "http/message/request.h"
#include "http/wire/connection_limits.h"

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

struct connection {
    struct connection_limits *limits;
    struct connection_slot *listed; /* NULL when it could not be listed */
    atomic_int *under_way; /* requests of the serving thread, which alone changes the number */
    struct address address;
    struct incoming incoming;
    char *target; /* of the request, as it came */
    size_t target_room;
};

/* A connection was accepted; `socket` is its other end. NULL without memory, or when that end is
 * unknown. Both pointers must outlive the peer. */
struct connection *connection_open(struct connection_limits *limits, atomic_int *under_way, int fd,
                                   const struct sockaddr *socket);
void connection_close(struct connection *connection);

/* A request begins; what came before it is given up. False without memory. */
bool connection_begin_request(struct connection *connection, const char *target);

/* The request was answered, or given up. */
void connection_end_request(struct connection *connection);

#endif
