#include "base/lines.h"

#include <stdlib.h>
#include <string.h>

enum {
    READ_BYTES = 65536
};

enum status lines_open(struct lines *lines, struct input *input, size_t max)
{
    char *room = malloc(max + READ_BYTES);
    if (!room)
        return STATUS_NO_MEMORY;
    *lines = (struct lines){.input = input, .room = room, .size = max + READ_BYTES, .max = max};
    return STATUS_OK;
}

void lines_open_memory(struct lines *lines, const char *bytes, size_t len)
{
    *lines =
        (struct lines){.room = (char *)bytes, .end = len, .size = len, .max = len, .at_end = true};
}

void lines_close(struct lines *lines)
{
    if (lines->input)
        free(lines->room);
}

static enum status read_more(struct lines *lines)
{
    if (lines->begin > 0) {
        memmove(lines->room, lines->room + lines->begin, lines->end - lines->begin);
        lines->end -= lines->begin;
        lines->begin = 0;
    }
    size_t got, room = lines->size - lines->end;
    enum status status = input_read(lines->input, lines->room + lines->end,
                                    room < READ_BYTES ? room : READ_BYTES, &got);
    if (status != STATUS_OK)
        return status;
    lines->end += got;
    lines->at_end = got == 0;
    return STATUS_OK;
}

/* Takes a line's bytes off the front; `feed` is 1 when a line feed stands behind them. */
static enum status hand_out(struct lines *lines, size_t line_len, size_t feed, const char **line,
                            size_t *len)
{
    bool was_skipping = lines->skipping;
    *line = lines->room + lines->begin;
    *len = line_len;
    lines->begin += line_len + feed;
    lines->skipping = false;
    if (!was_skipping)
        lines->number++;
    return was_skipping || line_len > lines->max ? STATUS_FULL : STATUS_OK;
}

enum status lines_next(struct lines *lines, const char **line, size_t *len)
{
    size_t looked = 0;
    for (;;) {
        size_t held = lines->end - lines->begin;
        const char *from = lines->room + lines->begin;
        const char *feed = memchr(from + looked, '\n', held - looked);
        if (feed)
            return hand_out(lines, (size_t)(feed - from), 1, line, len);
        if (lines->at_end)
            return held > 0 || lines->skipping ? hand_out(lines, held, 0, line, len)
                                               : STATUS_ABSENT;
        looked = held;
        if (held >
            lines->max) { /* too long: count it once, forget what is held, go on to its end */
            lines->number += !lines->skipping;
            lines->skipping = true;
            lines->begin = lines->end;
            looked = 0;
        }
        enum status status = read_more(lines);
        if (status != STATUS_OK)
            return status;
    }
}

bool lines_wait(const struct lines *lines, int wait_ms)
{
    size_t held = lines->end - lines->begin;
    return lines->at_end || memchr(lines->room + lines->begin, '\n', held) ||
           input_wait(lines->input, wait_ms);
}

void lines_progress(const struct lines *lines, int64_t *offset, int64_t *size)
{
    *offset = *size = 0;
    if (lines->input)
        input_progress(lines->input, offset, size);
}
