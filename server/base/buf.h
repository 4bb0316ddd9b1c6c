/* A growing string of bytes with a maximum length.
 *
 * When an append fails (no memory, or the content would be longer than `max`), the buffer stays
 * failed and further appends do nothing, so a writer checks buf_status once, at the end. `bytes` is
 * NUL-terminated when `len` > 0; the NUL is not counted in `len` or `max`. The caller of buf_init
 * owns the buffer and calls buf_release. Used by one thread at a time.
 */
#ifndef KHOBOR_BASE_BUF_H
#define KHOBOR_BASE_BUF_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
    char *bytes; /* NULL before the first append */
    size_t len;
    size_t room; /* allocated bytes */
    size_t max;  /* of `len` */
    bool failed;
};

/* Makes an empty buffer for at most `max` bytes; allocates nothing yet. */
void buf_init(struct buf *buf, size_t max);

/* Frees the bytes; the buffer is empty and can be used again. */
void buf_release(struct buf *buf);

/* Frees the memory that the content does not need. */
void buf_trim(struct buf *buf);

/* Removes the content and a failure; the memory stays allocated. */
void buf_clear(struct buf *buf);

/* Append bytes, a NUL-terminated text, a byte, and what printf would write. */
void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_text(struct buf *buf, const char *text);
void buf_char(struct buf *buf, char byte);
void buf_format(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);

/* Append a number in decimal, and a number with leading zeros up to `width` digits (at most 20):
 * what "%d" and "%0*u" write, ten times as fast. */
void buf_number(struct buf *buf, int64_t number);
void buf_padded(struct buf *buf, unsigned number, int width);

/* Makes room for `len` more bytes and a NUL, and returns where to write them; NULL when it fails.
 * Valid until the next append. buf_grew then appends the first `len` bytes written there. */
char *buf_reserve(struct buf *buf, size_t len);
void buf_grew(struct buf *buf, size_t len);

/* The content as a NUL-terminated text, "" when it is empty; valid until the next append. */
const char *buf_string(const struct buf *buf);

/* STATUS_OK, or STATUS_FULL when the content did not fit or memory ran out. */
enum status buf_status(const struct buf *buf) MUST_CHECK;

#endif
