/* Articles' addresses by the thousand, for those who look for all of them. */
#ifndef KHOBOR_STORE_ADDRESSES_H
#define KHOBOR_STORE_ADDRESSES_H

#include "base/status.h"
#include "db/sqlite.h"

#include <stdint.h>

enum {
    ADDRESSES_NEWEST_MAX = 1000,
};

/* Calls `take` for the row of each article that may be seen at `now_s` with an id in the range
 * (addresses_by_id.sql), in the order of ids; stops on an error. */
enum status addresses_by_id(struct db *db, int64_t first_id, int64_t last_id, int64_t now_s,
                            enum status (*take)(void *arg, struct query *row),
                            void *arg) MUST_CHECK;

/* The same for those published since `from_at` (addresses_newest.sql), newest first, at most
 * `most`. */
enum status addresses_newest(struct db *db, int64_t from_at, int64_t now_s, int64_t most,
                             enum status (*take)(void *arg, struct query *row),
                             void *arg) MUST_CHECK;

/* The highest id there is; 0 without articles. */
enum status addresses_last_id(struct db *db, int64_t *id) MUST_CHECK;

#endif
