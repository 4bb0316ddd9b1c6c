/* JSON that an import stored, read back.
 *
 * What is stored is this program's own writing, compact and checked: arrays of texts, and objects
 * of texts, whole numbers and nulls. Such a text is read here at a fraction of what a parser for
 * any JSON from anywhere takes; one that has something else in it, as an escape, is left to that.
 */
#ifndef KHOBOR_DOCUMENT_STORED_H
#define KHOBOR_DOCUMENT_STORED_H

#include <jansson.h>
#include <stddef.h>

/* The JSON of `len` bytes that a NUL follows; NULL when it is none, or without memory. */
json_t *stored_json(const char *text, size_t len);

#endif
