/* The rankings of whole hours that are past, in the database and as snapshots like the current one.
 */
#ifndef KHOBOR_RANKING_RANKING_HISTORY_H
#define KHOBOR_RANKING_RANKING_HISTORY_H

#include "base/status.h"
#include "db/sqlite.h"
#include "ranking/snapshot.h"

#include <stdint.h>

/* Stores every chart of a list as that of an hour; in a transaction. */
enum status ranking_history_write(struct db *db, int64_t hour,
                                  const struct ranked_list *list) MUST_CHECK;

/* Reads every chart of list->section_id at a stored hour. */
enum status ranking_history_read(struct db *db, int64_t hour, struct ranked_list *list) MUST_CHECK;

/* Reads the charts of a section (0: the whole paper) at the newest stored hour not after `at`; its
 * `previous` is the hour stored before it. STATUS_ABSENT when no hour was stored. The caller closes
 * it. */
enum status ranking_history_open(struct db *db, int64_t section_id, int64_t at,
                                 struct snapshot **past) MUST_CHECK;

/* `past` may be NULL. */
void ranking_history_close(struct snapshot *past);

#endif
