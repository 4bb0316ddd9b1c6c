/* Hashes: of files for their addresses (BLAKE2b), of bodies for entity tags (Poly1305, with a key
 * that is no secret), and with a secret key for what nobody may guess or trace back (SipHash-2-4).
 */
#ifndef KHOBOR_BASE_CRYPTO_H
#define KHOBOR_BASE_CRYPTO_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

enum {
    HASH_TEXT_BYTES = 23,
    HASH_KEY_BYTES = 16,
};

/* Looks what this processor can do; to be called before a second thread starts. Without it every
 * hash is the same, but takes three times as long. */
void hash_prepare(void);

/* Writes a hash of `len` bytes as 22 characters of base64url and a NUL: 128 bits, so that two
 * different contents never meet. */
void hash_text(const void *bytes, size_t len, char text[HASH_TEXT_BYTES]);

/* The same for the body of an answer, at a third of the price: contents that nobody made to meet
 * don't (two of 16 KiB do with a chance of 2^-93 at most). Who writes both could see to it, and
 * would only keep readers from what replaces the first. */
void hash_body(const void *bytes, size_t len, char text[HASH_TEXT_BYTES]);

/* 64 bits that tell nothing of the bytes to who does not have the key. */
uint64_t hash_keyed(const unsigned char key[HASH_KEY_BYTES], const void *bytes, size_t len);

/* Fills at most 256 bytes from the kernel's generator, so that nobody can guess them;
 * STATUS_FAILED when there is none. */
enum status random_fill(void *bytes, size_t len) MUST_CHECK;

#endif
