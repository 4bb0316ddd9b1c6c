/* A document as JSON bytes: compact, UTF-8 as it is, never \u-escaped but where JSON demands it. */
#ifndef KHOBOR_BASE_JSON_H
#define KHOBOR_BASE_JSON_H

#include "base/buf.h"

#include <jansson.h>

/* Appends `document` to `to`. Its texts were checked when they came in and are not checked again,
 * which is most of what jansson's own writer costs on Bengali. */
void json_render(const json_t *document, struct buf *to);

/* Sets a field of an object to a value, which is taken over in any case. */
enum status json_put(json_t *object, const char *name, json_t *value) MUST_CHECK;

/* A JSON text of a buffer's content, which is released; NULL when the buffer failed. */
json_t *buf_json(struct buf *buf);

#endif
