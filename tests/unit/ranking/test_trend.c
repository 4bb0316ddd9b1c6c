#include "ranking/trend.h"

#include "check.h"

#include <math.h>

enum {
    HOUR = 3600,
    HALF_LIFE_S = 6 * HOUR,
    NOON = 1713247200,
};

/* A trend of some hours; `hours_ago` counts from noon. */
struct part {
    int hours_ago;
    int views;
};

static double score_of(const struct part *parts, size_t len)
{
    struct trend trend = {.views = 0};
    for (size_t i = 0; i < len && parts[i].views; i++)
        check_true("in order", trend_add(&trend, NOON - parts[i].hours_ago * INT64_C(3600),
                                         parts[i].views, HALF_LIFE_S));
    return trend_score(&trend, HALF_LIFE_S);
}

static void views_count_half_after_a_half_life(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct part better[4], worse[4];
        bool equal;
    } cases[] = {
        {"more is better", {{0, 2}}, {{0, 1}}, false},
        {"half, six hours later", {{0, 5}}, {{6, 10}}, true},
        {"a quarter, twelve hours later", {{0, 5}}, {{12, 20}}, true},
        {"a view more", {{6, 11}}, {{0, 5}}, false},
        {"hours add up", {{12, 20}, {6, 10}, {0, 5}}, {{0, 14}}, false},
        {"to as many", {{12, 20}, {6, 10}, {0, 5}}, {{0, 15}}, true},
        {"an old flood", {{0, 1}}, {{500, 1000000}}, false},
        {"nothing is least", {{5000, 1}}, {{0, 0}}, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        double better = score_of(cases[i].better, 4), worse = score_of(cases[i].worse, 4);
        check_number(cases[i].name, fabs(better - worse) < 1e-9, cases[i].equal);
        check_true(cases[i].name, cases[i].equal || better > worse);
    }
}

static void the_same_hours_give_the_same_bits_however_they_came(void **state)
{
    (void)state;
    struct trend once = {.views = 0}, often = {.views = 0};
    for (int hour = 0; hour < 100; hour++) {
        int64_t at = NOON + hour * INT64_C(3600);
        check_true("at once", trend_add(&once, at, 100, HALF_LIFE_S));
        for (int i = 0; i < 100; i++)
            check_true("one by one", trend_add(&often, at, 1, HALF_LIFE_S));
    }
    assert_true(trend_score(&once, HALF_LIFE_S) == trend_score(&often, HALF_LIFE_S));
}

static void an_earlier_hour_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    struct trend trend = {.views = 0};
    check_true("noon", trend_add(&trend, NOON, 3, HALF_LIFE_S));
    double before = trend_score(&trend, HALF_LIFE_S);
    check_true("eleven", !trend_add(&trend, NOON - HOUR, 3, HALF_LIFE_S));
    assert_true(trend_score(&trend, HALF_LIFE_S) == before);
}

static void decades_overflow_nothing(void **state)
{
    (void)state;
    struct trend early = {.views = 0}, late = {.views = 0};
    check_true("in the year 1000", trend_add(&early, INT64_C(-30610137600), 1000, 60));
    check_true("in the year 9999", trend_add(&late, INT64_C(253402210800), 1, 60));
    double score = trend_score(&late, 60);
    check_true("finite", isfinite(score) && isfinite(trend_score(&early, 60)));
    check_true("later", score > trend_score(&early, 60));
    check_true("both", trend_add(&early, INT64_C(253402210800), 1, 60));
    assert_true(trend_score(&early, 60) == score);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views_count_half_after_a_half_life),
        cmocka_unit_test(the_same_hours_give_the_same_bits_however_they_came),
        cmocka_unit_test(an_earlier_hour_is_refused_and_changes_nothing),
        cmocka_unit_test(decades_overflow_nothing),
    };
    return cmocka_run_group_tests_name("popularity/trend", tests, NULL, NULL);
}
