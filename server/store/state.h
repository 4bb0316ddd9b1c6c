/* Single numbers that the program remembers. */
#ifndef KHOBOR_STORE_STATE_H
#define KHOBOR_STORE_STATE_H

#include "base/status.h"
#include "db/sqlite.h"

#include <stdint.h>

/* The number of a name; 0 when none was set. */
enum status state_get(struct db *db, const char *name, int64_t *value) MUST_CHECK;

/* Remembers a number; in a transaction. */
enum status state_set(struct db *db, const char *name, int64_t value) MUST_CHECK;

#endif
