/* Articles that appear by themselves, when their time comes: nobody commits anything then. Whoever
 * asks first at that time says for all what has changed (store/versions.h). */
#ifndef KHOBOR_FRESHNESS_SCHEDULER_H
#define KHOBOR_FRESHNESS_SCHEDULER_H

#include "base/status.h"
#include "db/sqlite.h"
#include "db/versions.h"

#include <stdbool.h>
#include <stdint.h>

struct scheduler;

/* `versions` must outlive it. */
enum status scheduler_open(struct versions *versions, struct scheduler **scheduler) MUST_CHECK;
void scheduler_close(struct scheduler *scheduler);

/* Publishes what appeared until `now_s`, if anything may have: without that, two numbers are
 * compared and `db` is not asked. From any thread, with its own connection, outside of a
 * transaction. A failure is tried again by the next call. */
enum status scheduler_publish_due(struct scheduler *scheduler, struct db *db,
                                  int64_t now_s) MUST_CHECK;

/* Whether `now_s` lies before what was published already: of a thread that looked at the clock just
 * before another. What it makes must not be kept. To be asked after the moment was noted. */
bool scheduler_is_ahead(const struct scheduler *scheduler, int64_t now_s);

#endif
