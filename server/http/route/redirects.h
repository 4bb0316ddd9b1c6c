/* Where old and inexact addresses lead. */
#ifndef KHOBOR_HTTP_ROUTE_REDIRECTS_H
#define KHOBOR_HTTP_ROUTE_REDIRECTS_H

#include "base/buf.h"
#include "base/status.h"
#include "document/context.h"
#include "http/message/request.h"
#include "http/message/response.h"

/* Finds where an address leads that is not a document's own. `location` has the address that a
 * handler would redirect to, or is empty; a stored redirect replaces it. STATUS_ABSENT when the
 * address leads nowhere, STATUS_GONE when it leads to an article that was withdrawn. */
enum status redirects_resolve(const struct context *context, const struct request *request,
                              const struct target *target, struct buf *location) MUST_CHECK;

/* The three steps of redirects_resolve: */

/* Appends where a stored redirect leads from a target: with its query, with one parameter of it, or
 * without; encoded or decoded. Statuses as above. */
enum status redirects_find(const struct context *context, const struct request *request,
                           struct buf *location) MUST_CHECK;

/* Appends the address without the slash at its end; STATUS_ABSENT when it has none, or when no page
 * has the shorter address. */
enum status redirects_without_slash(const struct target *target, struct buf *location) MUST_CHECK;

/* Appends a target's query with its '?', encoded where it must be; nothing when the address would
 * become longer than RESPONSE_ADDRESS_BYTES_MAX. */
void redirects_append_query(const struct request *request, struct buf *location);

#endif
