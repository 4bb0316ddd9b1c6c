/* Keeps the rankings in step with the database: what was viewed comes in, what slid out of a window
 * goes out, what another process changed is counted anew, and each whole hour is kept. */
#ifndef KHOBOR_RANKING_RANKING_SYNC_H
#define KHOBOR_RANKING_RANKING_SYNC_H

#include "base/status.h"
#include "counting/pending_views.h"
#include "db/sqlite.h"
#include "db/versions.h"
#include "ranking/ranking.h"

#include <stddef.h>
#include <stdint.h>

/* Used by one thread at a time. */
struct ranking_sync {
    struct ranking *ranking;
    struct versions *versions;          /* move with what is published */
    struct span spans[WINDOWS_SLIDING]; /* of the windows, as they are counted now */
    struct db *db;                      /* of the call under way, */
    int64_t now_s;                      /* and its time */
};

/* What happened since the last run; it is in the database already. */
struct ranking_news {
    const struct pending_count *batch; /* views that were stored */
    size_t batch_len;
    const int64_t *changed; /* articles whose rows or counts another process changed */
    size_t changed_len;
};

/* Reads the windows from the database and publishes. Views that are stored later than this is
 * called must come in as news. */
enum status ranking_sync_load(struct ranking_sync *sync, struct db *db, int64_t now_s) MUST_CHECK;

/* Takes in what happened. Whatever lay in a window when this was last called must still be in the
 * database, here as below. */
enum status ranking_sync_apply(struct ranking_sync *sync, struct db *db,
                               const struct ranking_news *news) MUST_CHECK;

/* Stores the rankings of the whole hour `hour`, with the views before it, for all of history; in a
 * transaction. To be called at the hour, or soon after. */
enum status ranking_sync_store_hour(struct ranking_sync *sync, struct db *db,
                                    int64_t hour) MUST_CHECK;

/* Shows the places of the newest hour that is stored as those before. */
enum status ranking_sync_show_hour(struct ranking_sync *sync, struct db *db,
                                   int64_t now_s) MUST_CHECK;

/* Brings the rankings up to `now_s` and publishes what differs. */
enum status ranking_sync_publish(struct ranking_sync *sync, struct db *db,
                                 int64_t now_s) MUST_CHECK;

#endif
