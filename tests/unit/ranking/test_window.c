#include "ranking/window.h"

#include "check.h"

static void windows_have_names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum window window;
    } cases[] = {
        {"1h", WINDOW_1H}, {"6h", WINDOW_6H},   {"24h", WINDOW_24H},
        {"7d", WINDOW_7D}, {"30d", WINDOW_30D}, {"all", WINDOW_ALL},
    };
    assert_int_equal(COUNT(cases), WINDOW__MAX);
    for (size_t i = 0; i < COUNT(cases); i++) {
        enum window window = WINDOW__MAX;
        check_text(cases[i].name, window_name(cases[i].window), cases[i].name);
        check_true(cases[i].name, window_named(cases[i].name, strlen(cases[i].name), &window));
        check_number(cases[i].name, window, cases[i].window);
    }
}

static void other_names_are_no_windows(void **state)
{
    (void)state;
    static const char *const cases[] = {"",   "1",  "1H",   "1h ", " 1h",
                                        "2h", "24", "24hh", "ALL", "d"};
    for (size_t i = 0; i < COUNT(cases); i++) {
        enum window window = WINDOW__MAX;
        check_true(cases[i], !window_named(cases[i], strlen(cases[i]), &window));
        check_number(cases[i], window, WINDOW__MAX);
    }
    enum window window;
    check_true("a part of a text", window_named("24hours", 3, &window));
}

static void a_window_begins_at_a_step_of_utc(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum window window;
        int64_t now_s;
        int64_t expected;
    } cases[] = {
        {"1h on a step", WINDOW_1H, 7200, 3600},
        {"1h behind a step", WINDOW_1H, 7349, 3600},
        {"1h on the next step", WINDOW_1H, 7350, 3750},
        {"6h", WINDOW_6H, 36149, 14400},
        {"6h on the next step", WINDOW_6H, 36150, 14550},
        {"24h on an hour", WINDOW_24H, 172800, 86400},
        {"24h just before the next", WINDOW_24H, 176399, 86400},
        {"24h on the next", WINDOW_24H, 176400, 90000},
        {"7d", WINDOW_7D, 1713265800, 1713265200 - 7 * 86400},
        {"30d", WINDOW_30D, 1713265800, 1713265200 - 30 * 86400},
        {"1h before 1970", WINDOW_1H, -1, -150 - 3600},
        {"24h before 1970", WINDOW_24H, -1, -3600 - 86400},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct time_span span = window_span(cases[i].window, cases[i].now_s);
        check_number(cases[i].name, span.begin, cases[i].expected);
        check_true(cases[i].name, span.end > cases[i].now_s &&
                                      span.end - cases[i].now_s <= window_step_s(cases[i].window));
    }
}

static void narrow_windows_move_in_finer_steps(void **state)
{
    (void)state;
    static const int64_t expected[] = {150, 150, 3600, 3600, 3600};
    assert_int_equal(COUNT(expected), WINDOWS_SLIDING);
    for (int window = 0; window < WINDOWS_SLIDING; window++)
        check_number(window_name((enum window)window), window_step_s((enum window)window),
                     expected[window]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_have_names),
        cmocka_unit_test(other_names_are_no_windows),
        cmocka_unit_test(a_window_begins_at_a_step_of_utc),
        cmocka_unit_test(narrow_windows_move_in_finer_steps),
    };
    return cmocka_run_group_tests_name("ranking/window", tests, NULL, NULL);
}
