/* The words that stand around articles, in the site's language. */
#ifndef KHOBOR_DOCUMENT_TEXTS_H
#define KHOBOR_DOCUMENT_TEXTS_H

#include "base/status.h"
#include "document/context.h"

#include <jansson.h>

/* {name: text} for every label of language/words.h. */
enum status texts_document(const struct context *context, json_t **document) MUST_CHECK;

#endif
