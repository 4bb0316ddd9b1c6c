/* How much an article is read of late: its views, each halved again for every half-life that passed
 * since (exponential decay).
 *
 * A view counts by the hour it fell in. The score is a logarithm, the same at whatever time two
 * articles are compared: nothing has to be brought up to date while nobody reads, and no leap of
 * the clock overflows it. The same counts in the same hours give the same score, however they came.
 */
#ifndef KHOBOR_RANKING_TREND_H
#define KHOBOR_RANKING_TREND_H

#include <stdbool.h>
#include <stdint.h>

struct trend {
    int64_t hour;  /* the newest with views, in seconds; meaningless while there are none */
    int64_t views; /* in it */
    double before; /* those of earlier hours, decayed to it */
};

/* Adds views of an hour; the first of a zeroed trend may be of any. False when it is older than the
 * newest: the trend must be made anew from the first hour on. */
bool trend_add(struct trend *trend, int64_t hour, int64_t views, int64_t half_life_s);

/* Higher is read more; of a trend without views it is -INFINITY. */
double trend_score(const struct trend *trend, int64_t half_life_s);

#endif
