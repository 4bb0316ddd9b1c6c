/* What there is under a tag, or by an author. */
#ifndef KHOBOR_DOCUMENT_TERM_H
#define KHOBOR_DOCUMENT_TERM_H

#include "base/status.h"
#include "document/context.h"
#include "document/lists.h"
#include "store/articles.h"

#include <jansson.h>

/* {name, items, next}: the newest articles with a tag, or of an author, whose name is given in any
 * spelling; it comes out as the newest of them spells it. STATUS_ABSENT when there is none. */
enum status term_document(const struct context *context, enum term_kind kind, const char *name,
                          const struct list_request *request, json_t **document) MUST_CHECK;

#endif
