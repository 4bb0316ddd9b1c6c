/* Where addresses of another system lead: from a path to an article. */
#ifndef KHOBOR_STORE_REDIRECTS_H
#define KHOBOR_STORE_REDIRECTS_H

#include "base/status.h"
#include "db/sqlite.h"

#include <stdint.h>

/* The article that a path leads to; STATUS_ABSENT when it leads nowhere. */
enum status redirect_find(struct db *db, const char *source, int64_t *article_id) MUST_CHECK;

/* Lets a path, which begins with /, lead to an article; in a transaction. */
enum status redirect_save(struct db *db, const char *source, int64_t article_id) MUST_CHECK;

#endif
