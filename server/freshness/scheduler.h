/* The scheduler: publishes scheduled articles when their time comes. Nothing is committed at that
 * instant, so no writer moves the versions (db/versions.h) of what shows them. Instead, the first
 * thread that serves a request after that instant does, before it looks into its cache.
 *
 * scheduler.c has the states and the invariants. */
#ifndef KHOBOR_FRESHNESS_SCHEDULER_H
#define KHOBOR_FRESHNESS_SCHEDULER_H

#include "base/status.h"
#include "db/sqlite.h"
#include "db/versions.h"

#include <stdbool.h>
#include <stdint.h>

struct scheduler;

/* STATUS_NO_MEMORY. `versions` must outlive the scheduler, which the caller closes. */
enum status scheduler_open(struct versions *versions, struct scheduler **scheduler) MUST_CHECK;

/* `scheduler` may be NULL. */
void scheduler_close(struct scheduler *scheduler);

/* Publishes all articles that appeared up to `now_s`, if one is due; if none is, this compares two
 * pairs of numbers and does not use `db`. Called from any thread, with that thread's connection,
 * outside of a transaction. When the database can't be read its status is returned, and the next
 * call tries again. */
enum status scheduler_publish_due(struct scheduler *scheduler, struct db *db,
                                  int64_t now_s) MUST_CHECK;

/* Whether the articles of an instant after `now_s` are or are being published: the calling thread
 * read the clock a little before another. What it builds shows an older state and must not be
 * cached. Called after the build token was read. */
bool scheduler_is_ahead(const struct scheduler *scheduler, int64_t now_s);

#endif
