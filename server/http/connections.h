/* The open connections: how many an address has, and which complete no request for too long.
 *
 * libmicrohttpd's timeout is for connections on which nothing moves; one that sends a byte now and
 * then would stay for ever. The whole-request deadline is kept here: who misses it is shut down.
 */
#ifndef KHOBOR_HTTP_CONNECTIONS_H
#define KHOBOR_HTTP_CONNECTIONS_H

#include "base/address.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct connections;
struct connection;

/* `per_address` 0 is no limit; loopback has none, and a /64 of IPv6 counts as one address.
 * `deadline_ms` is per request. */
enum status connections_open(int64_t per_address, int64_t deadline_ms,
                             struct connections **connections) MUST_CHECK;
void connections_close(struct connections *connections);

/* Lists a connection that was accepted; one that its address has too many of is shut down at once.
 * NULL when it can't be listed. From any thread, as are all below. */
struct connection *connection_add(struct connections *connections, int fd,
                                  const struct sockaddr *socket, int64_t now_ms);
void connection_remove(struct connections *connections, struct connection *connection);

/* A request was completed: the deadline counts anew. Takes no lock. */
void connection_completed(struct connection *connection, int64_t now_ms);

/* Shuts down every connection past its deadline; returns how many. */
int connections_expire(struct connections *connections, int64_t now_ms);

#endif
