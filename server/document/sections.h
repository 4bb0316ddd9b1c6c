/* Sections with their newest articles. */
#ifndef KHOBOR_DOCUMENT_SECTIONS_H
#define KHOBOR_DOCUMENT_SECTIONS_H

#include "base/status.h"
#include "document/context.h"
#include "document/lists.h"
#include "store/sections.h"

#include <jansson.h>

/* {slug, name, position}; NULL without memory. */
json_t *section_json(const struct section *section);

/* {items: [section as section_document…], next: null}: every section in the paper's order, each
 * with at most `limit` newest articles (fewer when all sections together would have over 1,000)
 * and without the `except_len` articles in `except`. The caller owns *document. */
enum status sections_document(const struct context *context, int limit, const int64_t *except,
                              int except_len, json_t **document) MUST_CHECK;

/* {slug, name, position, items, next}: the section whose slug is request->section, in any spelling,
 * with its articles as list_document. STATUS_ABSENT when there is none. The caller owns *document.
 */
enum status section_document(const struct context *context, const struct list_request *request,
                             json_t **document) MUST_CHECK;

#endif
