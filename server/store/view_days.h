/* Views of long past hours, packed: one row of the table view_days holds a day of an article.
 *
 * The column `hours` is JSON text, an object from the hour of the day in UTC to its views:
 *
 *   {"13":120,"14":3}
 *    |    |
 *    |    views, 1 to 2^63 - 1, without leading zeros
 *    hour, 0 to 23, without leading zeros
 *
 * Each hour appears at most once, in any order (a Khobor that packed in SQL appended them; this one
 * writes them ascending), and there is at least one. There is no white space. Any other text is
 * damaged. The text is at most VIEW_DAY_BYTES long.
 */
#ifndef KHOBOR_STORE_VIEW_DAYS_H
#define KHOBOR_STORE_VIEW_DAYS_H

#include "base/status.h"
#include "db/sqlite.h"

#include <stddef.h>
#include <stdint.h>

enum {
    DAY_HOURS = 24,
    VIEW_DAY_BYTES = 2 + DAY_HOURS * 25, /* braces, and {"23":9223372036854775807,} for each */
};

/* The views of a day by hour; 0 for an hour without. No count is negative. */
struct view_day {
    int64_t counts[DAY_HOURS];
};

/* Parses a stored text; STATUS_UNUSABLE, with *day untouched, when it is damaged. */
enum status view_day_parse(const char *text, size_t len, struct view_day *day) MUST_CHECK;

/* Writes a day that has any views as text without a NUL; returns how many bytes. */
size_t view_day_format(const struct view_day *day, char to[VIEW_DAY_BYTES]);

/* Adds views to an hour, 0 to DAY_HOURS - 1; STATUS_UNUSABLE when the sum is out of range. */
enum status view_day_add(struct view_day *day, int hour, int64_t count) MUST_CHECK;

/* Parses the column `hours` of a row; NULL there is a day without views. STATUS_UNUSABLE when it is
 * damaged, which is logged with `article_id`. */
enum status view_day_of_row(struct query *row, int64_t article_id, struct view_day *day) MUST_CHECK;

/* Reads an article's packed day, which begins at `begin`; one without views when none is stored.
 * STATUS_UNUSABLE as view_day_of_row. */
enum status view_day_find(struct db *db, int64_t begin, int64_t article_id,
                          struct view_day *day) MUST_CHECK;

/* Stores an article's packed day in place of what was there; in a transaction. */
enum status view_day_save(struct db *db, int64_t begin, int64_t article_id,
                          const struct view_day *day) MUST_CHECK;

/* Deletes an article's packed day, if there is one; in a transaction. */
enum status view_day_remove(struct db *db, int64_t begin, int64_t article_id) MUST_CHECK;

#endif
