#include "service/housekeeping.h"

#include "base/crypto.h"
#include "base/log.h"
#include "store/rankings.h"
#include "store/retention.h"
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
    const struct pending_count *batch;
    size_t batch_len;
    int64_t journaled; /* the last record of the journal in it */
    struct changes changes;
    int64_t version;
};

/* Looks whether another process committed. A commit that was not announced is another program's,
 * which publishes nothing. What is concluded before the version is read was committed before it;
 * what is only announced may be committed later, and is known by then. */
static enum status look_at_others(struct housekeeping *tick, struct transaction *transaction,
                                  int64_t *version)
{
    struct versions *versions = transaction_versions(transaction);
    uint32_t concluded = versions_commits_ended_by_others(versions);
    enum status status = db_number(transaction_db(transaction), "PRAGMA data_version", version);
    if (status != STATUS_OK)
        return status;
    bool is_known = versions_commits_begun_by_others(versions) != tick->others_seen;
    if (*version != tick->version_looked && !is_known)
        versions_report_unknown_commit(versions);
    tick->others_seen = concluded;
    tick->version_looked = *version;
    return STATUS_OK;
}

static enum status gather(struct housekeeping *tick, struct transaction *transaction,
                          struct work *work)
{
    struct db *db = transaction_db(transaction);
    work->batch = pending_views_batch(tick->counts, &work->batch_len);
    work->journaled = pending_views_journal_position(tick->counts);
    work->changes.len = 0;
    enum status status = look_at_others(tick, transaction, &work->version);
    if (status == STATUS_OK && work->version != tick->version_seen)
        status = read_changes(db, &work->changes);
    return status;
}

/* With the batch goes how far the journal is stored: never the one without the other. */
static enum status store_batch(const struct housekeeping *tick, struct db *db,
                               const struct work *work)
{
    enum status status = STATUS_OK;
    if (work->journaled != tick->journal_applied)
        status = state_set(db, applied_name, work->journaled);
    for (size_t i = 0; i < work->batch_len && status == STATUS_OK; i++) {
        const struct pending_count *count = &work->batch[i];
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

static enum status end(struct transaction *transaction, enum status status)
{
    if (status == STATUS_OK)
        return transaction_commit(transaction);
    transaction_rollback(transaction);
    return status;
}

static enum status store(const struct housekeeping *tick, struct transaction *transaction,
                         const struct work *work)
{
    struct db *db = transaction_db(transaction);
    bool moved = work->journaled != tick->journal_applied; /* over torn records alone, too */
    bool torn =
        versions_have_unfinished_commit(transaction_versions(transaction)); /* beginning heals it */
    if (work->batch_len == 0 && work->changes.len == 0 && !moved && !torn)
        return STATUS_OK;
    enum status status = transaction_begin(transaction);
    if (status != STATUS_OK)
        return status;
    status = store_batch(tick, db, work);
    if (status == STATUS_OK && work->changes.len > 0)
        status = forget_changes(db, work->changes.last_seq);
    return end(transaction, status);
}

/* A little of what is past its time goes. To be called when the windows have slid over it. */
static enum status compact(const struct housekeeping *tick, struct transaction *transaction,
                           int64_t now_s)
{
    bool due;
    struct db *db = transaction_db(transaction);
    enum status status = retention_due(db, now_s, tick->history_s, &due);
    if (status != STATUS_OK || !due)
        return status;
    status = transaction_begin(transaction);
    if (status != STATUS_OK)
        return status;
    return end(transaction, retention_step(db, now_s, tick->history_s));
}

static enum status keep_hour(struct housekeeping *tick, struct transaction *transaction,
                             int64_t hour)
{
    int64_t kept;
    struct db *db = transaction_db(transaction);
    enum status status = rankings_hour(db, hour, &kept);
    /* One that comes by itself is stored again: a clock that was ahead may have stored it. */
    bool comes = tick->hour == hour - HOUR_S;
    if (status == STATUS_OK && kept == hour && !comes)
        return STATUS_OK;
    status = transaction_begin(transaction);
    return status == STATUS_OK ? end(transaction, ranking_sync_store_hour(&tick->sync, db, hour))
                               : status;
}

/* Once an hour, or when the clock was set: the rankings of the whole hour are stored, if they are
 * not yet, and shown as those before. What fails is tried again by the next tick, and said once. */
static void turn_hour(struct housekeeping *tick, struct transaction *transaction, int64_t now_s)
{
    int64_t hour = instant_floor(now_s, HOUR_S);
    if (hour == tick->hour || tick->history_s == 0)
        return;
    enum status status = keep_hour(tick, transaction, hour);
    if (status == STATUS_OK)
        status = ranking_sync_show_hour(&tick->sync, transaction_db(transaction), now_s);
    if (status == STATUS_OK)
        tick->hour = hour;
    else if (!tick->hour_failed)
        log_write(LOG_ERROR, "the rankings of the hour can't be kept: %s", status_text(status));
    tick->hour_failed = status != STATUS_OK;
}

/* Says once that storing fails, and once that it works again. */
static void note_storing(struct housekeeping *tick, enum status status)
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
static enum status take_in(struct housekeeping *tick, struct transaction *transaction,
                           struct work *work)
{
    enum status status = gather(tick, transaction, work);
    if (status == STATUS_OK)
        status = store(tick, transaction, work);
    if (status == STATUS_OK)
        tick->journal_applied = work->journaled;
    if (status == STATUS_OK && work->changes.len < CHANGES_PER_TICK)
        tick->version_seen = work->version;
    note_storing(tick, status);
    return status;
}

enum status housekeeping_run(struct housekeeping *tick, struct transaction *transaction,
                             int64_t now_s)
{
    struct work work;
    enum status status = take_in(tick, transaction, &work);
    if (status != STATUS_OK)
        return status;
    struct ranking_news news = {
        .batch = work.batch,
        .batch_len = work.batch_len,
        .changed = work.changes.articles,
        .changed_len = (size_t)work.changes.len,
    };
    status = ranking_sync_apply(&tick->sync, transaction_db(transaction), &news);
    pending_views_stored(tick->counts);
    if (status == STATUS_OK) {
        turn_hour(tick, transaction, now_s);
        status = ranking_sync_publish(&tick->sync, transaction_db(transaction), now_s);
    }
    if (status != STATUS_OK) {
        log_write(LOG_ERROR, "the rankings can't be brought up to date: %s", status_text(status));
        return status;
    }
    return compact(tick, transaction, now_s);
}

/* Reads which journal is ours; 0 when the database has none yet. */
static enum status load_journal(struct housekeeping *tick, struct db *db)
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
enum status housekeeping_load(struct housekeeping *tick, struct transaction *transaction,
                              int64_t now_s)
{
    struct db *db = transaction_db(transaction);
    tick->hour = INT64_MIN;
    tick->sync.versions = transaction_versions(transaction);
    tick->others_seen = versions_commits_ended_by_others(tick->sync.versions);
    enum status status = db_number(db, "PRAGMA data_version", &tick->version_seen);
    tick->version_looked = tick->version_seen;
    if (status != STATUS_OK)
        return status;
    enum status written = transaction_begin(transaction);
    if (written == STATUS_OK)
        written = end(transaction, prepare(db));
    note_storing(tick, written);
    status = load_journal(tick, db);
    if (status == STATUS_OK)
        status = ranking_sync_load(&tick->sync, db, now_s);
    /* Before there is any view of ours that the lists of all time could have in them. */
    if (status == STATUS_OK && written == STATUS_OK)
        turn_hour(tick, transaction, now_s);
    return status == STATUS_OK ? ranking_sync_publish(&tick->sync, db, now_s) : status;
}
