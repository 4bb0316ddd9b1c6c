/* Slugs: the words in an article's or section's URL, and an article's identity in an import.
 *
 * A slug is letters, marks and digits of any script with '-', '_' and '.' between them. It is
 * stored and shown byte for byte; two slugs with the same key (language/text.h) are the same slug.
 */
#ifndef KHOBOR_LANGUAGE_SLUG_H
#define KHOBOR_LANGUAGE_SLUG_H

#include "base/buf.h"
#include "base/status.h"

#include <stddef.h>

enum {
    SLUG_MAX_BYTES = 450
};

/* Checks the `len` bytes of a slug and appends its key to `key`. STATUS_INVALID, with a fault on
 * the field `field` and `key` as it was, when the slug is empty, longer than SLUG_MAX_BYTES, not
 * UTF-8, has a character that is not allowed, begins or ends with '.', has no letter or digit, has
 * excess marks (language/text.h), or has a key of digits alone (which would be an id). ZWJ and ZWNJ
 * are allowed, as Bengali spelling needs them. STATUS_FULL when `key` has no room,
 * STATUS_NO_MEMORY. */
enum status slug_check(const char *slug, size_t len, const char *field, struct buf *key,
                       struct fault *fault) MUST_CHECK;

#endif
