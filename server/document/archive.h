/* The archive page of a day: what was published on it. */
#ifndef KHOBOR_DOCUMENT_ARCHIVE_H
#define KHOBOR_DOCUMENT_ARCHIVE_H

#include "base/clock.h"
#include "base/status.h"
#include "document/context.h"
#include "document/lists.h"

#include <jansson.h>

/* The fields of day_document, and {previous, following, items, next}: the articles published on the
 * day, newest first and paged, and the dates of the nearest days before and after on which anything
 * was published, or null. STATUS_ABSENT for a day that has not begun, or that does not exist in the
 * site's zone. Every field of `request` counts but from_at, which is set to the day's beginning.
 * The caller owns *document. */
enum status archive_document(const struct context *context, const struct civil *day,
                             const struct list_request *request, json_t **document) MUST_CHECK;

#endif
