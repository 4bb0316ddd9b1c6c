/* Hashes: of files for their URLs (BLAKE2b), of response bodies for entity tags (Poly1305 with a
 * fixed key), and with a secret key where a client must not predict the hash or find the hashed
 * bytes (SipHash-2-4). And random bytes. All functions may be called from any thread.
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

/* Chooses the fastest implementations for this processor. Called before a second thread starts.
 * Without it the hashes are the same, but take three times as long. */
void hash_prepare(void);

/* Writes a 128-bit hash of `len` bytes as 22 characters of base64url and a NUL. Different contents
 * have different hashes for all practical purposes, even if someone tries to make them equal. */
void hash_text(const void *bytes, size_t len, char text[HASH_TEXT_BYTES]);

/* The same for a response body, in a third of the time. The hashes of different contents are
 * different unless an author tries to make them equal (for two of 16 KiB they are equal by chance
 * with a probability of at most 2^-93).
 * An author who does that only prevents caches from noticing the change. */
void hash_body(const void *bytes, size_t len, char text[HASH_TEXT_BYTES]);

/* 64 bits that can't be predicted or traced back to the bytes without the key. */
uint64_t hash_keyed(const unsigned char key[HASH_KEY_BYTES], const void *bytes, size_t len);

/* Fills `len` bytes, at most 256, with unpredictable ones from the kernel; STATUS_FAILED when the
 * kernel can't give them. */
enum status random_fill(void *bytes, size_t len) MUST_CHECK;

#endif
