/* The rankings of a whole hour that is past, as a snapshot like today's. */
#ifndef KHOBOR_RANKING_RANKING_HISTORY_H
#define KHOBOR_RANKING_RANKING_HISTORY_H

#include "base/status.h"
#include "db/sqlite.h"
#include "ranking/snapshot.h"

#include <stdint.h>

/* Reads every chart of list->section_id at a stored hour. */
enum status ranking_history_read(struct db *db, int64_t hour, struct ranked_list *list) MUST_CHECK;

/* Reads the charts of a section (0: the whole paper) at the newest hour not after `at` that was
 * stored; its `previous` is the hour stored before it. STATUS_ABSENT when none was. */
enum status ranking_history_open(struct db *db, int64_t section_id, int64_t at,
                                 struct snapshot **past) MUST_CHECK;
void ranking_history_close(struct snapshot *past);

#endif
