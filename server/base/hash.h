/* Hashes: of content for entity tags (BLAKE2b), and with a secret key for what nobody may guess or
 * trace back (SipHash-2-4). */
#ifndef KHOBOR_BASE_HASH_H
#define KHOBOR_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

enum {
    HASH_TEXT_BYTES = 23,
    HASH_KEY_BYTES = 16,
};

/* Writes a hash of `len` bytes as 22 characters of base64url and a NUL: 128 bits, so that two
 * different bodies never meet. */
void hash_text(const void *bytes, size_t len, char text[HASH_TEXT_BYTES]);

/* 64 bits that tell nothing of the bytes to who does not have the key. */
uint64_t hash_keyed(const unsigned char key[HASH_KEY_BYTES], const void *bytes, size_t len);

#endif
