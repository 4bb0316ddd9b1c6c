/* What is past its time, taken away or packed in small steps.
 *
 * A row is past its time when it is older than it is kept and enough that is newer has come in
 * since: a clock that leaps ahead for some hours makes nothing old, so that all is there when it
 * comes back. Slots go (their hours stay), hours are packed by days with nothing lost, hours of
 * views that did not count and stored rankings go.
 */
#ifndef KHOBOR_STORE_RETENTION_H
#define KHOBOR_STORE_RETENTION_H

#include "base/status.h"
#include "db/sqlite.h"

#include <stdbool.h>
#include <stdint.h>

/* Whether retention_step has anything to do; outside a transaction. `history_s` is how long stored
 * rankings are kept. */
enum status retention_due(struct db *db, int64_t now_s, int64_t history_s, bool *due) MUST_CHECK;

/* Does a bounded number of rows; in a transaction. */
enum status retention_step(struct db *db, int64_t now_s, int64_t history_s) MUST_CHECK;

/* Unpacks the day of an article's hour, as before one of its hours is set; in a transaction. It is
 * packed again later. */
enum status retention_unpack(struct db *db, int64_t article_id, int64_t hour) MUST_CHECK;

#endif
