/* Grows by doubling, so that appending costs constant time on average. A failed append sets a flag
 * that makes all later ones do nothing, so that callers check only once. */
#include "base/buf.h"

#include "base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIRST_ROOM = 256,
    DIGITS_MAX = 20, /* of a number of 64 bits */
};

/* What holds between calls: the NUL after the content is in the allocated room. */
static void check(const struct buf *buf)
{
    assert(buf->len <= buf->max);
    assert(buf->bytes ? buf->len < buf->room : buf->len == 0 && buf->room == 0);
}

void buf_init(struct buf *buf, size_t max)
{
    *buf = (struct buf){.max = max};
}

void buf_release(struct buf *buf)
{
    free(buf->bytes);
    buf_init(buf, buf->max);
}

/* Copies instead of calling realloc, which would shrink the block in place and leave a free block
 * after it that is too small for the next buffer that grows. */
void buf_trim(struct buf *buf)
{
    check(buf);
    char *bytes = buf->bytes ? malloc(buf->len + 1) : NULL;
    if (!bytes)
        return;
    memcpy(bytes, buf->bytes, buf->len + 1);
    free(buf->bytes);
    buf->bytes = bytes;
    buf->room = buf->len + 1;
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->failed = false;
    if (buf->bytes)
        buf->bytes[0] = '\0';
}

char *buf_reserve(struct buf *buf, size_t len)
{
    if (buf->failed || len > buf->max - buf->len) {
        buf->failed = true;
        return NULL;
    }
    size_t need = buf->len + len + 1;
    if (need > buf->room) {
        check(buf);
        size_t room = buf->room ? buf->room : FIRST_ROOM;
        while (room < need)
            room *= 2;
        char *bytes = realloc(buf->bytes, room);
        if (!bytes) {
            buf->failed = true;
            arena_note_failure();
            return NULL;
        }
        buf->bytes = bytes;
        buf->room = room;
    }
    return buf->bytes + buf->len;
}

void buf_grew(struct buf *buf, size_t len)
{
    assert(len < buf->room - buf->len && len <= buf->max - buf->len);
    buf->len += len;
    buf->bytes[buf->len] = '\0';
}

void buf_add(struct buf *buf, const void *bytes, size_t len)
{
    char *to = buf_reserve(buf, len);
    if (!to)
        return;
    if (len > 0)
        memcpy(to, bytes, len);
    to[len] = '\0';
    buf->len += len;
}

void buf_text(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_char(struct buf *buf, char byte)
{
    char *to = buf_reserve(buf, 1);
    if (!to)
        return;
    to[0] = byte;
    to[1] = '\0';
    buf->len++;
}

/* Writes the digits of a number so that the last one is before `end`; returns the first one. */
static char *digits_before(char *end, uint64_t number)
{
    do
        *--end = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    return end;
}

void buf_number(struct buf *buf, int64_t number)
{
    char text[DIGITS_MAX + 1], *end = text + sizeof text;
    /* The negative of INT64_MIN is no int64_t, so the magnitude is computed without a sign. */
    char *begin = digits_before(end, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
    assert(begin > text); /* there is room for the sign */
    if (number < 0)
        *--begin = '-';
    buf_add(buf, begin, (size_t)(end - begin));
}

void buf_padded(struct buf *buf, unsigned number, int width)
{
    char text[DIGITS_MAX], *end = text + sizeof text;
    assert(width >= 0 && width <= DIGITS_MAX);
    char *begin = digits_before(end, number);
    while (end - begin < width)
        *--begin = '0';
    buf_add(buf, begin, (size_t)(end - begin));
}

void buf_format(struct buf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *to = len < 0 ? NULL : buf_reserve(buf, (size_t)len);
    if (to) {
        vsnprintf(to, (size_t)len + 1, format, again);
        buf_grew(buf, (size_t)len);
    } else {
        buf->failed = true;
    }
    va_end(again);
}

const char *buf_string(const struct buf *buf)
{
    return buf->len > 0 ? buf->bytes : "";
}

enum status buf_status(const struct buf *buf)
{
    return buf->failed ? STATUS_FULL : STATUS_OK;
}
