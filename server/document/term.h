/* The articles with a tag, or by an author. */
#ifndef KHOBOR_DOCUMENT_TERM_H
#define KHOBOR_DOCUMENT_TERM_H

#include "base/status.h"
#include "document/context.h"
#include "document/lists.h"
#include "store/articles.h"

#include <jansson.h>

/* {name, items, next}: the newest articles with a tag or of an author, as list_document. `name` is
 * accepted in any spelling; the document has it as the newest visible article spells it.
 * STATUS_ABSENT when no visible article has the term. The caller owns *document. */
enum status term_document(const struct context *context, enum term_kind kind, const char *name,
                          const struct list_request *request, json_t **document) MUST_CHECK;

#endif
