/* The parts of a running server, put together and taken apart. */
#ifndef KHOBOR_SERVICE_SERVICE_H
#define KHOBOR_SERVICE_SERVICE_H

#include "base/config.h"
#include "base/status.h"

/* Serves until SIGTERM or SIGINT. Prints the address on stdout once requests are accepted. Returns
 * STATUS_OK after a clean stop, else a fault that says what kept it from serving. */
enum status service_run(const struct config *config, struct fault *fault) MUST_CHECK;

#endif
