/* Sections with their newest articles. */
#ifndef KHOBOR_DOCUMENT_SECTIONS_H
#define KHOBOR_DOCUMENT_SECTIONS_H

#include "base/status.h"
#include "document/lists.h"
#include "document/reading.h"

#include <jansson.h>

/* Every section with its newest articles; one section with its newest, paged. */
enum status sections_document(const struct reading *reading, int limit,
                              json_t **document) MUST_CHECK;
enum status section_document(const struct reading *reading, const struct list_ask *ask,
                             json_t **document) MUST_CHECK;

#endif
