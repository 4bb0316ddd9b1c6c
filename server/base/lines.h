/* Reads the lines of an input, or of a text in memory, in bounded memory. Used by one thread. */
#ifndef KHOBOR_BASE_LINES_H
#define KHOBOR_BASE_LINES_H

#include "base/buf.h"
#include "base/compress.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lines {
    struct input *input; /* NULL when the lines are in memory */
    char *room;          /* a buffer of `size` bytes; room[begin..end) is read and not returned */
    size_t begin, end, size;
    size_t max;     /* of a line, in bytes */
    int64_t number; /* of the line that was returned last, from 1 */
    bool at_end;
    bool skipping; /* up to the end of a line that is too long */
};

/* Lines of `input`, which must outlive them, of at most `max` bytes each. STATUS_NO_MEMORY. The
 * caller closes the lines. */
enum status lines_open(struct lines *lines, struct input *input, size_t max) MUST_CHECK;

/* Lines of `len` bytes in memory, which is only read and remains the caller's. */
void lines_open_memory(struct lines *lines, const char *bytes, size_t len);

void lines_close(struct lines *lines);

/* Returns the next line without its line feed; it is valid until the next call. STATUS_ABSENT at
 * the end; STATUS_FULL for a line that is too long, after which the next call returns the line
 * after it; otherwise what input_read returns. `number` counts the lines that are too long, too. */
enum status lines_next(struct lines *lines, const char **line, size_t *len) MUST_CHECK;

/* Waits at most `wait_ms` until the next line, or more of it, can be read without blocking. */
bool lines_wait(const struct lines *lines, int wait_ms);

/* What input_progress says; 0 and 0 for lines in memory. */
void lines_progress(const struct lines *lines, int64_t *offset, int64_t *size);

#endif
