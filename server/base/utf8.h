/* UTF-8 (RFC 3629): decoding, checking whether a text may be stored, cutting between characters. */
#ifndef KHOBOR_BASE_UTF8_H
#define KHOBOR_BASE_UTF8_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

enum utf8_lines {
    UTF8_ONE_LINE,   /* no control characters at all */
    UTF8_MANY_LINES, /* tab, line feed and carriage return are allowed */
};

/* Why a text can't be stored. Right-to-left marks, joiners, emoji and unassigned characters are
 * allowed and stored byte for byte. */
enum utf8_problem {
    UTF8_FINE,
    UTF8_BROKEN,       /* malformed, overlong, a surrogate, or past U+10FFFF */
    UTF8_CONTROL,      /* U+0000-001F or U+007F-009F that `lines` does not allow */
    UTF8_NONCHARACTER, /* U+FDD0-FDEF and the last two code points of each plane */
};

/* Decodes the character at text[0]; returns its length in bytes. Returns 0, and leaves *code as it
 * is, when it is malformed or `len` is 0. */
size_t utf8_decode(const char *text, size_t len, uint32_t *code);

/* The first problem in `len` bytes; *code (may be NULL) gets the code point of a control character
 * or noncharacter. */
enum utf8_problem utf8_check(const char *text, size_t len, enum utf8_lines lines, uint32_t *code);

/* Appends `len` bytes, with U+FFFD in place of everything that utf8_check refuses. */
void utf8_mend(const char *text, size_t len, enum utf8_lines lines, struct buf *to);

/* A phrase for an error message, never NULL. */
const char *utf8_problem_text(enum utf8_problem problem);

/* The largest n <= `most` at which a valid text of `len` bytes can be cut between characters. */
size_t utf8_cut(const char *text, size_t len, size_t most);

/* Makes a NUL-terminated text from outside safe to show on one line, in place: removes malformed
 * bytes (as after a cut), and replaces control characters and those that change the direction of
 * writing (UAX #9) by '?'. */
void utf8_scrub(char *text);

#endif
