/* The listening socket. */
#ifndef KHOBOR_HTTP_WIRE_LISTEN_H
#define KHOBOR_HTTP_WIRE_LISTEN_H

#include "base/config.h"
#include "base/status.h"

#include <stdbool.h>

enum {
    LISTEN_ADDRESS_BYTES = 80
};

/* Binds and listens; accepts nothing yet. The caller closes `fd`. `address` is set to ADDR:PORT
 * with the real port. STATUS_INVALID with a fault for a setting that is no address, STATUS_BUSY
 * when it can't be listened on, for instance because it is in use. */
enum status listen_open(const struct config *config, int *fd, char address[LISTEN_ADDRESS_BYTES],
                        struct fault *fault) MUST_CHECK;

/* Splits ADDR:PORT or [ADDR]:PORT in place; *host and *port point into `listen_at`. False when it
 * is neither. */
bool listen_split(char *listen_at, char **host, char **port);

#endif
