/* One row of the table state for each name. */
#include "store/state.h"

enum status state_get(struct db *db, const char *name, int64_t *value)
{
    struct query *query = db_query(db, SQL_STATE_GET);
    query_bind_string(query, "name", name);
    enum status status = query_step(query);
    *value = status == STATUS_OK ? query_number(query, "value") : 0;
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

enum status state_set(struct db *db, const char *name, int64_t value)
{
    struct query *query = db_query(db, SQL_STATE_SET);
    query_bind_string(query, "name", name);
    query_bind_number(query, "value", value);
    return query_run(query);
}
