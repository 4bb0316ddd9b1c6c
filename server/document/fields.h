/* Rows of the database as JSON objects, by tables that name each field once. */
#ifndef KHOBOR_DOCUMENT_FIELDS_H
#define KHOBOR_DOCUMENT_FIELDS_H

#include "base/status.h"
#include "document/context.h"

#include <jansson.h>
#include <stdint.h>

/* What a value is built from. */
struct cell {
    const struct context *context;
    struct query *row;
    const char *column;
};

/* A field of a document: its name, the column it comes from, and how its value is built. `make`
 * returns NULL without memory, or for a value that only a damaged database has; it may read further
 * columns of the row. */
struct document_field {
    const char *name;
    const char *column;
    json_t *(*make)(const struct cell *cell);
};

/* The fields of a card, and those that an article has in addition. Each table ends with a row whose
 * name is NULL; a field_set has bit n for row n. Clients get FIELDS_CARD of a card unless they
 * choose, and choose among FIELDS_SELECTABLE; the last field, `picture`, is for pages alone: an
 * image whose URL is cleaned for HTML. */
extern const struct document_field card_fields[];
extern const struct document_field article_fields[];
#define FIELDS_CARD (((field_set)1 << 12) - 1)
#define FIELDS_SELECTABLE (((field_set)1 << 13) - 1)

/* The set of one field by name; 0 when the table has no such field. */
field_set fields_named(const struct document_field *fields, const char *name, size_t len);

/* The set of the fields in `names`, which ends with NULL; the table must have them. */
field_set fields_of(const struct document_field *fields, const char *const *names);

/* Sets the chosen fields in `object`, in the table's order. The row must have their columns. */
enum status fields_fill(const struct context *context, struct query *row,
                        const struct document_field *fields, field_set chosen,
                        json_t *object) MUST_CHECK;

/* Notes the dependencies of an article's card. */
void card_note(const struct context *context, int64_t id);

/* The card of a row with the columns of card_by_id.sql. The caller owns *card, and has to note its
 * dependencies. */
enum status card_of_row(const struct context *context, struct query *row, field_set chosen,
                        json_t **card) MUST_CHECK;

/* The card of an article that readers may see now, else STATUS_ABSENT; its dependencies are noted
 * in both cases. The caller owns *card. */
enum status card_document(const struct context *context, int64_t id, field_set chosen,
                          json_t **card) MUST_CHECK;

/* The last line of a function that builds a document: hands `built` over to *document when `status`
 * is STATUS_OK, frees it otherwise. Returns `status`, or STATUS_NO_MEMORY when `built` is NULL
 * although `status` is STATUS_OK. */
enum status document_finish(enum status status, json_t *built, json_t **document) MUST_CHECK;

/* Appends the path of an article's page, from a row with its id, slug and section_slug.
 * STATUS_UNUSABLE when the database is damaged. */
enum status row_url(struct query *row, struct buf *to) MUST_CHECK;

/* An instant as RFC 3339 §5.6 in the site's zone. NULL without memory. */
json_t *instant_json(int64_t at);

#endif
