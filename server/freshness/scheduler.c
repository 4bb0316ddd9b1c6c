/* Keeps the instant up to which appearances are published. When the clock has passed the next due
 * instant, reads from the database which articles appeared between the two, moves the versions of
 * what shows them, and looks for the next due instant. */
#include "freshness/scheduler.h"

#include "freshness/article_changes.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    ROWS_MAX = 10000,  /* an article has a row for each of its terms */
    CLOCK_SLACK_S = 2, /* threads read the clock one after the other; a larger step was set back */
};

/* States:
 *
 *                  a request with now_s >= next due, or whose clock was set back
 *      WAITING ---------------------------------------------------------------> PUBLISHING
 *       ^   ^                                                                    |      |
 *       |   +--- next due = the first appearance after now_s --------------------+      |
 *       +------- next due = as before, to try again: the database can't be read --------+
 *
 * A scheduler starts in WAITING with published_s at INT64_MAX, from where every clock is set back.
 *
 * Invariants:
 *   S1  Every article that appeared at or before published_s is published, or is being published by
 *       the thread that holds the mutex.
 *   S2  published_s is set before the database is read for it. So a thread with an earlier clock,
 *       which does not see the articles of that time, caches nothing old: if it reads its build
 *       token later than that, scheduler_is_ahead tells it not to cache. If it reads it earlier,
 *       the publication moves the generation during the build, or evicts the entry after it. An
 *       article that is committed too late for the read does the same by its own commit.
 *   S3  The next due instant is taken before the database is read and lowered again afterwards,
 *       never set. So what a writer schedules during the read stays scheduled (versions.c, V4).
 *   S4  published_s goes back only when the clock was set back by more than CLOCK_SLACK_S, and then
 *       the epoch moves; or when the read failed, and then nothing was published. A thread that is
 *       behind by less publishes as if its clock showed published_s.
 */
struct scheduler {
    struct versions *versions;
    atomic_llong published_s; /* written with the mutex held */
    pthread_mutex_t mutex;    /* held while publishing; guards `changes` */
    struct change_set changes;
};

enum status scheduler_open(struct versions *versions, struct scheduler **scheduler)
{
    struct scheduler *opened = calloc(1, sizeof *opened);
    if (!opened)
        return STATUS_NO_MEMORY;
    opened->versions = versions;
    atomic_init(&opened->published_s, INT64_MAX);
    pthread_mutex_init(&opened->mutex, NULL);
    *scheduler = opened;
    return STATUS_OK;
}

void scheduler_close(struct scheduler *scheduler)
{
    if (!scheduler)
        return;
    pthread_mutex_destroy(&scheduler->mutex);
    free(scheduler);
}

/* An article whose time has come changes from not listed to listed, and nothing else. */
static void add_row(struct query *row, struct change_set *changes)
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
    assert(changes->any); /* S1: every row moves something */
    if (!query_is_null(row, "term_id"))
        article_change_mark_term(&change, query_number(row, "term_id"), changes);
}

/* Collects what shows the articles that appeared after `since_s` up to `now_s`. STATUS_FULL when
 * there are more than ROWS_MAX rows of them: then everything may as well have changed. */
static enum status find_appeared(struct db *db, int64_t since_s, int64_t now_s,
                                 struct change_set *changes)
{
    int rows = 0;
    assert(since_s <= now_s && !changes->any);
    struct query *query = db_query(db, SQL_ARTICLES_APPEARED);
    query_bind_number(query, "since", since_s);
    query_bind_number(query, "now", now_s);
    query_bind_number(query, "limit", ROWS_MAX);
    enum status status;
    for (; (status = query_step(query)) == STATUS_OK; rows++)
        add_row(query, changes);
    query_end(query, status);
    if (status != STATUS_ABSENT)
        return status;
    assert(rows <= ROWS_MAX && changes->any == (rows > 0));
    return rows == ROWS_MAX ? STATUS_FULL : STATUS_OK;
}

/* When the first article after `now_s` appears; INT64_MAX: none is scheduled. */
static enum status find_next_due(struct db *db, int64_t now_s, int64_t *next_due_s)
{
    struct query *query = db_query(db, SQL_ARTICLE_NEXT_LISTED);
    query_bind_number(query, "now", now_s);
    enum status status = query_step(query);
    if (status == STATUS_OK)
        *next_due_s =
            query_is_null(query, "listed_at") ? INT64_MAX : query_number(query, "listed_at");
    return query_end(query, status);
}

static bool is_set_back(int64_t now_s, int64_t published_s)
{
    assert(published_s >= INT64_MIN + CLOCK_SLACK_S); /* S4: it is INT64_MAX or a clock's */
    return now_s < published_s - CLOCK_SLACK_S;
}

static bool is_due(const struct scheduler *scheduler, int64_t now_s)
{
    return now_s >= versions_next_due(scheduler->versions) ||
           is_set_back(now_s, atomic_load_explicit(&scheduler->published_s, memory_order_relaxed));
}

/* Publishes what appeared since the last time. Called with the mutex held. When the clock was set
 * back, articles disappear that no query could find: everything may have changed. */
static enum status publish(struct scheduler *scheduler, struct db *db, int64_t now_s)
{
    int64_t since_s = atomic_load(&scheduler->published_s);
    assert(pthread_mutex_trylock(&scheduler->mutex) == EBUSY); /* S2: it is held */
    enum status status = is_set_back(now_s, since_s) ? STATUS_FULL : STATUS_OK;
    assert(now_s >= since_s || status == STATUS_FULL); /* S4 */
    change_set_clear(&scheduler->changes);
    atomic_store(&scheduler->published_s, now_s); /* S2 */
    if (status == STATUS_OK)
        status = find_appeared(db, since_s, now_s, &scheduler->changes);
    if (status == STATUS_OK)
        versions_publish(scheduler->versions, &scheduler->changes);
    else if (status == STATUS_FULL)
        versions_invalidate_all(scheduler->versions);
    else
        atomic_store(&scheduler->published_s, since_s); /* S4 */
    assert(atomic_load(&scheduler->published_s) == now_s ||
           (status != STATUS_OK && status != STATUS_FULL)); /* S1, S4 */
    return status == STATUS_FULL ? STATUS_OK : status;
}

enum status scheduler_publish_due(struct scheduler *scheduler, struct db *db, int64_t now_s)
{
    if (!is_due(scheduler, now_s))
        return STATUS_OK;
    enum status status = STATUS_OK;
    pthread_mutex_lock(&scheduler->mutex);
    if (is_due(scheduler, now_s)) {
        int64_t published_s = atomic_load(&scheduler->published_s);
        int64_t at_s =
            now_s < published_s && !is_set_back(now_s, published_s) ? published_s : now_s;
        assert(at_s >= now_s); /* S4 */
        int64_t next_due_s = INT64_MAX;
        int64_t taken_s = versions_take_next_due(scheduler->versions); /* S3 */
        status = publish(scheduler, db, at_s);
        if (status == STATUS_OK)
            status = find_next_due(db, at_s, &next_due_s);
        versions_schedule(scheduler->versions, status == STATUS_OK ? next_due_s : taken_s); /* S3 */
        assert(status != STATUS_OK || atomic_load(&scheduler->published_s) >= now_s);       /* S1 */
    }
    pthread_mutex_unlock(&scheduler->mutex);
    return status;
}

bool scheduler_is_ahead(const struct scheduler *scheduler, int64_t now_s)
{
    return now_s < atomic_load(&scheduler->published_s);
}
