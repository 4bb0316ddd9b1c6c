/* Writes a value of a document into a page, escaped for the place where it is written. */
#ifndef KHOBOR_RENDER_ESCAPE_H
#define KHOBOR_RENDER_ESCAPE_H

#include "base/buf.h"

#include <jansson.h>

/* What a text is escaped for. */
enum escaping {
    ESCAPING_MARKUP, /* HTML and XML, attributes included */
    ESCAPING_JSON,   /* the inside of a JSON string, which may be in a script element */
    ESCAPING_NONE,
};

/* The escaping of a template by its name: JSON for x.json, none for x.txt, markup for any other. */
enum escaping escaping_of(const char *name);

/* Appends a text escaped, a number in decimal digits, true or false as a word, and nothing for null
 * or NULL. An object or array is written as JSON, with < > & U+2028 U+2029 as \u escapes whatever
 * the escaping, so that it can be put into a script element. Allocates the memory of `to` only. */
void escape_value(const json_t *value, enum escaping escaping, struct buf *to);

#endif
