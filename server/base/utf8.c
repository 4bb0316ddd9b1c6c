/* Decodes UTF-8 strictly, and checks texts with a fast path for printable ASCII and the three-byte
 * characters of Bengali and most other scripts. */
#include "base/utf8.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

static bool continues(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* The length of a character by its first byte, and that byte's payload; 0 when no character begins
 * with it (RFC 3629 §4). */
static size_t lead(unsigned char byte, uint32_t *payload)
{
    if (byte < 0x80)
        return *payload = byte, 1;
    if (byte >= 0xC2 && byte <= 0xDF)
        return *payload = byte & 0x1F, 2;
    if (byte >= 0xE0 && byte <= 0xEF)
        return *payload = byte & 0x0F, 3;
    if (byte >= 0xF0 && byte <= 0xF4)
        return *payload = byte & 0x07, 4;
    return 0;
}

size_t utf8_decode(const char *text, size_t len, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (len == 0)
        return 0;
    uint32_t value;
    size_t size = lead((unsigned char)text[0], &value);
    if (size == 0 || size > len)
        return 0;
    for (size_t i = 1; i < size; i++) {
        if (!continues(text[i]))
            return 0;
        value = value << 6 | ((unsigned char)text[i] & 0x3F);
    }
    if (value < least[size] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *code = value;
    return size;
}

static bool is_control(uint32_t code, enum utf8_lines lines)
{
    if (lines == UTF8_MANY_LINES && (code == '\t' || code == '\n' || code == '\r'))
        return false;
    return code < 0x20 || (code >= 0x7F && code <= 0x9F);
}

static enum utf8_problem problem_of(uint32_t code, enum utf8_lines lines)
{
    if (is_control(code, lines))
        return UTF8_CONTROL;
    bool is_noncharacter = (code >= 0xFDD0 && code <= 0xFDEF) || (code & 0xFFFE) == 0xFFFE;
    return is_noncharacter ? UTF8_NONCHARACTER : UTF8_FINE;
}

/* The length of a character that is surely allowed: printable ASCII, or three bytes that can't be a
 * surrogate, noncharacter or overlong form. Nearly all characters of every text are. 0 when the
 * character has to be decoded and checked. */
static size_t plain_size(const char *text, size_t len)
{
    unsigned char byte = (unsigned char)text[0];
    if (byte >= ' ' && byte <= '~')
        return 1;
    bool leads_three = byte >= 0xE0 && byte <= 0xEE && byte != 0xED && len >= 3;
    if (leads_three && continues(text[1]) && continues(text[2]) &&
        (byte != 0xE0 || (unsigned char)text[1] >= 0xA0))
        return 3;
    return 0;
}

void utf8_mend(const char *text, size_t len, enum utf8_lines lines, struct buf *to)
{
    for (size_t at = 0; at < len;) {
        uint32_t code;
        size_t size = utf8_decode(text + at, len - at, &code);
        if (size > 0 && problem_of(code, lines) == UTF8_FINE)
            buf_add(to, text + at, size);
        else
            buf_text(to, "\uFFFD");
        at += size > 0 ? size : 1;
        assert(at <= len);
    }
}

enum utf8_problem utf8_check(const char *text, size_t len, enum utf8_lines lines, uint32_t *code)
{
    for (size_t at = 0; at < len;) {
        uint32_t value;
        size_t plain = plain_size(text + at, len - at);
        if (plain > 0) {
            at += plain;
            continue;
        }
        size_t size = utf8_decode(text + at, len - at, &value);
        if (size == 0)
            return UTF8_BROKEN;
        enum utf8_problem problem = problem_of(value, lines);
        if (problem != UTF8_FINE) {
            if (code)
                *code = value;
            return problem;
        }
        at += size;
    }
    return UTF8_FINE;
}

const char *utf8_problem_text(enum utf8_problem problem)
{
    static const char *const texts[] = {
        [UTF8_FINE] = "nothing",
        [UTF8_BROKEN] = "bytes that are not UTF-8",
        [UTF8_CONTROL] = "a control character",
        [UTF8_NONCHARACTER] = "a Unicode noncharacter",
    };
    assert(problem <= UTF8_NONCHARACTER);
    return texts[problem];
}

size_t utf8_cut(const char *text, size_t len, size_t most)
{
    if (len <= most)
        return len;
    while (most > 0 && continues(text[most]))
        most--;
    assert(most < len);
    return most;
}

void utf8_scrub(char *text)
{
    size_t len = strlen(text), to = 0;
    for (size_t at = 0; at < len;) {
        uint32_t code = 0;
        size_t size = utf8_decode(text + at, len - at, &code);
        bool turns = (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
        if (size > 0 && (turns || is_control(code, UTF8_ONE_LINE))) {
            text[to++] = '?';
        } else {
            memmove(text + to, text + at, size);
            to += size;
        }
        at += size > 0 ? size : 1;
        assert(to <= at);
    }
    text[to] = '\0';
}
