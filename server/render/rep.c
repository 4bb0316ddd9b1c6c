#include "render/rep.h"

#include "base/compress.h"
#include "base/hash.h"

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

struct rep {
    atomic_int references;
    enum media media;
    bool is_shared; /* all encodings that it will ever have are made */
    char tags[ENCODING__MAX][REP_TAG_BYTES];
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
                       char tags[ENCODING__MAX][REP_TAG_BYTES])
{
    char hash[HASH_TEXT_BYTES], prefix[24] = "";
    hash_body(body->bytes, body->len, hash);
    if (revision)
        snprintf(prefix, sizeof prefix, "r%" PRId64 "-", revision);
    for (int i = 0; i < ENCODING__MAX; i++)
        snprintf(tags[i], REP_TAG_BYTES, "\"%s%s%s\"", prefix, hash, encodings[i].suffix);
}

enum status rep_make(enum media media, int64_t revision, struct buf *body, struct rep **rep)
{
    struct rep *made = buf_status(body) == STATUS_OK ? calloc(1, sizeof *made) : NULL;
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
    *rep = made;
    return STATUS_OK;
}

struct rep *rep_ref(struct rep *rep)
{
    atomic_fetch_add_explicit(&rep->references, 1, memory_order_relaxed);
    return rep;
}

void rep_unref(struct rep *rep)
{
    if (!rep || atomic_fetch_sub_explicit(&rep->references, 1, memory_order_acq_rel) != 1)
        return;
    for (int encoding = 0; encoding < ENCODING__MAX; encoding++)
        buf_release(&rep->bodies[encoding]);
    free(rep);
}

enum media rep_media(const struct rep *rep)
{
    return rep->media;
}

const char *rep_type(const struct rep *rep)
{
    return media_type(rep->media);
}

static bool encode(struct rep *rep, enum encoding encoding)
{
    const struct buf *identity = &rep->bodies[ENCODING_IDENTITY];
    struct buf *body = &rep->bodies[encoding];
    if (rep->is_shared || !rep_is_worth_encoding(rep) ||
        encodings[encoding].make(buf_string(identity), identity->len, body) != STATUS_OK)
        return false;
    buf_trim(body);
    return true;
}

const void *rep_body(struct rep *rep, enum encoding encoding, size_t *len)
{
    const struct buf *body = &rep->bodies[encoding];
    if (encoding != ENCODING_IDENTITY && body->len == 0 && !encode(rep, encoding))
        return NULL;
    *len = body->len;
    return buf_string(body);
}

size_t rep_bytes(const struct rep *rep)
{
    size_t bytes = sizeof *rep;
    for (int encoding = 0; encoding < ENCODING__MAX && !rep->is_shared; encoding++)
        bytes += rep->bodies[encoding].room;
    return bytes;
}

void rep_encode(struct rep *rep)
{
    size_t len;
    for (int encoding = 0; encoding < ENCODING__MAX && rep_is_worth_encoding(rep); encoding++)
        rep_body(rep, (enum encoding)encoding, &len);
    rep->is_shared = true;
}

bool rep_is_worth_encoding(const struct rep *rep)
{
    size_t len = rep->bodies[ENCODING_IDENTITY].len;
    return media_is_compressible(rep->media) && len >= WORTH_ENCODING_BYTES &&
           len <= ENCODING_COST_BYTES;
}

const char *rep_tag(const struct rep *rep, enum encoding encoding)
{
    return rep->tags[encoding];
}
