/* Addresses that are no longer, or never were, and where they lead. */
#ifndef KHOBOR_HTTP_MOVED_H
#define KHOBOR_HTTP_MOVED_H

#include "base/buf.h"
#include "base/status.h"
#include "document/reading.h"
#include "http/reply.h"
#include "http/request.h"

/* Appends where the redirects of the store lead from a target: with its query, with one parameter
 * of it, or without; encoded or decoded. STATUS_ABSENT for nowhere, STATUS_GONE when the article
 * was withdrawn. */
enum status moved_by_redirect(const struct reading *reading, const struct request *request,
                              struct buf *location) MUST_CHECK;

/* Appends the address without the slash at its end; STATUS_ABSENT when it has none, or when no page
 * could have that address. */
enum status moved_by_slash(const struct target *target, struct buf *location) MUST_CHECK;

/* Appends a target's query with its '?', its bytes encoded where they must be, unless it is too
 * long. */
void moved_put_query(const struct request *request, struct buf *location);

#endif
