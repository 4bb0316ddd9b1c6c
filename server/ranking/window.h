/* The windows of time over which views are ranked, and the charts that come of it. */
#ifndef KHOBOR_RANKING_WINDOW_H
#define KHOBOR_RANKING_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From the narrowest on; WINDOW_ALL has no beginning and slides over nothing. */
enum window {
    WINDOW_1H,
    WINDOW_6H,
    WINDOW_24H,
    WINDOW_7D,
    WINDOW_30D,
    WINDOW_ALL,
    WINDOW__MAX
};

enum {
    WINDOWS_SLIDING = WINDOW_ALL
};

/* A list of the ranking: one a window, by its number, and what is trending. */
enum {
    CHART_TRENDING = WINDOW__MAX,
    CHART__MAX
};

/* A stretch of time, from `begin` on and before `end`. */
struct span {
    int64_t begin, end;
};

/* "24h"; static. */
const char *window_name(enum window window);

/* False when no window has the name. */
bool window_named(const char *name, size_t len, enum window *window);

/* The steps in which a sliding window moves, in seconds: what its views are counted by. */
int64_t window_step_s(enum window window);

/* What a sliding window holds at `now_s`: its length before the step under way, and that step. */
struct span window_span(enum window window, int64_t now_s);

/* "24h", or "trending"; static. */
const char *chart_name(int chart);

#endif
