/* Counted views in the database: by slots of 150 seconds for 10 hours, by hours for good, and in
 * all. Hours of more than 90 days ago are packed by days; that is store/compaction's, and is not
 * seen from outside. Slots, hours and days are cut in UTC. */
#ifndef KHOBOR_STORE_VIEWS_H
#define KHOBOR_STORE_VIEWS_H

#include "base/clock.h"
#include "base/status.h"
#include "db/sqlite.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    VIEW_SLOT_S = 150,
    VIEW_SLOTS_KEPT_S = 10 * HOUR_S,
    VIEW_HOURS_KEPT_S = 90 * DAY_S,
};

/* Views of one article in the slot that begins at `begin`. */
struct view_count {
    int64_t article_id;
    int64_t begin;
    int64_t count;
};

/* Views that did not count, of one article in an hour. */
struct views_apart {
    int64_t repeated, bots;
};

/* Adds to what did not count in the hour of `begin`; in a transaction. */
enum status views_add_apart(struct db *db, int64_t article_id, int64_t begin,
                            const struct views_apart *apart) MUST_CHECK;

/* Adds counts to slot, hour and total; in a transaction. Those of an article that is not there are
 * passed over. */
enum status views_add(struct db *db, const struct view_count *counts,
                      int64_t counts_len) MUST_CHECK;

/* Makes `count` what an article's hour counts, whatever it was; in a transaction. */
enum status views_set_hour(struct db *db, int64_t article_id, int64_t hour, int64_t count,
                           int64_t now_s, enum saved *saved) MUST_CHECK;

/* Calls `take` with each article's views in the slots (step_s = VIEW_SLOT_S) or hours begun from
 * `from` on and before `to`: summed, when `begin` is 0, or slot by slot, oldest first. */
typedef enum status views_take(void *arg, const struct view_count *views);
enum status views_each(struct db *db, int64_t step_s, int64_t from, int64_t to, views_take *take,
                       void *arg) MUST_CHECK;
enum status views_each_in_order(struct db *db, int64_t step_s, int64_t from, int64_t to,
                                views_take *take, void *arg) MUST_CHECK;

/* The same for one article's hours, oldest first. */
enum status views_each_of_article(struct db *db, int64_t article_id, int64_t from, int64_t to,
                                  views_take *take, void *arg) MUST_CHECK;

/* One article's views in the slots or hours begun from `from` on and before `to`. */
enum status views_of_article(struct db *db, int64_t article_id, int64_t step_s, int64_t from,
                             int64_t to, int64_t *count) MUST_CHECK;

/* One article's hours in order, oldest first. */
enum status views_hours_each(struct db *db, int64_t article_id,
                             enum status (*take)(void *arg, int64_t hour, int64_t count,
                                                 const struct views_apart *apart),
                             void *arg) MUST_CHECK;

enum status views_total(struct db *db, int64_t article_id, int64_t *total) MUST_CHECK;

/* An article among the most viewed of all time. */
struct most_viewed {
    int64_t article_id;
    int64_t total;
};

/* Writes the most viewed articles ever that may be ranked at `now_s` and were published from
 * `since` on, best first, at most `most`; of one section, or of the paper when section_id is 0.
 * *passed_over says that one whose time has not come was left out, *oldest when the oldest in the
 * list was published. */
struct most_viewed_request {
    int64_t section_id, now_s, since;
    size_t most;
};
enum status views_most(struct db *db, const struct most_viewed_request *ask,
                       struct most_viewed *best, size_t *len, bool *passed_over,
                       int64_t *oldest) MUST_CHECK;

#endif
