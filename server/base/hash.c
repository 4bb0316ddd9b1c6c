#include "base/hash.h"

#include <sodium.h>

enum {
    HASH_BYTES = 16
};

void hash_text(const void *bytes, size_t len, char text[HASH_TEXT_BYTES])
{
    unsigned char hash[HASH_BYTES];
    crypto_generichash(hash, sizeof hash, bytes, len, NULL, 0);
    sodium_bin2base64(text, HASH_TEXT_BYTES, hash, sizeof hash,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
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
