/* What happens every half second on the writer's thread: counted views are stored, windows slide,
 * and the rankings are published anew where something changed. */
#ifndef KHOBOR_SERVICE_HOUSEKEEPING_H
#define KHOBOR_SERVICE_HOUSEKEEPING_H

#include "base/status.h"
#include "counting/pending_views.h"
#include "db/writer.h"
#include "ranking/ranking_sync.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    HOUSEKEEPING_MS = 500
};

/* Used by one thread at a time: the one that opens it, then the writer's. */
struct housekeeping {
    struct pending_views *counts;
    struct ranking_sync sync;
    atomic_bool *storing;                /* false while views can't be stored */
    int64_t journal_id, journal_applied; /* as the database has them; 0: none */
    /* PRAGMA data_version, which another process's commit moves: when it was last looked at, and as
     * far as its changes were taken in. */
    int64_t version_looked, version_seen;
    int64_t history_s;    /* for which the rankings of whole hours are kept; 0: not at all */
    int64_t hour;         /* the whole hour that was kept or looked for last */
    bool hour_failed;     /* it could not be kept when that was last tried */
    uint32_t others_seen; /* commits that others announced and concluded */
};

/* Reads the windows from the database and publishes the first rankings. A database that can't be
 * written is no error: *storing says so. */
enum status housekeeping_load(struct housekeeping *tick, struct transaction *transaction,
                              int64_t now_s) MUST_CHECK;

/* One tick. When nothing was viewed and nothing changed, nothing is written. */
enum status housekeeping_run(struct housekeeping *tick, struct transaction *transaction,
                             int64_t now_s) MUST_CHECK;

#endif
