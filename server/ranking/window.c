/* One row for each window: its name, its length, and the step in which it moves. */
#include "ranking/window.h"

#include "store/views.h"

#include <assert.h>
#include <string.h>

static const struct {
    const char *name;
    int64_t length_s, step_s;
} windows[WINDOW__MAX] = {
    [WINDOW_1H] = {"1h", HOUR_S, VIEW_SLOT_S},  [WINDOW_6H] = {"6h", 6 * HOUR_S, VIEW_SLOT_S},
    [WINDOW_24H] = {"24h", DAY_S, HOUR_S},      [WINDOW_7D] = {"7d", 7 * DAY_S, HOUR_S},
    [WINDOW_30D] = {"30d", 30 * DAY_S, HOUR_S}, [WINDOW_ALL] = {"all", 0, HOUR_S},
};

const char *window_name(enum window window)
{
    return windows[window].name;
}

bool window_named(const char *name, size_t len, enum window *window)
{
    for (int i = 0; i < WINDOW__MAX; i++) {
        if (strlen(windows[i].name) == len && memcmp(windows[i].name, name, len) == 0) {
            *window = (enum window)i;
            return true;
        }
    }
    return false;
}

int64_t window_step_s(enum window window)
{
    return windows[window].step_s;
}

struct time_span window_span(enum window window, int64_t now_s)
{
    assert(window < WINDOW_ALL);
    int64_t step_s = windows[window].step_s;
    int64_t step_begin = instant_floor(now_s, step_s);
    return (struct time_span){.begin = step_begin - windows[window].length_s,
                              .end = step_begin + step_s};
}

const char *chart_name(int chart)
{
    assert(chart >= 0 && chart < CHART__MAX);
    return chart == CHART_TRENDING ? "trending" : windows[chart].name;
}
