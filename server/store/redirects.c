/* One statement to find a redirect by its path, and one to save it. */
#include "store/redirects.h"

#include <assert.h>

enum status redirect_find(struct db *db, const char *source, int64_t *article_id)
{
    struct query *query = db_query(db, SQL_REDIRECT_FIND);
    query_bind_string(query, "source", source);
    enum status status = query_step(query);
    if (status == STATUS_OK)
        *article_id = query_number(query, "article_id");
    return query_end(query, status);
}

enum status redirect_save(struct db *db, const char *source, int64_t article_id)
{
    assert(source[0] == '/');
    struct query *query = db_query(db, SQL_REDIRECT_SAVE);
    query_bind_string(query, "source", source);
    query_bind_number(query, "article_id", article_id);
    return query_run(query);
}
