/* The document of the front page. */
#ifndef KHOBOR_DOCUMENT_FRONT_H
#define KHOBOR_DOCUMENT_FRONT_H

#include "base/status.h"
#include "document/context.h"

#include <jansson.h>

/* {lead: card or null, latest: list, sections: list of sections with their newest articles,
 * most_read: list}. The lead is the newest visible article that is marked as a lead, or else the
 * newest of all. No article appears twice in lead, latest and sections; a section that would be
 * empty is left out. The most read may repeat articles. The caller owns *document. */
enum status front_document(const struct context *context, json_t **document) MUST_CHECK;

#endif
