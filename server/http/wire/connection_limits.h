/* The open connections: how many an address has, and which complete no request for too long.
 *
 * libmicrohttpd's timeout is for connections on which nothing moves; one that sends a byte now and
 * then would stay for ever. The whole-request deadline is kept here: who misses it is shut down.
 */
#ifndef KHOBOR_HTTP_WIRE_CONNECTION_LIMITS_H
#define KHOBOR_HTTP_WIRE_CONNECTION_LIMITS_H

#include "base/address.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct connection_limits;
struct connection_slot;

/* `per_address` 0 is no limit; loopback has none, and a /64 of IPv6 counts as one address.
 * `deadline_ms` is per request. */
enum status connection_limits_open(int64_t per_address, int64_t deadline_ms,
                                   struct connection_limits **connections) MUST_CHECK;
void connection_limits_close(struct connection_limits *connections);

/* Lists a connection that was accepted; one that its address has too many of is shut down at once.
 * NULL when it can't be listed. From any thread, as are all below. */
struct connection_slot *connection_limits_add(struct connection_limits *connections, int fd,
                                              const struct sockaddr *socket, int64_t now_ms);
void connection_limits_remove(struct connection_limits *connections,
                              struct connection_slot *connection);

/* A request was completed: the deadline counts anew. Takes no lock. */
void connection_slot_completed(struct connection_slot *connection, int64_t now_ms);

/* Shuts down every connection past its deadline; returns how many. */
int connection_limits_expire(struct connection_limits *connections, int64_t now_ms);

#endif
