/* The rankings as they stood at whole hours: one compact row a chart and hour. */
#ifndef KHOBOR_STORE_RANKINGS_H
#define KHOBOR_STORE_RANKINGS_H

#include "base/status.h"
#include "db/sqlite.h"

#include <stddef.h>
#include <stdint.h>

enum {
    RANKINGS_MOST = 100, /* articles of a chart that are stored */
};

/* An article's place is where it stands in the row. */
struct stored_rank {
    int64_t article_id;
    int64_t views;
};

/* Stores the best of a section's chart (0: the whole paper's) at an hour, at most RANKINGS_MOST of
 * them; in a transaction, in place of what was. */
enum status rankings_save(struct db *db, int64_t hour, int64_t section_id, const char *chart,
                          const struct stored_rank *ranks, size_t len) MUST_CHECK;

/* The newest hour not after `at` that is stored; STATUS_ABSENT when there is none. */
enum status rankings_hour(struct db *db, int64_t at, int64_t *hour) MUST_CHECK;

/* Reads a chart at a stored hour into room for RANKINGS_MOST; none when nothing was ranked. */
enum status rankings_read(struct db *db, int64_t hour, int64_t section_id, const char *chart,
                          struct stored_rank *ranks, size_t *len) MUST_CHECK;

#endif
