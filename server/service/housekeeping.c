/* The steps of a run, in order:
 *
 *   1  check whether other processes committed       invalidates everything when one did not say
 *   2  store the batch of views, the journal position,
 *      and that changes of others were read          one transaction
 *   3  apply the batch and the changes to the rankings
 *   4  at a new hour: store the rankings of the hour that ended
 *   5  move the windows and publish
 *   6  remove or pack a few old rows                 one transaction
 *
 * H1  A batch and its journal position are stored in one transaction: whenever the process ends,
 *     the records after the stored position are exactly those that are not stored.
 * H2  The journal position never falls.
 * H3  A batch is applied to the rankings once: after it is stored and before the next is taken.
 * H4  A change of another process is forgotten in the transaction that follows reading it, and the
 *     same run applies it. version_read moves only when all changes were read and forgotten, so
 *     that the next run reads the rest.
 * H5  A commit that its process did not announce is another program's. The count of ended commits
 *     is read before data_version and the count of begun ones after it, so that an announced commit
 *     is never taken for an unannounced one. */
#include "service/housekeeping.h"

#include "base/crypto.h"
#include "base/file.h"
#include "base/log.h"
#include "store/rankings.h"
#include "store/retention.h"
#include "store/state.h"
#include "store/views.h"

#include <assert.h>
#include <inttypes.h>

enum {
    CHANGES_A_RUN = 2000
};

/* Articles that other processes changed, as many as one run reads. */
struct changed_articles {
    int64_t ids[CHANGES_A_RUN];
    int len;
    int64_t last_seq;
};

/* What one run has to store. */
struct pending_work {
    const struct pending_count *batch;
    size_t batch_len;
    int64_t journal_position; /* the last record of the journal in the batch */
    struct changed_articles changes;
    int64_t version; /* PRAGMA data_version before the changes were read */
};

static enum status end(struct transaction *transaction, enum status status)
{
    if (status == STATUS_OK)
        return transaction_commit(transaction);
    transaction_rollback(transaction);
    return status;
}

static void note_storing(struct housekeeping *housekeeping, enum status status)
{
    health_set(housekeeping->health, PROBLEM_STORING, status != STATUS_OK, status_text(status));
}

/* Forgets what other processes changed until now, because it will be in what is loaded. A database
 * that has no journal gets one; one whose position can't be, too: which records of its journal are
 * stored is not known, so none is counted again. */
static enum status prepare(struct db *db)
{
    int64_t journal_id = 0, applied = 0;
    enum status status = query_run(db_query(db, SQL_CHANGES_FORGET_ALL));
    if (status == STATUS_OK)
        status = state_get(db, STATE_JOURNAL_ID, &journal_id);
    if (status == STATUS_OK)
        status = state_get(db, STATE_JOURNAL_APPLIED, &applied);
    bool is_damaged = applied < 0 || applied > JOURNAL_NUMBER_MAX;
    if (status != STATUS_OK || (journal_id != 0 && !is_damaged))
        return status;
    if (is_damaged)
        log_write(LOG_ERROR,
                  "the database is damaged: journal_applied is %" PRId64 ", not 0 to %" PRId64
                  "; a new journal of views begins, and views that waited in the old one are lost",
                  applied, JOURNAL_NUMBER_MAX);
    status = random_fill(&journal_id, sizeof journal_id);
    if (status == STATUS_OK)
        status = state_set(db, STATE_JOURNAL_ID, journal_id);
    return status == STATUS_OK && is_damaged ? state_set(db, STATE_JOURNAL_APPLIED, 0) : status;
}

/* Stores the rankings of the whole hour `hour`, unless they are stored. */
static enum status store_hour(struct housekeeping *housekeeping, struct transaction *transaction,
                              int64_t hour)
{
    int64_t stored;
    struct db *db = transaction_db(transaction);
    assert(hour == instant_floor(hour, HOUR_S) && hour != housekeeping->hour);
    enum status status = rankings_hour(db, hour, &stored);
    /* An hour that follows the last one is stored again, because a clock that was ahead may have
     * stored it. */
    bool follows = housekeeping->hour == hour - HOUR_S;
    if (status == STATUS_OK && stored == hour && !follows)
        return STATUS_OK;
    status = transaction_begin(transaction);
    return status == STATUS_OK
               ? end(transaction, ranking_sync_store_hour(&housekeeping->sync, db, hour))
               : status;
}

/* At a new hour, or when the clock was set: stores the rankings of the whole hour and shows them as
 * the previous ones. A failure is logged once and tried again by the next run. */
static void turn_hour(struct housekeeping *housekeeping, struct transaction *transaction,
                      int64_t now_s)
{
    int64_t hour = instant_floor(now_s, HOUR_S);
    if (hour == housekeeping->hour || housekeeping->history_s == 0)
        return;
    enum status status = store_hour(housekeeping, transaction, hour);
    if (status == STATUS_OK)
        status = ranking_sync_show_hour(&housekeeping->sync, transaction_db(transaction), now_s);
    if (status == STATUS_OK)
        housekeeping->hour = hour;
    else if (!housekeeping->is_hour_failing)
        log_write(LOG_ERROR, "the rankings of the hour can't be stored: %s", status_text(status));
    housekeeping->is_hour_failing = status != STATUS_OK;
}

enum status housekeeping_load(struct housekeeping *housekeeping, struct transaction *transaction,
                              int64_t now_s)
{
    struct db *db = transaction_db(transaction);
    housekeeping->hour = INT64_MIN;
    housekeeping->sync.versions = transaction_versions(transaction);
    housekeeping->had_versions = versions_are_shared(housekeeping->sync.versions);
    housekeeping->others_seen = versions_commits_ended_by_others(housekeeping->sync.versions);
    enum status status = db_number(db, "PRAGMA data_version", &housekeeping->version_read);
    housekeeping->version_checked = housekeeping->version_read;
    if (status != STATUS_OK)
        return status;
    enum status written = transaction_begin(transaction);
    if (written == STATUS_OK)
        written = end(transaction, prepare(db));
    note_storing(housekeeping, written);
    status = state_get(db, STATE_JOURNAL_ID, &housekeeping->journal_id);
    if (status == STATUS_OK)
        status = state_get(db, STATE_JOURNAL_APPLIED, &housekeeping->journal_applied);
    if (status == STATUS_OK)
        status = ranking_sync_load(&housekeeping->sync, db, now_s);
    /* Before any view of this process is counted: the lists of all time would contain it. */
    if (status == STATUS_OK && written == STATUS_OK)
        turn_hour(housekeeping, transaction, now_s);
    return status == STATUS_OK ? ranking_sync_publish(&housekeeping->sync, db, now_s) : status;
}

static enum status open_journal(struct housekeeping *housekeeping, const struct config *config,
                                struct fault *fault)
{
    if (housekeeping->journal_id == 0)
        return fault_set(fault, STATUS_FAILED, "", "the database can't be given a journal now");
    return view_journal_open(config->store.database, config->popularity.journal,
                             housekeeping->journal_id, housekeeping->journal_applied,
                             &housekeeping->journal, fault);
}

enum status housekeeping_open_journal(struct housekeeping *housekeeping,
                                      const struct config *config, struct fault *fault)
{
    assert(!housekeeping->journal && housekeeping->sync.versions); /* it is loaded */
    enum status status = open_journal(housekeeping, config, fault);
    if (status == STATUS_INVALID)
        return status;
    bool works = status == STATUS_OK;
    const struct view_journal *journal = housekeeping->journal;
    health_set(housekeeping->health, PROBLEM_JOURNAL, !works, works ? NULL : fault->text);
    if (works && view_journal_damaged(journal))
        log_write(LOG_ERROR, "%s-views was missing or damaged; views that waited in it may be lost",
                  config->store.database);
    if (works && view_journal_waiting(journal) > 0)
        log_write(LOG_INFO, "%" PRId64 " views are read from the journal, %" PRId64 " were torn",
                  view_journal_waiting(journal) - view_journal_torn(journal),
                  view_journal_torn(journal));
    /* Without a journal, too: its position stays known for when it can be used again. */
    pending_views_use_journal(housekeeping->views, housekeeping->journal,
                              housekeeping->journal_applied);
    return STATUS_OK;
}

void housekeeping_close_journal(struct housekeeping *housekeeping)
{
    view_journal_close(housekeeping->journal);
    housekeeping->journal = NULL;
}

void housekeeping_sync_journal(struct housekeeping *housekeeping)
{
    if (!housekeeping->journal)
        return;
    bool failed = view_journal_sync(housekeeping->journal) != STATUS_OK;
    if (!failed && housekeeping->is_sync_failing)
        log_write(LOG_INFO, "the journal of views is brought to the disk again");
    if (failed && !housekeeping->is_sync_failing)
        log_write(LOG_ERROR, "the journal of views can't be brought to the disk; a power cut may "
                             "cost the views that are not stored yet");
    housekeeping->is_sync_failing = failed;
}

/* A flood of views that this run stored is no failure, even if it filled the journal. */
static void watch_journal(struct housekeeping *housekeeping)
{
    int64_t missing;
    struct fault fault = {.text = ""};
    if (!housekeeping->journal)
        return;
    enum status status = view_journal_check(housekeeping->journal, &missing, &fault);
    if (status == STATUS_OK && missing > 0)
        fault_fill(&fault, "", "%" PRId64 " views were missing in its file and are written again",
                   missing);
    else if (status == STATUS_OK && view_journal_behind(housekeeping->journal) > 0)
        fault_fill(&fault, "", "its file was damaged or could not be written");
    else if (health_has(housekeeping->health, PROBLEM_STORING) &&
             pending_views_unjournaled(housekeeping->views) > 0)
        fault_fill(&fault, "", "the journal of views is full");
    health_set(housekeeping->health, PROBLEM_JOURNAL, fault.text[0] != '\0', fault.text);
}

/* A file of versions that was lost is replaced as soon as that can be done. From then on processes
 * announce to the new one, and what they announce to a lost one is not announced. */
static void recover_versions(struct housekeeping *housekeeping, struct versions *versions)
{
    struct fault fault = {.text = ""};
    versions_check_file(versions);
    if (!housekeeping->had_versions || versions_are_shared(versions))
        return;
    health_set(housekeeping->health, PROBLEM_VERSIONS, true, NULL);
    bool is_shared = versions_share_again(versions, &fault) == STATUS_OK;
    housekeeping->others_seen = versions_commits_ended_by_others(versions);
    health_set(housekeeping->health, PROBLEM_VERSIONS, !is_shared, fault.text);
}

/* Step 1. What another process announced is invalidated by that process itself (H5). */
static enum status check_others(struct housekeeping *housekeeping, struct transaction *transaction,
                                int64_t *version)
{
    struct versions *versions = transaction_versions(transaction);
    recover_versions(housekeeping, versions);
    uint32_t ended = versions_commits_ended_by_others(versions);
    enum status status = db_number(transaction_db(transaction), "PRAGMA data_version", version);
    if (status != STATUS_OK)
        return status;
    bool is_announced = versions_are_shared(versions) &&
                        versions_commits_begun_by_others(versions) != housekeeping->others_seen;
    if (*version != housekeeping->version_checked && !is_announced)
        versions_report_unknown_commit(versions);
    housekeeping->others_seen = ended;
    housekeeping->version_checked = *version;
    return STATUS_OK;
}

static enum status read_changes(struct db *db, struct changed_articles *changes)
{
    struct query *query = db_query(db, SQL_CHANGES_SEEN);
    query_bind_number(query, "limit", CHANGES_A_RUN);
    enum status status;
    while ((status = query_step(query)) == STATUS_OK) {
        assert(changes->len < CHANGES_A_RUN); /* the limit of the query */
        changes->last_seq = query_number(query, "seq");
        changes->ids[changes->len++] = query_number(query, "article_id");
    }
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

/* The batch, its journal position, and that the changes are read (H1, H4). */
static enum status store_in_transaction(const struct housekeeping *housekeeping, struct db *db,
                                        const struct pending_work *work)
{
    enum status status = STATUS_OK;
    if (work->journal_position != housekeeping->journal_applied)
        status = state_set(db, STATE_JOURNAL_APPLIED, work->journal_position);
    for (size_t i = 0; i < work->batch_len && status == STATUS_OK; i++) {
        const struct pending_count *count = &work->batch[i];
        assert(count->article_id > 0);
        const struct view_count counted = {.article_id = count->article_id,
                                           .begin = count->begin,
                                           .count = count->views[VERDICT_COUNTED]};
        const struct uncounted_views uncounted = {.repeated = count->views[VERDICT_REPEATED],
                                                  .bots = count->views[VERDICT_BOT]};
        if (counted.count > 0)
            status = views_add(db, &counted, 1);
        if (status == STATUS_OK)
            status = views_add_uncounted(db, count->article_id, count->begin, &uncounted);
    }
    if (status == STATUS_OK && work->changes.len > 0) {
        struct query *query = db_query(db, SQL_CHANGES_FORGET);
        query_bind_number(query, "seq", work->changes.last_seq);
        status = query_run(query);
    }
    return status;
}

/* Whether the database's file is still its own; without it nothing is written. */
static enum status check_file(struct housekeeping *housekeeping, struct transaction *transaction)
{
    struct fault fault = {.text = ""};
    enum status status = transaction_check_file(transaction, &fault);
    health_set(housekeeping->health, PROBLEM_FILE, status == STATUS_UNUSABLE, fault.text);
    return status;
}

/* Steps 1 and 2. A run that has nothing to store begins no transaction. */
static enum status store_work(struct housekeeping *housekeeping, struct transaction *transaction,
                              struct pending_work *work)
{
    struct db *db = transaction_db(transaction);
    work->batch = pending_views_batch(housekeeping->views, &work->batch_len);
    work->journal_position = pending_views_journal_position(housekeeping->views);
    assert(work->journal_position >= housekeeping->journal_applied); /* H2 */
    work->changes.len = 0;
    enum status status = check_others(housekeeping, transaction, &work->version);
    if (status == STATUS_OK && work->version != housekeeping->version_read)
        status = read_changes(db, &work->changes);
    if (status != STATUS_OK)
        return status;
    /* The position also moves over torn records alone. */
    bool has_moved = work->journal_position != housekeeping->journal_applied;
    /* A process that died while it committed; transaction_begin repairs that. */
    bool is_interrupted = versions_have_unfinished_commit(transaction_versions(transaction));
    if (work->batch_len > 0 || work->changes.len > 0 || has_moved || is_interrupted) {
        status = transaction_begin(transaction);
        if (status == STATUS_OK)
            status = end(transaction, store_in_transaction(housekeeping, db, work));
    }
    if (status != STATUS_OK)
        return status;
    housekeeping->journal_applied = work->journal_position;
    if (work->changes.len < CHANGES_A_RUN) /* H4 */
        housekeeping->version_read = work->version;
    return STATUS_OK;
}

/* Step 6, after the windows have moved past what it removes. */
static enum status remove_old(const struct housekeeping *housekeeping,
                              struct transaction *transaction, int64_t now_s)
{
    bool is_due;
    struct db *db = transaction_db(transaction);
    enum status status = retention_due(db, now_s, housekeeping->history_s, &is_due);
    if (status != STATUS_OK || !is_due)
        return status;
    status = transaction_begin(transaction);
    if (status != STATUS_OK)
        return status;
    return end(transaction, retention_step(db, now_s, housekeeping->history_s));
}

enum status housekeeping_run(struct housekeeping *housekeeping, struct transaction *transaction,
                             int64_t now_s)
{
    struct pending_work work;
    struct db *db = transaction_db(transaction);
    enum status status = check_file(housekeeping, transaction);
    if (status != STATUS_OK)
        return status;
    status = store_work(housekeeping, transaction, &work);
    note_storing(housekeeping, status);
    watch_journal(housekeeping);
    if (status != STATUS_OK)
        return status;
    struct ranking_news news = {
        .batch = work.batch,
        .batch_len = work.batch_len,
        .changed = work.changes.ids,
        .changed_len = (size_t)work.changes.len,
    };
    /* What fails here is not lost: the sums are behind then, and read from the database again. */
    status = ranking_sync_apply(&housekeeping->sync, db, &news);
    assert(pending_views_journal_position(housekeeping->views) ==
           housekeeping->journal_applied); /* H3: still the batch that was stored */
    pending_views_stored(housekeeping->views);
    if (status == STATUS_OK) {
        turn_hour(housekeeping, transaction, now_s);
        status = ranking_sync_publish(&housekeeping->sync, db, now_s);
    }
    health_set(housekeeping->health, PROBLEM_RANKINGS, status != STATUS_OK, status_text(status));
    if (status != STATUS_OK)
        return status;
    status = remove_old(housekeeping, transaction, now_s);
    if (status != STATUS_OK && status != STATUS_BUSY && !housekeeping->is_removal_failing)
        log_write(LOG_ERROR, "old rows can't be packed or removed: %s", status_text(status));
    housekeeping->is_removal_failing = status != STATUS_OK;
    transaction_cut_wal(transaction);
    return status;
}
