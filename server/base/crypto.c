#include "base/crypto.h"

#include <sodium.h>
#include <sys/random.h>

enum {
    HASH_BYTES = 16
};

void hash_prepare(void)
{
    /* A failure is one to find randomness, which random_fill takes from the kernel instead. */
    if (sodium_init() < 0)
        return;
}

/* Any key does, and it has to be the same after a restart and on another machine, so that what a
 * client keeps stays what it asks for. */
static const unsigned char body_key[] = "What two bodies share is no tag.";

static void write_text(const unsigned char hash[HASH_BYTES], char text[HASH_TEXT_BYTES])
{
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
    /* Up to 256 bytes come whole, once the generator is seeded. */
    return getrandom(bytes, len, 0) == (ssize_t)len ? STATUS_OK : STATUS_FAILED;
}
