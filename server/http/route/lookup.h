/* From the names in a request to the ids of the store, with the faults that readers are told. */
#ifndef KHOBOR_HTTP_ROUTE_LOOKUP_H
#define KHOBOR_HTTP_ROUTE_LOOKUP_H

#include "base/status.h"
#include "document/context.h"

#include <stdbool.h>
#include <stdint.h>

/* ASCII digits alone mean an id. One too large for any article is one that does not exist. */
bool lookup_is_id(const char *name, int64_t *id);

/* The id that a path's {id or slug} means. */
enum status lookup_id(const struct context *context, const char *name, int64_t *id,
                      struct fault *fault) MUST_CHECK;

/* The status, with the fault that an article which can't be seen is refused with. */
enum status lookup_fault(enum status status, struct fault *fault) MUST_CHECK;

/* The id of the section that is asked for; 0 for NULL. */
enum status lookup_section(const struct context *context, const char *slug, int64_t *id,
                           struct fault *fault) MUST_CHECK;

#endif
