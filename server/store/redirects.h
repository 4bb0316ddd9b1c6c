/* Redirects from the paths that a paper had in another system to its articles. */
#ifndef KHOBOR_STORE_REDIRECTS_H
#define KHOBOR_STORE_REDIRECTS_H

#include "base/status.h"
#include "db/sqlite.h"

#include <stdint.h>

/* Finds the article that a path leads to; STATUS_ABSENT when there is no redirect. The path must be
 * spelled exactly as it was saved. */
enum status redirect_find(struct db *db, const char *source, int64_t *article_id) MUST_CHECK;

/* Stores a redirect in place of one from the same path; in a transaction. `source` begins with a
 * slash. */
enum status redirect_save(struct db *db, const char *source, int64_t article_id) MUST_CHECK;

#endif
