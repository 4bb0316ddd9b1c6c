/* Sections with their newest articles. */
#ifndef KHOBOR_DOCUMENT_SECTIONS_H
#define KHOBOR_DOCUMENT_SECTIONS_H

#include "base/status.h"
#include "document/context.h"
#include "document/lists.h"

#include <jansson.h>

/* Every section with its newest articles but for those in `except`. */
enum status sections_document(const struct context *context, int limit, const int64_t *except,
                              int except_len, json_t **document) MUST_CHECK;

/* One section with its newest, paged. */
enum status section_document(const struct context *context, const struct list_request *request,
                             json_t **document) MUST_CHECK;

#endif
