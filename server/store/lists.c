#include "store/lists.h"

#include "store/articles.h"

struct position position_newest(int64_t now_s)
{
    return (struct position){.at = now_s, .id = INT64_MAX};
}

/* A list's cards on their way to who takes them; nobody, where only their places are asked for. */
struct taker {
    int64_t now_s;
    take_card *take;
    void *arg;
};

static int64_t term_of(const struct filter *filter)
{
    return filter->author_id ? filter->author_id : filter->tag_id;
}

/* The statement whose index yields the fewest rows. */
static enum sql driving(const struct filter *filter, bool with_cards)
{
    if (term_of(filter))
        return SQL_ARTICLES_LISTED_OF_TERM;
    if (filter->section_id)
        return with_cards ? SQL_CARDS_LISTED_IN_SECTION : SQL_ARTICLES_LISTED_IN_SECTION;
    return with_cards ? SQL_CARDS_LISTED : SQL_ARTICLES_LISTED;
}

static struct query *driving_query(struct db *db, const struct filter *filter, bool with_cards)
{
    struct query *query = db_query(db, driving(filter, with_cards));
    if (filter->section_id)
        query_bind_number(query, "section_id", filter->section_id);
    if (term_of(filter))
        query_bind_number(query, "term_id", term_of(filter));
    if (filter->author_id && filter->tag_id)
        query_bind_number(query, "other_term_id", filter->tag_id);
    query_bind_number(query, "before_at", filter->before.at);
    query_bind_number(query, "before_id", filter->before.id);
    query_bind_number(query, "from_at", filter->from_at);
    return query;
}

/* Takes a row into the page; false when the page ends before it. */
static bool take_row(struct query *row, const struct filter *filter, struct page *page, int looked,
                     bool *wanted)
{
    *wanted = query_number(row, "wanted") != 0;
    if ((*wanted && page->count == filter->limit) || looked == LIST_LOOKED_MAX) {
        page->more = true;
        return false;
    }
    page->next.at = query_number(row, "listed_at");
    page->next.id = query_number(row, "id");
    if (*wanted)
        page->articles[page->count++] = page->next;
    return true;
}

static enum status walk(struct query *query, const struct filter *filter, const struct taker *taker,
                        struct page *page)
{
    bool wanted;
    enum status status;
    page->count = 0;
    page->more = false;
    for (int looked = 0; (status = query_step(query)) == STATUS_OK; looked++) {
        if (!take_row(query, filter, page, looked, &wanted))
            break;
        /* A place that somebody made up may lie in the time to come. */
        if (taker && wanted && page->next.at <= taker->now_s)
            status = taker->take(taker->arg, page->next.id, query);
        if (status != STATUS_OK)
            return query_end(query, status);
    }
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

enum status list_page(struct db *db, const struct filter *filter, struct page *page)
{
    return walk(driving_query(db, filter, false), filter, NULL, page);
}

static enum status take_by_id(struct db *db, int64_t id, const struct taker *taker)
{
    struct query *row;
    enum status status = card_row(db, id, taker->now_s, &row);
    if (status == STATUS_ABSENT)
        return STATUS_OK;
    return status == STATUS_OK ? query_end(row, taker->take(taker->arg, id, row)) : status;
}

enum status list_cards(struct db *db, const struct filter *filter, int64_t now_s, take_card *take,
                       void *arg, struct page *page)
{
    const struct taker taker = {.now_s = now_s, .take = take, .arg = arg};
    /* Of a term many rows may be looked at for each that is wanted, so cards are read afterwards.
     */
    if (!term_of(filter))
        return walk(driving_query(db, filter, true), filter, &taker, page);
    enum status status = list_page(db, filter, page);
    for (int i = 0; i < page->count && status == STATUS_OK; i++)
        status = take_by_id(db, page->articles[i].id, &taker);
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
