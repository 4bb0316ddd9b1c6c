#include "store/views.h"

#include "viewed.h"

static const char some_articles[] =
    "{\"type\":\"section\",\"slug\":\"s1\",\"name\":\"S\"}\n"
    "{\"type\":\"section\",\"slug\":\"s2\",\"name\":\"S\"}\n"
    "{\"type\":\"article\",\"slug\":\"a1\",\"section\":\"s1\",\"headline\":\"H\",\"body\":\"\","
    "\"published_at\":\"2020-01-01T00:00:01Z\"}\n"
    "{\"type\":\"article\",\"slug\":\"a2\",\"section\":\"s2\",\"headline\":\"H\",\"body\":\"\","
    "\"published_at\":\"2020-01-01T00:00:02Z\"}\n"
    "{\"type\":\"article\",\"slug\":\"a3\",\"section\":\"s1\",\"headline\":\"H\",\"body\":\"\","
    "\"published_at\":\"2020-01-01T00:00:03Z\",\"most_read\":false}\n"
    "{\"type\":\"article\",\"slug\":\"a4\",\"section\":\"s1\",\"headline\":\"H\",\"body\":\"\","
    "\"published_at\":\"2030-01-01T00:00:04Z\"}\n"
    "{\"type\":\"article\",\"slug\":\"a5\",\"section\":\"s1\",\"headline\":\"H\",\"body\":\"\","
    "\"published_at\":\"2020-01-01T00:00:05Z\"}\n";

static int open_paper(void **state)
{
    struct paper *paper = calloc(1, sizeof *paper);
    assert_non_null(paper);
    paper_open(paper);
    check_status("pragma", db_run(paper->db, "PRAGMA synchronous = OFF"), STATUS_OK);
    paper_import(paper, some_articles);
    *state = paper;
    return 0;
}

static int64_t of_article(struct paper *paper, int64_t id, int64_t step_s, int64_t from)
{
    int64_t count = -1;
    check_status("of article", views_of_article(paper->db, id, step_s, from, INT64_MAX, &count),
                 STATUS_OK);
    return count;
}

/* "HOUR:COUNT " for each hour of an article, in hours from midnight. */
static enum status put_hour(void *arg, int64_t hour, int64_t count,
                            const struct uncounted_views *uncounted)
{
    (void)uncounted;
    buf_format(arg, "%lld:%lld ", (long long)((hour - MIDNIGHT) / HOUR_S), (long long)count);
    return STATUS_OK;
}

static void check_hours(const char *name, struct paper *paper, int64_t id, const char *expected)
{
    struct buf hours;
    buf_init(&hours, 100000);
    check_status(name, views_hours_each(paper->db, id, put_hour, &hours), STATUS_OK);
    check_text(name, buf_string(&hours), expected);
    buf_release(&hours);
}

/* "ID:COUNT " for each article that is handed out. */
static enum status put_article(void *arg, const struct view_count *views)
{
    buf_format(arg, "%lld:%lld ", (long long)views->article_id, (long long)views->count);
    return STATUS_OK;
}

static void check_each(const char *name, struct paper *paper, int64_t step_s, int64_t from,
                       int64_t to, const char *expected)
{
    struct buf articles;
    buf_init(&articles, 1000);
    check_status(name, views_each(paper->db, step_s, from, to, put_article, &articles), STATUS_OK);
    check_text(name, buf_string(&articles), expected);
    buf_release(&articles);
}

static void check_most_since(const char *name, struct paper *paper, int64_t section_id,
                             int64_t now_s, int64_t since, size_t most, const char *expected,
                             bool expected_over)
{
    struct buf articles;
    struct most_viewed best[10];
    size_t len;
    bool passed_over;
    int64_t oldest;
    const struct most_viewed_request ask = {
        .section_id = section_id, .now_s = now_s, .since = since, .most = most};
    buf_init(&articles, 1000);
    check_status(name, views_most(paper->db, &ask, best, &len, &passed_over, &oldest), STATUS_OK);
    for (size_t i = 0; i < len; i++) {
        const struct view_count views = {.article_id = best[i].article_id, .count = best[i].total};
        check_status(name, put_article(&articles, &views), STATUS_OK);
    }
    check_text(name, buf_string(&articles), expected);
    check_number(name, passed_over, expected_over);
    buf_release(&articles);
}

static void check_most(const char *name, struct paper *paper, int64_t section_id, int64_t now_s,
                       size_t most, const char *expected, bool expected_over)
{
    check_most_since(name, paper, section_id, now_s, INT64_MIN, most, expected, expected_over);
}

static void floors_are_multiples(void **state)
{
    (void)state;
    static const struct {
        int64_t at, step_s, expected;
    } cases[] = {
        {0, 150, 0},
        {149, 150, 0},
        {150, 150, 150},
        {-1, 150, -150},
        {-150, 150, -150},
        {-151, 150, -300},
        {3599, 3600, 0},
        {-3600, 3600, -3600},
        {86399, 86400, 0},
        {-86401, 86400, -172800},
        {INT64_MIN, 3600, -INT64_C(9223372036854774000)},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_number("floor", instant_floor(cases[i].at, cases[i].step_s), cases[i].expected);
}

static void views_add_to_slot_hour_and_total(void **state)
{
    struct paper *paper = *state;
    add(paper, 1, NOON, 2);
    add(paper, 1, NOON, 3);
    add(paper, 1, NOON + 3450, 4);
    add(paper, 1, NOON + 3600, 5);
    add(paper, 2, NOON + 150, 7);
    check_number("slots", of_article(paper, 1, VIEW_SLOT_S, NOON), 14);
    check_number("slots from the last on", of_article(paper, 1, VIEW_SLOT_S, NOON + 3450), 9);
    check_number("hours", of_article(paper, 1, HOUR_S, NOON), 14);
    check_number("hours from the next on", of_article(paper, 1, HOUR_S, NOON + 3600), 5);
    check_number("total", total_of(paper, 1), 14);
    check_number("nobody's total", total_of(paper, 5), 0);
    check_number("nobody's hours", of_article(paper, 5, HOUR_S, 0), 0);
    check_hours("hours", paper, 1, "12:9 13:5 ");
    check_each("slots of all", paper, VIEW_SLOT_S, NOON, NOON + 300, "1:5 2:7 ");
    check_each("an end is not in", paper, VIEW_SLOT_S, NOON, NOON + 150, "1:5 ");
    check_each("a beginning is in", paper, VIEW_SLOT_S, NOON + 150, NOON + 3450, "2:7 ");
    check_each("hours of all", paper, HOUR_S, NOON, INT64_MAX, "1:14 2:7 ");
    check_each("nothing", paper, HOUR_S, NOON + 7200, INT64_MAX, "");
}

static void an_hour_is_set_whatever_it_was(void **state)
{
    struct paper *paper = *state;
    add(paper, 1, NOON, 2);
    add(paper, 1, NOON + 300, 3);
    check_true("another number", set_hour(paper, 1, NOON, 100, NOON + 3599));
    check_hours("set", paper, 1, "12:100 ");
    check_number("total", total_of(paper, 1), 100);
    check_number("its slots", of_article(paper, 1, VIEW_SLOT_S, NOON), 100);
    check_number("count from its first on", of_article(paper, 1, VIEW_SLOT_S, NOON + 150), 0);
    check_true("the same number", !set_hour(paper, 1, NOON, 100, NOON + 3599));
    check_true("lower", set_hour(paper, 1, NOON, 1, NOON + 3599));
    check_number("total", total_of(paper, 1), 1);
    check_true("none", set_hour(paper, 1, NOON, 0, NOON + 3599));
    check_hours("none", paper, 1, "");
    check_number("total", total_of(paper, 1), 0);
    check_number("slots", of_article(paper, 1, VIEW_SLOT_S, 0), 0);
    check_true("none again", !set_hour(paper, 1, NOON, 0, NOON + 3599));
    check_true("of an article nobody read", set_hour(paper, 5, NOON, 9, NOON));
    check_number("total", total_of(paper, 5), 9);
}

static void an_hour_past_the_slots_has_none(void **state)
{
    struct paper *paper = *state;
    set_hour(paper, 1, NOON, 5, NOON + VIEW_SLOTS_KEPT_S);
    check_number("just within", of_article(paper, 1, VIEW_SLOT_S, 0), 5);
    set_hour(paper, 2, NOON, 5, NOON + VIEW_SLOTS_KEPT_S + HOUR_S);
    check_number("past", of_article(paper, 2, VIEW_SLOT_S, 0), 0);
    check_number("its hour", of_article(paper, 2, HOUR_S, 0), 5);
}

static void setting_an_hour_leaves_its_neighbours(void **state)
{
    struct paper *paper = *state;
    add(paper, 1, NOON - 150, 1);
    add(paper, 1, NOON, 2);
    add(paper, 1, NOON + 3600, 4);
    add(paper, 2, NOON, 8);
    set_hour(paper, 1, NOON, 50, NOON + 3600);
    check_hours("the article's", paper, 1, "11:1 12:50 13:4 ");
    check_each("slots", paper, VIEW_SLOT_S, 0, INT64_MAX, "1:55 2:8 ");
    check_number("total", total_of(paper, 1), 55);
    check_number("the other's total", total_of(paper, 2), 8);
}

static void the_most_viewed_are_ranked_and_published(void **state)
{
    struct paper *paper = *state;
    add(paper, 1, NOON, 5);
    add(paper, 2, NOON, 5);
    add(paper, 3, NOON, 50); /* not allowed in most read */
    add(paper, 4, NOON, 60); /* scheduled */
    add(paper, 5, NOON, 6);
    check_most("the paper", paper, 0, NOON, 10, "5:6 2:5 1:5 ", true);
    check_most("a limit", paper, 0, NOON, 2, "5:6 2:5 ", true);
    check_most("a section", paper, 1, NOON, 10, "5:6 1:5 ", true);
    check_most("the other", paper, 2, NOON, 10, "2:5 ", false);
    check_most("none such", paper, 9, NOON, 10, "", false);
    check_most("later", paper, 0, INT64_C(1900000000), 10, "4:60 5:6 2:5 1:5 ", false);
    set_hour(paper, 5, NOON, 0, NOON);
    check_most("views that were taken back", paper, 1, NOON, 10, "1:5 ", true);
}

static void totals_follow_the_article(void **state)
{
    struct paper *paper = *state;
    add(paper, 1, NOON, 5);
    paper_import(paper,
                 "{\"type\":\"article\",\"slug\":\"a1\",\"section\":\"s2\",\"headline\":\"H\","
                 "\"body\":\"\",\"published_at\":\"2020-01-01T00:00:01Z\"}\n");
    check_most("its old section", paper, 1, NOON, 10, "", false);
    check_most("its new one", paper, 2, NOON, 10, "1:5 ", false);
    paper_import(paper,
                 "{\"type\":\"article\",\"slug\":\"a1\",\"section\":\"s2\",\"headline\":\"H\","
                 "\"body\":\"\",\"status\":\"withdrawn\"}\n");
    check_most("withdrawn", paper, 0, NOON, 10, "", false);
    check_number("its total stays", total_of(paper, 1), 5);
    add(paper, 1, NOON, 5);
    paper_import(paper,
                 "{\"type\":\"article\",\"slug\":\"a1\",\"section\":\"s1\",\"headline\":\"H\","
                 "\"body\":\"\",\"published_at\":\"2020-01-01T00:00:01Z\"}\n");
    check_most("back again", paper, 1, NOON, 10, "1:10 ", false);
}

static void an_age_leaves_out_what_is_older(void **state)
{
    struct paper *paper = *state;
    const int64_t second = INT64_C(1577836802); /* when a2 was published */
    for (int64_t id = 1; id <= 5; id++)
        add(paper, id, NOON, 10 - id);
    check_most_since("the paper", paper, 0, NOON, second, 10, "2:8 5:5 ", true);
    check_most_since("a second later", paper, 0, NOON, second + 1, 10, "5:5 ", true);
    check_most_since("a section", paper, 1, NOON, second, 10, "5:5 ", true);
    check_most_since("none so new", paper, 0, NOON, NOON, 10, "", true);
}

/* "HOUR:COUNTED/REPEATED/BOTS " for each hour. */
static enum status put_apart(void *arg, int64_t hour, int64_t count,
                             const struct uncounted_views *uncounted)
{
    buf_format(arg, "%lld:%lld/%lld/%lld ", (long long)((hour - MIDNIGHT) / HOUR_S),
               (long long)count, (long long)uncounted->repeated, (long long)uncounted->bots);
    return STATUS_OK;
}

static void what_does_not_count_is_kept_apart(void **state)
{
    struct paper *paper = *state;
    struct buf hours;
    buf_init(&hours, 1000);
    add(paper, 1, NOON, 3);
    paper_begin_write(paper);
    const struct uncounted_views some = {.repeated = 2, .bots = 5}, none = {.bots = 0};
    check_status("in the hour", views_add_uncounted(paper->db, 1, NOON + 150, &some), STATUS_OK);
    check_status("again", views_add_uncounted(paper->db, 1, NOON + 300, &some), STATUS_OK);
    check_status("alone", views_add_uncounted(paper->db, 1, NOON + 3600, &some), STATUS_OK);
    check_status("nothing", views_add_uncounted(paper->db, 1, NOON + 7200, &none), STATUS_OK);
    check_status("of no article", views_add_uncounted(paper->db, 99, NOON, &some), STATUS_OK);
    paper_commit(paper);
    check_status("hours", views_hours_each(paper->db, 1, put_apart, &hours), STATUS_OK);
    check_text("hours", buf_string(&hours), "12:3/4/10 13:0/2/5 ");
    check_number("total", total_of(paper, 1), 3);
    buf_release(&hours);
}

static enum status take_one(void *arg, const struct view_count *views)
{
    (void)views;
    return ++*(int *)arg == 1 ? STATUS_FULL : STATUS_OK;
}

static enum status take_one_hour(void *arg, int64_t hour, int64_t count,
                                 const struct uncounted_views *uncounted)
{
    (void)hour;
    (void)count;
    (void)uncounted;
    return take_one(arg, NULL);
}

static void an_error_of_who_takes_ends_the_reading(void **state)
{
    struct paper *paper = *state;
    int taken = 0;
    add(paper, 1, NOON, 1);
    add(paper, 2, NOON, 1);
    check_status("each", views_each(paper->db, HOUR_S, 0, INT64_MAX, take_one, &taken),
                 STATUS_FULL);
    check_number("taken", taken, 1);
    taken = 0;
    check_status("hours", views_hours_each(paper->db, 1, take_one_hour, &taken), STATUS_FULL);
    check_number("taken", taken, 1);
}

int main(void)
{
#define WITH_PAPER(test) cmocka_unit_test_setup_teardown(test, open_paper, close_paper)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(floors_are_multiples),
        WITH_PAPER(views_add_to_slot_hour_and_total),
        WITH_PAPER(an_hour_is_set_whatever_it_was),
        WITH_PAPER(an_hour_past_the_slots_has_none),
        WITH_PAPER(setting_an_hour_leaves_its_neighbours),
        WITH_PAPER(the_most_viewed_are_ranked_and_published),
        WITH_PAPER(totals_follow_the_article),
        WITH_PAPER(an_age_leaves_out_what_is_older),
        WITH_PAPER(what_does_not_count_is_kept_apart),
        WITH_PAPER(an_error_of_who_takes_ends_the_reading),
    };
    return cmocka_run_group_tests_name("store/views", tests, NULL, NULL);
}
