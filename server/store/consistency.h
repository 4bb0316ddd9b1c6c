/* Whether what is stored fits together: for `khobor check`. It reads the whole database. */
#ifndef KHOBOR_STORE_CONSISTENCY_H
#define KHOBOR_STORE_CONSISTENCY_H

#include "base/status.h"
#include "db/sqlite.h"

#include <stdint.h>

/* Is told each fault: what is wrong, and what to do. Both are valid during the call. */
typedef void consistency_found(void *arg, const char *what, const char *advice);

/* Checks SQLite's structure, texts, times and numbers, and what is derived from articles and views.
 * The connection reads; `now_s` is compared with the newest views. An error status when the
 * database can't be read to its end, which is a fault of its own and told as well. */
enum status consistency_check(struct db *db, int64_t now_s, consistency_found *found,
                              void *arg) MUST_CHECK;

/* Derives again what is derived: totals of views, and what totals and terms repeat of their
 * articles. In a transaction. */
enum status consistency_repair(struct db *db) MUST_CHECK;

#endif
