#include "document/url.h"

#include <inttypes.h>
#include <string.h>

void url_encode(const char *text, struct buf *to)
{
    static const char unreserved[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    static const char digits[] = "0123456789ABCDEF";
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (strchr(unreserved, byte)) {
            buf_char(to, (char)byte);
            continue;
        }
        const char encoded[] = {'%', digits[byte >> 4], digits[byte & 15]};
        buf_add(to, encoded, sizeof encoded);
    }
}

void url_article(const char *section, int64_t id, const char *slug, struct buf *to)
{
    buf_char(to, '/');
    url_encode(section, to);
    buf_format(to, "/%" PRId64 "/", id);
    url_encode(slug, to);
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
