/* Holds the bytes of a body in up to three encodings and the entity tags of all three, which follow
 * from one hash of the identity bytes. A document is written to a buffer as JSON or through a
 * template, and the buffer's bytes then move into the representation without a copy.
 *
 * Invariants:
 * R1  `references` is at least 1 while anybody may use the representation.
 * R2  The identity body and the tags never change after representation_make.
 * R3  While `is_shared` is false one thread alone uses `bodies`; once it is true no body changes.
 * R4  An encoded body is complete or empty.
 */
#include "render/representation.h"

#include "base/compress.h"
#include "base/crypto.h"
#include "base/json.h"
#include "base/log.h"
#include "page/page_frame.h"
#include "render/template.h"
#include "render/theme.h"

#include <assert.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORTH_ENCODING_BYTES = 512,
    /* Encoding a longer body would keep the other clients of a serving thread waiting. */
    WORTH_ENCODING_BYTES_MAX = 1024 * 1024,
    BODY_BYTES_MAX = 64 * 1024 * 1024,
    TAG_PREFIX_BYTES = 24, /* "r{revision}-" */
};

/* RFC 9110 §8.3. A character set is named where the type does not imply UTF-8. */
static const struct {
    const char *type;
    const char *extension; /* of an asset; NULL for a type that no asset has */
    bool is_compressible;  /* false where the format is compressed already */
} media_types[MEDIA__MAX] = {
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

struct representation {
    atomic_int references;
    enum media media;
    bool is_shared;
    char tags[ENCODING__MAX][REPRESENTATION_TAG_BYTES];
    struct buf bodies[ENCODING__MAX];
};

static const struct {
    const char *name, *suffix;
    enum status (*make)(const void *bytes, size_t len, struct buf *to);
} encodings[ENCODING__MAX] = {
    [ENCODING_IDENTITY] = {NULL, "", NULL},
    [ENCODING_GZIP] = {"gzip", "-gz", compress_gzip},
    [ENCODING_BROTLI] = {"br", "-br", compress_brotli},
};

bool media_of_asset(const char *name, enum media *media)
{
    const char *dot = strrchr(name, '.');
    for (int i = 0; dot && i < MEDIA__MAX; i++) {
        if (media_types[i].extension && strcmp(media_types[i].extension, dot + 1) == 0) {
            *media = (enum media)i;
            return true;
        }
    }
    return false;
}

const char *encoding_name(enum encoding encoding)
{
    return encodings[encoding].name;
}

enum status representation_make(enum media media, int64_t revision, struct buf *body,
                                struct representation **representation)
{
    struct representation *made = buf_status(body) == STATUS_OK ? calloc(1, sizeof *made) : NULL;
    if (!made) {
        buf_release(body);
        return STATUS_NO_MEMORY;
    }
    assert(media < MEDIA__MAX);
    char hash[HASH_TEXT_BYTES], prefix[TAG_PREFIX_BYTES] = "";
    hash_body(body->bytes, body->len, hash);
    if (revision)
        snprintf(prefix, sizeof prefix, "r%" PRId64 "-", revision);
    for (int i = 0; i < ENCODING__MAX; i++) {
        int len = snprintf(made->tags[i], REPRESENTATION_TAG_BYTES, "\"%s%s%s\"", prefix, hash,
                           encodings[i].suffix);
        assert(len > 2 && len < REPRESENTATION_TAG_BYTES); /* a cut tag could match another one */
    }
    atomic_init(&made->references, 1);
    made->media = media;
    buf_trim(body); /* the cache may hold it for long */
    made->bodies[ENCODING_IDENTITY] = *body;
    buf_init(&made->bodies[ENCODING_GZIP], BODY_BYTES_MAX);
    buf_init(&made->bodies[ENCODING_BROTLI], BODY_BYTES_MAX);
    *body = (struct buf){.max = 0};
    *representation = made;
    return STATUS_OK;
}

enum status representation_render(const struct context *context, const struct theme *theme,
                                  const struct presentation *how,
                                  const struct presented_document *presented,
                                  struct representation **representation)
{
    struct buf body;
    buf_init(&body, BODY_BYTES_MAX);
    if (!how->template) {
        json_render(presented->document, &body);
        return representation_make(how->media, presented->revision, &body, representation);
    }
    assert(theme);
    json_t *frame;
    enum status status =
        page_frame(context, presented->path, presented->paged, presented->document, &frame);
    if (status != STATUS_OK)
        return status;
    const json_t *contexts[] = {theme_context(theme), frame, presented->document};
    template_render(theme_template(theme, how->template), contexts,
                    sizeof contexts / sizeof contexts[0], &body);
    json_decref(frame);
    status = buf_status(&body);
    if (status == STATUS_OK)
        return representation_make(how->media, presented->revision, &body, representation);
    log_write(LOG_ERROR, "the template %s nests too deeply, or its page is too large",
              how->template);
    buf_release(&body);
    return status;
}

struct representation *representation_ref(struct representation *representation)
{
    int before = atomic_fetch_add_explicit(&representation->references, 1, memory_order_relaxed);
    assert(before >= 1); /* R1 */
    return representation;
}

void representation_unref(struct representation *representation)
{
    if (!representation)
        return;
    int before = atomic_fetch_sub_explicit(&representation->references, 1, memory_order_acq_rel);
    assert(before >= 1); /* R1 */
    if (before > 1)
        return;
    for (int encoding = 0; encoding < ENCODING__MAX; encoding++)
        buf_release(&representation->bodies[encoding]);
    free(representation);
}

enum media representation_media(const struct representation *representation)
{
    return representation->media;
}

const char *representation_type(const struct representation *representation)
{
    return media_types[representation->media].type;
}

const void *representation_body(struct representation *representation, enum encoding encoding,
                                size_t *len)
{
    const struct buf *identity = &representation->bodies[ENCODING_IDENTITY];
    struct buf *body = &representation->bodies[encoding];
    if (encoding != ENCODING_IDENTITY && body->len == 0) {
        if (representation->is_shared || !representation_is_worth_encoding(representation)) /* R3 */
            return NULL;
        if (encodings[encoding].make(buf_string(identity), identity->len, body) != STATUS_OK) {
            buf_clear(body); /* R4 */
            return NULL;
        }
        buf_trim(body);
    }
    assert(encoding == ENCODING_IDENTITY || body->len > 0); /* R4 */
    *len = body->len;
    return buf_string(body);
}

size_t representation_bytes(const struct representation *representation)
{
    size_t bytes = sizeof *representation;
    for (int encoding = 0; encoding < ENCODING__MAX && !representation->is_shared; encoding++)
        bytes += representation->bodies[encoding].room;
    return bytes;
}

bool representation_is_worth_encoding(const struct representation *representation)
{
    size_t len = representation->bodies[ENCODING_IDENTITY].len;
    return media_types[representation->media].is_compressible && len >= WORTH_ENCODING_BYTES &&
           len <= WORTH_ENCODING_BYTES_MAX;
}

void representation_encode(struct representation *representation)
{
    size_t len;
    assert(!representation->is_shared); /* R3 */
    for (int encoding = 0; encoding < ENCODING__MAX; encoding++)
        representation_body(representation, (enum encoding)encoding, &len);
    representation->is_shared = true;
}

const char *representation_tag(const struct representation *representation, enum encoding encoding)
{
    return representation->tags[encoding];
}
