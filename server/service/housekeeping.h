/* What the writer thread does every half second: it stores the views that wait, moves the windows
 * of the rankings, publishes the rankings when they changed, and removes old rows. The journal of
 * views of a running server belongs to it, too. */
#ifndef KHOBOR_SERVICE_HOUSEKEEPING_H
#define KHOBOR_SERVICE_HOUSEKEEPING_H

#include "base/config.h"
#include "base/status.h"
#include "counting/pending_views.h"
#include "db/transaction.h"
#include "http/message/health.h"
#include "ranking/ranking_sync.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    HOUSEKEEPING_MS = 500
};

/* Filled in by the caller down to `history_s`, and zeroed below. Used by one thread at a time, the
 * one that opens it and then the writer's, except for housekeeping_sync_journal. */
struct housekeeping {
    struct pending_views *views;
    struct ranking_sync sync;
    struct health *health;
    int64_t history_s; /* how long the rankings of whole hours are stored; 0: not at all */

    struct view_journal *journal; /* NULL when there is none, or none that can be used */
    int64_t journal_id;           /* of the database's journal; 0: it has none */
    int64_t journal_applied;      /* the last record of the journal that the database has */
    bool is_sync_failing;         /* the last housekeeping_sync_journal failed */

    /* PRAGMA data_version, which every commit of another process moves: its last value, and the
     * value up to which the changes of others were read. */
    int64_t version_checked, version_read;
    bool had_versions;    /* shared with other processes at the start */
    uint32_t others_seen; /* commits that other processes announced and ended */

    int64_t hour;            /* the last whole hour whose rankings are known to be stored */
    bool is_hour_failing;    /* the rankings of the next one could not be stored at the last try */
    bool is_removal_failing; /* the last run could not pack or remove old rows */
};

/* Reads the windows from the database and publishes the first rankings. A database that can be read
 * and not written is no error: health has PROBLEM_STORING then. */
enum status housekeeping_load(struct housekeeping *housekeeping, struct transaction *transaction,
                              int64_t now_s) MUST_CHECK;

/* Opens the journal next to the database and makes `views` use it; after housekeeping_load and
 * before views are counted. When it can't be used (a full disk, say) views are counted in memory:
 * health has PROBLEM_JOURNAL then. STATUS_INVALID, with a fault, when something else has its
 * name. */
enum status housekeeping_open_journal(struct housekeeping *housekeeping,
                                      const struct config *config, struct fault *fault) MUST_CHECK;

/* When no thread counts views any more. */
void housekeeping_close_journal(struct housekeeping *housekeeping);

/* Brings the journal to the disk. Logs once that this fails, and once that it works again. Any one
 * thread, also while the writer's is in housekeeping_run. */
void housekeeping_sync_journal(struct housekeeping *housekeeping);

/* One run. When nothing was viewed and nothing changed, nothing is written. What fails is logged
 * once and tried again by the next run. */
enum status housekeeping_run(struct housekeeping *housekeeping, struct transaction *transaction,
                             int64_t now_s) MUST_CHECK;

#endif
