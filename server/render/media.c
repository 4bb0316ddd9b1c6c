#include "render/media.h"

#include <stddef.h>
#include <string.h>

/* RFC 9110 §8.3; a text's character set is said where the type does not imply UTF-8. `extension` is
 * an asset's. */
static const struct {
    const char *type;
    const char *extension;
    bool is_compressible;
} rows[MEDIA__MAX] = {
    [MEDIA_JSON] = {"application/json", NULL, true},
    [MEDIA_PROBLEM] = {"application/problem+json", NULL, true},
    [MEDIA_HTML] = {"text/html; charset=utf-8", NULL, true},
    [MEDIA_RSS] = {"application/rss+xml; charset=utf-8", NULL, true},
    [MEDIA_ATOM] = {"application/atom+xml; charset=utf-8", NULL, true},
    [MEDIA_JSON_FEED] = {"application/feed+json", NULL, true},
    [MEDIA_XML] = {"application/xml; charset=utf-8", NULL, true},
    [MEDIA_TEXT] = {"text/plain; charset=utf-8", "txt", true},
    [MEDIA_MANIFEST] = {"application/manifest+json", NULL, true},
    [MEDIA_CSS] = {"text/css; charset=utf-8", "css", true},
    [MEDIA_JAVASCRIPT] = {"text/javascript; charset=utf-8", "js", true},
    [MEDIA_SVG] = {"image/svg+xml", "svg", true},
    [MEDIA_ICON] = {"image/vnd.microsoft.icon", "ico", true},
    [MEDIA_PNG] = {"image/png", "png", false},
    [MEDIA_JPEG] = {"image/jpeg", "jpg", false},
    [MEDIA_WEBP] = {"image/webp", "webp", false},
    [MEDIA_WOFF2] = {"font/woff2", "woff2", false},
};

const char *media_type(enum media media)
{
    return rows[media].type;
}

bool media_is_compressible(enum media media)
{
    return rows[media].is_compressible;
}

bool media_of_asset(const char *name, enum media *media)
{
    const char *dot = strrchr(name, '.');
    for (int i = 0; dot && i < MEDIA__MAX; i++) {
        if (rows[i].extension && strcmp(rows[i].extension, dot + 1) == 0) {
            *media = (enum media)i;
            return true;
        }
    }
    return false;
}
