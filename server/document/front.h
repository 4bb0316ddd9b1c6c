/* The front page. */
#ifndef KHOBOR_DOCUMENT_FRONT_H
#define KHOBOR_DOCUMENT_FRONT_H

#include "base/status.h"
#include "document/context.h"

#include <jansson.h>

/* {lead: card or null, latest: list, sections: [section with its newest…], most_read: list}. The
 * lead is the newest article marked so, without one the newest. No article stands twice in the
 * lead, the latest and the sections; a section with nothing left is left out. */
enum status front_document(const struct context *context, json_t **document) MUST_CHECK;

#endif
