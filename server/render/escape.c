/* Escapes texts with a table of bytes for markup. JSON is rendered plainly first, and then expanded
 * in place where a script element needs an escape, which is rare.
 */
#include "render/escape.h"

#include "base/json.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BYTES = 256,
    SCRIPT_ESCAPE_LEN = 6,
    REAL_MAX_BYTES = 32,
};

/* The escape of a byte in markup; NULL for a byte that needs none. */
static const char *const markup_escapes[BYTES] = {
    ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;",
};

/* What JSON allows, but a script element does not. In JSON these occur in strings only, where the
 * escape means the same. */
static const struct {
    const char *bytes;
    const char *escape;
} script_escapes[] = {
    {"<", "\\u003c"},      {">", "\\u003e"},      {"&", "\\u0026"},
    {"\u2028", "\\u2028"}, {"\u2029", "\\u2029"},
};

enum escaping escaping_of(const char *name)
{
    const char *extension = strrchr(name, '.');
    if (extension && strcmp(extension, ".json") == 0)
        return ESCAPING_JSON;
    return extension && strcmp(extension, ".txt") == 0 ? ESCAPING_NONE : ESCAPING_MARKUP;
}

static void put_markup(struct buf *to, const char *text, size_t len)
{
    size_t plain = 0;
    for (size_t i = 0; i < len; i++) {
        const char *escape = markup_escapes[(unsigned char)text[i]];
        if (!escape)
            continue;
        buf_add(to, text + plain, i - plain);
        buf_text(to, escape);
        plain = i + 1;
    }
    buf_add(to, text + plain, len - plain);
}

/* The escape for the *size bytes at `at`; NULL when they need none. */
static const char *script_escape(const char *at, size_t *size)
{
    *size = 1;
    if (!strchr("<>&\xE2", *at))
        return NULL;
    for (size_t i = 0; i < sizeof script_escapes / sizeof *script_escapes; i++) {
        size_t len = strlen(script_escapes[i].bytes);
        if (strncmp(at, script_escapes[i].bytes, len) != 0)
            continue;
        *size = len;
        return script_escapes[i].escape;
    }
    return NULL;
}

/* Appends JSON and escapes it in place. It is moved to the end of the enlarged buffer first, so
 * that writing never overtakes reading. */
static void put_json(struct buf *to, const json_t *value)
{
    size_t from = to->len, growth = 0, size;
    json_render(value, to);
    for (size_t at = from; !to->failed && at < to->len; at += size)
        if (script_escape(to->bytes + at, &size))
            growth += SCRIPT_ESCAPE_LEN - size;
    if (growth == 0 || !buf_reserve(to, growth))
        return;
    char *write = to->bytes + from;
    const char *read = write + growth, *end = to->bytes + to->len + growth;
    memmove(write + growth, write, to->len - from);
    while (read < end) {
        const char *escape = script_escape(read, &size);
        if (escape)
            memcpy(write, escape, SCRIPT_ESCAPE_LEN);
        else
            *write = *read;
        write += escape ? SCRIPT_ESCAPE_LEN : 1;
        read += size;
        assert(write <= read); /* what is still to be read has not been overwritten */
    }
    assert(write == end);
    buf_grew(to, growth);
}

/* Appends a text as JSON without its quotes. */
static void put_json_inside(struct buf *to, const json_t *text)
{
    size_t from = to->len;
    put_json(to, text);
    if (to->failed)
        return;
    assert(to->len >= from + 2 && to->bytes[from] == '"');
    size_t len = to->len - from - 2;
    memmove(to->bytes + from, to->bytes + from + 1, len);
    to->len = from;
    buf_grew(to, len);
}

/* Appends a number with enough digits to read back the same number. */
static void put_real(struct buf *to, double number)
{
    char text[REAL_MAX_BYTES];
    snprintf(text, sizeof text, "%.15g", number);
    if (strtod(text, NULL) != number)
        snprintf(text, sizeof text, "%.17g", number);
    buf_text(to, text);
}

void escape_value(const json_t *value, enum escaping escaping, struct buf *to)
{
    if (!value)
        return;
    switch (json_typeof(value)) {
    case JSON_NULL:
        return;
    case JSON_STRING:
        if (escaping == ESCAPING_MARKUP)
            put_markup(to, json_string_value(value), json_string_length(value));
        else if (escaping == ESCAPING_JSON)
            put_json_inside(to, value);
        else
            buf_add(to, json_string_value(value), json_string_length(value));
        return;
    case JSON_REAL:
        put_real(to, json_real_value(value));
        return;
    case JSON_INTEGER:
    case JSON_TRUE:
    case JSON_FALSE:
        json_render(value, to);
        return;
    case JSON_OBJECT:
    case JSON_ARRAY:
        put_json(to, value);
        return;
    }
}
