/* Slugs: the part of an address that is words, and an article's identity in an import.
 *
 * A slug is letters, marks and digits of any script with '-', '_' and '.' between them. It keeps
 * its bytes; two slugs with the same key are the same slug.
 */
#ifndef KHOBOR_LANGUAGE_SLUG_H
#define KHOBOR_LANGUAGE_SLUG_H

#include "base/buf.h"
#include "base/status.h"

#include <stddef.h>

enum {
    SLUG_MAX_BYTES = 450
};

/* Checks a slug that somebody chose and appends its key to `key`. STATUS_INVALID with a fault on
 * the field `field` when it is empty, over SLUG_MAX_BYTES, has a character that can't stand in it,
 * begins or ends with '.', has an empty key, or a key of digits alone (that would be an id).
 * ZWJ and ZWNJ may stand in a slug, as Bengali spelling needs them. */
enum status slug_check(const char *slug, size_t len, const char *field, struct buf *key,
                       struct fault *fault) MUST_CHECK;

/* Appends a slug made from a headline: its words joined by '-', punctuation and symbols dropped,
 * ASCII letters lower-cased, at most `most` bytes, cut between words where a word boundary lies in
 * the last half and otherwise between graphemes. Never empty, never digits alone: a headline
 * without a letter gives "khobor", with its digits behind ("khobor-71"). */
enum status slug_make(const char *headline, size_t len, size_t most, struct buf *to) MUST_CHECK;

#endif
