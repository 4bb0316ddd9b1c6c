/* Time: the two clocks, the site's zone, and RFC 3339 texts.
 *
 * An instant is a count of seconds since 1970-01-01T00:00:00Z (`int64_t`, name ends in `_s` or is
 * a `…_at`). Everything above this floor takes "now" as a parameter.
 */
#ifndef KHOBOR_BASE_CLOCK_H
#define KHOBOR_BASE_CLOCK_H

#include "base/buf.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

/* Instants that can be stored: every zone shows them with a year of four digits. */
#define INSTANT_LEAST INT64_C(-30610137600) /* 1000-01-02T00:00:00Z */
#define INSTANT_MOST INT64_C(253402214399)  /* 9999-12-30T23:59:59Z */

enum {
    HOUR_S = 3600,
    DAY_S = 86400,
};

/* The greatest multiple of `step_s` that is not after `at`: the beginning, in UTC, of the slot,
 * hour or day that `at` lies in. */
int64_t instant_floor(int64_t at, int64_t step_s);

/* A calendar date and time of day as a wall clock shows it. weekday 0 is Sunday. */
struct civil {
    int year, month, day;
    int hour, minute, second;
    int weekday;
    int offset_s; /* east of UTC */
};

/* The wall clock, in seconds; moves when an operator or NTP moves it. */
int64_t clock_now_s(void);

/* A clock that only goes forward, in milliseconds, for deadlines and rates. */
int64_t clock_steady_ms(void);

/* Sleeps; returns early when a signal arrives. */
void clock_sleep_ms(int64_t duration_ms);

/* Makes `name` (an IANA zone such as Asia/Dhaka, or UTC) the zone of this process. To be called
 * before a second thread starts. STATUS_ABSENT when the system has no such zone. */
enum status zone_use(const char *name) MUST_CHECK;

/* The wall clock of the zone in use at `at`. */
void civil_from_instant(int64_t at, struct civil *civil);

/* The first instant of a day in the zone in use; STATUS_INVALID for a day that does not exist, or
 * lies outside the years 1000 to 9999. */
enum status instant_from_day(int year, int month, int day, int64_t *at) MUST_CHECK;

/* When the day ends that begins at `begin` in the zone in use: a civil day need not have 24 hours.
 */
int64_t day_end(int64_t begin);

/* Reads RFC 3339 §5.6 `date-time`: a zone is required, a fraction of a second is dropped, a leap
 * second is refused. STATUS_INVALID for anything else or outside INSTANT_LEAST..INSTANT_MOST. */
enum status instant_parse(const char *text, size_t len, int64_t *at) MUST_CHECK;

/* Reads YYYY-MM-DD as three numbers; STATUS_INVALID when the day does not exist. */
enum status day_parse(const char *text, size_t len, struct civil *day) MUST_CHECK;

/* Appends `at` as RFC 3339 in the zone in use: 2024-04-16T17:10:00+06:00. */
void instant_format(int64_t at, struct buf *to);

/* Appends `at` as mail and RSS write it (RFC 822 with a year of four digits, RFC 5322 §3.3), in the
 * zone in use: Tue, 16 Apr 2024 17:10:00 +0600. */
void instant_format_mail(int64_t at, struct buf *to);

#endif
