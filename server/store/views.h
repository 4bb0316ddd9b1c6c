/* Counted views in the database.
 *
 *   view_slots   views in slots of 150 seconds, kept for VIEW_SLOTS_KEPT_S
 *   view_hours   views in hours, kept for ever; those of over VIEW_HOURS_KEPT_S ago are packed into
 *                view_days (store/view_days), which only views_hours_each and views_set_hour read
 *   view_totals  all views of an article ever
 *   views_apart  requests that did not count as views, in hours
 *
 * Slots, hours and days begin at multiples of their length in UTC. Functions that write need a
 * transaction. Any function may return the error of a statement; those with a callback return its
 * status as well, and stop when that is not STATUS_OK.
 */
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

/* Views of one article in the slot or hour that begins at `begin`. */
struct view_count {
    int64_t article_id;
    int64_t begin;
    int64_t count;
};

/* Requests for one article that did not count, in an hour. */
struct uncounted_views {
    int64_t repeated, bots;
};

/* Adds uncounted views to the hour of `begin`. Those of an article that does not exist are ignored.
 */
enum status views_add_uncounted(struct db *db, int64_t article_id, int64_t begin,
                                const struct uncounted_views *uncounted) MUST_CHECK;

/* Adds views, each over 0 and in a slot, to slot, hour and total. Those of an article that does not
 * exist are ignored. */
enum status views_add(struct db *db, const struct view_count *counts,
                      int64_t counts_len) MUST_CHECK;

/* Sets the views of an article in an hour to `count`, 0 or more, whatever they were, and corrects
 * the total. The slots of the hour are replaced by one, or by none when they would be past their
 * time at `now_s`. STATUS_UNUSABLE when the hour's packed day is damaged. */
enum status views_set_hour(struct db *db, int64_t article_id, int64_t hour, int64_t count,
                           int64_t now_s, enum saved *saved) MUST_CHECK;

typedef enum status views_take(void *arg, const struct view_count *views);

/* Calls `take` once for each article with views in the slots (step_s = VIEW_SLOT_S) or hours
 * (HOUR_S) that begin at `from` or later and before `to`, with their sum; `begin` is 0. */
enum status views_each(struct db *db, int64_t step_s, int64_t from, int64_t to, views_take *take,
                       void *arg) MUST_CHECK;

/* The same slots or hours one by one, oldest first. */
enum status views_each_in_order(struct db *db, int64_t step_s, int64_t from, int64_t to,
                                views_take *take, void *arg) MUST_CHECK;

/* One article's hours in the same range, oldest first. */
enum status views_each_of_article(struct db *db, int64_t article_id, int64_t from, int64_t to,
                                  views_take *take, void *arg) MUST_CHECK;

/* The sum of one article's views in the same range; 0 for none. */
enum status views_of_article(struct db *db, int64_t article_id, int64_t step_s, int64_t from,
                             int64_t to, int64_t *count) MUST_CHECK;

/* Calls `take` for each hour of an article that has views or uncounted views, oldest first, packed
 * or not. STATUS_UNUSABLE when a packed day is damaged. */
typedef enum status views_take_hour(void *arg, int64_t hour, int64_t count,
                                    const struct uncounted_views *uncounted);
enum status views_hours_each(struct db *db, int64_t article_id, views_take_hour *take,
                             void *arg) MUST_CHECK;

/* All views of an article ever; 0 for one without views. */
enum status views_total(struct db *db, int64_t article_id, int64_t *total) MUST_CHECK;

/* An article among the most viewed of all time. */
struct most_viewed {
    int64_t article_id;
    int64_t total;
};

struct most_viewed_request {
    int64_t section_id; /* 0: the whole paper */
    int64_t now_s;
    int64_t since; /* only articles published at this time or later; INT64_MIN: all */
    size_t most;   /* room in `best` */
};

/* Writes the most viewed articles that are allowed in rankings and are published at `now_s`, best
 * first, into best[0..*len). *passed_over says whether a scheduled article was left out; *oldest is
 * the earliest publication time in the list, INT64_MAX for an empty one. */
enum status views_most(struct db *db, const struct most_viewed_request *request,
                       struct most_viewed *best, size_t *len, bool *passed_over,
                       int64_t *oldest) MUST_CHECK;

#endif
