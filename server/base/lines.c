/* Keeps one buffer, looks for line feeds in it, and moves the unfinished rest to its front before
 * it reads more. A line that is too long is counted once and skipped to its end. */
#include "base/lines.h"

#include <assert.h>
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
    assert(lines->input && lines->end - lines->begin <= lines->max);
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

/* Returns the first `line_len` bytes as a line, or as the end of one that is skipped; `feed` is 1
 * when a line feed follows them. */
static enum status take_line(struct lines *lines, size_t line_len, size_t feed, const char **line,
                             size_t *len)
{
    assert(lines->begin + line_len + feed <= lines->end && lines->end <= lines->size);
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
    size_t searched = 0; /* these first bytes have no line feed */
    for (;;) {
        size_t buffered = lines->end - lines->begin;
        const char *from = lines->room + lines->begin;
        assert(searched <= buffered && lines->end <= lines->size);
        const char *feed = memchr(from + searched, '\n', buffered - searched);
        if (feed)
            return take_line(lines, (size_t)(feed - from), 1, line, len);
        if (lines->at_end)
            return buffered > 0 || lines->skipping ? take_line(lines, buffered, 0, line, len)
                                                   : STATUS_ABSENT;
        searched = buffered;
        if (buffered > lines->max) {
            lines->number += !lines->skipping;
            lines->skipping = true;
            lines->begin = lines->end;
            searched = 0;
        }
        enum status status = read_more(lines);
        if (status != STATUS_OK)
            return status;
    }
}

bool lines_wait(const struct lines *lines, int wait_ms)
{
    size_t buffered = lines->end - lines->begin;
    return lines->at_end || memchr(lines->room + lines->begin, '\n', buffered) ||
           input_wait(lines->input, wait_ms);
}

void lines_progress(const struct lines *lines, int64_t *offset, int64_t *size)
{
    *offset = *size = 0;
    if (lines->input)
        input_progress(lines->input, offset, size);
}
