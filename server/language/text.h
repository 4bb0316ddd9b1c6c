/* Comparing texts (slugs, tags, names of authors), and cutting them.
 *
 * A text is stored and shown byte for byte. Texts are compared by their keys, which are normalized:
 * ত + hasanta + ZWJ becomes ৎ; joiners, zero-width characters and soft hyphens are dropped; the
 * rest is in NFC, where ড় ঢ় য় are a letter and a nukta; অ followed by া becomes আ; Bengali digits
 * become ASCII digits.
 */
#ifndef KHOBOR_LANGUAGE_TEXT_H
#define KHOBOR_LANGUAGE_TEXT_H

#include "base/buf.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a character does in a word. */
enum text_kind {
    TEXT_LETTER, /* also a letter that means a number: 〇 Ⅳ */
    TEXT_MARK,   /* vowel signs, hasanta, accents: belongs to the letter before it */
    TEXT_DIGIT,  /* 0-9 of any script */
    TEXT_JOINER, /* ZWJ and ZWNJ, which shape the letters around them */
    TEXT_HIDDEN, /* invisible and not compared: zero-width space, soft hyphen, byte order mark */
    TEXT_OTHER,  /* spaces, punctuation, symbols, everything unassigned */
};

enum {
    TEXT_BYTES_MAX = 2048, /* of a text with a key: longer than any slug or tag, however composed */
    TEXT_KEY_GROWTH = 3,   /* a key has at most three times the bytes of its text (UAX #15) */
    TEXT_MARKS_MAX = 30,   /* combining marks in a row (UAX #15, stream-safe text) */
};

enum text_kind text_kind_of(uint32_t code);

/* Whether a text has more than TEXT_MARKS_MAX combining marks in a row when it is decomposed and
 * its invisible characters are dropped. No language needs so many, and putting them in order takes
 * time in proportion to the square of their number. Malformed UTF-8 ends the search. */
bool text_has_excess_marks(const char *text, size_t len);

/* Appends the key of `len` bytes of UTF-8 to `to`; it may be empty. The key of a key is the key
 * itself. STATUS_INVALID when the text is not UTF-8, has more than TEXT_BYTES_MAX bytes, or has
 * excess marks; STATUS_FULL when `to` has too little room. */
enum status text_key(const char *text, size_t len, struct buf *to) MUST_CHECK;

/* The largest n <= `most` at which the `len` bytes of a text, valid UTF-8, can be cut without
 * splitting what a reader sees as one letter: an extended grapheme cluster (UAX #29), or a Bengali
 * conjunct, which is not cut after its hasanta. */
size_t text_cut(const char *text, size_t len, size_t most);

#endif
