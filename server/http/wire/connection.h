/* A connection and the request on it. Does not know the library that reads the socket. Used by the
 * thread that accepted the connection. */
#ifndef KHOBOR_HTTP_WIRE_CONNECTION_H
#define KHOBOR_HTTP_WIRE_CONNECTION_H

#include "http/message/request.h"
#include "http/wire/connection_limits.h"
#include "http/wire/framing.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A request, from its first line until its response was sent or it was given up. */
struct incoming {
    struct request request;
    struct framing framing; /* of its header */
    bool is_under_way;
    bool is_header_read;
    int64_t body_bytes; /* received so far */
};

struct connection {
    struct connection_limits *limits;
    struct connection_slot *slot; /* NULL when there was no memory for one */
    atomic_int *requests;         /* under way on all connections of the thread */
    struct address address;
    struct incoming incoming;
    char *target; /* of the request: the raw URL */
    size_t target_bytes;
};

/* For a connection that was accepted; `fd` is its descriptor, which stays the caller's, and
 * `socket` the client's end. NULL without memory, or when that end is unknown. `limits` and
 * `requests` must outlive the connection. */
struct connection *connection_open(struct connection_limits *limits, atomic_int *requests, int fd,
                                   const struct sockaddr *socket);

/* Ends the request and frees the connection; to be called before the descriptor is closed. */
void connection_close(struct connection *connection);

/* Begins a request, and gives up one that has not ended. The target is copied. False without
 * memory. */
bool connection_begin_request(struct connection *connection, const char *target);

/* The request was read, or is refused: from now on its client waits for the response only. */
void connection_begin_response(struct connection *connection);

/* Ends the request: its response was sent, or it was given up. */
void connection_end_request(struct connection *connection);

#endif
