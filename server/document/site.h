/* What the paper is: its name, its sections, and what day it is there. */
#ifndef KHOBOR_DOCUMENT_SITE_H
#define KHOBOR_DOCUMENT_SITE_H

#include "base/status.h"
#include "document/context.h"

#include <jansson.h>

/* Without a database, as for the page that says it can't be read, there are no sections.
 * {name, url, language, timezone, today{date, text, bangla, bangla_text}, sections}. */
enum status site_document(const struct context *context, json_t **document) MUST_CHECK;

#endif
