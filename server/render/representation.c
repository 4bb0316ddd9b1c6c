#include "render/representation.h"

#include "base/compress.h"
#include "base/crypto.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    WORTH_ENCODING_BYTES = 512,
    ENCODING_COST_BYTES =
        1024 * 1024, /* more would keep a serving thread's other readers waiting */
    ENCODED_BYTES_MAX = 64 * 1024 * 1024
};

struct representation {
    atomic_int references;
    enum media media;
    bool is_shared; /* all encodings that it will ever have are made */
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

const char *encoding_name(enum encoding encoding)
{
    return encodings[encoding].name;
}

static void write_tags(const struct buf *body, int64_t revision,
                       char tags[ENCODING__MAX][REPRESENTATION_TAG_BYTES])
{
    char hash[HASH_TEXT_BYTES], prefix[24] = "";
    hash_body(body->bytes, body->len, hash);
    if (revision)
        snprintf(prefix, sizeof prefix, "r%" PRId64 "-", revision);
    for (int i = 0; i < ENCODING__MAX; i++)
        snprintf(tags[i], REPRESENTATION_TAG_BYTES, "\"%s%s%s\"", prefix, hash,
                 encodings[i].suffix);
}

enum status representation_make(enum media media, int64_t revision, struct buf *body,
                                struct representation **representation)
{
    struct representation *made = buf_status(body) == STATUS_OK ? calloc(1, sizeof *made) : NULL;
    if (!made) {
        buf_release(body);
        return STATUS_NO_MEMORY;
    }
    write_tags(body, revision, made->tags);
    atomic_init(&made->references, 1);
    made->media = media;
    buf_trim(body); /* it may be kept for long */
    made->bodies[ENCODING_IDENTITY] = *body;
    buf_init(&made->bodies[ENCODING_GZIP], ENCODED_BYTES_MAX);
    buf_init(&made->bodies[ENCODING_BROTLI], ENCODED_BYTES_MAX);
    *body = (struct buf){.max = 0};
    *representation = made;
    return STATUS_OK;
}

struct representation *representation_ref(struct representation *representation)
{
    atomic_fetch_add_explicit(&representation->references, 1, memory_order_relaxed);
    return representation;
}

void representation_unref(struct representation *representation)
{
    if (!representation ||
        atomic_fetch_sub_explicit(&representation->references, 1, memory_order_acq_rel) != 1)
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
    return media_type(representation->media);
}

static bool encode(struct representation *representation, enum encoding encoding)
{
    const struct buf *identity = &representation->bodies[ENCODING_IDENTITY];
    struct buf *body = &representation->bodies[encoding];
    if (representation->is_shared || !representation_is_worth_encoding(representation) ||
        encodings[encoding].make(buf_string(identity), identity->len, body) != STATUS_OK)
        return false;
    buf_trim(body);
    return true;
}

const void *representation_body(struct representation *representation, enum encoding encoding,
                                size_t *len)
{
    const struct buf *body = &representation->bodies[encoding];
    if (encoding != ENCODING_IDENTITY && body->len == 0 && !encode(representation, encoding))
        return NULL;
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

void representation_encode(struct representation *representation)
{
    size_t len;
    for (int encoding = 0;
         encoding < ENCODING__MAX && representation_is_worth_encoding(representation); encoding++)
        representation_body(representation, (enum encoding)encoding, &len);
    representation->is_shared = true;
}

bool representation_is_worth_encoding(const struct representation *representation)
{
    size_t len = representation->bodies[ENCODING_IDENTITY].len;
    return media_is_compressible(representation->media) && len >= WORTH_ENCODING_BYTES &&
           len <= ENCODING_COST_BYTES;
}

const char *representation_tag(const struct representation *representation, enum encoding encoding)
{
    return representation->tags[encoding];
}
