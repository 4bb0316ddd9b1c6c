/* The listening socket. */
#ifndef KHOBOR_HTTP_WIRE_LISTEN_H
#define KHOBOR_HTTP_WIRE_LISTEN_H

#include "base/config.h"
#include "base/status.h"

#include <stdbool.h>

enum {
    LISTEN_ADDRESS_BYTES = 80
};

/* Binds and listens; nothing is accepted yet. STATUS_INVALID or STATUS_BUSY with a fault when the
 * address is none or is taken. *address gets "ADDR:PORT" as it came out. */
enum status listen_open(const struct config *config, int *fd, char address[LISTEN_ADDRESS_BYTES],
                        struct fault *fault) MUST_CHECK;

/* Splits ADDR:PORT or [ADDR]:PORT in place; false when it is neither. */
bool listen_split(char *listen_at, char **host, char **port);

#endif
