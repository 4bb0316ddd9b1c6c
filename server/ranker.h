/* Keeps the rankings in step with the database: what was viewed comes in, what slid out of a window
 * goes out, what another process changed is counted anew, and each whole hour is kept. */
#ifndef KHOBOR_RANKER_H
#define KHOBOR_RANKER_H

#include "base/status.h"
#include "popularity/counts.h"
#include "popularity/ranking.h"
#include "store/db.h"
#include "store/versions.h"

#include <stddef.h>
#include <stdint.h>

/* Used by one thread at a time. */
struct ranker {
    struct ranking *ranking;
    struct versions *versions;          /* move with what is published */
    struct span spans[WINDOWS_SLIDING]; /* of the windows, as they are counted now */
    struct db *db;                      /* of the call under way, */
    int64_t now_s;                      /* and its time */
};

/* What happened since the last run; it is in the database already. */
struct news {
    const struct count *batch; /* views that were stored */
    size_t batch_len;
    const int64_t *changed; /* articles whose rows or counts another process changed */
    size_t changed_len;
};

/* Reads the windows from the database and publishes. Views that are stored later than this is
 * called must come in as news. */
enum status ranker_load(struct ranker *ranker, struct db *db, int64_t now_s) MUST_CHECK;

/* Takes in what happened. Whatever lay in a window when this was last called must still be in the
 * database, here as below. */
enum status ranker_take(struct ranker *ranker, struct db *db, const struct news *news) MUST_CHECK;

/* Stores the rankings of the whole hour `hour`, with the views before it, for all of history; in a
 * transaction. To be called at the hour, or soon after. */
enum status ranker_keep_hour(struct ranker *ranker, struct db *db, int64_t hour) MUST_CHECK;

/* Shows the places of the newest hour that is stored as those before. */
enum status ranker_show_hour(struct ranker *ranker, struct db *db, int64_t now_s) MUST_CHECK;

/* Brings the rankings up to `now_s` and publishes what differs. */
enum status ranker_publish(struct ranker *ranker, struct db *db, int64_t now_s) MUST_CHECK;

#endif
