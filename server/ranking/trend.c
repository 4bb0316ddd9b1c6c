#include "ranking/trend.h"

#include <math.h>

bool trend_add(struct trend *trend, int64_t hour, int64_t views, int64_t half_life_s)
{
    bool is_empty = trend->views == 0 && trend->before == 0;
    if (is_empty)
        trend->hour = hour;
    if (hour < trend->hour)
        return false;
    if (hour > trend->hour) {
        double half_lives = (double)(hour - trend->hour) / (double)half_life_s;
        trend->before = (trend->before + (double)trend->views) * exp2(-half_lives);
        trend->views = 0;
        trend->hour = hour;
    }
    trend->views += views;
    return true;
}

double trend_score(const struct trend *trend, int64_t half_life_s)
{
    double sum = trend->before + (double)trend->views;
    return sum > 0 ? (double)trend->hour / (double)half_life_s + log2(sum) : -INFINITY;
}
