/* A Markdown text without its plain paragraphs, so that CommonMark's parser, which costs more than
 * all else of an article, reads only what it is needed for.
 *
 * A paragraph is plain when it is text and nothing else: blank lines or an end on both sides, and
 * nothing in it that may mark anything up. Nearly all paragraphs of news are. In their place stands
 * one short paragraph, so that the others are parsed as they would be beside them.
 */
#ifndef KHOBOR_LANGUAGE_OUTLINE_H
#define KHOBOR_LANGUAGE_OUTLINE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    OUTLINE_STRETCHES_MAX = 64
};

/* Plain paragraphs with nothing but blank lines between, by their place in the text. */
struct stretch {
    size_t begin, end;
    int line; /* of the outline, counted from 1, where the paragraph is that stands for it */
};

struct outline {
    struct buf rest; /* what is to be parsed */
    bool is_plain;   /* all of the text is one stretch */
    int stretches_len;
    struct stretch stretches[OUTLINE_STRETCHES_MAX];
};

/* Outlines the `len` bytes of a text that a NUL ends, to be released in any case. False when it has
 * to be parsed as it is: it may hold a block that blank lines don't end, has no plain paragraph or
 * too many stretches, goes on behind `len`, or memory ran out. */
bool outline_make(const char *text, size_t len, struct outline *outline);
void outline_release(struct outline *outline);

/* Appends the HTML of a stretch of `text`, which is CommonMark's own. */
void stretch_html(const char *text, const struct stretch *stretch, struct buf *html);

#endif
