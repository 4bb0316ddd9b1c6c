#include "store/addresses.h"

static enum status each(struct query *query, enum status (*take)(void *, struct query *), void *arg)
{
    enum status status;
    while ((status = query_step(query)) == STATUS_OK) {
        status = take(arg, query);
        if (status != STATUS_OK)
            break;
    }
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

enum status addresses_by_id(struct db *db, int64_t first_id, int64_t last_id, int64_t now_s,
                            enum status (*take)(void *, struct query *), void *arg)
{
    struct query *query = db_query(db, SQL_ADDRESSES_BY_ID);
    query_bind_number(query, "first_id", first_id);
    query_bind_number(query, "last_id", last_id);
    query_bind_number(query, "now", now_s);
    return each(query, take, arg);
}

enum status addresses_newest(struct db *db, int64_t from_at, int64_t now_s, int64_t most,
                             enum status (*take)(void *, struct query *), void *arg)
{
    struct query *query = db_query(db, SQL_ADDRESSES_NEWEST);
    query_bind_number(query, "from_at", from_at);
    query_bind_number(query, "now", now_s);
    query_bind_number(query, "most", most);
    return each(query, take, arg);
}

enum status addresses_last_id(struct db *db, int64_t *id)
{
    struct query *query = db_query(db, SQL_ARTICLE_LAST_ID);
    enum status status = query_step(query);
    if (status == STATUS_OK)
        *id = query_number(query, "id");
    return query_end(query, status);
}
