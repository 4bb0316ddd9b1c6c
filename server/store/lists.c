#include "store/lists.h"

struct position position_newest(int64_t now_s)
{
    return (struct position){.at = now_s, .id = INT64_MAX};
}

/* The statement whose index yields the fewest rows, with its own parameters bound. */
static struct query *driving_query(struct db *db, const struct filter *filter)
{
    int64_t term = filter->author_id ? filter->author_id : filter->tag_id;
    if (!term && !filter->section_id)
        return db_query(db, SQL_ARTICLES_LISTED);
    struct query *query =
        db_query(db, term ? SQL_ARTICLES_LISTED_OF_TERM : SQL_ARTICLES_LISTED_IN_SECTION);
    if (filter->section_id)
        query_bind_number(query, "section_id", filter->section_id);
    if (term)
        query_bind_number(query, "term_id", term);
    if (filter->author_id && filter->tag_id)
        query_bind_number(query, "other_term_id", filter->tag_id);
    return query;
}

/* Takes a row into the page; false when the page ends before it. */
static bool take_row(struct query *row, const struct filter *filter, struct page *page, int looked)
{
    bool wanted = query_number(row, "wanted") != 0;
    if ((wanted && page->count == filter->limit) || looked == LIST_LOOKED_MAX) {
        page->more = true;
        return false;
    }
    page->next.id = query_number(row, "id");
    page->next.at = query_number(row, "listed_at");
    if (wanted)
        page->articles[page->count++] = page->next;
    return true;
}

enum status list_page(struct db *db, const struct filter *filter, struct page *page)
{
    struct query *query = driving_query(db, filter);
    query_bind_number(query, "before_at", filter->before.at);
    query_bind_number(query, "before_id", filter->before.id);
    query_bind_number(query, "from_at", filter->from_at);
    page->count = 0;
    page->more = false;
    enum status status;
    for (int looked = 0; (status = query_step(query)) == STATUS_OK; looked++) {
        if (!take_row(query, filter, page, looked))
            break;
    }
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
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
