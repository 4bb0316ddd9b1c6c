/* Lists of articles as documents: {"items": [card…], "next": address or null}. */
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

/* A list that is asked for. Texts are as they were asked, borrowed, NULL for none. */
struct list_request {
    const char *path; /* of this list, for the address of its next page */
    const char *section, *tag, *author;
    const char *from_text, *fields_text;
    int64_t section_id;        /* of `section`, or of the path; 0: none */
    int64_t tag_id, author_id; /* of the path; 0: none there */
    int64_t from_at;
    struct position before;
    int limit;
    bool limit_is_fixed; /* the path's own, which no parameter sets */
    field_set fields;
    const int64_t *except; /* articles to leave out, so that none is shown twice on a page */
    int except_len;
};

/* list_page, with its sources noted. */
enum status list_read(const struct context *context, const struct filter *filter,
                      struct page *page) MUST_CHECK;

/* The newest articles that fit; a tag or author that nobody ever had gives an empty list. */
enum status list_document(const struct context *context, const struct list_request *request,
                          json_t **document) MUST_CHECK;

/* A list without items or next page; NULL without memory. */
json_t *list_empty(void);

/* Appends the card of an article to a list; one that can't be seen now is passed over. */
enum status list_append(const struct context *context, json_t *list, int64_t id,
                        field_set fields) MUST_CHECK;

/* The id of a tag or author in any spelling; STATUS_ABSENT for one that nobody ever had. */
enum status list_term(const struct context *context, enum term_kind kind, const char *text,
                      int64_t *id) MUST_CHECK;

/* Writes a place in a list as the text of a cursor, and reads one; false when it is none. */
void cursor_format(struct position position, struct buf *to);
bool cursor_parse(const char *text, struct position *position);

#endif
