/* A representation: the bytes of a response body, with media type, entity tag and encodings.
 *
 * The identity bytes never change. The gzip and brotli bytes are made when a client first accepts
 * them, by the one thread that owns the representation, or all at once by representation_encode,
 * after which threads may share it. References are counted atomically.
 */
#ifndef KHOBOR_RENDER_REPRESENTATION_H
#define KHOBOR_RENDER_REPRESENTATION_H

#include "base/buf.h"
#include "base/status.h"
#include "document/context.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The media types of all responses. */
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

/* The type of an asset, by the last extension of its file name; false for an unknown extension. */
bool media_of_asset(const char *name, enum media *media);

enum encoding {
    ENCODING_IDENTITY,
    ENCODING_GZIP,
    ENCODING_BROTLI,
    ENCODING__MAX
};

/* The name of an encoding in Content-Encoding; NULL for identity. Static. */
const char *encoding_name(enum encoding encoding);

enum {
    REPRESENTATION_TAG_BYTES = 64
};

struct representation;
struct theme;

/* Makes a representation of the bytes in `body`, which move into it; in every case `body` is empty
 * afterwards. Its entity tag is "{hash}", or "r{revision}-{hash}" when `revision` is not 0. The
 * caller owns the one reference. STATUS_NO_MEMORY also when writing to `body` had failed. */
enum status representation_make(enum media media, int64_t revision, struct buf *body,
                                struct representation **representation) MUST_CHECK;

/* How a document becomes bytes: as JSON, or through a template of the theme. */
struct presentation {
    enum media media;
    const char *template; /* the name of its file; NULL: the document is written as JSON */
};

/* A document, and what the frame of its page (page/page_frame.h) says about the request. */
struct presented_document {
    const json_t *document;
    int64_t revision; /* of an article; 0 for any other document */
    const char *path; /* of the page, percent-encoded */
    bool paged;       /* the page is one after a cursor */
};

/* Makes a representation of a document. `context` is that of the read transaction which the
 * document was read in; `theme` may be NULL where `how` has no template. The caller owns the one
 * reference. STATUS_FULL for a page that is too large, or whose templates nest too deeply. */
enum status representation_render(const struct context *context, const struct theme *theme,
                                  const struct presentation *how,
                                  const struct presented_document *presented,
                                  struct representation **representation) MUST_CHECK;

/* Both from any thread; unref accepts NULL. */
struct representation *representation_ref(struct representation *representation);
void representation_unref(struct representation *representation);

enum media representation_media(const struct representation *representation);

/* The value of Content-Type (RFC 9110 §8.3); static. */
const char *representation_type(const struct representation *representation);

/* The bytes in an encoding, made now if they were not made before; they live as long as the
 * representation. NULL when it can't be made, or is not worth encoding; never for identity. */
const void *representation_body(struct representation *representation, enum encoding encoding,
                                size_t *len);

/* Bytes of memory that the representation and its encodings take. One that threads share belongs
 * to the theme: its bodies are not counted. */
size_t representation_bytes(const struct representation *representation);

/* Makes every encoding now; from then on threads may share the representation. An encoding that
 * can't be made is left out. */
void representation_encode(struct representation *representation);

/* Whether it is encoded at all: small bodies and pictures would grow, and encoding a huge body
 * would delay the other clients of the thread for too long. */
bool representation_is_worth_encoding(const struct representation *representation);

/* The entity tag of a variant (RFC 9110 §8.8.3), with its quotes: "{tag}", "{tag}-gz" or
 * "{tag}-br". */
const char *representation_tag(const struct representation *representation, enum encoding encoding);

#endif
