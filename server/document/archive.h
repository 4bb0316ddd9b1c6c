/* What was published on a day. */
#ifndef KHOBOR_DOCUMENT_ARCHIVE_H
#define KHOBOR_DOCUMENT_ARCHIVE_H

#include "base/clock.h"
#include "base/status.h"
#include "document/context.h"
#include "document/lists.h"

#include <jansson.h>

/* A day as day_json gives it, with the articles published on it, newest first, and the nearest days
 * before and after on which something was: {date, text, bangla, bangla_text, previous, following,
 * items, next}. STATUS_ABSENT for a day that has not begun. Of `ask` the place and the path are
 * heeded. */
enum status archive_document(const struct context *context, const struct civil *day,
                             const struct list_request *request, json_t **document) MUST_CHECK;

#endif
