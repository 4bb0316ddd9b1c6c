/* Lookups of articles and terms by key or id, one statement each, and the rule of what readers may
 * see (see the header). Statements that return several columns of one article apply the rule here;
 * lists, the lead and cards have it in SQL. */
#include "store/articles.h"

#include "base/buf.h"
#include "language/slug.h"
#include "language/text.h"
#include "store/visibility.h"

#include <assert.h>
#include <string.h>

const char *term_kind_name(enum term_kind kind)
{
    static const char *const names[] = {[TERM_TAG] = "tag", [TERM_AUTHOR] = "author"};
    assert((size_t)kind < sizeof names / sizeof names[0]);
    return names[kind];
}

/* Runs a statement that finds one id, and reads it. */
static enum status read_id(struct query *query, int64_t *id)
{
    enum status status = query_step(query);
    if (status == STATUS_OK)
        *id = query_number(query, "id");
    return query_end(query, status);
}

enum status term_find(struct db *db, enum term_kind kind, const char *key, int64_t *id)
{
    struct query *query = db_query(db, SQL_TERM_FIND);
    query_bind_string(query, "kind", term_kind_name(kind));
    query_bind_string(query, "key", key);
    return read_id(query, id);
}

enum status article_id_of_key(struct db *db, const char *slug_key, int64_t *id)
{
    struct query *query = db_query(db, SQL_ARTICLE_FIND);
    query_bind_string(query, "slug_key", slug_key);
    return read_id(query, id);
}

enum status article_id_of_slug(struct db *db, const char *slug, size_t len, int64_t *id)
{
    struct buf key;
    buf_init(&key, TEXT_KEY_GROWTH * SLUG_MAX_BYTES);
    enum status status = text_key(slug, len, &key);
    /* A text that has no key is no article's slug. */
    status = status == STATUS_OK ? article_id_of_key(db, buf_string(&key), id) : STATUS_ABSENT;
    buf_release(&key);
    return status;
}

/* Reads the columns status and listed_at of a row. */
static void read_visibility(struct query *row, bool *is_withdrawn, int64_t *listed_at)
{
    size_t len;
    const char *status = query_text(row, "status", &len);
    *is_withdrawn = status && strcmp(status, "withdrawn") == 0; /* NULL only in a damaged row */
    *listed_at = query_is_null(row, "listed_at") ? INSTANT_NONE : query_number(row, "listed_at");
}

enum status article_standing(struct db *db, int64_t id, struct article_standing *standing)
{
    struct query *query = db_query(db, SQL_ARTICLE_STATE);
    query_bind_number(query, "id", id);
    enum status status = query_step(query);
    if (status == STATUS_OK) {
        read_visibility(query, &standing->withdrawn, &standing->listed_at);
        standing->section_id = query_number(query, "section_id");
        standing->ranked = query_number(query, "most_read") != 0;
    }
    return query_end(query, status);
}

enum status article_visible(struct db *db, int64_t id, int64_t now_s)
{
    struct article_standing standing;
    enum status status = article_standing(db, id, &standing);
    if (status != STATUS_OK)
        return status;
    return article_visibility(standing.withdrawn, standing.listed_at, now_s);
}

enum status article_row(struct db *db, int64_t id, int64_t now_s, struct query **row)
{
    bool is_withdrawn;
    int64_t listed_at;
    struct query *query = db_query(db, SQL_ARTICLE_BY_ID);
    query_bind_number(query, "id", id);
    enum status status = query_step(query);
    if (status == STATUS_OK) {
        read_visibility(query, &is_withdrawn, &listed_at);
        status = article_visibility(is_withdrawn, listed_at, now_s);
    }
    if (status != STATUS_OK)
        return query_end(query, status);
    *row = query;
    return STATUS_OK;
}

enum status card_row(struct db *db, int64_t id, int64_t now_s, struct query **row)
{
    struct query *query = db_query(db, SQL_CARD_BY_ID);
    query_bind_number(query, "id", id);
    query_bind_number(query, "now", now_s);
    enum status status = query_step(query);
    if (status != STATUS_OK)
        return query_end(query, status);
    *row = query;
    return STATUS_OK;
}

enum status article_lead(struct db *db, int64_t now_s, int64_t *id)
{
    struct query *query = db_query(db, SQL_ARTICLE_LEAD);
    query_bind_number(query, "now", now_s);
    return read_id(query, id);
}
