/* Goes through a text paragraph by paragraph. Plain ones become stretches with a placeholder in the
 * outline; everything else is copied into the outline. */
#include "language/outline.h"

#include <assert.h>
#include <string.h>

/* Bytes that can be markup within a line. A quotation mark is not, but is escaped in HTML. */
static const char marks[] = "\n\r\t\\`&_*[]<>\"";

/* Fenced code and some kinds of HTML do not end at a blank line. */
static const char lasting[] = "`~<";

/* Part of a reference definition, of which cmark expands more in a longer text. */
static const char reference[] = "]:";

/* Whether a line that begins with this byte surely begins no block. False for some bytes that begin
 * none, and for U+FEFF (EF BB BF), which cmark removes at the beginning. */
static bool begins_text(unsigned char byte)
{
    unsigned letter = (byte | 0x20u) - 'a';
    return letter < 26 || (byte >= 0x80 && byte != 0xEF) || byte == '"' || byte == '\'' ||
           byte == '(';
}

/* The length of the plain paragraph that begins at `text`, with the end of its last line; 0 when no
 * plain paragraph begins there. */
static size_t plain_len(const char *text)
{
    const char *line = text;
    while (*line != '\n' && *line != '\0') {
        const char *end = line + strcspn(line, marks);
        while (*end == '"')
            end += 1 + strcspn(end + 1, marks);
        bool is_end = *end == '\n' || *end == '\0';
        if (!begins_text((unsigned char)*line) || !is_end || end[-1] == ' ')
            return 0;
        line = *end == '\n' ? end + 1 : end;
    }
    return (size_t)(line - text);
}

/* The length of the lines from `text` to the next blank line. */
static size_t lines_len(const char *text)
{
    const char *end = strstr(text, "\n\n");
    return end ? (size_t)(end - text) + 1 : strlen(text);
}

/* Appends to the outline; returns how many lines were appended. */
static int put_rest(struct outline *outline, const char *text, size_t len)
{
    int lines = 0;
    buf_add(&outline->rest, text, len);
    for (const char *end = text; (end = memchr(end, '\n', (size_t)(text + len - end))); end++)
        lines++;
    return lines;
}

bool outline_make(const char *text, size_t len, struct outline *outline)
{
    struct stretch *stretch = NULL; /* the one that the next plain paragraph is added to */
    int line = 1;
    buf_init(&outline->rest, len + 2);
    outline->is_plain = true;
    outline->stretches_len = 0;
    if (strlen(text) != len || strpbrk(text, lasting) || strstr(text, reference))
        return false;
    for (size_t at = 0, end; at < len; at = end) {
        size_t begin = at;
        while (text[begin] == '\n')
            begin++;
        end = begin + plain_len(text + begin);
        if (end > begin && stretch) {
            stretch->end = end;
        } else if (end > begin) {
            if (outline->stretches_len == OUTLINE_STRETCHES_MAX)
                return false;
            line += put_rest(outline, text + at, begin - at);
            stretch = &outline->stretches[outline->stretches_len++];
            *stretch = (struct stretch){.begin = begin, .end = end, .line = line};
            line += put_rest(outline, "x\n", 2);
        } else {
            end = begin + lines_len(text + begin);
            line += put_rest(outline, text + at, end - at);
            outline->is_plain = outline->is_plain && begin == len;
            stretch = NULL;
        }
        assert(end > at && end <= len);
    }
    return outline->stretches_len > 0 && buf_status(&outline->rest) == STATUS_OK;
}

void outline_release(struct outline *outline)
{
    buf_release(&outline->rest);
}

/* Appends a line with its quotes escaped. */
static void put_line(const char *line, size_t len, struct buf *html)
{
    const char *quote;
    while ((quote = memchr(line, '"', len))) {
        buf_add(html, line, (size_t)(quote - line));
        buf_text(html, "&quot;");
        len -= (size_t)(quote - line) + 1;
        line = quote + 1;
    }
    buf_add(html, line, len);
}

void stretch_html(const char *text, const struct stretch *stretch, struct buf *html)
{
    const char *line = text + stretch->begin, *last = text + stretch->end;
    bool is_first = true;
    assert(line < last && last[-1] != '\0');
    while (line < last) {
        const char *end = memchr(line, '\n', (size_t)(last - line));
        if (!end)
            end = last;
        buf_text(html, is_first ? "<p>" : "\n");
        put_line(line, (size_t)(end - line), html);
        for (line = end < last ? end + 1 : last; line < last && *line == '\n'; line++)
            ;
        is_first = line == last || line[-1] == line[-2];
        if (is_first)
            buf_text(html, "</p>\n");
    }
}
