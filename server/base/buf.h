/* A growing run of bytes that states its maximum.
 *
 * Once an append fails (no memory, or past `max`) the buffer stays failed and further appends do
 * nothing, so a writer checks once, at the end. `bytes` is always NUL-terminated when `len` > 0;
 * the NUL is not counted. Owned by whoever called buf_init; not shared between threads.
 */
#ifndef KHOBOR_BASE_BUF_H
#define KHOBOR_BASE_BUF_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
    char *bytes;
    size_t len;
    size_t room;
    size_t max;
    bool failed;
};

/* An empty buffer that will hold at most `max` bytes; allocates nothing yet. */
void buf_init(struct buf *buf, size_t max);

/* Frees the bytes; the buffer is empty and usable again. */
void buf_release(struct buf *buf);

/* Gives back the memory that the content does not need. */
void buf_trim(struct buf *buf);

/* Forgets the content and a failure, keeps the memory. */
void buf_clear(struct buf *buf);

void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_text(struct buf *buf, const char *text);
void buf_char(struct buf *buf, char byte);
void buf_format(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);

/* A number in decimal digits, and one that is not negative with zeros in front up to `width` of
 * them: what printf would write, at a tenth of its price. */
void buf_number(struct buf *buf, int64_t number);
void buf_padded(struct buf *buf, unsigned number, int width);

/* Makes room for `len` more bytes and returns where to write them, or NULL; buf_grew tells how
 * many were written. */
char *buf_reserve(struct buf *buf, size_t len);
void buf_grew(struct buf *buf, size_t len);

/* The content as a NUL-terminated text, "" when empty; valid until the next append. */
const char *buf_string(const struct buf *buf);

/* STATUS_OK, or STATUS_FULL when the content did not fit or memory ran out. */
enum status buf_status(const struct buf *buf) MUST_CHECK;

#endif
