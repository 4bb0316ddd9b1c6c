/* Lists of articles, newest first, one page at a time.
 *
 * One statement drives each list by the index that serves it; the other filters are checked row by
 * row. A page examines at most LIST_EXAMINED_MAX rows, so a page under a rare combination of
 * filters may be short or even empty and still have a next page.
 *
 * Any function here returns the status of a failed statement, or that of a callback.
 */
#ifndef KHOBOR_STORE_LISTS_H
#define KHOBOR_STORE_LISTS_H

#include "base/status.h"
#include "db/sqlite.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    LIST_LIMIT_MAX = 100,               /* the most articles that a client gets in one page */
    LIST_PAGE_MAX = LIST_LIMIT_MAX + 1, /* one more, for the article that a page leaves out */
    LIST_EXAMINED_MAX = 10000,
    LIST_SINCE_MAX = 1000, /* the most articles that list_published_since is asked for */
};

/* A position in a list: immediately after the article `id`, which was published at `at`. */
struct position {
    int64_t at;
    int64_t id;
};

/* What a list is restricted to. An id of 0 is no restriction. */
struct filter {
    int64_t section_id, tag_id, author_id;
    int64_t from_at;        /* only what was published at this instant or later */
    struct position before; /* only what comes after this position in the list */
    int limit;              /* 0 to LIST_PAGE_MAX */
};

struct page {
    struct position articles[LIST_PAGE_MAX]; /* newest first */
    int count;
    bool more;            /* there may be further articles, after `next` */
    struct position next; /* valid when `more` */
};

/* The position before the newest article that readers may see at `now_s`. */
struct position position_newest(int64_t now_s);

/* Reads one page of positions. They are those of listed articles; which of them readers may see
 * already, the caller knows from `before`. Articles that are published between the reading of two
 * pages make no article skipped or repeated. */
enum status list_page(struct db *db, const struct filter *filter, struct page *page) MUST_CHECK;

/* Receives the row of an article's card, with the columns of card_by_id.sql, borrowed until it
 * returns. It must not run a statement of a list, since the list's own is on a row. Any status but
 * STATUS_OK ends the list. */
typedef enum status take_card(void *arg, int64_t id, struct query *row);

/* Reads the same page as list_page, and calls `take` with the card of each article in it that
 * readers may see at `now_s`. A `before` in the future makes the page hold others as well. A list
 * without a tag or author is read in one walk. */
enum status list_cards(struct db *db, const struct filter *filter, int64_t now_s, take_card *take,
                       void *arg, struct page *page) MUST_CHECK;

/* The publication time of the oldest article that was published at `from_at` or later and that
 * readers may see at `now_s`; STATUS_ABSENT when there is none. */
enum status list_first_since(struct db *db, int64_t from_at, int64_t now_s, int64_t *at) MUST_CHECK;

/* Receives a row of list_by_id or list_published_since, borrowed until it returns. */
typedef enum status take_listed(void *arg, struct query *row);

/* Calls `take` with each article that readers may see at `now_s` and whose id is between `first_id`
 * and `last_id`, both included, in the order of ids; the columns are those of addresses_by_id.sql.
 */
enum status list_by_id(struct db *db, int64_t first_id, int64_t last_id, int64_t now_s,
                       take_listed *take, void *arg) MUST_CHECK;

/* Calls `take` with the newest articles that were published at `from_at` or later and that readers
 * may see at `now_s`, newest first, at most `limit` (1 to LIST_SINCE_MAX); the columns are those of
 * addresses_newest.sql. */
enum status list_published_since(struct db *db, int64_t from_at, int64_t now_s, int64_t limit,
                                 take_listed *take, void *arg) MUST_CHECK;

/* The highest id of any article, whatever its status; 0 without articles. */
enum status list_last_id(struct db *db, int64_t *id) MUST_CHECK;

#endif
