/* A representation: what leaves, as immutable bytes with type, entity tag and encodings.
 *
 * It is all that outlives a request. References are counted; an encoding is made when it is first
 * asked for, by the one thread that the representation belongs to until then.
 */
#ifndef KHOBOR_RENDER_REPRESENTATION_H
#define KHOBOR_RENDER_REPRESENTATION_H

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
    REPRESENTATION_TAG_BYTES = 64
};

struct representation;

/* Makes a representation of a buffer's bytes, which move into it. The tag is "{hash}", or
 * "r{revision}-{hash}" when `revision` is not 0. One reference, the caller's. */
enum status representation_make(enum media media, int64_t revision, struct buf *body,
                                struct representation **representation) MUST_CHECK;

struct representation *representation_ref(struct representation *representation);
void representation_unref(struct representation *representation);

enum media representation_media(const struct representation *representation);
const char *representation_type(const struct representation *representation);

/* The bytes in an encoding; NULL when it could not be made, or is not worth it. They live as long
 * as the rep. Only the thread that it belongs to may ask for an encoding that was not made yet. */
const void *representation_body(struct representation *representation, enum encoding encoding,
                                size_t *len);

/* The bytes of memory that all its encodings take; of one that threads share, none of theirs. */
size_t representation_bytes(const struct representation *representation);

/* Makes every encoding now, so that threads can share the rep from then on. One that can't be made
 * is left out. */
void representation_encode(struct representation *representation);

/* Whether encoding it is worth the work: small bodies and pictures grow, and huge ones take too
 * long. */
bool representation_is_worth_encoding(const struct representation *representation);

/* The entity tag of a variant, with its quotes: "{tag}", "{tag}-gz", "{tag}-br". */
const char *representation_tag(const struct representation *representation, enum encoding encoding);

/* The word of an encoding in Content-Encoding; NULL for identity. */
const char *encoding_name(enum encoding encoding);

#endif
