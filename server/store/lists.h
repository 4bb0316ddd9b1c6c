/* Lists of articles, newest first, a page at a time.
 *
 * One query drives each list by the index that serves it; the other filters are looked at row by
 * row. At most LIST_LOOKED_MAX rows are looked at for a page, so a page under a rare combination
 * may be short, or empty, and still have a next one.
 */
#ifndef KHOBOR_STORE_LISTS_H
#define KHOBOR_STORE_LISTS_H

#include "base/status.h"
#include "db/sqlite.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    LIST_LIMIT_MAX = 100,               /* the most that can be asked for */
    LIST_PAGE_MAX = LIST_LIMIT_MAX + 1, /* and one more, for the article that is left out */
    LIST_LOOKED_MAX = 10000,
};

/* A place in a list: behind the article `id`, which was published at `at`. */
struct position {
    int64_t at;
    int64_t id;
};

/* What is asked for. An id of 0 is no filter. */
struct filter {
    int64_t section_id, tag_id, author_id;
    int64_t from_at;        /* not before this instant */
    struct position before; /* only what comes behind this place */
    int limit;              /* 1 to LIST_PAGE_MAX */
};

struct page {
    struct position articles[LIST_PAGE_MAX]; /* newest first */
    int count;
    bool more;            /* there may be further articles, behind `next` */
    struct position next; /* when `more` */
};

/* The place before the newest article that may be seen at `now_s`. */
struct position position_newest(int64_t now_s);

/* Reads a page; articles that arrive between two pages make none skipped or repeated. */
enum status list_page(struct db *db, const struct filter *filter, struct page *page) MUST_CHECK;

/* Takes the row of a card, with the columns of card_by_id.sql; no statement of a list may be run
 * meanwhile. Whatever it returns but STATUS_OK ends the list. */
typedef enum status take_card(void *arg, int64_t id, struct query *row);

/* The same as list_page, and gives the row of each article that may be seen at `now_s`, which are
 * not all where a place in the time to come was asked for. Without a tag or author it is one walk.
 */
enum status list_cards(struct db *db, const struct filter *filter, int64_t now_s, take_card *take,
                       void *arg, struct page *page) MUST_CHECK;

/* When the first article since `from_at` was published, of those that may be seen at `now_s`;
 * STATUS_ABSENT when none was. */
enum status list_first_since(struct db *db, int64_t from_at, int64_t now_s, int64_t *at) MUST_CHECK;

#endif
