/* UTF-8 as bytes: is it well-formed, may it be stored, where may it be cut (RFC 3629). */
#ifndef KHOBOR_BASE_UTF8_H
#define KHOBOR_BASE_UTF8_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

enum utf8_lines {
    UTF8_ONE_LINE,   /* no control characters at all */
    UTF8_MANY_LINES, /* tab, line feed and carriage return may stand in it */
};

/* What keeps a text from being stored. Right-to-left marks, joiners, emoji and unassigned
 * characters are none of these: they are kept byte for byte. */
enum utf8_problem {
    UTF8_FINE,
    UTF8_BROKEN,       /* malformed, overlong, a surrogate, or past U+10FFFF */
    UTF8_CONTROL,      /* U+0000-001F, U+007F-009F that `lines` does not allow */
    UTF8_NONCHARACTER, /* U+FDD0-FDEF and the last two code points of each plane */
};

/* Decodes the character at `text[0]`; returns its length in bytes, or 0 when it is malformed or
 * `len` is 0. `code` is untouched then. */
size_t utf8_decode(const char *text, size_t len, uint32_t *code);

/* Looks through `len` bytes and says what is first wrong with them; `code` (may be NULL) gets the
 * offending code point, where there is one. */
enum utf8_problem utf8_check(const char *text, size_t len, enum utf8_lines lines, uint32_t *code);

/* Appends `len` bytes with U+FFFD in place of all that utf8_check has something against. */
void utf8_mend(const char *text, size_t len, enum utf8_lines lines, struct buf *to);

/* A phrase for an error message, never NULL. */
const char *utf8_problem_text(enum utf8_problem problem);

/* The largest n <= `most` at which `text` may be cut without splitting a character. */
size_t utf8_cut(const char *text, size_t len, size_t most);

/* Makes a NUL-terminated text fit to be shown on one line, whoever wrote it: malformed bytes, as
 * cutting leaves behind, are taken out, and control characters and those that turn the direction of
 * writing (UAX #9) become '?'. */
void utf8_scrub(char *text);

#endif
