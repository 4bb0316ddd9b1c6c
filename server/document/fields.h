/* Rows of the database as JSON objects, by tables that name each field once. */
#ifndef KHOBOR_DOCUMENT_FIELDS_H
#define KHOBOR_DOCUMENT_FIELDS_H

#include "base/status.h"
#include "document/context.h"

#include <jansson.h>
#include <stdint.h>

struct document_field {
    const char *name;
    const char *column;
    json_t *(*make)(const struct context *context, struct query *row, const char *column);
};

/* Tables end with a row without a name. An article is a card and what article_fields adds. The last
 * two fields of a card are for pages: its language, which the API gives where it is asked for, and
 * its picture, an image whose address is cleaned. */
extern const struct document_field card_fields[];
extern const struct document_field article_fields[];
#define FIELDS_CARD (((field_set)1 << 12) - 1)
#define FIELDS_ASKED (((field_set)1 << 13) - 1) /* what can be asked for */

/* The set of one field by name; 0 when the table has none such. */
field_set fields_named(const struct document_field *fields, const char *name, size_t len);

/* Sets the chosen fields in `object`, in the table's order. */
enum status fields_fill(const struct context *context, struct query *row,
                        const struct document_field *fields, field_set chosen,
                        json_t *object) MUST_CHECK;

/* Notes what the card of an article is made from. */
void card_note(const struct context *context, int64_t id);

/* The card of a row with the columns of card_by_id.sql, whose sources the caller notes. The caller
 * owns it. */
enum status card_of_row(const struct context *context, struct query *row, field_set chosen,
                        json_t **card) MUST_CHECK;

/* The card of an article that may be seen now; STATUS_ABSENT when it may not. The caller owns it.
 */
enum status card_document(const struct context *context, int64_t id, field_set chosen,
                          json_t **card) MUST_CHECK;

/* A time as RFC 3339 in the site's zone, and as a reader of the site's language writes it. NULL
 * without memory. */
json_t *instant_json(int64_t at);
json_t *instant_text_json(const struct context *context, int64_t at);

#endif
