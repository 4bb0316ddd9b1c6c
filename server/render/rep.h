/* A representation: what leaves, as immutable bytes with type, entity tag and encodings.
 *
 * It is all that outlives a request. References are counted; an encoding is made when it is first
 * asked for, by the one thread that the representation belongs to until then.
 */
#ifndef KHOBOR_RENDER_REP_H
#define KHOBOR_RENDER_REP_H

#include "base/buf.h"
#include "base/status.h"
#include "render/media.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum encoding {
    ENCODING_IDENTITY,
    ENCODING_GZIP,
    ENCODING_BROTLI,
    ENCODING__MAX
};

enum {
    REP_TAG_BYTES = 64
};

struct rep;

/* Makes a representation of a buffer's bytes, which move into it. The tag is "{hash}", or
 * "r{revision}-{hash}" when `revision` is not 0. One reference, the caller's. */
enum status rep_make(enum media media, int64_t revision, struct buf *body,
                     struct rep **rep) MUST_CHECK;

struct rep *rep_ref(struct rep *rep);
void rep_unref(struct rep *rep);

enum media rep_media(const struct rep *rep);
const char *rep_type(const struct rep *rep);

/* The bytes in an encoding; NULL when it could not be made, or is not worth it. They live as long
 * as the rep. Only the thread that it belongs to may ask for an encoding that was not made yet. */
const void *rep_body(struct rep *rep, enum encoding encoding, size_t *len);

/* The bytes of memory that all its encodings take; of one that threads share, none of theirs. */
size_t rep_bytes(const struct rep *rep);

/* Makes every encoding now, so that threads can share the rep from then on. One that can't be made
 * is left out. */
void rep_encode(struct rep *rep);

/* Whether encoding it is worth the work: small bodies and pictures grow, and huge ones take too
 * long. */
bool rep_is_worth_encoding(const struct rep *rep);

/* The entity tag of a variant, with its quotes: "{tag}", "{tag}-gz", "{tag}-br". */
const char *rep_tag(const struct rep *rep, enum encoding encoding);

/* The word of an encoding in Content-Encoding; NULL for identity. */
const char *encoding_name(enum encoding encoding);

#endif
