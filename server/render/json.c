#include "render/json.h"

#include <inttypes.h>
#include <stdbool.h>

/* Documents of our own making are shallow; one that is not is a bug, and must not eat the stack. */
enum {
    DEPTH_MAX = 32
};

static void put_escaped(struct buf *to, unsigned char byte)
{
    switch (byte) {
    case '"':
        buf_text(to, "\\\"");
        return;
    case '\\':
        buf_text(to, "\\\\");
        return;
    case '\n':
        buf_text(to, "\\n");
        return;
    case '\r':
        buf_text(to, "\\r");
        return;
    case '\t':
        buf_text(to, "\\t");
        return;
    default:
        buf_format(to, "\\u%04x", byte);
    }
}

static void put_text(struct buf *to, const char *text, size_t len)
{
    size_t plain = 0;
    buf_char(to, '"');
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte >= 0x20 && byte != '"' && byte != '\\')
            continue;
        buf_add(to, text + plain, i - plain);
        put_escaped(to, byte);
        plain = i + 1;
    }
    buf_add(to, text + plain, len - plain);
    buf_char(to, '"');
}

static void put(struct buf *to, const json_t *value, int depth);

static void put_array(struct buf *to, const json_t *array, int depth)
{
    buf_char(to, '[');
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (i > 0)
            buf_char(to, ',');
        put(to, json_array_get(array, i), depth + 1);
    }
    buf_char(to, ']');
}

static void put_object(struct buf *to, const json_t *object, int depth)
{
    const char *key;
    json_t *value;
    bool first = true;
    buf_char(to, '{');
    json_object_foreach((json_t *)object, key, value)
    {
        if (!first)
            buf_char(to, ',');
        first = false;
        put_text(to, key, json_object_iter_key_len(json_object_key_to_iter(key)));
        buf_char(to, ':');
        put(to, value, depth + 1);
    }
    buf_char(to, '}');
}

static void put(struct buf *to, const json_t *value, int depth)
{
    if (depth > DEPTH_MAX) {
        to->failed = true;
        return;
    }
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        put_object(to, value, depth);
        return;
    case JSON_ARRAY:
        put_array(to, value, depth);
        return;
    case JSON_STRING:
        put_text(to, json_string_value(value), json_string_length(value));
        return;
    case JSON_INTEGER:
        buf_format(to, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return;
    case JSON_REAL:
        buf_format(to, "%.17g", json_real_value(value));
        return;
    case JSON_TRUE:
        buf_text(to, "true");
        return;
    case JSON_FALSE:
        buf_text(to, "false");
        return;
    case JSON_NULL:
        buf_text(to, "null");
        return;
    }
}

void json_render(const json_t *document, struct buf *to)
{
    put(to, document, 0);
}
