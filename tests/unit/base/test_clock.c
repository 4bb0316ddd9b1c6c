#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum {
    UNTOUCHED = -12345,
    TEXT_BYTES = 64
};

static const struct {
    const char *name;
    const char *input;
} no_instants[] = {
    {"nothing", ""},
    {"a day alone", "2024-04-16"},
    {"no zone", "2024-04-16T11:10:00"},
    {"no zone behind a fraction", "2024-04-16T11:10:00.5"},
    {"no seconds", "2024-04-16T11:10Z"},
    {"a space for T", "2024-04-16 11:10:00Z"},
    {"a space in front", " 2024-04-16T11:10:00Z"},
    {"a space behind", "2024-04-16T11:10:00Z "},
    {"two zones", "2024-04-16T11:10:00Z+06:00"},
    {"a leap second", "2016-12-31T23:59:60Z"},
    {"second 61", "2016-12-31T23:59:61Z"},
    {"minute 60", "2024-04-16T11:60:00Z"},
    {"hour 24", "2024-04-16T24:00:00Z"},
    {"30 February", "2024-02-30T00:00:00Z"},
    {"29 February in a common year", "2023-02-29T00:00:00Z"},
    {"month 13", "2024-13-01T00:00:00Z"},
    {"day 0", "2024-01-00T00:00:00Z"},
    {"year 999", "0999-12-31T00:00:00Z"},
    {"year 999 in three digits", "999-12-31T00:00:00Z"},
    {"year 10000", "10000-01-01T00:00:00Z"},
    {"a fraction without digits", "2024-04-16T11:10:00.Z"},
    {"a comma for a fraction", "2024-04-16T11:10:00,5Z"},
    {"two fractions", "2024-04-16T11:10:00.5.5Z"},
    {"an offset without a colon", "2024-04-16T11:10:00+0600"},
    {"an offset of hours", "2024-04-16T11:10:00+06"},
    {"an offset with seconds", "2024-04-16T11:10:00+06:00:00"},
    {"offset hour 24", "2024-04-16T11:10:00+24:00"},
    {"offset minute 60", "2024-04-16T11:10:00+06:60"},
    {"an offset without a sign", "2024-04-16T11:10:0006:00"},
    {"a sign within the offset", "2024-04-16T11:10:00+-6:00"},
    {"a zone's name", "2024-04-16T11:10:00BDT"},
    {"dots for colons", "2024-04-16T11.10.00Z"},
    {"Bengali digits", "২০২৪-০৪-১৬T১১:১০:০০Z"},
    {"before the least", "1000-01-01T23:59:59Z"},
    {"before the least by its offset", "1000-01-02T05:59:59+06:00"},
    {"behind the most", "9999-12-31T00:00:00Z"},
    {"behind the most by its offset", "9999-12-30T18:00:00-06:00"},
};

static void check_number(const char *name, int64_t got, int64_t expected)
{
    if (got == expected)
        return;
    print_error("%s: got %lld, not %lld\n", name, (long long)got, (long long)expected);
    fail();
}

static void use(const char *zone)
{
    check_number(zone, zone_use(zone), STATUS_OK);
}

static void check_format(const char *zone, int64_t at, const char *expected)
{
    struct buf buf;
    buf_init(&buf, TEXT_BYTES);
    instant_format(at, &buf);
    if (strcmp(buf_string(&buf), expected) != 0) {
        print_error("%s: got %s, not %s\n", zone, buf_string(&buf), expected);
        fail();
    }
    buf_release(&buf);
}

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

static void instants_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *input;
        int64_t expected;
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1969-12-31T23:59:59Z", -1},
        {"2024-04-16T17:10:00+06:00", 1713265800},
        {"2024-04-16T11:10:00Z", 1713265800},
        {"2024-04-16t11:10:00z", 1713265800},
        {"2024-04-16T11:10:00+00:00", 1713265800},
        {"2024-04-16T11:10:00-00:00", 1713265800},
        {"2024-04-16T05:40:00-05:30", 1713265800},
        {"2024-04-17T11:09:00+23:59", 1713265800},
        {"2024-04-15T11:11:00-23:59", 1713265800},
        {"2024-04-16T17:10:00.5+06:00", 1713265800},
        {"2024-04-16T11:10:00.0Z", 1713265800},
        {"2024-04-16T11:10:00.999999999999999999999999Z", 1713265800},
        {"2000-02-29T00:00:00Z", 951782400},
        {"2000-03-01T00:00:00Z", 951868800},
        {"2100-02-28T00:00:00Z", INT64_C(4107456000)},
        {"2009-07-01T12:00:00+07:00", 1246424400},
        {"1800-01-01T00:00:00Z", INT64_C(-5364662400)},
        {"1000-01-02T00:00:00Z", INSTANT_LEAST},
        {"1000-01-01T18:00:00-06:00", INSTANT_LEAST},
        {"9999-12-30T23:59:59Z", INSTANT_MOST},
        {"9999-12-31T05:59:59+06:00", INSTANT_MOST},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t at = UNTOUCHED;
        check_number(cases[i].input, instant_parse(cases[i].input, strlen(cases[i].input), &at),
                     STATUS_OK);
        check_number(cases[i].input, at, cases[i].expected);
    }
}

static void what_is_no_instant_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(no_instants); i++) {
        int64_t at = UNTOUCHED;
        check_number(no_instants[i].name,
                     instant_parse(no_instants[i].input, strlen(no_instants[i].input), &at),
                     STATUS_INVALID);
        check_number(no_instants[i].name, at, UNTOUCHED);
    }
}

static void the_borders_are_the_instants_they_are_named(void **state)
{
    (void)state;
    use("UTC");
    check_format("least", INSTANT_LEAST, "1000-01-02T00:00:00+00:00");
    check_format("most", INSTANT_MOST, "9999-12-30T23:59:59+00:00");
    use("Etc/GMT+12");
    check_format("least in the west", INSTANT_LEAST, "1000-01-01T12:00:00-12:00");
    use("Etc/GMT-14");
    check_format("most in the east", INSTANT_MOST, "9999-12-31T13:59:59+14:00");
}

static void an_instant_is_written_in_the_zone(void **state)
{
    (void)state;
    static const struct {
        const char *zone;
        int64_t input;
        const char *expected;
    } cases[] = {
        {"UTC", 0, "1970-01-01T00:00:00+00:00"},
        {"Asia/Dhaka", 1713265800, "2024-04-16T17:10:00+06:00"},
        {"Asia/Dhaka", 1246424400, "2009-07-01T12:00:00+07:00"},
        {"Asia/Dhaka", 1245430799, "2009-06-19T22:59:59+06:00"},
        {"Asia/Dhaka", 1245430800, "2009-06-20T00:00:00+07:00"},
        {"America/New_York", 1713265800, "2024-04-16T07:10:00-04:00"},
        {"America/St_Johns", 1713265800, "2024-04-16T08:40:00-02:30"},
        {"Asia/Kathmandu", 1713265800, "2024-04-16T16:55:00+05:45"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        use(cases[i].zone);
        check_format(cases[i].zone, cases[i].input, cases[i].expected);
    }
}

/* Dhaka and New York kept local mean time, with seconds in its offset, when railways were new. */
static void what_is_written_reads_as_the_same_instant(void **state)
{
    (void)state;
    static const char *const zones[] = {"UTC", "Asia/Dhaka", "America/New_York", "Asia/Kathmandu"};
    static const int64_t instants[] = {
        INSTANT_LEAST,
        INSTANT_LEAST + 1,
        INT64_C(-5364662400),
        -2524521600,
        -1,
        0,
        1,
        1246424400,
        1713265800,
        INT64_C(4107456000),
        INSTANT_MOST - 1,
        INSTANT_MOST,
    };
    for (size_t i = 0; i < COUNT(zones) * COUNT(instants); i++) {
        int64_t at = UNTOUCHED;
        int64_t expected = instants[i % COUNT(instants)];
        struct buf buf;
        buf_init(&buf, TEXT_BYTES);
        use(zones[i / COUNT(instants)]);
        instant_format(expected, &buf);
        check_number(buf_string(&buf), instant_parse(buf.bytes, buf.len, &at), STATUS_OK);
        check_number(buf_string(&buf), at, expected);
        buf_release(&buf);
    }
}

static void check_mail(const char *zone, int64_t at, const char *expected)
{
    struct buf buf;
    buf_init(&buf, TEXT_BYTES);
    instant_format_mail(at, &buf);
    if (strcmp(buf_string(&buf), expected) != 0) {
        print_error("%s: got %s, not %s\n", zone, buf_string(&buf), expected);
        fail();
    }
    buf_release(&buf);
}

/* Dhaka and New York had local mean time in the end: its seconds go, the instant stays. */
static void mail_has_a_form_of_its_own(void **state)
{
    (void)state;
    static const struct {
        const char *zone;
        const char *input;
        const char *expected;
    } cases[] = {
        {"UTC", "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 +0000"},
        {"UTC", "1969-12-31T23:59:59Z", "Wed, 31 Dec 1969 23:59:59 +0000"},
        {"Asia/Dhaka", "2024-04-16T11:10:09Z", "Tue, 16 Apr 2024 17:10:09 +0600"},
        {"Asia/Dhaka", "2024-04-16T17:59:59Z", "Tue, 16 Apr 2024 23:59:59 +0600"},
        {"Asia/Dhaka", "2024-04-16T18:00:00Z", "Wed, 17 Apr 2024 00:00:00 +0600"},
        {"Asia/Dhaka", "2009-07-01T05:00:00Z", "Wed, 01 Jul 2009 12:00:00 +0700"},
        {"Asia/Kathmandu", "2024-04-16T11:10:00Z", "Tue, 16 Apr 2024 16:55:00 +0545"},
        {"Asia/Kolkata", "2024-12-31T18:30:00Z", "Wed, 01 Jan 2025 00:00:00 +0530"},
        {"America/New_York", "2024-03-10T06:59:59Z", "Sun, 10 Mar 2024 01:59:59 -0500"},
        {"America/New_York", "2024-03-10T07:00:00Z", "Sun, 10 Mar 2024 03:00:00 -0400"},
        {"America/New_York", "2024-11-03T05:30:00Z", "Sun, 03 Nov 2024 01:30:00 -0400"},
        {"America/New_York", "2024-11-03T06:30:00Z", "Sun, 03 Nov 2024 01:30:00 -0500"},
        {"America/St_Johns", "2024-04-16T11:10:00Z", "Tue, 16 Apr 2024 08:40:00 -0230"},
        {"Etc/GMT+12", "2024-04-16T11:59:59Z", "Mon, 15 Apr 2024 23:59:59 -1200"},
        {"Etc/GMT-14", "2024-04-16T10:00:00Z", "Wed, 17 Apr 2024 00:00:00 +1400"},
        {"UTC", "1000-01-02T00:00:00Z", "Thu, 02 Jan 1000 00:00:00 +0000"},
        {"UTC", "9999-12-30T23:59:59Z", "Thu, 30 Dec 9999 23:59:59 +0000"},
        {"Asia/Dhaka", "1885-01-01T00:00:00Z", "Thu, 01 Jan 1885 06:01:00 +0601"},
        {"America/New_York", "1850-01-01T12:00:00Z", "Tue, 01 Jan 1850 07:04:00 -0456"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t at;
        use(cases[i].zone);
        check_number(cases[i].input, instant_parse(cases[i].input, strlen(cases[i].input), &at),
                     STATUS_OK);
        check_mail(cases[i].zone, at, cases[i].expected);
    }
}

static void mail_names_days_and_months_in_english(void **state)
{
    (void)state;
    static const char *const expected[] = {
        "Mon, 01 Jan 2024 12:00:00 +0000", "Fri, 02 Feb 2024 12:00:00 +0000",
        "Sun, 03 Mar 2024 12:00:00 +0000", "Thu, 04 Apr 2024 12:00:00 +0000",
        "Sun, 05 May 2024 12:00:00 +0000", "Thu, 06 Jun 2024 12:00:00 +0000",
        "Sun, 07 Jul 2024 12:00:00 +0000", "Thu, 08 Aug 2024 12:00:00 +0000",
        "Mon, 09 Sep 2024 12:00:00 +0000", "Thu, 10 Oct 2024 12:00:00 +0000",
        "Mon, 11 Nov 2024 12:00:00 +0000", "Thu, 12 Dec 2024 12:00:00 +0000",
        "Sat, 13 Jan 2024 12:00:00 +0000", "Wed, 14 Feb 2024 12:00:00 +0000",
        "Tue, 30 Apr 2024 12:00:00 +0000",
    };
    static const int months[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 4};
    static const int days[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 30};
    use("UTC");
    for (size_t i = 0; i < COUNT(expected); i++) {
        int64_t at;
        check_number(expected[i], instant_from_day(2024, months[i], days[i], &at), STATUS_OK);
        check_mail(expected[i], at + 12 * 3600, expected[i]);
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
        cmocka_unit_test(a_day_has_a_first_instant),
        cmocka_unit_test(days_that_do_not_exist_are_refused),
        cmocka_unit_test(days_are_read),
        cmocka_unit_test(instants_are_read),
        cmocka_unit_test(what_is_no_instant_is_refused),
        cmocka_unit_test(the_borders_are_the_instants_they_are_named),
        cmocka_unit_test(an_instant_is_written_in_the_zone),
        cmocka_unit_test(what_is_written_reads_as_the_same_instant),
        cmocka_unit_test(mail_has_a_form_of_its_own),
        cmocka_unit_test(mail_names_days_and_months_in_english),
        cmocka_unit_test(a_day_ends_where_the_next_begins),
        cmocka_unit_test(the_last_day_ends_too),
    };
    return cmocka_run_group_tests_name("base/clock", tests, NULL, NULL);
}
