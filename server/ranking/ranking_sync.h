/* Keeps the rankings in step with the database: adds what was viewed, moves the windows, recounts
 * what another process changed, and stores and shows whole hours. */
#ifndef KHOBOR_RANKING_RANKING_SYNC_H
#define KHOBOR_RANKING_RANKING_SYNC_H

#include "base/status.h"
#include "counting/pending_views.h"
#include "db/sqlite.h"
#include "db/versions.h"
#include "ranking/ranking.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The caller sets `ranking` and, before ranking_sync_load, `versions`. Used by one thread at a
 * time. */
struct ranking_sync {
    struct ranking *ranking;
    struct versions *versions;               /* of what is published */
    struct time_span spans[WINDOWS_SLIDING]; /* what each window's sums cover now */
    bool is_behind;                          /* W4 */
    struct db *db;                           /* of the call under way, */
    int64_t now_s;                           /* and its time */
};

/* What happened since the last call; it is in the database already. */
struct ranking_news {
    const struct pending_count *batch; /* views that were stored */
    size_t batch_len;
    const int64_t *changed; /* articles whose rows or counts another process changed */
    size_t changed_len;
};

/* Sums the windows from the database and publishes. Views that are stored after this is called must
 * be given to ranking_sync_apply. A failure, here and below, leaves the ranking behind. */
enum status ranking_sync_load(struct ranking_sync *sync, struct db *db, int64_t now_s) MUST_CHECK;

/* Whether a call failed halfway, so that the sums are not those of the database. Then the next call
 * that moves the windows sums them from the database, and readers see what was published last. */
bool ranking_sync_is_behind(const struct ranking_sync *sync);

/* Applies what happened. Everything that was in a window at the last call must still be in the
 * database, here and in the functions below. */
enum status ranking_sync_apply(struct ranking_sync *sync, struct db *db,
                               const struct ranking_news *news) MUST_CHECK;

/* Stores the rankings of the whole hour `hour`, which sum the views before it; in a transaction, at
 * the hour or soon after. */
enum status ranking_sync_store_hour(struct ranking_sync *sync, struct db *db,
                                    int64_t hour) MUST_CHECK;

/* Makes the newest hour that is stored by `now_s` the previous one of what is published next. */
enum status ranking_sync_show_hour(struct ranking_sync *sync, struct db *db,
                                   int64_t now_s) MUST_CHECK;

/* Moves the windows to `now_s` and publishes when a list differs. */
enum status ranking_sync_publish(struct ranking_sync *sync, struct db *db,
                                 int64_t now_s) MUST_CHECK;

#endif
