/* The windows of time over which views are summed, and the charts that are made of them. */
#ifndef KHOBOR_RANKING_WINDOW_H
#define KHOBOR_RANKING_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From narrow to wide. WINDOW_ALL has no beginning and does not slide. */
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

/* A chart is an ordered list of articles: one for each window, with its number, and the trending
 * ones. */
enum {
    CHART_TRENDING = WINDOW__MAX,
    CHART__MAX
};

/* From `begin` on and before `end`, in seconds since 1970. */
struct time_span {
    int64_t begin, end;
};

/* "24h"; static. */
const char *window_name(enum window window);

/* Finds a window by its name of `len` bytes; false when no window has it. */
bool window_named(const char *name, size_t len, enum window *window);

/* The step in which a sliding window moves, and by which its views are counted, in seconds. */
int64_t window_step_s(enum window window);

/* What a sliding window covers at `now_s`: the step that `now_s` is in, and the window's length
 * before that step. Both ends are multiples of the step. */
struct time_span window_span(enum window window, int64_t now_s);

/* "24h", or "trending"; static. */
const char *chart_name(int chart);

#endif
