/* The archive of a day: which articles it has, its neighbors, and its dates in two calendars. */
#include "archive_edition.h"

static void check_absent(const char *name, const struct civil *day)
{
    json_t *document = NULL;
    struct list_request request = ask_all();
    check_status(name, archive_document(&context, day, &request, &document), STATUS_ABSENT);
    check_true(name, document == NULL);
}

static void check_day(const char *name, const char *day, const char *ids, const char *previous,
                      const char *following)
{
    struct list_request request = ask_all();
    json_t *document = archive(day, &request);
    check_ids(name, document, ids);
    check_text(name, text_of(document, "date"), day);
    check_text(name, text_of(document, "previous"), previous);
    check_text(name, text_of(document, "following"), following);
    check_text(name, text_of(document, "next"), NULL);
    json_decref(document);
}

static const struct {
    const char *zone, *day, *ids, *previous, *following;
} days[] = {
    {"America/New_York", "2024-03-08", "", NULL, "2024-03-09"},
    {"America/New_York", "2024-03-09", "1 ", NULL, "2024-03-10"},
    {"America/New_York", "2024-03-10", "3 2 ", "2024-03-09", "2024-03-11"},
    {"America/New_York", "2024-03-11", "4 ", "2024-03-10", "2024-11-02"},
    {"America/New_York", "2024-03-12", "", "2024-03-11", "2024-11-02"},
    {"America/New_York", "2024-11-01", "", "2024-03-11", "2024-11-02"},
    {"America/New_York", "2024-11-02", "5 ", "2024-03-11", "2024-11-03"},
    {"America/New_York", "2024-11-03", "9 8 7 6 ", "2024-11-02", "2024-11-04"},
    {"America/New_York", "2024-11-04", "10 ", "2024-11-03", NULL},
    {"America/New_York", "2024-11-05", "", "2024-11-04", NULL},
    {"UTC", "2024-03-09", "", NULL, "2024-03-10"},
    {"UTC", "2024-03-10", "2 1 ", NULL, "2024-03-11"},
    {"UTC", "2024-03-11", "4 3 ", "2024-03-10", "2024-11-03"},
    {"UTC", "2024-11-03", "8 7 6 5 ", "2024-03-11", "2024-11-04"},
    {"UTC", "2024-11-04", "10 9 ", "2024-11-03", NULL},
    {"UTC", "2024-12-31", "", "2024-11-04", NULL},
    {"Asia/Dhaka", "2024-03-10", "2 1 ", NULL, "2024-03-11"},
    {"Asia/Dhaka", "2024-03-11", "4 3 ", "2024-03-10", "2024-11-03"},
    {"Asia/Dhaka", "2024-11-03", "8 7 6 5 ", "2024-03-11", "2024-11-04"},
    {"Asia/Dhaka", "2024-11-04", "10 9 ", "2024-11-03", NULL},
    {"Etc/GMT+12", "2024-03-09", "2 1 ", NULL, "2024-03-10"},
    {"Etc/GMT-14", "2024-03-10", "2 1 ", NULL, "2024-03-11"},
    {"Etc/GMT-14", "2024-11-04", "10 9 ", "2024-11-03", NULL},
};

static void a_day_is_the_zones(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(days); i++) {
        char name[64];
        snprintf(name, sizeof name, "%s in %s", days[i].day, days[i].zone);
        use(days[i].zone);
        check_day(name, days[i].day, days[i].ids, days[i].previous, days[i].following);
    }
}

/* 00:00:00 belongs to a day and 24:00:00 to the next, also where the day is short or long. */
static void a_day_has_its_first_second_and_not_its_end(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *day;
    } cases[] = {
        {"UTC", "2024-04-16"},
        {"Asia/Dhaka", "2024-04-16"},
        {"Asia/Dhaka", "2009-06-19"},
        {"Asia/Dhaka", "2009-12-31"},
        {"America/New_York", "2023-03-12"},
        {"America/New_York", "2023-11-05"},
        {"America/Havana", "2018-11-04"},
        {"America/Sao_Paulo", "2018-11-04"},
        {"Australia/Lord_Howe", "2024-04-07"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t begin;
        char sql[128];
        struct civil day = day_of(cases[i].day);
        use(cases[i].zone);
        check_status(cases[i].day, instant_from_day(day.year, day.month, day.day, &begin),
                     STATUS_OK);
        const int64_t seconds[] = {begin - 1, begin, day_end(begin) - 1, day_end(begin)};
        for (size_t j = 0; j < COUNT(seconds); j++) {
            snprintf(sql, sizeof sql, "UPDATE articles SET published_at = %lld WHERE id = %zu",
                     (long long)seconds[j], j + 1);
            check_status(sql, db_run(paper.db, sql), STATUS_OK);
        }
        struct list_request request = ask_all();
        json_t *document = archive(cases[i].day, &request);
        check_ids(cases[i].day, document, "3 2 ");
        json_decref(document);
    }
}

static void what_may_not_be_seen_makes_no_day(void **state)
{
    (void)state;
    use("UTC");
    put("d", "2024-06-01T12:00:00Z", "draft");
    put("w", "2024-06-02T12:00:00Z", "withdrawn");
    put("s", "2025-06-03T12:00:00Z", "scheduled");
    put("p", "2025-06-04T12:00:00Z", "published");
    check_day("a draft", "2024-06-01", "", "2024-03-11", "2024-11-03");
    check_day("a withdrawn one", "2024-06-02", "", "2024-03-11", "2024-11-03");
    check_day("what is to come", "2024-12-01", "", "2024-11-04", NULL);
    context.now_s = instant("2025-06-03T12:00:00Z");
    check_day("when one has come", "2024-12-01", "", "2024-11-04", "2025-06-03");
    check_day("on its day", "2025-06-03", "13 ", "2024-11-04", NULL);
    context.now_s--;
    check_day("a second before", "2025-06-03", "", "2024-11-04", NULL);
}

static void a_day_is_there_from_its_first_second(void **state)
{
    (void)state;
    static const char *const zones[] = {"UTC", "Asia/Dhaka", "America/New_York"};
    struct civil day = day_of("2024-11-03");
    for (size_t i = 0; i < COUNT(zones); i++) {
        int64_t begin;
        use(zones[i]);
        check_status(zones[i], instant_from_day(2024, 11, 3, &begin), STATUS_OK);
        context.now_s = begin;
        struct list_request request = ask_all();
        json_t *document = archive("2024-11-03", &request);
        check_text(zones[i], text_of(document, "following"), NULL);
        json_decref(document);
        context.now_s = begin - 1;
        check_absent(zones[i], &day);
    }
}

static void days_that_do_not_exist_are_absent(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct civil day;
    } cases[] = {
        {"tomorrow", {.year = 2025, .month = 1, .day = 2}},
        {"far ahead", {.year = 9999, .month = 12, .day = 31}},
        {"30 February", {.year = 2024, .month = 2, .day = 30}},
        {"29 February in a common year", {.year = 2023, .month = 2, .day = 29}},
        {"month 0", {.year = 2024, .month = 0, .day = 1}},
        {"month 13", {.year = 2024, .month = 13, .day = 1}},
        {"day 0", {.year = 2024, .month = 1, .day = 0}},
        {"a negative day", {.year = 2024, .month = 1, .day = -1}},
        {"year 999", {.year = 999, .month = 12, .day = 31}},
        {"year 10000", {.year = 10000, .month = 1, .day = 1}},
        {"nothing", {.year = 0}},
    };
    use("UTC");
    for (size_t i = 0; i < COUNT(cases); i++)
        check_absent(cases[i].name, &cases[i].day);
}

/* From the first day that can be written to the last. */
static void the_first_and_the_last_day_are_days(void **state)
{
    (void)state;
    static const char *const zones[] = {"UTC", "Asia/Dhaka", "America/New_York", "Etc/GMT+12"};
    put("first", "1000-01-02T00:00:00Z", "published");
    put("last", "9999-12-30T23:59:59Z", "published");
    context.now_s = INSTANT_MOST;
    use("UTC");
    check_day("the first", "1000-01-01", "", NULL, "1000-01-02");
    check_day("the second", "1000-01-02", "1 ", NULL, "9999-12-30");
    check_day("long after", "1970-01-01", "", "1000-01-02", "9999-12-30");
    check_day("the last but one", "9999-12-30", "2 ", "1000-01-02", NULL);
    use("Asia/Dhaka");
    check_day("the first in Dhaka", "1000-01-01", "", NULL, "1000-01-02");
    check_day("the last in Dhaka", "9999-12-31", "2 ", "1000-01-02", NULL);
    use("Etc/GMT+12");
    check_day("the first in the west", "1000-01-01", "1 ", NULL, "9999-12-30");
    for (size_t i = 0; i < COUNT(zones); i++) {
        use(zones[i]);
        check_absent("a year that no date has", &(struct civil){.year = 10000, .month = 1});
        context.now_s = instant("2024-04-16T12:00:00Z");
        check_absent(zones[i], &(struct civil){.year = 9999, .month = 12, .day = 31});
    }
}

/* The day as the site's `today` has it, in front of the list. */
static void a_day_has_both_calendars(void **state)
{
    (void)state;
    static const struct {
        const char *day, *expected;
    } cases[] = {
        {"2024-04-16", "{\"date\":\"2024-04-16\",\"text\":\"মঙ্গলবার, ১৬ এপ্রিল ২০২৪\","
                       "\"bangla\":{\"year\":1431,\"month\":1,\"day\":3},"
                       "\"bangla_text\":\"৩ বৈশাখ ১৪৩১\","
                       "\"previous\":null,\"following\":null,\"items\":[],\"next\":null}"},
        {"1987-01-01", "{\"date\":\"1987-01-01\",\"text\":\"বৃহস্পতিবার, ১ জানু\u09AF\u09BCারি ১৯৮৭\","
                       "\"bangla\":{\"year\":1393,\"month\":9,\"day\":18},"
                       "\"bangla_text\":\"১৮ পৌষ ১৩৯৩\","
                       "\"previous\":null,\"following\":null,\"items\":[],\"next\":null}"},
        {"1986-12-31", "{\"date\":\"1986-12-31\",\"text\":\"বুধবার, ৩১ ডিসেম্বর ১৯৮৬\","
                       "\"bangla\":null,\"bangla_text\":null,"
                       "\"previous\":null,\"following\":null,\"items\":[],\"next\":null}"},
        {"1000-01-01", "{\"date\":\"1000-01-01\",\"text\":\"বুধবার, ১ জানু\u09AF\u09BCারি ১০০০\","
                       "\"bangla\":null,\"bangla_text\":null,"
                       "\"previous\":null,\"following\":null,\"items\":[],\"next\":null}"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct list_request request = ask_all();
        json_t *document = archive(cases[i].day, &request);
        char *text = json_dumps(document, JSON_COMPACT);
        check_text(cases[i].day, text, cases[i].expected);
        free(text);
        json_decref(document);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_day_is_the_zones, set_up),
        TEST(a_day_has_its_first_second_and_not_its_end, set_up),
        TEST(what_may_not_be_seen_makes_no_day, set_up),
        TEST(a_day_is_there_from_its_first_second, set_up),
        TEST(days_that_do_not_exist_are_absent, set_up),
        TEST(the_first_and_the_last_day_are_days, set_up_empty),
        TEST(a_day_has_both_calendars, set_up_empty),
    };
    return cmocka_run_group_tests_name("document/archive", tests, NULL, NULL);
}
