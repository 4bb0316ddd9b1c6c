/* Percent-encoding by the character classes of RFC 3986 §2, for any locale, and the few shapes of
 * path that the routes have.
 */
#include "document/url.h"

#include <assert.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    ENCODED_BYTES = 3, /* %E0 */
    CHUNK_BYTES = 192,
};

/* RFC 3986 §2.2. */
static const char reserved[] = ":/?#[]@!$&'()*+,;=";

/* RFC 3986 §2.3. */
static bool is_unreserved(unsigned char byte)
{
    unsigned letter = (byte | 0x20u) - 'a', digit = byte - (unsigned)'0';
    return letter < 26 || digit < 10 || byte == '-' || byte == '.' || byte == '_' || byte == '~';
}

static bool is_encoded(const char *text)
{
    return text[0] == '%' && isxdigit((unsigned char)text[1]) && isxdigit((unsigned char)text[2]);
}

static void encode(unsigned char byte, char to[ENCODED_BYTES])
{
    static const char digits[] = "0123456789ABCDEF";
    to[0] = '%';
    to[1] = digits[byte >> 4];
    to[2] = digits[byte & 15];
}

void url_encode(const char *text, struct buf *to)
{
    char encoded[CHUNK_BYTES];
    while (*text) {
        size_t len = 0;
        for (; *text && len <= sizeof encoded - ENCODED_BYTES; text++) {
            if (is_unreserved((unsigned char)*text)) {
                encoded[len++] = *text;
            } else {
                encode((unsigned char)*text, encoded + len);
                len += ENCODED_BYTES;
            }
        }
        assert(len > 0 && len <= sizeof encoded);
        buf_add(to, encoded, len); /* cppcheck-suppress uninitvar ; it misses writes by pointer */
    }
}

void url_decode(const char *text, size_t len, struct buf *to)
{
    for (size_t i = 0; i < len; i++) {
        char byte = text[i];
        if (len - i > 2 && is_encoded(text + i) && strncmp(text + i, "%00", 3) != 0) {
            const char digits[] = {text[i + 1], text[i + 2], '\0'};
            byte = (char)strtol(digits, NULL, 16);
            i += 2;
        }
        buf_char(to, byte);
    }
}

void url_clean(const char *url, struct buf *to)
{
    for (; *url; url++) {
        char encoded[ENCODED_BYTES];
        encode((unsigned char)*url, encoded);
        if (is_unreserved((unsigned char)*url) || strchr(reserved, *url) || is_encoded(url))
            buf_char(to, *url);
        else
            buf_add(to, encoded, sizeof encoded);
    }
}

void url_article(const char *section, int64_t id, const char *slug, struct buf *to)
{
    buf_char(to, '/');
    url_encode(section, to);
    buf_char(to, '/');
    buf_number(to, id);
    buf_char(to, '/');
    url_encode(slug, to);
}

void url_section(const char *slug, struct buf *to)
{
    buf_char(to, '/');
    url_encode(slug, to);
}

void url_term(enum term_kind kind, const char *name, struct buf *to)
{
    buf_text(to, kind == TERM_TAG ? "/tag/" : "/author/");
    url_encode(name, to);
}

void url_absolute(const char *site_url, const char *url, struct buf *to)
{
    if (strncmp(url, "//", 2) == 0) /* a host follows (RFC 3986 §4.2) */
        buf_text(to, "https:");
    else if (url[0] == '/')
        buf_text(to, site_url);
    url_clean(url, to);
}

void url_parameter(const char *name, const char *value, struct buf *to)
{
    if (!value)
        return;
    assert(name[0] != '\0' && !strchr(name, '='));
    buf_char(to, strchr(buf_string(to), '?') ? '&' : '?');
    buf_text(to, name);
    buf_char(to, '=');
    url_encode(value, to);
}
