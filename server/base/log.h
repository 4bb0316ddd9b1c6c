/* The log: for each event one line on stderr, with the time in UTC and a level. */
#ifndef KHOBOR_BASE_LOG_H
#define KHOBOR_BASE_LOG_H

#include "base/status.h"

#include <stdio.h>

enum log_level {
    LOG_INFO,
    LOG_WARNING,
    LOG_ERROR,
};

/* Writes one line, from any thread. A message longer than 1,000 bytes is cut, and control
 * characters become '?', so that text from outside can't forge lines. */
void log_write(enum log_level level, const char *format, ...) PRINTF_LIKE(2, 3);

/* Writes one line to stdout or stderr for the person who runs a command. Control characters in it
 * become '?' as well, so that the name of a file can't send commands to a terminal; a line longer
 * than 8,000 bytes is cut. */
void log_print(FILE *to, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
