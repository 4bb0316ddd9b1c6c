/* By what an answer is kept: the route and what it was asked, in one order, whatever way a request
 * wrote it. */
#ifndef KHOBOR_HTTP_SERVE_KEY_H
#define KHOBOR_HTTP_SERVE_KEY_H

#include "base/buf.h"
#include "http/route/routes.h"

#include <stdbool.h>

/* Writes the key of an answer over what is in `key`; false for one that is not kept: a page behind
 * a cursor, chosen fields, a part of time; or one with a key too long. */
bool key_write(const struct route *route, const struct target *target,
               const struct parameters *parameters, struct buf *key);

#endif
