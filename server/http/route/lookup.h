/* From the slugs and ids in a request to the ids in the database, with the faults that clients see.
 */
#ifndef KHOBOR_HTTP_ROUTE_LOOKUP_H
#define KHOBOR_HTTP_ROUTE_LOOKUP_H

#include "base/status.h"
#include "document/context.h"

#include <stdbool.h>
#include <stdint.h>

/* Whether a name is an id: ASCII digits alone. *id is 0, which no article has, for a number too
 * large to be one. */
bool lookup_is_id(const char *name, int64_t *id);

/* The id of the article whose id or slug is `name`; STATUS_ABSENT with a fault for an unknown slug.
 * An id is not looked up. */
enum status lookup_id(const struct context *context, const char *name, int64_t *id,
                      struct fault *fault) MUST_CHECK;

/* Returns `status`; of an article that readers may not see (STATUS_ABSENT, STATUS_GONE) with the
 * fault that says so. */
enum status lookup_fault(enum status status, struct fault *fault) MUST_CHECK;

/* The id of a section, 0 when `slug` is NULL; STATUS_ABSENT with a fault for an unknown slug. */
enum status lookup_section(const struct context *context, const char *slug, int64_t *id,
                           struct fault *fault) MUST_CHECK;

#endif
