/* Lists of articles as documents: {"items": [card…], "next": URL or null}. */
#ifndef KHOBOR_DOCUMENT_LISTS_H
#define KHOBOR_DOCUMENT_LISTS_H

#include "base/status.h"
#include "document/context.h"
#include "document/fields.h"
#include "store/articles.h"
#include "store/lists.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* What a client asks of a list. Texts are as the client sent them, borrowed; NULL for absent. */
struct list_request {
    const char *path; /* of this list, for the URL of its next page */
    const char *section, *tag, *author;
    const char *from_text, *fields_text;
    int64_t section_id;        /* of `section`, or of the path; 0: none */
    int64_t tag_id, author_id; /* of the path; 0: none there */
    int64_t from_at;
    struct position before;
    int limit;           /* 0 to LIST_LIMIT_MAX */
    bool limit_is_fixed; /* the path implies the limit, and `next` leaves it out */
    field_set fields;
    const int64_t *except; /* articles to leave out, so that a page shows none twice */
    int except_len;        /* over 0: the list has no next page */
};

/* list_page of store/lists.h; notes the list (a term, a section or the whole paper) as a
 * dependency, though not the articles in it. */
enum status list_read(const struct context *context, const struct filter *filter,
                      struct page *page) MUST_CHECK;

/* The newest articles that match; a tag or author that no article ever had gives an empty list.
 * Notes the list and each card. The caller owns *document. */
enum status list_document(const struct context *context, const struct list_request *request,
                          json_t **document) MUST_CHECK;

/* Sets the two fields of list_document in an object that has other fields already. On an error the
 * object may have some of them. */
enum status list_put(const struct context *context, const struct list_request *request,
                     json_t *object) MUST_CHECK;

/* A list without items or next page; NULL without memory. */
json_t *list_empty(void);

/* The id of a tag or author in any spelling; STATUS_ABSENT for one that no article ever had, which
 * is noted, since an article may get it. */
enum status list_term(const struct context *context, enum term_kind kind, const char *text,
                      int64_t *id) MUST_CHECK;

/* {name, items, next}: the newest articles with a tag or of an author, as list_document. `name` is
 * accepted in any spelling; the document has it as the newest visible article spells it.
 * STATUS_ABSENT when no visible article has the term. The caller owns *document. */
enum status term_document(const struct context *context, enum term_kind kind, const char *name,
                          const struct list_request *request, json_t **document) MUST_CHECK;

/* Appends a position as the text of a cursor, "1713240000.12". */
void cursor_format(struct position position, struct buf *to);

/* Parses a cursor; false, with *position untouched, for any text but one that cursor_format
 * writes. */
bool cursor_parse(const char *text, struct position *position);

#endif
