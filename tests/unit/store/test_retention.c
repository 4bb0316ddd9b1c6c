#include "store/retention.h"

#include "store/rankings.h"
#include "viewed.h"

#define HISTORY_S (400 * (int64_t)DAY_S)

enum {
    ARTICLES = 5,
    SLOTS_SINCE = VIEW_SLOTS_KEPT_S / VIEW_SLOT_S,
    HOURS_SINCE = 24,
};

static int open_paper(void **state)
{
    struct buf lines;
    struct paper *paper = calloc(1, sizeof *paper);
    assert_non_null(paper);
    paper_open(paper);
    check_status("pragma", db_run(paper->db, "PRAGMA synchronous = OFF"), STATUS_OK);
    buf_init(&lines, 10000);
    buf_text(&lines, "{\"type\":\"section\",\"slug\":\"s1\",\"name\":\"S\"}\n");
    for (int i = 1; i <= ARTICLES; i++)
        buf_format(&lines,
                   "{\"type\":\"article\",\"slug\":\"a%d\",\"section\":\"s1\",\"headline\":\"H\","
                   "\"body\":\"\",\"published_at\":\"2020-01-01T00:00:00Z\"}\n",
                   i);
    paper_import(paper, buf_string(&lines));
    buf_release(&lines);
    *state = paper;
    return 0;
}

/* Views of article 5 in as many hours as it takes to believe that time has passed. */
static void pass_time(struct paper *paper, int64_t now_s)
{
    for (int i = 0; i < HOURS_SINCE; i++)
        add(paper, 5, instant_floor(now_s, HOUR_S) - i * HOUR_S, 1);
}

static int64_t slots_of(struct paper *paper, int64_t id)
{
    int64_t count = -1;
    check_status("slots", views_of_article(paper->db, id, VIEW_SLOT_S, 0, INT64_MAX, &count),
                 STATUS_OK);
    return count;
}

static int64_t number(struct paper *paper, const char *sql)
{
    return paper_number(paper, sql);
}

static enum status put_hour(void *arg, int64_t hour, int64_t count,
                            const struct uncounted_views *uncounted)
{
    (void)uncounted;
    buf_format(arg, "%lld:%lld ", (long long)((hour - MIDNIGHT) / HOUR_S), (long long)count);
    return STATUS_OK;
}

static enum status add_hour(void *arg, int64_t hour, int64_t count,
                            const struct uncounted_views *uncounted)
{
    (void)hour;
    (void)uncounted;
    *(int64_t *)arg += count;
    return STATUS_OK;
}

/* "HOUR:COUNT " for each hour of an article, in hours from midnight. */
static void check_hours(const char *name, struct paper *paper, int64_t id, const char *expected)
{
    struct buf hours;
    buf_init(&hours, 100000);
    check_status(name, views_hours_each(paper->db, id, put_hour, &hours), STATUS_OK);
    check_text(name, buf_string(&hours), expected);
    buf_release(&hours);
}

/* Runs until there is no more to do; returns how many steps it took. */
static int compact(struct paper *paper, int64_t now_s)
{
    bool due;
    int steps = 0;
    for (;;) {
        check_status("due", retention_due(paper->db, now_s, HISTORY_S, &due), STATUS_OK);
        if (!due)
            return steps;
        paper_begin_write(paper);
        check_status("step", retention_step(paper->db, now_s, HISTORY_S), STATUS_OK);
        paper_commit(paper);
        check_at_most("steps", ++steps, 1000);
    }
}

static void slots_are_kept_for_ten_hours(void **state)
{
    struct paper *paper = *state;
    add(paper, 1, NOON, 1);
    add(paper, 1, NOON + VIEW_SLOT_S, 2);
    for (int i = 1; i < SLOTS_SINCE; i++)
        add(paper, 2, NOON + (1 + i) * VIEW_SLOT_S, 1);
    check_number("steps", compact(paper, NOON + VIEW_SLOTS_KEPT_S + VIEW_SLOT_S - 1), 0);
    check_number("all kept", slots_of(paper, 1), 3);
    check_number("steps", compact(paper, NOON + VIEW_SLOTS_KEPT_S + VIEW_SLOT_S), 1);
    check_number("one gone", slots_of(paper, 1), 2);
    check_hours("its hour", paper, 1, "12:3 ");
    check_number("total", total_of(paper, 1), 3);
}

static void slots_stay_until_enough_came_since(void **state)
{
    struct paper *paper = *state;
    for (int i = 0; i < SLOTS_SINCE; i++)
        add(paper, 1, NOON + i * VIEW_SLOT_S, 1);
    int64_t years_on = NOON + 30 * 365 * (int64_t)DAY_S;
    check_number("by time alone", compact(paper, years_on), 0);
    for (int i = 0; i < 10; i++)
        add(paper, 2, years_on + i * VIEW_SLOT_S, 1);
    compact(paper, years_on + DAY_S);
    check_number("as many go as came", slots_of(paper, 1), SLOTS_SINCE - 10);
    check_number("those of later stay when the clock is back", compact(paper, NOON), 0);
    check_number("of later", slots_of(paper, 2), 10);
    check_number("total", total_of(paper, 1), SLOTS_SINCE);
}

static void hours_are_packed_after_ninety_days(void **state)
{
    struct paper *paper = *state;
    static const char hours[] = "-1:1 0:2 12:4 14:8 25:32 ";
    add(paper, 1, MIDNIGHT - HOUR_S, 1); /* the day before */
    add(paper, 1, MIDNIGHT, 2);
    add(paper, 1, NOON, 4);
    add(paper, 1, NOON + 2 * HOUR_S, 8);
    add(paper, 2, NOON, 16);
    add(paper, 1, MIDNIGHT + DAY_S + HOUR_S, 32);
    int64_t then = MIDNIGHT + VIEW_HOURS_KEPT_S;
    pass_time(paper, then + 20 * DAY_S);
    int64_t others = number(paper, "SELECT count(*) FROM view_hours WHERE article_id = 5");
    compact(paper, then + 20 * DAY_S);
    check_number("packed days", number(paper, "SELECT count(*) FROM view_days"), 4);
    check_number("hours left", number(paper, "SELECT count(*) FROM view_hours"), others);
    check_hours("nothing is lost", paper, 1, hours);
    check_hours("of the other", paper, 2, "12:16 ");
    check_number("total", total_of(paper, 1), 47);
    check_number("nothing more", compact(paper, then + 20 * DAY_S), 0);
    add(paper, 1, NOON, 100);
    check_hours("late views add", paper, 1, "-1:1 0:2 12:104 14:8 25:32 ");
}

static void a_day_is_packed_on_its_ninetieth(void **state)
{
    struct paper *paper = *state;
    add(paper, 1, NOON, 4);
    int64_t then = MIDNIGHT + DAY_S + VIEW_HOURS_KEPT_S;
    pass_time(paper, then + 2 * DAY_S);
    static const struct {
        const char *name;
        int64_t before_s, packed;
    } cases[] = {{"a second too early, and the hours since are yet to come", 1, 0},
                 {"the hours since are yet to come", 0, 0},
                 {"they came", -2 * (int64_t)DAY_S, 1}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        compact(paper, then - cases[i].before_s);
        check_number(cases[i].name, number(paper, "SELECT count(*) FROM view_days"),
                     cases[i].packed);
    }
}

/* A clock that is years ahead for a day's work packs nothing; after that it is believed. */
static void a_leap_of_some_hours_packs_nothing(void **state)
{
    struct paper *paper = *state;
    add(paper, 1, NOON, 4);
    int64_t years_on = NOON + 30 * 365 * (int64_t)DAY_S;
    for (int i = 0; i < HOURS_SINCE - 1; i++) {
        add(paper, 5, years_on + i * HOUR_S, 1);
        compact(paper, years_on + i * HOUR_S);
        check_number("no day", number(paper, "SELECT count(*) FROM view_days"), 0);
    }
    add(paper, 5, years_on + HOURS_SINCE * HOUR_S, 1);
    compact(paper, years_on + HOURS_SINCE * HOUR_S);
    check_number("a day", number(paper, "SELECT count(*) FROM view_days"), 1);
    check_hours("and nothing is lost", paper, 1, "12:4 ");
}

/* Eight days of 24 hours each: no step works on more rows than it may. */
static void a_step_does_a_bounded_part(void **state)
{
    struct paper *paper = *state;
    int steps = 0;
    paper_begin_write(paper);
    for (int i = 0; i < 8 * 24 * ARTICLES; i++) {
        struct view_count view = {.article_id = i % ARTICLES + 1,
                                  .begin = MIDNIGHT + i / ARTICLES * HOUR_S,
                                  .count = 1 + i % 3};
        check_status("add", views_add(paper->db, &view, 1), STATUS_OK);
    }
    paper_commit(paper);
    int64_t now_s = MIDNIGHT + VIEW_HOURS_KEPT_S + 30 * DAY_S;
    pass_time(paper, now_s);
    int64_t hours = number(paper, "SELECT count(*) FROM view_hours");
    int64_t sum = number(paper, "SELECT sum(total) FROM view_totals");
    bool due = true;
    while (due) {
        int64_t before = number(paper, "SELECT total_changes()");
        paper_begin_write(paper);
        check_status("step", retention_step(paper->db, now_s, HISTORY_S), STATUS_OK);
        paper_commit(paper);
        check_at_most("rows in a step", number(paper, "SELECT total_changes()") - before,
                      500 + 2 * 500 + 1);
        check_at_most("steps", ++steps, 10);
        check_status("due", retention_due(paper->db, now_s, HISTORY_S, &due), STATUS_OK);
    }
    check_true("more than one step", steps > 1);
    check_number("a row a day", number(paper, "SELECT count(*) FROM view_days"), 8 * ARTICLES);
    check_number("all hours are there",
                 number(paper, "SELECT count(*) FROM view_days, json_each(hours)") +
                     number(paper, "SELECT count(*) FROM view_hours"),
                 hours);
    check_number("all views are there",
                 number(paper, "SELECT sum(value) FROM view_days, json_each(hours)") +
                     number(paper, "SELECT sum(count) FROM view_hours"),
                 sum);
}

static void a_packed_hour_is_set_as_any_other(void **state)
{
    struct paper *paper = *state;
    add(paper, 1, MIDNIGHT, 2);
    add(paper, 1, NOON, 4);
    int64_t now_s = MIDNIGHT + VIEW_HOURS_KEPT_S + 10 * DAY_S;
    pass_time(paper, now_s);
    compact(paper, now_s);
    check_number("packed", number(paper, "SELECT count(*) FROM view_days"), 1);
    check_true("the same", !set_hour(paper, 1, NOON, 4, now_s));
    check_number("stays packed", number(paper, "SELECT count(*) FROM view_days"), 1);
    check_true("another number", set_hour(paper, 1, NOON, 9, now_s));
    check_hours("set", paper, 1, "0:2 12:9 ");
    check_number("total", total_of(paper, 1), 11);
    check_true("packed again", compact(paper, now_s) > 0);
    check_hours("nothing is lost", paper, 1, "0:2 12:9 ");
    check_true("none", set_hour(paper, 1, NOON, 0, now_s));
    check_true("an hour that was not there", set_hour(paper, 1, NOON + HOUR_S, 5, now_s));
    compact(paper, now_s);
    check_hours("as it was set", paper, 1, "0:2 13:5 ");
    check_number("packed", number(paper, "SELECT count(*) FROM view_days"), 1);
    check_number("total", total_of(paper, 1), 7);
}

/* A step may end within a day; an hour that it packed is set as any other. */
static void an_hour_of_a_partly_packed_day_is_set(void **state)
{
    struct paper *paper = *state;
    int64_t now_s = MIDNIGHT + VIEW_HOURS_KEPT_S + 30 * DAY_S;
    paper_begin_write(paper);
    for (int i = 0; i < 510; i++) {
        struct view_count view = {
            .article_id = i % 2 + 1, .begin = MIDNIGHT + i / 2 * HOUR_S, .count = 1};
        check_status("add", views_add(paper->db, &view, 1), STATUS_OK);
    }
    paper_commit(paper);
    pass_time(paper, now_s);
    paper_begin_write(paper);
    check_status("step", retention_step(paper->db, now_s, HISTORY_S), STATUS_OK);
    paper_commit(paper);
    int64_t begin = MIDNIGHT + 10 * DAY_S; /* its first ten hours are packed */
    char sql[100];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM view_days WHERE day = %lld", (long long)begin);
    check_number("packed", number(paper, sql), 2);
    check_true("another number", set_hour(paper, 1, begin, 9, now_s));
    check_number("total", total_of(paper, 1), 255 + 8);
    compact(paper, now_s);
    int64_t sum = 0;
    check_status("hours", views_hours_each(paper->db, 1, add_hour, &sum), STATUS_OK);
    check_number("sum", sum, 255 + 8);
}

static void days_before_1970_are_packed_too(void **state)
{
    struct paper *paper = *state;
    set_hour(paper, 1, -5 * HOUR_S, 3, NOON);
    set_hour(paper, 1, -7 * HOUR_S, 4, NOON);
    pass_time(paper, NOON);
    compact(paper, NOON);
    check_number("a day", number(paper, "SELECT day FROM view_days"), -DAY_S);
    check_number("rows", number(paper, "SELECT count(*) FROM view_hours WHERE begin < 0"), 0);
    check_number("total", total_of(paper, 1), 7);
}

static void hours_of_what_did_not_count_go(void **state)
{
    struct paper *paper = *state;
    const struct uncounted_views some = {.repeated = 2, .bots = 5};
    paper_begin_write(paper);
    check_status("apart", views_add_uncounted(paper->db, 1, NOON, &some), STATUS_OK);
    check_status("apart", views_add_uncounted(paper->db, 2, NOON + HOUR_S, &some), STATUS_OK);
    paper_commit(paper);
    int64_t then = NOON + VIEW_HOURS_KEPT_S + HOUR_S;
    compact(paper, then);
    check_number("not by time alone", number(paper, "SELECT count(*) FROM views_apart"), 2);
    pass_time(paper, then);
    compact(paper, then);
    check_number("the first", number(paper, "SELECT count(*) FROM views_apart"), 1);
}

static void keep_hours(struct paper *paper, int64_t from, int hours)
{
    const struct stored_rank rank = {.article_id = 1, .views = 1};
    paper_begin_write(paper);
    for (int i = 0; i < hours; i++)
        check_status("keep", rankings_save(paper->db, from + i * HOUR_S, 0, "24h", &rank, 1),
                     STATUS_OK);
    paper_commit(paper);
}

static void rankings_are_kept_as_long_as_history(void **state)
{
    struct paper *paper = *state;
    keep_hours(paper, NOON, 3);
    int64_t then = NOON + HISTORY_S + HOUR_S;
    compact(paper, then);
    check_number("not by time alone", number(paper, "SELECT count(*) FROM rankings"), 3);
    keep_hours(paper, then - HOURS_SINCE * HOUR_S, HOURS_SINCE);
    compact(paper, then);
    check_number("the first", number(paper, "SELECT count(*) FROM rankings"), 2 + HOURS_SINCE);
}

int main(void)
{
#define WITH_PAPER(test) cmocka_unit_test_setup_teardown(test, open_paper, close_paper)
    const struct CMUnitTest tests[] = {
        WITH_PAPER(slots_are_kept_for_ten_hours),
        WITH_PAPER(slots_stay_until_enough_came_since),
        WITH_PAPER(hours_are_packed_after_ninety_days),
        WITH_PAPER(a_day_is_packed_on_its_ninetieth),
        WITH_PAPER(a_leap_of_some_hours_packs_nothing),
        WITH_PAPER(a_step_does_a_bounded_part),
        WITH_PAPER(a_packed_hour_is_set_as_any_other),
        WITH_PAPER(an_hour_of_a_partly_packed_day_is_set),
        WITH_PAPER(days_before_1970_are_packed_too),
        WITH_PAPER(hours_of_what_did_not_count_go),
        WITH_PAPER(rankings_are_kept_as_long_as_history),
    };
    return cmocka_run_group_tests_name("store/retention", tests, NULL, NULL);
}
