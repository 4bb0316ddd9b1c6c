#include "freshness/scheduler.h"

#include "freshness/article_changes.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    ROWS_MAX = 10000, /* an article has one for each of its terms */
    BACK_S = 2,       /* a clock that is behind by more was set back */
};

struct scheduler {
    struct versions *versions;
    atomic_llong shown_s; /* what had its time until then is published */
    pthread_mutex_t lock; /* guards all below, and writing the above */
    struct change_set changes;
};

enum status scheduler_open(struct versions *versions, struct scheduler **scheduler)
{
    struct scheduler *opened = calloc(1, sizeof *opened);
    if (!opened)
        return STATUS_NO_MEMORY;
    opened->versions = versions;
    atomic_init(&opened->shown_s, INT64_MAX);
    pthread_mutex_init(&opened->lock, NULL);
    *scheduler = opened;
    return STATUS_OK;
}

void scheduler_close(struct scheduler *scheduler)
{
    if (!scheduler)
        return;
    pthread_mutex_destroy(&scheduler->lock);
    free(scheduler);
}

/* An article whose time has come changes from not listed to listed, and nothing else. */
static void mark_row(struct query *row, struct change_set *changes)
{
    int64_t section_id = query_number(row, "section_id");
    struct article_change change = {.id = query_number(row, "id"),
                                    .section_id = section_id,
                                    .section_id_before = section_id,
                                    .listed_at = INT64_MAX,
                                    .is_listed = true,
                                    .is_lead = query_number(row, "lead") != 0,
                                    .is_moved = true};
    article_change_mark(&change, changes);
    if (!query_is_null(row, "term_id"))
        article_change_mark_term(&change, query_number(row, "term_id"), changes);
}

/* Marks what shows the articles whose time came; STATUS_FULL when they are so many that everything
 * may as well have changed. */
static enum status mark_appeared(struct db *db, int64_t since_s, int64_t now_s,
                                 struct change_set *changes)
{
    int rows = 0;
    struct query *query = db_query(db, SQL_ARTICLES_APPEARED);
    query_bind_number(query, "since", since_s);
    query_bind_number(query, "now", now_s);
    query_bind_number(query, "limit", ROWS_MAX);
    enum status status;
    for (; (status = query_step(query)) == STATUS_OK; rows++)
        mark_row(query, changes);
    query_end(query, status);
    if (status != STATUS_ABSENT)
        return status;
    return rows == ROWS_MAX ? STATUS_FULL : STATUS_OK;
}

/* When the next one appears; INT64_MAX when none does. */
static enum status find_next(struct db *db, int64_t now_s, int64_t *next_s)
{
    struct query *query = db_query(db, SQL_ARTICLE_NEXT_LISTED);
    query_bind_number(query, "now", now_s);
    enum status status = query_step(query);
    if (status == STATUS_OK)
        *next_s = query_is_null(query, "listed_at") ? INT64_MAX : query_number(query, "listed_at");
    return query_end(query, status);
}

static bool is_set_back(int64_t now_s, int64_t shown_s)
{
    return now_s < shown_s - BACK_S;
}

/* Where the clock was set back, or nothing was shown yet, everything may have changed. The time is
 * written down before the versions move: who notes the moment after that knows it. */
static enum status publish(struct scheduler *scheduler, struct db *db, int64_t now_s)
{
    int64_t shown_s = atomic_load(&scheduler->shown_s);
    change_set_clear(&scheduler->changes);
    enum status status = is_set_back(now_s, shown_s)
                             ? STATUS_FULL
                             : mark_appeared(db, shown_s, now_s, &scheduler->changes);
    if (status != STATUS_OK && status != STATUS_FULL)
        return status;
    atomic_store(&scheduler->shown_s, now_s);
    if (status == STATUS_FULL)
        versions_invalidate_all(scheduler->versions);
    else
        versions_publish(scheduler->versions, &scheduler->changes);
    return STATUS_OK;
}

/* With the lock held. What writers schedule while the database is read comes into the empty place.
 */
static enum status show(struct scheduler *scheduler, struct db *db, int64_t now_s)
{
    int64_t next_s = INT64_MAX;
    int64_t due_s = versions_take_next_due(scheduler->versions);
    enum status status = publish(scheduler, db, now_s);
    if (status == STATUS_OK)
        status = find_next(db, now_s, &next_s);
    versions_schedule(scheduler->versions, status == STATUS_OK ? next_s : due_s);
    return status;
}

static bool are_due(const struct scheduler *scheduler, int64_t now_s)
{
    return now_s >= versions_next_due(scheduler->versions) ||
           is_set_back(now_s, atomic_load_explicit(&scheduler->shown_s, memory_order_relaxed));
}

bool scheduler_is_ahead(const struct scheduler *scheduler, int64_t now_s)
{
    return now_s < atomic_load(&scheduler->shown_s);
}

enum status scheduler_publish_due(struct scheduler *scheduler, struct db *db, int64_t now_s)
{
    if (!are_due(scheduler, now_s))
        return STATUS_OK;
    enum status status = STATUS_OK;
    pthread_mutex_lock(&scheduler->lock);
    if (are_due(scheduler, now_s))
        status = show(scheduler, db, now_s);
    pthread_mutex_unlock(&scheduler->lock);
    return status;
}
