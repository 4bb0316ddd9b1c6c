/* Documents about the paper itself: its name, sections and labels, and the date there. */
#ifndef KHOBOR_DOCUMENT_SITE_H
#define KHOBOR_DOCUMENT_SITE_H

#include "base/clock.h"
#include "base/status.h"
#include "document/context.h"

#include <jansson.h>

/* {name, url, language, timezone, today, sections: [{slug, name, position}…]}, with today as
 * day_document. Notes the sections, and that the document expires when the day ends. With
 * context->db NULL, as for the page that reports an unreadable database, there are no sections. The
 * caller owns *document. */
enum status site_document(const struct context *context, json_t **document) MUST_CHECK;

/* A day in both calendars: {date: "2024-04-16", text, bangla: {year, month, day}, bangla_text}. The
 * last two are null before the Bangla calendar had its present rule. `day` needs its weekday. NULL
 * without memory. */
json_t *day_document(const struct context *context, const struct civil *day);

/* {name: text} for each label of language/words.h, in the site's language; depends on nothing. */
enum status texts_document(const struct context *context, json_t **document) MUST_CHECK;

#endif
