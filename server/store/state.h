/* Single numbers that the program remembers between runs, by name, in the table state: how far the
 * journal of views is stored, how far hours are packed. */
#ifndef KHOBOR_STORE_STATE_H
#define KHOBOR_STORE_STATE_H

#include "base/status.h"
#include "db/sqlite.h"

#include <stdint.h>

/* The number of the database's journal of views, and the last record of it that is stored. */
#define STATE_JOURNAL_ID "journal_id"
#define STATE_JOURNAL_APPLIED "journal_applied"

/* Reads a number. *value is 0 when the name was never set. */
enum status state_get(struct db *db, const char *name, int64_t *value) MUST_CHECK;

/* Stores a number; in a transaction. */
enum status state_set(struct db *db, const char *name, int64_t value) MUST_CHECK;

#endif
