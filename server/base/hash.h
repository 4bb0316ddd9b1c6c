/* Short hashes of content (BLAKE2b), for entity tags. */
#ifndef KHOBOR_BASE_HASH_H
#define KHOBOR_BASE_HASH_H

#include <stddef.h>

enum {
    HASH_TEXT_BYTES = 23
};

/* Writes a hash of `len` bytes as 22 characters of base64url and a NUL: 128 bits, so that two
 * different bodies never meet. */
void hash_text(const void *bytes, size_t len, char text[HASH_TEXT_BYTES]);

#endif
