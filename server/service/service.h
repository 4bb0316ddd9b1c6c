/* A running server: its parts, opened in order, and the periodic work of its main thread. */
#ifndef KHOBOR_SERVICE_SERVICE_H
#define KHOBOR_SERVICE_SERVICE_H

#include "base/config.h"
#include "base/status.h"

/* Serves until SIGTERM or SIGINT. Prints the address on stdout once requests are accepted.
 * STATUS_OK after a clean stop. Otherwise the fault says why the server can't serve, or how many
 * views could not be stored. One call at a time: it changes the signals of the process. */
enum status service_run(const struct config *config, struct fault *fault) MUST_CHECK;

#endif
