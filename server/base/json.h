/* Writing JSON (RFC 8259): compact, in UTF-8, with escapes only where JSON requires them. */
#ifndef KHOBOR_BASE_JSON_H
#define KHOBOR_BASE_JSON_H

#include "base/buf.h"

#include <jansson.h>

/* Appends `document` to `to`; buf_status tells whether that worked. The texts must be valid UTF-8:
 * they were checked when they were stored. jansson's own writer checks them again, which is most of
 * its cost for Bengali. */
void json_render(const json_t *document, struct buf *to);

/* Sets a field of an object and takes the reference to `value`, also when it fails, and when
 * `value` is NULL: both are STATUS_NO_MEMORY. */
enum status json_put(json_t *object, const char *name, json_t *value) MUST_CHECK;

/* A JSON string with the content of a buffer, which is released in any case; NULL when the buffer
 * had failed or memory runs out. The caller owns the string. */
json_t *buf_json(struct buf *buf);

/* Makes jansson allocate through base/arena. Before jansson is used. */
void json_use_arena(void);

/* As json_loadb, but NULL when an allocation fails: jansson's parser goes on after that, and writes
 * over memory that is not its own. */
json_t *json_load_text(const char *text, size_t len, size_t flags, json_error_t *error);

#endif
