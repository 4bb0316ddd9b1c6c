/* The windows of time over which views are ranked. */
#ifndef KHOBOR_POPULARITY_WINDOW_H
#define KHOBOR_POPULARITY_WINDOW_H

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

/* "24h"; static. */
const char *window_name(enum window window);

/* False when no window has the name. */
bool window_named(const char *name, size_t len, enum window *window);

/* The steps in which a sliding window moves, in seconds: what its views are counted by. */
int64_t window_step_s(enum window window);

/* When a sliding window begins at `now_s`: it holds the steps begun from then on. */
int64_t window_begin(enum window window, int64_t now_s);

#endif
