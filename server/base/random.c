#include "base/random.h"

#include <sys/random.h>

enum status random_fill(void *bytes, size_t len)
{
    /* Up to 256 bytes come whole, once the generator is seeded. */
    return getrandom(bytes, len, 0) == (ssize_t)len ? STATUS_OK : STATUS_FAILED;
}
