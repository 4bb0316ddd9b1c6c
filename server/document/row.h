/* Rows of the database as JSON objects, by tables that name each field once. */
#ifndef KHOBOR_DOCUMENT_ROW_H
#define KHOBOR_DOCUMENT_ROW_H

#include "base/status.h"
#include "document/reading.h"

#include <jansson.h>
#include <stdint.h>

struct row_field {
    const char *name;
    const char *column;
    json_t *(*make)(const struct reading *reading, struct query *row, const char *column);
};

/* Tables end with a row without a name. An article is a card and what article_fields adds. The last
 * two fields of a card are for pages: its language, which the API gives where it is asked for, and
 * its picture, an image whose address is cleaned. */
extern const struct row_field card_fields[];
extern const struct row_field article_fields[];
#define FIELDS_CARD (((field_set)1 << 12) - 1)
#define FIELDS_ASKED (((field_set)1 << 13) - 1) /* what can be asked for */

/* The set of one field by name; 0 when the table has none such. */
field_set row_field_named(const struct row_field *fields, const char *name, size_t len);

/* Sets the chosen fields in `object`, in the table's order. */
enum status row_fill(const struct reading *reading, struct query *row,
                     const struct row_field *fields, field_set chosen, json_t *object) MUST_CHECK;

/* Notes what the card of an article is made from. */
void card_note(const struct reading *reading, int64_t id);

/* The card of a row with the columns of card_by_id.sql, whose sources the caller notes. The caller
 * owns it. */
enum status card_of_row(const struct reading *reading, struct query *row, field_set chosen,
                        json_t **card) MUST_CHECK;

/* The card of an article that may be seen now; STATUS_ABSENT when it may not. The caller owns it.
 */
enum status card_document(const struct reading *reading, int64_t id, field_set chosen,
                          json_t **card) MUST_CHECK;

/* A time as RFC 3339 in the site's zone, and as a reader of the site's language writes it. NULL
 * without memory. */
json_t *instant_json(int64_t at);
json_t *instant_text_json(const struct reading *reading, int64_t at);

/* Sets a field of an object to a value, which is taken over in any case. */
enum status json_put(json_t *object, const char *name, json_t *value) MUST_CHECK;

/* A JSON text of a buffer's content, which is released; NULL when the buffer failed. */
json_t *buf_json(struct buf *buf);

#endif
