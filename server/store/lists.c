/* Keyset pagination over the listed articles. A statement per driving index yields candidate rows
 * in the order of the list, each with a column `wanted` that says whether it passes the other
 * filters; walk() stops at the page's limit or after LIST_EXAMINED_MAX rows.
 */
#include "store/lists.h"

#include "store/articles.h"
#include "store/visibility.h"

#include <assert.h>

/* Where the cards of a list go. */
struct card_callback {
    int64_t now_s;
    take_card *take;
    void *arg;
};

struct position position_newest(int64_t now_s)
{
    return (struct position){.at = now_s, .id = INT64_MAX};
}

/* The term that drives a list; 0 for none. An author has fewer articles than most tags. */
static int64_t driving_term(const struct filter *filter)
{
    return filter->author_id ? filter->author_id : filter->tag_id;
}

/* The statement whose index yields the fewest rows, with its parameters bound. */
static struct query *driving_query(struct db *db, const struct filter *filter, bool with_cards)
{
    int64_t term_id = driving_term(filter);
    enum sql which = term_id              ? SQL_ARTICLES_LISTED_OF_TERM
                     : filter->section_id ? (with_cards ? SQL_CARDS_LISTED_IN_SECTION
                                                        : SQL_ARTICLES_LISTED_IN_SECTION)
                                          : (with_cards ? SQL_CARDS_LISTED : SQL_ARTICLES_LISTED);
    struct query *query = db_query(db, which);
    if (filter->section_id)
        query_bind_number(query, "section_id", filter->section_id);
    if (term_id)
        query_bind_number(query, "term_id", term_id);
    if (filter->author_id && filter->tag_id)
        query_bind_number(query, "other_term_id", filter->tag_id);
    query_bind_number(query, "before_at", filter->before.at);
    query_bind_number(query, "before_id", filter->before.id);
    query_bind_number(query, "from_at", filter->from_at);
    return query;
}

/* Reads rows until the page is full; `callback` may be NULL. */
static enum status walk(struct query *query, const struct filter *filter,
                        const struct card_callback *callback, struct page *page)
{
    assert(filter->limit >= 0 && filter->limit <= LIST_PAGE_MAX);
    enum status status;
    page->count = 0;
    page->more = false;
    page->next = filter->before;
    for (int examined = 0; (status = query_step(query)) == STATUS_OK; examined++) {
        bool is_wanted = query_number(query, "wanted") != 0;
        page->more = (is_wanted && page->count == filter->limit) || examined == LIST_EXAMINED_MAX;
        if (page->more)
            break;
        page->next.at = query_number(query, "listed_at");
        page->next.id = query_number(query, "id");
        if (!is_wanted)
            continue;
        page->articles[page->count++] = page->next;
        /* A client's cursor may be a position in the future. */
        if (callback && article_visibility(false, page->next.at, callback->now_s) == STATUS_OK)
            status = callback->take(callback->arg, page->next.id, query);
        if (status != STATUS_OK)
            return query_end(query, status);
    }
    assert(page->count <= filter->limit && (!page->more || status == STATUS_OK));
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

enum status list_page(struct db *db, const struct filter *filter, struct page *page)
{
    return walk(driving_query(db, filter, false), filter, NULL, page);
}

enum status list_cards(struct db *db, const struct filter *filter, int64_t now_s, take_card *take,
                       void *arg, struct page *page)
{
    const struct card_callback callback = {.now_s = now_s, .take = take, .arg = arg};
    if (!driving_term(filter))
        return walk(driving_query(db, filter, true), filter, &callback, page);
    /* The walk along a term may examine many rows for each wanted one, so cards are read after. */
    enum status status = list_page(db, filter, page);
    for (int i = 0; i < page->count && status == STATUS_OK; i++) {
        struct query *row;
        int64_t id = page->articles[i].id;
        status = card_row(db, id, now_s, &row);
        if (status == STATUS_OK)
            status = query_end(row, take(arg, id, row));
        else if (status == STATUS_ABSENT)
            status = STATUS_OK;
    }
    return status;
}

enum status list_first_since(struct db *db, int64_t from_at, int64_t now_s, int64_t *at)
{
    struct query *query = db_query(db, SQL_ARTICLES_LISTED_FROM);
    query_bind_number(query, "from_at", from_at);
    query_bind_number(query, "now", now_s);
    enum status status = query_step(query);
    if (status == STATUS_OK)
        *at = query_number(query, "listed_at");
    return query_end(query, status);
}

static enum status take_each(struct query *query, take_listed *take, void *arg)
{
    enum status status;
    while ((status = query_step(query)) == STATUS_OK) {
        status = take(arg, query);
        if (status != STATUS_OK)
            break;
    }
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

enum status list_by_id(struct db *db, int64_t first_id, int64_t last_id, int64_t now_s,
                       take_listed *take, void *arg)
{
    assert(first_id <= last_id);
    struct query *query = db_query(db, SQL_ADDRESSES_BY_ID);
    query_bind_number(query, "first_id", first_id);
    query_bind_number(query, "last_id", last_id);
    query_bind_number(query, "now", now_s);
    return take_each(query, take, arg);
}

enum status list_published_since(struct db *db, int64_t from_at, int64_t now_s, int64_t limit,
                                 take_listed *take, void *arg)
{
    assert(limit >= 1 && limit <= LIST_SINCE_MAX);
    struct query *query = db_query(db, SQL_ADDRESSES_NEWEST);
    query_bind_number(query, "from_at", from_at);
    query_bind_number(query, "now", now_s);
    query_bind_number(query, "most", limit);
    return take_each(query, take, arg);
}

enum status list_last_id(struct db *db, int64_t *id)
{
    struct query *query = db_query(db, SQL_ARTICLE_LAST_ID);
    enum status status = query_step(query);
    if (status == STATUS_OK)
        *id = query_number(query, "id");
    return query_end(query, status);
}
