/* Time: two clocks, the zone of the site, and texts that mean an instant.
 *
 * An instant is a number of seconds since 1970-01-01T00:00:00Z (`int64_t`; the name ends in `_s` or
 * `_at`). Modules above base take the current instant as a parameter.
 */
#ifndef KHOBOR_BASE_CLOCK_H
#define KHOBOR_BASE_CLOCK_H

#include "base/buf.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The value of an absent time. */
#define INSTANT_NONE INT64_MIN

/* The range of instants that can be stored: in every zone their year has four digits. */
#define INSTANT_LEAST INT64_C(-30610137600) /* 1000-01-02T00:00:00Z */
#define INSTANT_MOST INT64_C(253402214399)  /* 9999-12-30T23:59:59Z */

enum {
    HOUR_S = 3600,
    DAY_S = 86400,
};

/* The greatest multiple of `step_s` that is not after `at`: in UTC, the beginning of the slot, hour
 * or day that contains `at`. */
int64_t instant_floor(int64_t at, int64_t step_s);

/* The nearest instant that can be stored, for the time of a clock that may be wrong. */
int64_t instant_limit(int64_t at);

/* A calendar date and time of day as a wall clock shows it. weekday 0 is Sunday. */
struct civil {
    int year, month, day;
    int hour, minute, second;
    int weekday;
    int offset_s; /* east of UTC */
};

/* The wall clock, in seconds. It jumps when an operator or NTP sets it. */
int64_t clock_now_s(void);

/* A clock that never goes back, in milliseconds from an arbitrary start, for deadlines and rates.
 */
int64_t clock_steady_ms(void);

/* Sleeps for a while; returns early when a signal arrives. */
void clock_sleep_ms(int64_t duration_ms);

/* Makes `name` (an IANA zone such as Asia/Dhaka, or UTC) the zone of the process. Called before a
 * second thread starts. STATUS_ABSENT when the system has no such zone. */
enum status zone_use(const char *name) MUST_CHECK;

/* What a wall clock in the zone of the process shows at `at`. The year is 999 to 10000:
 * a wrong clock's time, or one from a damaged database, counts as the nearest in these. */
void civil_from_instant(int64_t at, struct civil *civil);

/* The first instant of a day in the zone of the process. STATUS_INVALID for a day that does not
 * exist or is outside the years 1000 to 9999. */
enum status instant_from_day(int year, int month, int day, int64_t *at) MUST_CHECK;

/* The end of the day that begins at `begin`, in the zone of the process. A civil day does not
 * always have 24 hours. */
int64_t day_end(int64_t begin);

bool year_is_leap(int year);

/* Days from 1 March to a date, for years that are counted from March: their leap day is at the end,
 * where it does not move any other date. */
int days_after_march(int month, int day);

/* Parses `date-time` of RFC 3339 §5.6. A fraction of a second is dropped and a leap second refused.
 * STATUS_INVALID for anything else, or outside of INSTANT_LEAST to INSTANT_MOST. */
enum status instant_parse(const char *text, size_t len, int64_t *at) MUST_CHECK;

/* Parses YYYY-MM-DD; the time of day is 0. STATUS_INVALID when there is no such day. */
enum status day_parse(const char *text, size_t len, struct civil *day) MUST_CHECK;

/* Appends `at` as RFC 3339 in the zone of the process: 2024-04-16T17:10:00+06:00. */
void instant_format(int64_t at, struct buf *to);

/* Appends `at` as mail and RSS write it (RFC 5322 §3.3), in the zone of the process:
 * Tue, 16 Apr 2024 17:10:00 +0600. */
void instant_format_mail(int64_t at, struct buf *to);

#endif
