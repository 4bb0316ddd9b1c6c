/* The media types that leave this server. */
#ifndef KHOBOR_RENDER_MEDIA_H
#define KHOBOR_RENDER_MEDIA_H

#include <stdbool.h>

enum media {
    MEDIA_JSON,
    MEDIA_PROBLEM,
    MEDIA_HTML,
    MEDIA_RSS,
    MEDIA_ATOM,
    MEDIA_JSON_FEED,
    MEDIA_XML,
    MEDIA_TEXT,
    MEDIA_MANIFEST,
    MEDIA_CSS,
    MEDIA_JAVASCRIPT,
    MEDIA_SVG,
    MEDIA_ICON,
    MEDIA_PNG,
    MEDIA_JPEG,
    MEDIA_WEBP,
    MEDIA_WOFF2,
    MEDIA__MAX
};

/* The value of Content-Type; static. */
const char *media_type(enum media media);

/* Whether bodies of the type get smaller by compressing: pictures are compressed already. */
bool media_is_compressible(enum media media);

/* The type of an asset by the extension of its name; false for one that is none. */
bool media_of_asset(const char *name, enum media *media);

#endif
