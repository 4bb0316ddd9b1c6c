/* Formats a line into a buffer on the stack and writes it with one write(2), so that the lines of
 * several threads do not mix. */
#include "base/log.h"

#include "base/clock.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    MESSAGE_BYTES = 1000,
    LINE_BYTES = MESSAGE_BYTES + 64,
    PRINTED_BYTES = 8000, /* the paths of two files fit */
};

static const char *const level_names[] = {
    [LOG_INFO] = "info",
    [LOG_WARNING] = "warning",
    [LOG_ERROR] = "error",
};

void log_write(enum log_level level, const char *format, ...)
{
    char message[MESSAGE_BYTES];
    va_list args;
    assert(level <= LOG_ERROR);
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    utf8_scrub(message); /* it may quote a client or a file */

    char line[LINE_BYTES];
    struct tm utc;
    time_t now = clock_now_s();
    gmtime_r(&now, &utc);
    size_t len = strftime(line, sizeof line, "%Y-%m-%dT%H:%M:%SZ ", &utc);
    int more = snprintf(line + len, sizeof line - len, "%s: %s\n", level_names[level], message);
    assert(more > 0 && len + (size_t)more < sizeof line);
    if (write(STDERR_FILENO, line, len + (size_t)more) < 0)
        return; /* a closed stderr is no reason to stop */
}

void log_print(FILE *to, const char *format, ...)
{
    char line[PRINTED_BYTES + 2];
    va_list args;
    assert(to == stdout || to == stderr);
    va_start(args, format);
    vsnprintf(line, PRINTED_BYTES + 1, format, args);
    va_end(args);
    utf8_scrub(line);
    size_t len = strlen(line);
    memcpy(line + len, "\n", 2);
    fputs(line, to);
}
