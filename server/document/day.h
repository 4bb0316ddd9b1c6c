/* A day of the paper in both calendars. */
#ifndef KHOBOR_DOCUMENT_DAY_H
#define KHOBOR_DOCUMENT_DAY_H

#include "base/clock.h"
#include "document/context.h"

#include <jansson.h>

/* {date, text, bangla{year, month, day}, bangla_text}; the Bangla date is null before the calendar
 * had one rule. NULL without memory. */
json_t *day_json(const struct context *context, const struct civil *day);

#endif
