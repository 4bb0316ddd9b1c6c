/* Articles that appear by themselves, when their time comes: nobody commits anything then. Whoever
 * asks first at that time says for all what has changed (store/versions.h). */
#ifndef KHOBOR_STORE_APPEARANCES_H
#define KHOBOR_STORE_APPEARANCES_H

#include "base/status.h"
#include "store/db.h"
#include "store/versions.h"

#include <stdbool.h>
#include <stdint.h>

struct appearances;

/* `versions` must outlive it. */
enum status appearances_open(struct versions *versions,
                             struct appearances **appearances) MUST_CHECK;
void appearances_close(struct appearances *appearances);

/* Publishes what appeared until `now_s`, if anything may have: without that, two numbers are
 * compared and `db` is not asked. From any thread, with its own connection, outside of a
 * transaction. A failure is tried again by the next call. */
enum status appearances_show(struct appearances *appearances, struct db *db,
                             int64_t now_s) MUST_CHECK;

/* Whether `now_s` lies before what was published already: of a thread that looked at the clock just
 * before another. What it makes must not be kept. To be asked after the moment was noted. */
bool appearances_are_ahead(const struct appearances *appearances, int64_t now_s);

#endif
