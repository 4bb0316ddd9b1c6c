#include "document/url.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

static const char unreserved[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
static const char reserved[] = ":/?#[]@!$&'()*+,;=";

static bool is_encoded(const char *text)
{
    return text[0] == '%' && isxdigit((unsigned char)text[1]) && isxdigit((unsigned char)text[2]);
}

static void put_encoded(unsigned char byte, struct buf *to)
{
    static const char digits[] = "0123456789ABCDEF";
    const char encoded[] = {'%', digits[byte >> 4], digits[byte & 15]};
    buf_add(to, encoded, sizeof encoded);
}

void url_encode(const char *text, struct buf *to)
{
    for (; *text; text++) {
        if (strchr(unreserved, *text))
            buf_char(to, *text);
        else
            put_encoded((unsigned char)*text, to);
    }
}

static int hex_value(char digit)
{
    return isdigit((unsigned char)digit) ? digit - '0' : toupper((unsigned char)digit) - 'A' + 10;
}

void url_decode(const char *text, size_t len, struct buf *to)
{
    for (size_t i = 0; i < len; i++) {
        char byte = text[i];
        if (len - i > 2 && is_encoded(text + i) && strncmp(text + i, "%00", 3) != 0) {
            byte = (char)(hex_value(text[i + 1]) << 4 | hex_value(text[i + 2]));
            i += 2;
        }
        buf_char(to, byte);
    }
}

void url_clean(const char *address, struct buf *to)
{
    for (; *address; address++) {
        if (strchr(unreserved, *address) || strchr(reserved, *address) || is_encoded(address))
            buf_char(to, *address);
        else
            put_encoded((unsigned char)*address, to);
    }
}

void url_article(const char *section, int64_t id, const char *slug, struct buf *to)
{
    buf_char(to, '/');
    url_encode(section, to);
    buf_format(to, "/%" PRId64 "/", id);
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

void url_absolute(const char *site_url, const char *address, struct buf *to)
{
    if (strncmp(address, "//", 2) == 0) /* a host follows (RFC 3986 §4.2) */
        buf_text(to, "https:");
    else if (address[0] == '/')
        buf_text(to, site_url);
    url_clean(address, to);
}

void url_parameter(const char *name, const char *value, struct buf *to)
{
    if (!value)
        return;
    buf_char(to, strchr(buf_string(to), '?') ? '&' : '?');
    buf_text(to, name);
    buf_char(to, '=');
    url_encode(value, to);
}
