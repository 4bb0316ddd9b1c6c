/* Counts in the source what makes Markdown expensive, without parsing it, and compares each count
 * with a maximum that is far above what articles have. */
#include "language/markdown_limits.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

static size_t count_byte(const char *text, size_t len, char byte)
{
    size_t count = 0;
    for (const char *at = text, *end = text + len; (at = memchr(at, byte, (size_t)(end - at)));
         at++)
        count++;
    return count;
}

/* How many marks follow a mark: cmark creates a node for each of them, but one for a run of
 * letters.
 */
static size_t count_marks_after_marks(const char *text, size_t len)
{
    static const bool is_mark[256] = {['\''] = true, ['"'] = true, ['.'] = true, ['-'] = true,
                                      ['\\'] = true, ['!'] = true, [':'] = true, [';'] = true};
    size_t count = 0;
    for (size_t i = 1; i < len; i++)
        count += is_mark[(unsigned char)text[i]] && is_mark[(unsigned char)text[i - 1]];
    return count;
}

/* Whether a block begins at `at`: a quote's mark, or a list's mark before white space. */
static bool opens_block(const char *at, const char *end)
{
    bool ends = at + 1 == end || at[1] == ' ' || at[1] == '\t' || at[1] == '\n';
    return *at == '>' || (ends && *at != '\0' && strchr("-*+.)", *at));
}

/* How many nested blocks a line can open: one for each mark, and one for two spaces of indentation.
 */
static size_t depth_of_line(const char *line, const char *end)
{
    size_t marks = 0, spaces = 0;
    for (const char *at = line; at < end && *at != '\n'; at++) {
        if (*at == ' ' || *at == '\t')
            spaces += *at == '\t' ? 4 : 1;
        else if (opens_block(at, end)) {
            marks++;
            at += at + 1 < end && at[1] == ' '; /* which belongs to the mark */
        } else if (*at < '0' || *at > '9')      /* a digit may be part of a list's number */
            break;
    }
    assert(marks <= (size_t)(end - line));
    return marks + spaces / 2;
}

static size_t depth_of_body(const char *body, size_t len)
{
    size_t deepest = 0;
    for (const char *line = body, *end = body + len; line; line = line ? line + 1 : NULL) {
        size_t depth = depth_of_line(line, end);
        if (depth > deepest)
            deepest = depth;
        line = memchr(line, '\n', (size_t)(end - line));
    }
    return deepest;
}

enum status markdown_check_limits(const char *body, size_t len, struct fault *fault)
{
    const struct {
        const char *what;
        size_t count, most;
    } costs[] = {
        {"\"[\"", count_byte(body, len, '['), 10000},
        {"\"]\"", count_byte(body, len, ']'), 50000},
        {"\"`\"", count_byte(body, len, '`'), 100000},
        {"\"*\" and \"_\"", count_byte(body, len, '*') + count_byte(body, len, '_'), 50000},
        {"quotes, \"&\" and \"<\"",
         count_byte(body, len, '"') + count_byte(body, len, '&') + count_byte(body, len, '<'),
         200000},
        {"marks after marks", count_marks_after_marks(body, len), 100000},
        {"lines", count_byte(body, len, '\n'), 50000},
        {"blocks nested at the beginning of a line", depth_of_body(body, len), 200},
    };
    for (size_t i = 0; i < sizeof costs / sizeof costs[0]; i++) {
        if (costs[i].count > costs[i].most)
            return fault_set(fault, STATUS_INVALID, "body", "has %zu %s; at most %zu are allowed",
                             costs[i].count, costs[i].what, costs[i].most);
    }
    return STATUS_OK;
}
