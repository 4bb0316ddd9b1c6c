/* The HTTP server: from sockets to serve() and back. The only module that knows libmicrohttpd.
 *
 * Each serving thread has a worker and accepts from the same listening socket; a connection stays
 * with the thread that accepted it.
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

/* How many serving threads the settings ask for: 1 to DAEMON_THREADS_MAX. */
int daemon_threads(const struct config *config);

/* Starts a thread for each worker on the listening socket `fd`, which it takes over in every case.
 * The workers, `limits` and `config` must outlive the daemon. STATUS_NO_MEMORY or STATUS_FAILED
 * with a fault. */
enum status daemon_start(const struct config *config, int fd, const struct worker *workers,
                         int workers_len, struct connection_limits *limits, struct daemon **daemon,
                         struct fault *fault) MUST_CHECK;

/* Stops accepting, waits at most `grace_ms` for the requests under way, ends the threads and frees
 * the daemon. */
void daemon_stop(struct daemon *daemon, int64_t grace_ms);

#endif
