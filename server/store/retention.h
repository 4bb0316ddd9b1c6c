/* Expiry of old rows, in small steps.
 *
 *   kind of row                      expires after      what happens
 *   views in slots                   VIEW_SLOTS_KEPT_S  deleted; their hours stay
 *   views in hours                   VIEW_HOURS_KEPT_S  packed by days, and nothing is lost
 *   requests that did not count      VIEW_HOURS_KEPT_S  deleted
 *   stored rankings of whole hours   `history_s`        deleted
 *
 * Age alone does not expire a row: enough newer rows of its kind must have been stored as well (as
 * many slots as 10 hours have, 24 hours). So a clock that jumps years ahead for some hours expires
 * nothing.
 */
#ifndef KHOBOR_STORE_RETENTION_H
#define KHOBOR_STORE_RETENTION_H

#include "base/status.h"
#include "db/sqlite.h"

#include <stdbool.h>
#include <stdint.h>

/* Sets *due when retention_step would do anything. A few rows are read; to be called outside a
 * transaction. `history_s` is how long stored rankings are kept; 0: they all expire. */
enum status retention_due(struct db *db, int64_t now_s, int64_t history_s, bool *due) MUST_CHECK;

/* Expires a bounded number of rows, which takes some milliseconds; in a transaction.
 * STATUS_UNUSABLE when a packed day that would grow is damaged. */
enum status retention_step(struct db *db, int64_t now_s, int64_t history_s) MUST_CHECK;

/* Moves the packed hours of the day that `hour` is in back into rows, so that one of them can be
 * set; later steps pack them again. In a transaction. STATUS_UNUSABLE when the day is damaged. */
enum status retention_unpack(struct db *db, int64_t article_id, int64_t hour) MUST_CHECK;

#endif
