/* Text as it is compared: slugs, tags, names of authors, search.
 *
 * Text is stored and shown as it came in; only its key is normalised, the same way on both sides
 * of a comparison: ত + hasanta + ZWJ is ৎ; zero-width and soft-hyphen characters go; NFC; ড় ঢ় য়
 * are in NFC's form (letter and nukta); অ followed by া is আ; Bengali digits are ASCII digits.
 */
#ifndef KHOBOR_LANGUAGE_TEXT_H
#define KHOBOR_LANGUAGE_TEXT_H

#include "base/buf.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

/* What a character is to somebody who takes words out of a text. */
enum text_kind {
    TEXT_LETTER, /* also a letter that stands for a number: 〇 Ⅳ */
    TEXT_MARK,   /* vowel signs, hasanta, accents: belongs to the letter before it */
    TEXT_DIGIT,  /* 0-9 of any script */
    TEXT_JOINER, /* ZWJ and ZWNJ, which shape the letters around them */
    TEXT_HIDDEN, /* seen and compared by nobody: zero-width space, soft hyphen, byte order mark */
    TEXT_OTHER,  /* spaces, punctuation, symbols, everything unassigned */
};

enum {
    TEXT_KEY_GROWTH = 3, /* a key has at most three times the bytes of its text (UAX #15) */
};

enum text_kind text_kind_of(uint32_t code);

/* Appends the key of `len` bytes of UTF-8 to `to`. Idempotent: the key of a key is itself.
 * STATUS_INVALID when the text is not UTF-8, STATUS_FULL when `to` can't hold the key. */
enum status text_key(const char *text, size_t len, struct buf *to) MUST_CHECK;

/* The largest n <= `most` bytes at which `text` may be cut without splitting what a reader sees as
 * one letter: an extended grapheme cluster (UAX #29), and a Bengali conjunct is never cut behind
 * its hasanta. `text` is valid UTF-8. */
size_t text_cut(const char *text, size_t len, size_t most);

#endif
