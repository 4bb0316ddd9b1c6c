/* Counted views in the database: by slots of 150 seconds for 7 hours, by hours for 90 days, then
 * by days, and in all. Slots, hours and days are cut in UTC. */
#ifndef KHOBOR_STORE_VIEWS_H
#define KHOBOR_STORE_VIEWS_H

#include "base/status.h"
#include "store/db.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    VIEW_SLOT_S = 150,
    VIEW_HOUR_S = 3600,
    VIEW_DAY_S = 86400,
    VIEW_SLOTS_KEPT_S = 7 * VIEW_HOUR_S,
    VIEW_HOURS_KEPT_S = 90 * VIEW_DAY_S,
};

/* The greatest multiple of `step_s` that is not after `at`. */
int64_t views_floor(int64_t at, int64_t step_s);

/* Views of one article in the slot that begins at `begin`. */
struct view_count {
    int64_t article_id;
    int64_t begin;
    int64_t count;
};

/* Adds counts to slot, hour and total; in a transaction. */
enum status views_add(struct db *db, const struct view_count *counts,
                      int64_t counts_len) MUST_CHECK;

/* Makes `count` what an article's hour counts, whatever it was; in a transaction. */
enum status views_set_hour(struct db *db, int64_t article_id, int64_t hour, int64_t count,
                           int64_t now_s, enum saved *saved) MUST_CHECK;

/* Calls `take` with each article's views in the slots (step_s = VIEW_SLOT_S) or hours begun from
 * `from` on and before `to`. */
typedef enum status views_take(void *context, int64_t article_id, int64_t count);
enum status views_each(struct db *db, int64_t step_s, int64_t from, int64_t to, views_take *take,
                       void *context) MUST_CHECK;

/* One article's views in the slots or hours begun from `from` on. */
enum status views_of_article(struct db *db, int64_t article_id, int64_t step_s, int64_t from,
                             int64_t *count) MUST_CHECK;

/* One article's hours in order, oldest first. */
enum status views_hours_each(struct db *db, int64_t article_id,
                             enum status (*take)(void *context, int64_t hour, int64_t count),
                             void *context) MUST_CHECK;

enum status views_total(struct db *db, int64_t article_id, int64_t *total) MUST_CHECK;

/* An article among the most viewed of all time. */
struct most_viewed {
    int64_t article_id;
    int64_t total;
};

/* Writes the most viewed articles ever that may be ranked at `now_s`, best first, at most `most`;
 * of one section, or of the paper when section_id is 0. *passed_over says that one whose time has
 * not come was left out. */
enum status views_most(struct db *db, int64_t section_id, int64_t now_s, struct most_viewed *best,
                       size_t most, size_t *len, bool *passed_over) MUST_CHECK;

/* Removes slots and folds hours into days that are past their time, a bounded number of rows a
 * call; in a transaction. *more says that there is more to do. */
enum status views_compact(struct db *db, int64_t now_s, bool *more) MUST_CHECK;

/* Whether views_compact has anything to do; outside a transaction. */
enum status views_compact_due(struct db *db, int64_t now_s, bool *due) MUST_CHECK;

#endif
