/* A document as JSON bytes: compact, UTF-8 as it is, never \u-escaped but where JSON demands it. */
#ifndef KHOBOR_RENDER_JSON_H
#define KHOBOR_RENDER_JSON_H

#include "base/buf.h"

#include <jansson.h>

/* Appends `document` to `to`. Its texts were checked when they came in and are not checked again,
 * which is most of what jansson's own writer costs on Bengali. */
void json_render(const json_t *document, struct buf *to);

#endif
