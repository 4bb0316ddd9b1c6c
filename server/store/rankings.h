/* The rankings as they were at whole hours: one compact row for each chart and hour.
 *
 * The column `entries` holds two numbers for each article, best first, in 7 bits a byte, lowest
 * first, with the high bit set on all but a number's last byte (LEB128):
 *
 *   | article id | views | article id | views | …
 */
#ifndef KHOBOR_STORE_RANKINGS_H
#define KHOBOR_STORE_RANKINGS_H

#include "base/status.h"
#include "db/sqlite.h"

#include <stddef.h>
#include <stdint.h>

enum {
    RANKINGS_MAX = 100, /* articles of a chart that are stored */
};

/* An article of a chart; its place is its index. Both numbers are over 0. */
struct stored_rank {
    int64_t article_id;
    int64_t views;
};

/* Stores the first RANKINGS_MAX articles of a chart at a whole hour, in place of what was stored
 * for it; in a transaction. section_id is 0 for the whole paper, `chart` the chart_name. */
enum status rankings_save(struct db *db, int64_t hour, int64_t section_id, const char *chart,
                          const struct stored_rank *ranks, size_t len) MUST_CHECK;

/* Finds the newest stored hour that is not after `at`; STATUS_ABSENT when there is none. */
enum status rankings_hour(struct db *db, int64_t at, int64_t *hour) MUST_CHECK;

/* Reads a chart at a stored hour into ranks[0..*len), which has room for RANKINGS_MAX. *len is 0
 * when nothing was ranked. Of a damaged row the entries before the damage are read. */
enum status rankings_read(struct db *db, int64_t hour, int64_t section_id, const char *chart,
                          struct stored_rank *ranks, size_t *len) MUST_CHECK;

#endif
