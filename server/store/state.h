/* Single numbers that the program remembers between runs, by name: how far hours are packed, how
 * far the journal of views is stored. */
#ifndef KHOBOR_STORE_STATE_H
#define KHOBOR_STORE_STATE_H

#include "base/status.h"
#include "db/sqlite.h"

#include <stdint.h>

/* Reads a number; 0 when it was never set. */
enum status state_get(struct db *db, const char *name, int64_t *value) MUST_CHECK;

/* Stores a number; in a transaction. */
enum status state_set(struct db *db, const char *name, int64_t value) MUST_CHECK;

#endif
