/* THE rule of what readers may see, and a cache of its answers.
 *
 * An article with the status `published` or `scheduled` is listed from published_at on; with
 * `draft` or `withdrawn` it is listed never. Readers may see an article once it is listed. A
 * withdrawn article is gone (410), any other that is not listed does not exist for readers (404).
 *
 * In C the rule is article_listed_at() and article_visibility(), and nothing else decides it. In
 * SQL it is the generated column articles.listed_at (and its copies article_terms.listed_at and
 * view_totals.ranked_at) compared with :now. tests/unit/store/test_visibility.c compares both.
 */
#ifndef KHOBOR_STORE_VISIBILITY_H
#define KHOBOR_STORE_VISIBILITY_H

#include "base/clock.h"
#include "base/status.h"
#include "db/sqlite.h"

#include <stdbool.h>
#include <stdint.h>

/* When an article with this status and published_at is listed; INSTANT_NONE: never. */
int64_t article_listed_at(const char *status, int64_t published_at);

/* STATUS_OK when readers may see an article at `now_s`, STATUS_GONE when it was withdrawn,
 * STATUS_ABSENT when it is a draft or its time has not come. */
enum status article_visibility(bool is_withdrawn, int64_t listed_at, int64_t now_s);

/* Per-thread cache of which articles readers are allowed to see.
 *
 * Each counted view needs the answer to "may readers see this article?". A direct-mapped table from
 * article id to what decides it (listed_at, withdrawn) answers without a statement. One cache
 * belongs to one thread. Its size is fixed; two ids with the same slot evict one another.
 */
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
