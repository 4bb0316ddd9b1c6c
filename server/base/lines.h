/* Lines of an input or of memory, one after the other, in bounded memory. */
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
    char *room;          /* what was read and not yet handed out is room[begin..end) */
    size_t begin, end, size;
    size_t max;
    int64_t number; /* of the line that was handed out last, from 1 */
    bool at_end;
    bool skipping; /* the rest of a line that was too long */
};

/* Lines of `input`, each at most `max` bytes. STATUS_NO_MEMORY. */
enum status lines_open(struct lines *lines, struct input *input, size_t max) MUST_CHECK;

/* Lines of `len` bytes of memory, which is only read and stays the caller's. */
void lines_open_memory(struct lines *lines, const char *bytes, size_t len);

void lines_close(struct lines *lines);

/* Hands out the next line without its line feed; it lives until the next call. STATUS_ABSENT at
 * the end, STATUS_FULL for a line over the maximum (the next call goes on behind it), else what
 * input_read says. `number` counts in every case but the end. */
enum status lines_next(struct lines *lines, const char **line, size_t *len) MUST_CHECK;

/* Waits at most `wait_ms` until the next line, or more of it, can be read without waiting. */
bool lines_wait(const struct lines *lines, int wait_ms);

/* How far the input has been read, before decompressing, and its size; 0 where there is none. */
void lines_progress(const struct lines *lines, int64_t *offset, int64_t *size);

#endif
