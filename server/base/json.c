/* Writes a jansson document without checking its texts again. A text is copied whole when a scan
 * over blocks of bytes, which compilers turn into vector instructions, finds nothing to escape in
 * it. */
#include "base/json.h"

#include "base/arena.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    DEPTH_MAX = 32, /* a deeper document fails instead of using up the stack */
    BLOCK_BYTES = 32,
};

/* Appends a byte that JSON does not allow in a string (RFC 8259 §7). */
static void put_escaped(struct buf *to, unsigned char byte)
{
    static const char letters[256] = {
        ['"'] = '"', ['\\'] = '\\', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    const char escape[] = {'\\', letters[byte]};
    if (letters[byte])
        buf_add(to, escape, sizeof escape);
    else
        buf_format(to, "\\u%04x", byte);
}

static bool is_escaped(unsigned char byte)
{
    return (byte < 0x20) | (byte == '"') | (byte == '\\');
}

/* Whether no byte of a block needs an escape. The loop has a fixed length and no exit, so that a
 * compiler turns it into a few vector instructions. */
static bool block_is_plain(const char *block)
{
    unsigned char escaped = 0;
    for (size_t i = 0; i < BLOCK_BYTES; i++)
        escaped |= is_escaped((unsigned char)block[i]);
    return !escaped;
}

/* The same for eight bytes in one word. Subtracting 0x20 from each byte borrows into the high bit
 * of a byte that is below; a quote or backslash becomes zero by XOR, and is found by subtracting 1.
 */
static bool word_is_plain(const char *text)
{
    const uint64_t ones = UINT64_MAX / 0xFF, high = ones * 0x80;
    uint64_t word;
    memcpy(&word, text, sizeof word);
    uint64_t quotes = word ^ ones * '"', slashes = word ^ ones * '\\';
    uint64_t escaped = ((word - ones * 0x20) & ~word) | ((quotes - ones) & ~quotes) |
                       ((slashes - ones) & ~slashes);
    return (escaped & high) == 0;
}

/* The length of the part of a text before the first byte that needs an escape. */
static size_t plain_len(const char *text, size_t len)
{
    size_t at = 0;
    while (len - at >= BLOCK_BYTES && block_is_plain(text + at))
        at += BLOCK_BYTES;
    while (len - at >= sizeof(uint64_t) && word_is_plain(text + at))
        at += sizeof(uint64_t);
    while (at < len && !is_escaped((unsigned char)text[at]))
        at++;
    assert(at <= len);
    return at;
}

/* Appends a string. Most strings need no escape and are copied in one piece. */
static void put_text(struct buf *to, const char *text, size_t len)
{
    if (plain_len(text, len) == len) {
        char *at = buf_reserve(to, len + 2);
        if (!at)
            return;
        at[0] = at[len + 1] = '"';
        memcpy(at + 1, text, len);
        buf_grew(to, len + 2);
        return;
    }
    buf_char(to, '"');
    for (size_t at = 0; at < len; at++) {
        size_t plain = plain_len(text + at, len - at);
        buf_add(to, text + at, plain);
        at += plain;
        if (at < len)
            put_escaped(to, (unsigned char)text[at]);
    }
    buf_char(to, '"');
}

static void put(struct buf *to, const json_t *value, int depth)
{
    const char *key;
    json_t *member;
    size_t index = 0;
    assert(depth >= 0 && depth <= DEPTH_MAX + 1);
    if (depth > DEPTH_MAX) {
        to->failed = true;
        return;
    }
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        buf_char(to, '{');
        json_object_foreach((json_t *)value, key, member)
        {
            if (index++ > 0)
                buf_char(to, ',');
            put_text(to, key, json_object_iter_key_len(json_object_key_to_iter(key)));
            buf_char(to, ':');
            put(to, member, depth + 1);
        }
        buf_char(to, '}');
        return;
    case JSON_ARRAY:
        buf_char(to, '[');
        json_array_foreach(value, index, member)
        {
            if (index > 0)
                buf_char(to, ',');
            put(to, member, depth + 1);
        }
        buf_char(to, ']');
        return;
    case JSON_STRING:
        put_text(to, json_string_value(value), json_string_length(value));
        return;
    case JSON_INTEGER:
        buf_number(to, json_integer_value(value));
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

json_t *buf_json(struct buf *buf)
{
    json_t *json =
        buf_status(buf) == STATUS_OK ? json_stringn_nocheck(buf_string(buf), buf->len) : NULL;
    buf_release(buf);
    return json;
}

enum status json_put(json_t *object, const char *name, json_t *value)
{
    return json_object_set_new_nocheck(object, name, value) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

void json_use_arena(void)
{
    json_set_alloc_funcs(arena_malloc, arena_free);
}

struct json_loading {
    const char *text;
    size_t len, flags;
    json_error_t *error;
    json_t *loaded;
};

static void load(void *arg)
{
    struct json_loading *loading = arg;
    loading->loaded = json_loadb(loading->text, loading->len, loading->flags, loading->error);
}

json_t *json_load_text(const char *text, size_t len, size_t flags, json_error_t *error)
{
    struct json_loading loading = {.text = text, .len = len, .flags = flags, .error = error};
    if (error)
        *error = (json_error_t){.position = 0};
    return arena_run_keeping(load, &loading) == STATUS_OK ? loading.loaded : NULL;
}
