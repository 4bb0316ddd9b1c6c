/* The rankings of a whole hour that is past, as a snapshot like today's. */
#ifndef KHOBOR_DOCUMENT_PAST_H
#define KHOBOR_DOCUMENT_PAST_H

#include "base/status.h"
#include "document/reading.h"
#include "popularity/snapshot.h"

#include <stdint.h>

/* Reads every chart of list->section_id at a stored hour. */
enum status past_read(struct db *db, int64_t hour, struct ranked_list *list) MUST_CHECK;

/* Reads the charts of a section (0: the whole paper) at the newest hour not after `at` that was
 * stored; its `previous` is the hour stored before it. STATUS_ABSENT when none was. */
enum status past_open(const struct reading *reading, int64_t section_id, int64_t at,
                      struct snapshot **past) MUST_CHECK;
void past_close(struct snapshot *past);

#endif
