/* A value of a document as a page shows it. */
#ifndef KHOBOR_RENDER_ESCAPE_H
#define KHOBOR_RENDER_ESCAPE_H

#include "base/buf.h"

#include <jansson.h>

/* Where a text is to stand, and so what has to be escaped in it. */
enum escaping {
    ESCAPING_MARKUP, /* in HTML and XML, attributes included */
    ESCAPING_JSON,   /* inside the quotes of a JSON string, in a script element, too */
    ESCAPING_NONE,
};

/* By the extension of a file's name: JSON in x.json, none in x.txt, markup in every other. */
enum escaping escaping_of(const char *name);

/* Appends a text escaped, a number plainly, true or false as a word, and nothing for null. `value`
 * may be NULL and is taken for null. An object or array becomes JSON in which < > & U+2028 U+2029
 * are \u-escaped, whatever the escaping, so that it may stand in a script element. */
void escape_value(const json_t *value, enum escaping escaping, struct buf *to);

#endif
