#include "tick.h"

#include "base/log.h"
#include "base/random.h"
#include "store/compaction.h"
#include "store/rankings.h"
#include "store/state.h"
#include "store/views.h"

enum {
    CHANGES_PER_TICK = 2000
};

/* Which journal is the database's, and the last record of it that is stored. */
static const char id_name[] = "journal_id", applied_name[] = "journal_applied";

/* Articles that other processes changed, as far as one tick goes. */
struct changes {
    int64_t articles[CHANGES_PER_TICK];
    int len;
    int64_t last_seq;
};

static enum status read_changes(struct db *db, struct changes *changes)
{
    struct query *query = db_query(db, SQL_CHANGES_SEEN);
    query_bind_number(query, "limit", CHANGES_PER_TICK);
    enum status status;
    changes->len = 0;
    while ((status = query_step(query)) == STATUS_OK) {
        changes->last_seq = query_number(query, "seq");
        changes->articles[changes->len++] = query_number(query, "article_id");
    }
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

static enum status forget_changes(struct db *db, int64_t last_seq)
{
    struct query *query = db_query(db, SQL_CHANGES_FORGET);
    query_bind_number(query, "seq", last_seq);
    return query_run(query);
}

/* What one tick has to store. */
struct work {
    const struct count *batch;
    size_t batch_len;
    int64_t journaled; /* the last record of the journal in it */
    struct changes changes;
    int64_t version;
};

/* Looks whether another process committed. A commit that was not announced is another program's,
 * which publishes nothing. What is concluded before the version is read was committed before it;
 * what is only announced may be committed later, and is known by then. */
static enum status look_at_others(struct tick *tick, struct writing *writing, int64_t *version)
{
    struct versions *versions = writing_versions(writing);
    uint32_t concluded = versions_concluded_by_others(versions);
    enum status status = db_number(writing_db(writing), "PRAGMA data_version", version);
    if (status != STATUS_OK)
        return status;
    bool is_known = versions_announced_by_others(versions) != tick->others_seen;
    if (*version != tick->version_looked && !is_known)
        versions_distrust(versions);
    tick->others_seen = concluded;
    tick->version_looked = *version;
    return STATUS_OK;
}

static enum status gather(struct tick *tick, struct writing *writing, struct work *work)
{
    struct db *db = writing_db(writing);
    work->batch = counts_batch(tick->counts, &work->batch_len);
    work->journaled = counts_journaled(tick->counts);
    work->changes.len = 0;
    enum status status = look_at_others(tick, writing, &work->version);
    if (status == STATUS_OK && work->version != tick->version_seen)
        status = read_changes(db, &work->changes);
    return status;
}

/* With the batch goes how far the journal is stored: never the one without the other. */
static enum status store_batch(const struct tick *tick, struct db *db, const struct work *work)
{
    enum status status = STATUS_OK;
    if (work->journaled != tick->journal_applied)
        status = state_set(db, applied_name, work->journaled);
    for (size_t i = 0; i < work->batch_len && status == STATUS_OK; i++) {
        const struct count *count = &work->batch[i];
        const struct view_count view = {.article_id = count->article_id,
                                        .begin = count->begin,
                                        .count = count->views[VERDICT_COUNTED]};
        const struct views_apart apart = {.repeated = count->views[VERDICT_REPEATED],
                                          .bots = count->views[VERDICT_BOT]};
        if (view.count > 0)
            status = views_add(db, &view, 1);
        if (status == STATUS_OK)
            status = views_add_apart(db, count->article_id, count->begin, &apart);
    }
    return status;
}

static enum status end(struct writing *writing, enum status status)
{
    if (status == STATUS_OK)
        return writing_commit(writing);
    writing_rollback(writing);
    return status;
}

static enum status store(const struct tick *tick, struct writing *writing, const struct work *work)
{
    struct db *db = writing_db(writing);
    bool moved = work->journaled != tick->journal_applied;    /* over torn records alone, too */
    bool torn = versions_are_torn(writing_versions(writing)); /* beginning heals it */
    if (work->batch_len == 0 && work->changes.len == 0 && !moved && !torn)
        return STATUS_OK;
    enum status status = writing_begin(writing);
    if (status != STATUS_OK)
        return status;
    status = store_batch(tick, db, work);
    if (status == STATUS_OK && work->changes.len > 0)
        status = forget_changes(db, work->changes.last_seq);
    return end(writing, status);
}

/* A little of what is past its time goes. To be called when the windows have slid over it. */
static enum status compact(const struct tick *tick, struct writing *writing, int64_t now_s)
{
    bool due;
    struct db *db = writing_db(writing);
    enum status status = compaction_due(db, now_s, tick->history_s, &due);
    if (status != STATUS_OK || !due)
        return status;
    status = writing_begin(writing);
    if (status != STATUS_OK)
        return status;
    return end(writing, compaction_step(db, now_s, tick->history_s));
}

static enum status keep_hour(struct tick *tick, struct writing *writing, int64_t hour)
{
    int64_t kept;
    struct db *db = writing_db(writing);
    enum status status = rankings_hour(db, hour, &kept);
    /* One that comes by itself is stored again: a clock that was ahead may have stored it. */
    bool comes = tick->hour == hour - VIEW_HOUR_S;
    if (status == STATUS_OK && kept == hour && !comes)
        return STATUS_OK;
    status = writing_begin(writing);
    return status == STATUS_OK ? end(writing, ranker_keep_hour(&tick->ranker, db, hour)) : status;
}

/* Once an hour, or when the clock was set: the rankings of the whole hour are stored, if they are
 * not yet, and shown as those before. What fails is tried again by the next tick, and said once. */
static void turn_hour(struct tick *tick, struct writing *writing, int64_t now_s)
{
    int64_t hour = views_floor(now_s, VIEW_HOUR_S);
    if (hour == tick->hour || tick->history_s == 0)
        return;
    enum status status = keep_hour(tick, writing, hour);
    if (status == STATUS_OK)
        status = ranker_show_hour(&tick->ranker, writing_db(writing), now_s);
    if (status == STATUS_OK)
        tick->hour = hour;
    else if (!tick->hour_failed)
        log_write(LOG_ERROR, "the rankings of the hour can't be kept: %s", status_text(status));
    tick->hour_failed = status != STATUS_OK;
}

/* Says once that storing fails, and once that it works again. */
static void note_storing(struct tick *tick, enum status status)
{
    bool works = status == STATUS_OK;
    if (atomic_exchange(tick->storing, works) == works)
        return;
    if (works)
        log_write(LOG_INFO, "views are stored again; none was lost");
    else
        log_write(LOG_ERROR, "views can't be stored (%s); they are kept in memory and tried again",
                  status_text(status));
}

/* Stores what was counted. Changes count as seen only when they are forgotten for good, and when
 * all of them were read: the rest is for the next tick. */
static enum status take_in(struct tick *tick, struct writing *writing, struct work *work)
{
    enum status status = gather(tick, writing, work);
    if (status == STATUS_OK)
        status = store(tick, writing, work);
    if (status == STATUS_OK)
        tick->journal_applied = work->journaled;
    if (status == STATUS_OK && work->changes.len < CHANGES_PER_TICK)
        tick->version_seen = work->version;
    note_storing(tick, status);
    return status;
}

enum status tick_run(struct tick *tick, struct writing *writing, int64_t now_s)
{
    struct work work;
    enum status status = take_in(tick, writing, &work);
    if (status != STATUS_OK)
        return status;
    struct news news = {
        .batch = work.batch,
        .batch_len = work.batch_len,
        .changed = work.changes.articles,
        .changed_len = (size_t)work.changes.len,
    };
    status = ranker_take(&tick->ranker, writing_db(writing), &news);
    counts_stored(tick->counts);
    if (status == STATUS_OK) {
        turn_hour(tick, writing, now_s);
        status = ranker_publish(&tick->ranker, writing_db(writing), now_s);
    }
    if (status != STATUS_OK) {
        log_write(LOG_ERROR, "the rankings can't be brought up to date: %s", status_text(status));
        return status;
    }
    return compact(tick, writing, now_s);
}

/* Reads which journal is ours; 0 when the database has none yet. */
static enum status load_journal(struct tick *tick, struct db *db)
{
    enum status status = state_get(db, id_name, &tick->journal_id);
    return status == STATUS_OK ? state_get(db, applied_name, &tick->journal_applied) : status;
}

/* What other processes changed until now will be in what is loaded; a database that has no journal
 * gets one. */
static enum status prepare(struct db *db)
{
    int64_t journal_id = 0;
    enum status status = query_run(db_query(db, SQL_CHANGES_FORGET_ALL));
    if (status == STATUS_OK)
        status = state_get(db, id_name, &journal_id);
    if (status != STATUS_OK || journal_id != 0)
        return status;
    status = random_fill(&journal_id, sizeof journal_id);
    return status == STATUS_OK ? state_set(db, id_name, journal_id) : status;
}

/* A paper is served from a database that can't be written now, too. */
enum status tick_load(struct tick *tick, struct writing *writing, int64_t now_s)
{
    struct db *db = writing_db(writing);
    tick->hour = INT64_MIN;
    tick->ranker.versions = writing_versions(writing);
    tick->others_seen = versions_concluded_by_others(tick->ranker.versions);
    enum status status = db_number(db, "PRAGMA data_version", &tick->version_seen);
    tick->version_looked = tick->version_seen;
    if (status != STATUS_OK)
        return status;
    enum status written = writing_begin(writing);
    if (written == STATUS_OK)
        written = end(writing, prepare(db));
    note_storing(tick, written);
    status = load_journal(tick, db);
    if (status == STATUS_OK)
        status = ranker_load(&tick->ranker, db, now_s);
    /* Before there is any view of ours that the lists of all time could have in them. */
    if (status == STATUS_OK && written == STATUS_OK)
        turn_hour(tick, writing, now_s);
    return status == STATUS_OK ? ranker_publish(&tick->ranker, db, now_s) : status;
}
