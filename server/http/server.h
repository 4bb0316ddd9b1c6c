/* The HTTP server: sockets to serve() and back. The only file that knows libmicrohttpd.
 *
 * One single-threaded daemon a serving thread, each with a desk of its own, on one shared listening
 * socket.
 */
#ifndef KHOBOR_HTTP_SERVER_H
#define KHOBOR_HTTP_SERVER_H

#include "base/config.h"
#include "base/status.h"
#include "http/connections.h"
#include "http/desk.h"

#include <stdint.h>

enum {
    SERVER_THREADS_MAX = 64
};

struct server;

/* How many serving threads the settings ask for. */
int server_threads(const struct config *config);

/* Starts a thread for each desk on the listening socket `fd`, which it takes over in every case.
 * The desks and `connections` must outlive it. */
enum status server_start(const struct config *config, int fd, const struct desk *desks,
                         int desks_len, struct connections *connections, struct server **server,
                         struct fault *fault) MUST_CHECK;

/* Stops accepting, waits at most `grace_ms` for requests under way, ends the threads. */
void server_stop(struct server *server, int64_t grace_ms);

#endif
