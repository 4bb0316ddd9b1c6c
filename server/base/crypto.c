/* Thin wrappers around libsodium, so that only this file knows it, and the kernel's random numbers.
 */
#include "base/crypto.h"

#include <assert.h>
#include <sodium.h>
#include <sys/random.h>

enum {
    HASH_BYTES = 16,
    RANDOM_BYTES_MAX = 256, /* getrandom(2) returns up to so many without being interrupted */
};

/* Poly1305 needs a key, which is not secret here. It never changes, so that entity tags are the
 * same after a restart and on another machine, and what clients have cached stays valid. */
static const unsigned char body_key[] = "What two bodies share is no tag.";

void hash_prepare(void)
{
    /* sodium_init fails only when it finds no random numbers, and random_fill does not use its. */
    if (sodium_init() < 0)
        return;
}

static void write_text(const unsigned char hash[HASH_BYTES], char text[HASH_TEXT_BYTES])
{
    _Static_assert(sodium_base64_ENCODED_LEN(
                       HASH_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == HASH_TEXT_BYTES,
                   "22 characters and a NUL");
    sodium_bin2base64(text, HASH_TEXT_BYTES, hash, HASH_BYTES,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void hash_text(const void *bytes, size_t len, char text[HASH_TEXT_BYTES])
{
    unsigned char hash[HASH_BYTES];
    crypto_generichash(hash, sizeof hash, bytes, len, NULL, 0);
    write_text(hash, text);
}

void hash_body(const void *bytes, size_t len, char text[HASH_TEXT_BYTES])
{
    unsigned char hash[HASH_BYTES];
    _Static_assert(crypto_onetimeauth_BYTES == HASH_BYTES &&
                       crypto_onetimeauth_KEYBYTES == sizeof body_key - 1,
                   "Poly1305 has 128 bits and a key of 32 bytes");
    crypto_onetimeauth(hash, bytes, len, body_key);
    write_text(hash, text);
}

uint64_t hash_keyed(const unsigned char key[HASH_KEY_BYTES], const void *bytes, size_t len)
{
    uint64_t hash;
    _Static_assert(crypto_shorthash_BYTES == sizeof hash &&
                       crypto_shorthash_KEYBYTES == HASH_KEY_BYTES,
                   "SipHash-2-4 has 64 bits");
    crypto_shorthash((unsigned char *)&hash, bytes, len, key);
    return hash;
}

enum status random_fill(void *bytes, size_t len)
{
    assert(len <= RANDOM_BYTES_MAX);
    return getrandom(bytes, len, 0) == (ssize_t)len ? STATUS_OK : STATUS_FAILED;
}
