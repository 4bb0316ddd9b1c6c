/* Instants as text: what is read, what is refused, and the two forms that are written. */
#include "instants.h"

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
    check_text(zone, buf_string(&buf), expected);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instants_are_read),
        cmocka_unit_test(what_is_no_instant_is_refused),
        cmocka_unit_test(the_borders_are_the_instants_they_are_named),
        cmocka_unit_test(an_instant_is_written_in_the_zone),
        cmocka_unit_test(what_is_written_reads_as_the_same_instant),
        cmocka_unit_test(mail_has_a_form_of_its_own),
        cmocka_unit_test(mail_names_days_and_months_in_english),
    };
    return cmocka_run_group_tests_name("base/instants", tests, NULL, NULL);
}
