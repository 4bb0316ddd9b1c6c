/* Limits of the open connections: how many an address has, and how long a request may take.
 *
 * libmicrohttpd's timeout ends connections on which nothing moves; a client that sends one byte now
 * and then could hold a connection for ever. This module holds the deadline of whole requests: a
 * connection that misses it is shut down.
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

/* `per_address` 0 is no limit; loopback never has one, and a /64 of IPv6 counts as one address. A
 * connection has to complete a request every `deadline_ms`. STATUS_NO_MEMORY. */
enum status connection_limits_open(int64_t per_address, int64_t deadline_ms,
                                   struct connection_limits **limits) MUST_CHECK;

/* To be called when all connections were removed. NULL is allowed. */
void connection_limits_close(struct connection_limits *limits);

/* Adds a connection that was accepted, with the client's end `socket` (NULL: unknown); shuts it
 * down if its address has too many. The slot is to be removed before `fd` is closed. NULL without
 * memory. From any thread, as are all functions below. Times are of the steady clock. */
struct connection_slot *connection_limits_add(struct connection_limits *limits, int fd,
                                              const struct sockaddr *socket, int64_t now_ms);
void connection_limits_remove(struct connection_limits *limits, struct connection_slot *slot);

/* A request was completed: the deadline of the next one starts. Takes no lock. */
void connection_slot_completed(struct connection_slot *slot, int64_t now_ms);

/* Says whether a response is being made or sent on a connection. Takes no lock. */
void connection_slot_answers(struct connection_slot *slot, bool is_answered);

/* Shuts down every connection that is past its deadline, whose client has left, or whose client has
 * ended its side while no response was under way, at the second call that finds it so; returns how
 * many. The library does not always notice that a client has left: it reads what came before the
 * end, and is not told of the end again. To be called every half second or so. */
int connection_limits_expire(struct connection_limits *limits, int64_t now_ms);

#endif
