/* Documents about the paper itself: its name, labels, sections, and the archive of a day.
 *
 * A day is {date: "2024-04-16", text, bangla: {year, month, day}, bangla_text}; the last two are
 * null before the Bangla calendar had its present rule.
 */
#ifndef KHOBOR_DOCUMENT_SITE_H
#define KHOBOR_DOCUMENT_SITE_H

#include "base/clock.h"
#include "base/status.h"
#include "document/context.h"
#include "document/lists.h"

#include <jansson.h>

/* {name, url, language, timezone, today, sections: [{slug, name, position}…]}, with today as
 * a day. Notes the sections, and that the document expires when the day ends. There are no sections
 * when context->db is NULL, as for the page that reports an unreadable database. The caller owns
 * *document. */
enum status site_document(const struct context *context, json_t **document) MUST_CHECK;

/* {name: text} for each label of language/words.h, in the site's language; depends on nothing. */
enum status texts_document(const struct context *context, json_t **document) MUST_CHECK;

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

/* The fields of a day, and {previous, following, items, next}: the articles published on the
 * day, newest first and paged, and the dates of the nearest days before and after on which anything
 * was published, or null. STATUS_ABSENT for a day that has not begun, or that does not exist in the
 * site's zone. Every field of `request` counts but from_at, which is set to the day's beginning.
 * The caller owns *document. */
enum status archive_document(const struct context *context, const struct civil *day,
                             const struct list_request *request, json_t **document) MUST_CHECK;

#endif
