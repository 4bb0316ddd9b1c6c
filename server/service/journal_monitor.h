/* The journal of views in a running server: opened with what is said of its state, brought to the
 * disk, and watched. */
#ifndef KHOBOR_SERVICE_JOURNAL_MONITOR_H
#define KHOBOR_SERVICE_JOURNAL_MONITOR_H

#include "base/config.h"
#include "counting/pending_views.h"
#include "service/housekeeping.h"

#include <stdatomic.h>
#include <stdbool.h>

/* Used by one thread at a time. */
struct journal_monitor {
    struct pending_views *counts;
    atomic_bool *works;           /* false while views are counted in memory alone */
    atomic_bool *storing;         /* the tick's: false while views can't be stored */
    struct view_journal *journal; /* NULL: there is none that can be used */
    bool syncing;                 /* it could be brought to the disk when that was last tried */
};

/* Opens the journal of the database that `tick` was loaded from and lets `counts` use it. A server
 * whose disk is full counts all the same, in memory: the log and *works say so. */
void journal_monitor_open(struct journal_monitor *journaling, const struct config *config,
                          const struct housekeeping *tick, struct pending_views *counts,
                          atomic_bool *works);

/* To be called after the counts were closed. */
void journal_monitor_close(struct journal_monitor *journaling);

/* Says once that views go past a journal that is full because none can be stored, and once that
 * none does any more. A flood that the next tick stores is no failure. */
void journal_monitor_watch(struct journal_monitor *journaling);

/* Brings it to the disk; says once that it can't, and once that it can again. */
void journal_monitor_sync(struct journal_monitor *journaling);

#endif
