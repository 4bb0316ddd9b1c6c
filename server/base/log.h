/* What an operator reads: one line on stderr an event, with time in UTC and level. */
#ifndef KHOBOR_BASE_LOG_H
#define KHOBOR_BASE_LOG_H

#include "base/status.h"

enum log_level {
    LOG_INFO,
    LOG_WARNING,
    LOG_ERROR,
};

/* Writes one line; a longer message than 1,000 bytes is cut, control characters become '?'. Safe
 * from any thread. */
void log_write(enum log_level level, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
