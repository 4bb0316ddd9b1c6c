#include "ranking/window.h"

#include "store/views.h"

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

struct span window_span(enum window window, int64_t now_s)
{
    int64_t step = windows[window].step_s;
    int64_t begun = instant_floor(now_s, step);
    return (struct span){.begin = begun - windows[window].length_s, .end = begun + step};
}

const char *chart_name(int chart)
{
    return chart == CHART_TRENDING ? "trending" : windows[chart].name;
}
