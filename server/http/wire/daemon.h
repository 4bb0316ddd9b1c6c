/* The HTTP server: sockets to serve() and back. The only file that knows libmicrohttpd.
 *
 * One single-threaded daemon a serving thread, each with a desk of its own, on one shared listening
 * socket.
 */
#ifndef KHOBOR_HTTP_WIRE_DAEMON_H
#define KHOBOR_HTTP_WIRE_DAEMON_H

#include "base/config.h"
#include "base/status.h"
#include "http/message/worker.h"
#include "http/wire/connection_limits.h"

#include <stdint.h>

enum {
    DAEMON_THREADS_MAX = 64
};

struct daemon;

/* How many serving threads the settings ask for. */
int daemon_threads(const struct config *config);

/* Starts a thread for each desk on the listening socket `fd`, which it takes over in every case.
 * The desks and `connections` must outlive it. */
enum status daemon_start(const struct config *config, int fd, const struct worker *workers,
                         int workers_len, struct connection_limits *limits, struct daemon **server,
                         struct fault *fault) MUST_CHECK;

/* Stops accepting, waits at most `grace_ms` for requests under way, ends the threads. */
void daemon_stop(struct daemon *server, int64_t grace_ms);

#endif
