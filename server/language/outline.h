/* The outline of a Markdown text: the text without its plain paragraphs, so that cmark, whose
 * parser costs more than everything else of an article, parses only what needs it.
 *
 * A paragraph is plain when it is text without markup, between blank lines or an end of the text.
 * Nearly all paragraphs of news are plain. In the outline, each run of them is replaced by one
 * short paragraph, the placeholder, so that the others are parsed as they would be in the whole
 * text.
 */
#ifndef KHOBOR_LANGUAGE_OUTLINE_H
#define KHOBOR_LANGUAGE_OUTLINE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    OUTLINE_STRETCHES_MAX = 64
};

/* A run of plain paragraphs with only blank lines between them: text[begin..end). */
struct stretch {
    size_t begin, end;
    int line; /* of its placeholder in the outline, from 1 */
};

struct outline {
    struct buf rest; /* the outline: what is to be parsed */
    bool is_plain;   /* the whole text is one stretch */
    int stretches_len;
    struct stretch stretches[OUTLINE_STRETCHES_MAX];
};

/* Makes the outline of `len` bytes, which a NUL must follow; it has to be released in any case.
 * False when the text has to be parsed as a whole: it may have a block that does not end at a blank
 * line, has no plain paragraph, too many stretches or a NUL, or memory ran out. */
bool outline_make(const char *text, size_t len, struct outline *outline);
void outline_release(struct outline *outline);

/* Appends the HTML of a stretch of `text`, byte for byte what cmark renders. */
void stretch_html(const char *text, const struct stretch *stretch, struct buf *html);

#endif
