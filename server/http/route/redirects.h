/* Addresses that are no longer, or never were, and where they lead. */
#ifndef KHOBOR_HTTP_ROUTE_REDIRECTS_H
#define KHOBOR_HTTP_ROUTE_REDIRECTS_H

#include "base/buf.h"
#include "base/status.h"
#include "document/context.h"
#include "http/message/request.h"
#include "http/message/response.h"

/* Appends where the redirects of the store lead from a target: with its query, with one parameter
 * of it, or without; encoded or decoded. STATUS_ABSENT for nowhere, STATUS_GONE when the article
 * was withdrawn. */
enum status redirects_find(const struct context *context, const struct request *request,
                           struct buf *location) MUST_CHECK;

/* Appends the address without the slash at its end; STATUS_ABSENT when it has none, or when no page
 * could have that address. */
enum status redirects_without_slash(const struct target *target, struct buf *location) MUST_CHECK;

/* Appends a target's query with its '?', its bytes encoded where they must be, unless it is too
 * long. */
void redirects_append_query(const struct request *request, struct buf *location);

#endif
