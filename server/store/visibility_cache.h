/* Per-thread cache of which articles readers are allowed to see.
 *
 * Each counted view needs the answer to "may readers see this article?". A direct-mapped table from
 * article id to what decides it (listed_at, withdrawn) answers without a statement. One cache
 * belongs to one thread. Its size is fixed; two ids with the same slot evict one another.
 */
#ifndef KHOBOR_STORE_VISIBILITY_CACHE_H
#define KHOBOR_STORE_VISIBILITY_CACHE_H

#include "base/status.h"
#include "db/sqlite.h"

#include <stdint.h>

struct visibility_cache;

/* STATUS_NO_MEMORY leaves *cache untouched. */
enum status visibility_cache_open(struct visibility_cache **cache) MUST_CHECK;

/* Frees the cache; NULL is allowed. */
void visibility_cache_close(struct visibility_cache *cache);

/* Same statuses as article_visible(db, id, now_s): STATUS_OK, STATUS_ABSENT, STATUS_GONE, or the
 * error of the statement. `version` is version_of(TOPIC_CARD, id), which the caller reads before
 * this call: a commit during the call then leaves an entry whose version is outdated, never an
 * outdated entry under the current version. An entry of another version is read again. */
enum status visibility_cache_check(struct visibility_cache *cache, struct db *db, int64_t version,
                                   int64_t id, int64_t now_s) MUST_CHECK;

#endif
