#include "language/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum {
    FIRST_YEAR = 1987,
    LAST_YEAR = 2100,
    REFORM = 1426,
    FALGUN = 11
};

struct day {
    int year, month, day;
};

struct pair {
    struct day gregorian;
    struct bangla_date bangla;
};

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static void check(const struct day *day, const struct bangla_date *expected)
{
    struct bangla_date got = {0};
    enum status status = bangla_date_from(day->year, day->month, day->day, &got);
    if (status == STATUS_OK && got.year == expected->year && got.month == expected->month &&
        got.day == expected->day)
        return;
    print_error("%04d-%02d-%02d: got %d-%d-%d (%s), not %d-%d-%d\n", day->year, day->month,
                day->day, got.year, got.month, got.day, status_text(status), expected->year,
                expected->month, expected->day);
    fail();
}

static void check_all(const struct pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check(&pairs[i].gregorian, &pairs[i].bangla);
}

/* Dates as gazettes, newspapers and official notices printed them. */
static void printed_dates_agree(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {{2003, 7, 19}, {1410, 4, 4}},   {{2012, 2, 29}, {1418, 11, 17}},
        {{2016, 3, 14}, {1422, 11, 31}}, {{2017, 3, 14}, {1423, 11, 30}},
        {{2018, 4, 13}, {1424, 12, 30}}, {{2018, 4, 14}, {1425, 1, 1}},
        {{2019, 2, 21}, {1425, 11, 9}},  {{2019, 10, 16}, {1426, 6, 31}},
        {{2019, 10, 17}, {1426, 7, 1}},  {{2020, 2, 29}, {1426, 11, 16}},
        {{2020, 3, 26}, {1426, 12, 12}}, {{2020, 4, 13}, {1426, 12, 30}},
        {{2020, 4, 14}, {1427, 1, 1}},   {{2020, 12, 16}, {1427, 9, 1}},
        {{2022, 8, 15}, {1429, 4, 31}},  {{2023, 3, 14}, {1429, 11, 29}},
        {{2023, 12, 16}, {1430, 9, 1}},  {{2024, 3, 14}, {1430, 11, 30}},
        {{2024, 3, 15}, {1430, 12, 1}},  {{2024, 4, 16}, {1431, 1, 3}},
    };
    check_all(pairs, COUNT(pairs));
}

static void months_of_the_old_rule_begin_and_end(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {{2017, 4, 13}, {1423, 12, 30}}, {{2017, 4, 14}, {1424, 1, 1}},
        {{2017, 5, 14}, {1424, 1, 31}},  {{2017, 5, 15}, {1424, 2, 1}},
        {{2017, 6, 14}, {1424, 2, 31}},  {{2017, 6, 15}, {1424, 3, 1}},
        {{2017, 7, 15}, {1424, 3, 31}},  {{2017, 7, 16}, {1424, 4, 1}},
        {{2017, 8, 15}, {1424, 4, 31}},  {{2017, 8, 16}, {1424, 5, 1}},
        {{2017, 9, 15}, {1424, 5, 31}},  {{2017, 9, 16}, {1424, 6, 1}},
        {{2017, 10, 15}, {1424, 6, 30}}, {{2017, 10, 16}, {1424, 7, 1}},
        {{2017, 11, 14}, {1424, 7, 30}}, {{2017, 11, 15}, {1424, 8, 1}},
        {{2017, 12, 14}, {1424, 8, 30}}, {{2017, 12, 15}, {1424, 9, 1}},
        {{2018, 1, 13}, {1424, 9, 30}},  {{2018, 1, 14}, {1424, 10, 1}},
        {{2018, 2, 12}, {1424, 10, 30}}, {{2018, 2, 13}, {1424, 11, 1}},
        {{2018, 3, 14}, {1424, 11, 30}}, {{2018, 3, 15}, {1424, 12, 1}},
    };
    check_all(pairs, COUNT(pairs));
}

static void months_of_the_new_rule_begin_and_end(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {{2021, 4, 13}, {1427, 12, 30}}, {{2021, 4, 14}, {1428, 1, 1}},
        {{2021, 5, 14}, {1428, 1, 31}},  {{2021, 5, 15}, {1428, 2, 1}},
        {{2021, 6, 14}, {1428, 2, 31}},  {{2021, 6, 15}, {1428, 3, 1}},
        {{2021, 7, 15}, {1428, 3, 31}},  {{2021, 7, 16}, {1428, 4, 1}},
        {{2021, 8, 15}, {1428, 4, 31}},  {{2021, 8, 16}, {1428, 5, 1}},
        {{2021, 9, 15}, {1428, 5, 31}},  {{2021, 9, 16}, {1428, 6, 1}},
        {{2021, 10, 16}, {1428, 6, 31}}, {{2021, 10, 17}, {1428, 7, 1}},
        {{2021, 11, 15}, {1428, 7, 30}}, {{2021, 11, 16}, {1428, 8, 1}},
        {{2021, 12, 15}, {1428, 8, 30}}, {{2021, 12, 16}, {1428, 9, 1}},
        {{2022, 1, 14}, {1428, 9, 30}},  {{2022, 1, 15}, {1428, 10, 1}},
        {{2022, 2, 13}, {1428, 10, 30}}, {{2022, 2, 14}, {1428, 11, 1}},
        {{2022, 3, 14}, {1428, 11, 29}}, {{2022, 3, 15}, {1428, 12, 1}},
    };
    check_all(pairs, COUNT(pairs));
}

static void the_change_of_2019_moved_nothing_before_it(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {{2018, 10, 15}, {1425, 6, 30}}, {{2018, 10, 16}, {1425, 7, 1}},
        {{2018, 12, 16}, {1425, 9, 2}},  {{2019, 3, 26}, {1425, 12, 12}},
        {{2019, 4, 13}, {1425, 12, 30}}, {{2019, 4, 14}, {1426, 1, 1}},
        {{2019, 9, 16}, {1426, 6, 1}},   {{2019, 10, 15}, {1426, 6, 30}},
        {{2019, 10, 16}, {1426, 6, 31}}, {{2019, 10, 17}, {1426, 7, 1}},
        {{2019, 12, 16}, {1426, 9, 1}},  {{2020, 2, 21}, {1426, 11, 8}},
    };
    check_all(pairs, COUNT(pairs));
}

static void a_leap_day_lengthens_falgun(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {{1988, 2, 28}, {1394, 11, 16}}, {{1988, 2, 29}, {1394, 11, 17}},
        {{1988, 3, 1}, {1394, 11, 18}},  {{1988, 3, 14}, {1394, 11, 31}},
        {{1988, 3, 15}, {1394, 12, 1}},  {{1989, 3, 14}, {1395, 11, 30}},
        {{2000, 2, 29}, {1406, 11, 17}}, {{2000, 3, 14}, {1406, 11, 31}},
        {{2000, 3, 15}, {1406, 12, 1}},  {{2020, 2, 28}, {1426, 11, 15}},
        {{2020, 3, 1}, {1426, 11, 17}},  {{2020, 3, 14}, {1426, 11, 30}},
        {{2020, 3, 15}, {1426, 12, 1}},  {{2100, 2, 28}, {1506, 11, 15}},
        {{2100, 3, 1}, {1506, 11, 16}},  {{2100, 3, 14}, {1506, 11, 29}},
        {{2100, 3, 15}, {1506, 12, 1}},  {{2100, 4, 14}, {1507, 1, 1}},
    };
    check_all(pairs, COUNT(pairs));
}

static void dates_before_the_rule_are_absent(void **state)
{
    (void)state;
    static const struct day before[] = {
        {1986, 12, 31}, {1986, 4, 14}, {1971, 3, 26}, {1952, 2, 21}, {1000, 1, 1}, {1, 1, 1},
    };
    for (size_t i = 0; i < COUNT(before); i++) {
        struct bangla_date date = {1, 2, 3};
        enum status status =
            bangla_date_from(before[i].year, before[i].month, before[i].day, &date);
        if (status != STATUS_ABSENT || date.year != 1 || date.month != 2 || date.day != 3) {
            print_error("%d-%d-%d: got \"%s\"\n", before[i].year, before[i].month, before[i].day,
                        status_text(status));
            fail();
        }
    }
    static const struct pair first[] = {
        {{1987, 1, 1}, {1393, 9, 18}},
        {{1987, 4, 13}, {1393, 12, 30}},
        {{1987, 4, 14}, {1394, 1, 1}},
        {{9999, 12, 31}, {9406, 9, 16}},
    };
    check_all(first, COUNT(first));
}

static struct day next_day(struct day day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int last = days[day.month - 1] + (day.month == 2 && is_leap(day.year));
    if (day.day < last)
        return (struct day){day.year, day.month, day.day + 1};
    if (day.month < 12)
        return (struct day){day.year, day.month + 1, 1};
    return (struct day){day.year + 1, 1, 1};
}

/* The Bangla day after `date`, which is a day of the Gregorian year `year`. */
static struct bangla_date next_bangla(struct bangla_date date, int year)
{
    int last = date.month <= (date.year >= REFORM ? 6 : 5) ? 31 : 30;
    if (date.month == FALGUN)
        last += is_leap(year) - (date.year >= REFORM);
    if (date.day < last)
        return (struct bangla_date){date.year, date.month, date.day + 1};
    if (date.month < 12)
        return (struct bangla_date){date.year, date.month + 1, 1};
    return (struct bangla_date){date.year + 1, 1, 1};
}

static void each_day_follows_the_one_before(void **state)
{
    (void)state;
    struct day day = {FIRST_YEAR, 1, 1};
    struct bangla_date expected = {1393, 9, 18};
    int days = 0;
    while (day.year <= LAST_YEAR) {
        check(&day, &expected);
        bool is_new_year = expected.month == 1 && expected.day == 1;
        assert_int_equal(is_new_year, day.month == 4 && day.day == 14);
        expected = next_bangla(expected, day.year);
        day = next_day(day);
        days++;
    }
    assert_int_equal(days, 114 * 365 + 28);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(printed_dates_agree),
        cmocka_unit_test(months_of_the_old_rule_begin_and_end),
        cmocka_unit_test(months_of_the_new_rule_begin_and_end),
        cmocka_unit_test(the_change_of_2019_moved_nothing_before_it),
        cmocka_unit_test(a_leap_day_lengthens_falgun),
        cmocka_unit_test(dates_before_the_rule_are_absent),
        cmocka_unit_test(each_day_follows_the_one_before),
    };
    return cmocka_run_group_tests_name("language/calendar", tests, NULL, NULL);
}
