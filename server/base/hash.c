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
