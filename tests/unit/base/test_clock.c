/* The clocks, the zones, and the days of a calendar in a zone. */
#include "instants.h"

#include <time.h>

static void the_wall_clock_agrees_with_the_system(void **state)
{
    (void)state;
    int64_t before = (int64_t)time(NULL);
    int64_t now = clock_now_s();
    assert_true(now >= before && now <= before + 5);
}

static void the_steady_clock_counts_a_sleep(void **state)
{
    (void)state;
    int64_t before = clock_steady_ms();
    clock_sleep_ms(20);
    int64_t after = clock_steady_ms();
    assert_true(after - before >= 20);
    assert_true(after - before < 5000);
    clock_sleep_ms(0);
    clock_sleep_ms(-1000);
    assert_true(clock_steady_ms() - after < 900);
}

static void zones_exist_or_not(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *input;
        enum status expected;
    } cases[] = {
        {"UTC", "UTC", STATUS_OK},
        {"Dhaka", "Asia/Dhaka", STATUS_OK},
        {"three parts", "America/Argentina/Ushuaia", STATUS_OK},
        {"a sign and digits", "Etc/GMT+6", STATUS_OK},
        {"nothing", "", STATUS_ABSENT},
        {"unknown", "Asia/Nowhere", STATUS_ABSENT},
        {"a folder", "Asia", STATUS_ABSENT},
        {"a folder with a slash", "Asia/", STATUS_ABSENT},
        {"a table", "leapseconds", STATUS_ABSENT},
        {"upwards", "../etc", STATUS_ABSENT},
        {"up to a file", "../../../etc/passwd", STATUS_ABSENT},
        {"up and down again", "Asia/../Asia/Dhaka", STATUS_ABSENT},
        {"absolute", "/usr/share/zoneinfo/Asia/Dhaka", STATUS_ABSENT},
        {"a rule instead of a name", "BDT-6", STATUS_ABSENT},
        {"a colon in front", ":Asia/Dhaka", STATUS_ABSENT},
        {"a space behind", "Asia/Dhaka ", STATUS_ABSENT},
        {"a line feed behind", "Asia/Dhaka\n", STATUS_ABSENT},
        {"Bengali", "এশিয়া/ঢাকা", STATUS_ABSENT},
        {"long",
         "Asia/DhakaDhakaDhakaDhakaDhakaDhakaDhakaDhakaDhakaDhakaDhakaDhakaDhakaDhaka"
         "DhakaDhakaDhakaDhakaDhakaDhakaDhakaDhakaDhakaDhakaDhakaDhaka",
         STATUS_ABSENT},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_number(cases[i].name, zone_use(cases[i].input), cases[i].expected);
}

static void a_refused_zone_changes_nothing(void **state)
{
    (void)state;
    use("Asia/Dhaka");
    check_number("refused", zone_use("Asia/Nowhere"), STATUS_ABSENT);
    check_format("refused", 0, "1970-01-01T06:00:00+06:00");
}

static void an_instant_has_a_wall_clock(void **state)
{
    (void)state;
    static const struct {
        const char *zone;
        int64_t input;
        struct civil expected;
    } cases[] = {
        {"UTC", 0, {1970, 1, 1, 0, 0, 0, 4, 0}},
        {"UTC", -1, {1969, 12, 31, 23, 59, 59, 3, 0}},
        {"Asia/Dhaka", 1713265800, {2024, 4, 16, 17, 10, 0, 2, 21600}},
        {"Asia/Dhaka", 1246384800, {2009, 7, 1, 1, 0, 0, 3, 25200}},
        {"America/New_York", 1713265800, {2024, 4, 16, 7, 10, 0, 2, -14400}},
        {"Asia/Kathmandu", 1713265800, {2024, 4, 16, 16, 55, 0, 2, 20700}},
        {"UTC", 951782400, {2000, 2, 29, 0, 0, 0, 2, 0}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct civil got;
        const struct civil *expected = &cases[i].expected;
        use(cases[i].zone);
        civil_from_instant(cases[i].input, &got);
        check_number(cases[i].zone, got.year, expected->year);
        check_number(cases[i].zone, got.month, expected->month);
        check_number(cases[i].zone, got.day, expected->day);
        check_number(cases[i].zone, got.hour, expected->hour);
        check_number(cases[i].zone, got.minute, expected->minute);
        check_number(cases[i].zone, got.second, expected->second);
        check_number(cases[i].zone, got.weekday, expected->weekday);
        check_number(cases[i].zone, got.offset_s, expected->offset_s);
    }
}

/* A damaged database may have any number as a time, and a clock may be wrong. libc has no wall clock
 * for the largest numbers, and no text of ours has room for their years. */
static void every_number_has_a_wall_clock(void **state)
{
    (void)state;
    static const int64_t numbers[] = {INT64_MIN,
                                      INT64_MIN + 60,
                                      -INT64_C(67768040609740801),
                                      INT64_C(67767976233532800),
                                      INT64_MAX,
                                      INSTANT_LEAST - 1,
                                      INSTANT_MOST + 1};
    static const char *const zones[] = {"UTC", "Asia/Dhaka", "America/New_York"};
    for (size_t i = 0; i < COUNT(zones) * COUNT(numbers); i++) {
        struct civil got;
        struct buf text;
        int64_t at = numbers[i % COUNT(numbers)];
        use(zones[i / COUNT(numbers)]);
        civil_from_instant(at, &got);
        check_true("the year", at > 0 ? got.year == 9999 || got.year == 10000
                                      : got.year == 999 || got.year == 1000);
        check_true("the month", got.month >= 1 && got.month <= 12);
        check_true("the day", got.day >= 1 && got.day <= 31);
        check_true("the hour", got.hour >= 0 && got.hour <= 23);
        check_true("the weekday", got.weekday >= 0 && got.weekday <= 6);
        buf_init(&text, 200);
        instant_format(at, &text);
        instant_format_mail(at, &text);
        check_number("written", buf_status(&text), STATUS_OK);
        buf_release(&text);
    }
}

/* Havana puts its clocks back over midnight and São Paulo put them forward over it. */
static void a_day_has_a_first_instant(void **state)
{
    (void)state;
    static const struct {
        const char *zone;
        int year, month, day;
        const char *expected;
    } cases[] = {
        {"UTC", 1970, 1, 1, "1970-01-01T00:00:00+00:00"},
        {"UTC", 1000, 1, 1, "1000-01-01T00:00:00+00:00"},
        {"UTC", 9999, 12, 31, "9999-12-31T00:00:00+00:00"},
        {"UTC", 1969, 12, 31, "1969-12-31T00:00:00+00:00"},
        {"Asia/Dhaka", 2024, 4, 16, "2024-04-16T00:00:00+06:00"},
        {"Asia/Dhaka", 2024, 2, 29, "2024-02-29T00:00:00+06:00"},
        {"Asia/Dhaka", 2009, 6, 19, "2009-06-19T00:00:00+06:00"},
        {"Asia/Dhaka", 2009, 6, 20, "2009-06-20T00:00:00+07:00"},
        {"Asia/Dhaka", 2009, 12, 31, "2009-12-31T00:00:00+07:00"},
        {"Asia/Dhaka", 2010, 1, 1, "2010-01-01T00:00:00+06:00"},
        {"America/Havana", 2018, 1, 1, "2018-01-01T00:00:00-05:00"},
        {"America/Havana", 2018, 11, 4, "2018-11-04T00:00:00-04:00"},
        {"America/Sao_Paulo", 2018, 11, 4, "2018-11-04T01:00:00-02:00"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t at = UNTOUCHED;
        struct civil before;
        use(cases[i].zone);
        check_number(cases[i].expected,
                     instant_from_day(cases[i].year, cases[i].month, cases[i].day, &at), STATUS_OK);
        check_format(cases[i].zone, at, cases[i].expected);
        civil_from_instant(at - 1, &before);
        assert_int_not_equal(before.day, cases[i].day);
    }
}

static void days_that_do_not_exist_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *input;
        int year, month, day;
    } cases[] = {
        {"0999-12-31", 999, 12, 31},  {"10000-01-01", 10000, 1, 1}, {"0000-01-01", 0, 1, 1},
        {"2024-02-30", 2024, 2, 30},  {"2023-02-29", 2023, 2, 29},  {"2100-02-29", 2100, 2, 29},
        {"1900-02-29", 1900, 2, 29},  {"2024-00-10", 2024, 0, 10},  {"2024-13-10", 2024, 13, 10},
        {"2024-04-00", 2024, 4, 0},   {"2024-04-31", 2024, 4, 31},  {"2024-01-32", 2024, 1, 32},
        {"-2024-01-01", -2024, 1, 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t at = UNTOUCHED;
        struct civil day = {.year = UNTOUCHED};
        check_number(cases[i].input,
                     instant_from_day(cases[i].year, cases[i].month, cases[i].day, &at),
                     STATUS_INVALID);
        check_number(cases[i].input, day_parse(cases[i].input, strlen(cases[i].input), &day),
                     STATUS_INVALID);
        check_number(cases[i].input, at, UNTOUCHED);
        check_number(cases[i].input, day.year, UNTOUCHED);
    }
}

static void days_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *input;
        enum status status;
        int year, month, day;
    } cases[] = {
        {"2024-04-16", STATUS_OK, 2024, 4, 16},
        {"1000-01-01", STATUS_OK, 1000, 1, 1},
        {"9999-12-31", STATUS_OK, 9999, 12, 31},
        {"2000-02-29", STATUS_OK, 2000, 2, 29},
        {"", STATUS_INVALID, 0, 0, 0},
        {"2024-4-16", STATUS_INVALID, 0, 0, 0},
        {"2024-04-16 ", STATUS_INVALID, 0, 0, 0},
        {" 2024-04-1", STATUS_INVALID, 0, 0, 0},
        {"2024/04/16", STATUS_INVALID, 0, 0, 0},
        {"2024-04_16", STATUS_INVALID, 0, 0, 0},
        {"20240416", STATUS_INVALID, 0, 0, 0},
        {"2024-+4-16", STATUS_INVALID, 0, 0, 0},
        {"2O24-04-16", STATUS_INVALID, 0, 0, 0},
        {"২০২৪-০৪-১৬", STATUS_INVALID, 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct civil day = {0};
        check_number(cases[i].input, day_parse(cases[i].input, strlen(cases[i].input), &day),
                     cases[i].status);
        check_number(cases[i].input, day.year, cases[i].year);
        check_number(cases[i].input, day.month, cases[i].month);
        check_number(cases[i].input, day.day, cases[i].day);
    }
}

/* Apia left a day out when it crossed the date line; Lord Howe's summer time is half an hour. */
static void a_day_ends_where_the_next_begins(void **state)
{
    (void)state;
    static const struct {
        const char *zone;
        int year, month, day;
        int minutes;
        const char *expected;
    } cases[] = {
        {"UTC", 2024, 4, 16, 1440, "2024-04-17T00:00:00+00:00"},
        {"UTC", 2024, 2, 28, 1440, "2024-02-29T00:00:00+00:00"},
        {"UTC", 2023, 2, 28, 1440, "2023-03-01T00:00:00+00:00"},
        {"UTC", 2023, 12, 31, 1440, "2024-01-01T00:00:00+00:00"},
        {"UTC", 1969, 12, 31, 1440, "1970-01-01T00:00:00+00:00"},
        {"UTC", 1000, 1, 1, 1440, "1000-01-02T00:00:00+00:00"},
        {"Asia/Dhaka", 2024, 4, 16, 1440, "2024-04-17T00:00:00+06:00"},
        {"Asia/Dhaka", 2009, 6, 19, 23 * 60, "2009-06-20T00:00:00+07:00"},
        {"Asia/Dhaka", 2009, 12, 31, 25 * 60, "2010-01-01T00:00:00+06:00"},
        {"America/New_York", 2024, 3, 9, 1440, "2024-03-10T00:00:00-05:00"},
        {"America/New_York", 2024, 3, 10, 23 * 60, "2024-03-11T00:00:00-04:00"},
        {"America/New_York", 2024, 3, 11, 1440, "2024-03-12T00:00:00-04:00"},
        {"America/New_York", 2024, 11, 2, 1440, "2024-11-03T00:00:00-04:00"},
        {"America/New_York", 2024, 11, 3, 25 * 60, "2024-11-04T00:00:00-05:00"},
        {"America/Havana", 2018, 11, 4, 25 * 60, "2018-11-05T00:00:00-05:00"},
        {"America/Havana", 2018, 11, 3, 1440, "2018-11-04T00:00:00-04:00"},
        {"America/Sao_Paulo", 2018, 11, 3, 1440, "2018-11-04T01:00:00-02:00"},
        {"America/Sao_Paulo", 2018, 11, 4, 23 * 60, "2018-11-05T00:00:00-02:00"},
        {"Australia/Lord_Howe", 2024, 4, 7, 1440 + 30, "2024-04-08T00:00:00+10:30"},
        {"Australia/Lord_Howe", 2024, 10, 6, 1440 - 30, "2024-10-07T00:00:00+11:00"},
        {"Pacific/Apia", 2011, 12, 29, 1440, "2011-12-31T00:00:00+14:00"},
        {"UTC", 9999, 12, 30, 1440, "9999-12-31T00:00:00+00:00"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t begin;
        use(cases[i].zone);
        check_number(cases[i].expected,
                     instant_from_day(cases[i].year, cases[i].month, cases[i].day, &begin),
                     STATUS_OK);
        check_number(cases[i].expected, day_end(begin) - begin, cases[i].minutes * 60);
        check_format(cases[i].zone, day_end(begin), cases[i].expected);
    }
}

static void the_last_day_ends_too(void **state)
{
    (void)state;
    static const char *const zones[] = {"UTC", "Asia/Dhaka", "America/New_York", "Etc/GMT-14",
                                        "Etc/GMT+12"};
    for (size_t i = 0; i < COUNT(zones); i++) {
        int64_t begin;
        use(zones[i]);
        check_number(zones[i], instant_from_day(9999, 12, 31, &begin), STATUS_OK);
        check_number(zones[i], day_end(begin) - begin, 24 * 3600);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_wall_clock_agrees_with_the_system),
        cmocka_unit_test(the_steady_clock_counts_a_sleep),
        cmocka_unit_test(zones_exist_or_not),
        cmocka_unit_test(a_refused_zone_changes_nothing),
        cmocka_unit_test(an_instant_has_a_wall_clock),
        cmocka_unit_test(every_number_has_a_wall_clock),
        cmocka_unit_test(a_day_has_a_first_instant),
        cmocka_unit_test(days_that_do_not_exist_are_refused),
        cmocka_unit_test(days_are_read),
        cmocka_unit_test(a_day_ends_where_the_next_begins),
        cmocka_unit_test(the_last_day_ends_too),
    };
    return cmocka_run_group_tests_name("base/clock", tests, NULL, NULL);
}
