/* The text of a packed day: what is read, what is refused, and that SQLite's JSON functions, which
 * wrote it before, agree. */
#include "store/view_days.h"

#include "viewed.h"

static const char *formatted(const struct view_day *day, char text[VIEW_DAY_BYTES + 1])
{
    text[view_day_format(day, text)] = '\0';
    return text;
}

static void stored_texts_are_parsed(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *canonical;
    } cases[] = {
        {"one hour", "{\"13\":120}", "{\"13\":120}"},
        {"the first and the last", "{\"0\":1,\"23\":2}", "{\"0\":1,\"23\":2}"},
        {"any order", "{\"14\":3,\"2\":10,\"13\":120}", "{\"2\":10,\"13\":120,\"14\":3}"},
        {"the greatest", "{\"7\":9223372036854775807}", "{\"7\":9223372036854775807}"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct view_day day;
        char text[VIEW_DAY_BYTES + 1];
        check_status(cases[i].name, view_day_parse(cases[i].text, strlen(cases[i].text), &day),
                     STATUS_OK);
        check_text(cases[i].name, formatted(&day, text), cases[i].canonical);
    }
}

static void damaged_texts_are_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "{",
        "{}",
        "null",
        "[1]",
        "{\"13\":120",
        "{\"13\":120,}",
        "{\"13\":120}}",
        "{\"13\":120} ",
        "{ \"13\":120}",
        "{\"13\": 120}",
        "{13:120}",
        "{\"13:120}",
        "{\"\":120}",
        "{\"13\":}",
        "{\"13\":0}",
        "{\"13\":-1}",
        "{\"13\":1.5}",
        "{\"13\":012}",
        "{\"013\":12}",
        "{\"24\":1}",
        "{\"-1\":1}",
        "{\"100000000000000000000\":1}",
        "{\"13\":9223372036854775808}",
        "{\"13\":99999999999999999999}",
        "{\"13\":1,\"13\":2}",
        "{\"13\":1 \"14\":2}",
        "{\"13\":1,,\"14\":2}",
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct view_day day = {.counts = {[5] = 77}};
        check_status(cases[i], view_day_parse(cases[i], strlen(cases[i]), &day), STATUS_UNUSABLE);
        check_number(cases[i], day.counts[5], 77);
    }
}

/* Each beginning of a good text is damaged, and is read no further than its length. */
static void cut_texts_are_refused(void **state)
{
    (void)state;
    static const char text[] = "{\"2\":10,\"13\":120}";
    for (size_t len = 0; len < sizeof text - 1; len++) {
        struct view_day day;
        char *cut = malloc(len > 0 ? len : 1);
        assert_non_null(cut);
        memcpy(cut, text, len);
        check_status(text, view_day_parse(cut, len, &day), STATUS_UNUSABLE);
        free(cut);
    }
}

static void the_longest_text_fits(void **state)
{
    (void)state;
    struct view_day day, again;
    char text[VIEW_DAY_BYTES];
    for (int hour = 0; hour < DAY_HOURS; hour++)
        day.counts[hour] = INT64_MAX - hour;
    size_t len = view_day_format(&day, text);
    check_at_most("bytes", (int64_t)len, VIEW_DAY_BYTES);
    check_status("again", view_day_parse(text, len, &again), STATUS_OK);
    for (int hour = 0; hour < DAY_HOURS; hour++)
        check_number("an hour", again.counts[hour], day.counts[hour]);
}

static void sums_stay_in_range(void **state)
{
    (void)state;
    struct view_day day = {.counts = {[3] = 5}};
    check_status("adds", view_day_add(&day, 3, 4), STATUS_OK);
    check_number("adds", day.counts[3], 9);
    check_status("to the greatest", view_day_add(&day, 3, INT64_MAX - 9), STATUS_OK);
    check_status("over", view_day_add(&day, 3, 1), STATUS_UNUSABLE);
    check_status("below", view_day_add(&day, 4, -1), STATUS_UNUSABLE);
    check_true("untouched", day.counts[3] == INT64_MAX && day.counts[4] == 0);
}

static int open_paper(void **state)
{
    struct paper *paper = calloc(1, sizeof *paper);
    assert_non_null(paper);
    paper_open(paper);
    paper_import(paper, "{\"type\":\"section\",\"slug\":\"s\",\"name\":\"S\"}\n"
                        "{\"type\":\"article\",\"slug\":\"a\",\"section\":\"s\",\"headline\":\"H\","
                        "\"body\":\"\",\"published_at\":\"2020-01-01T00:00:00Z\"}\n");
    *state = paper;
    return 0;
}

static void save(struct paper *paper, const struct view_day *day)
{
    paper_begin_write(paper);
    check_status("save", view_day_save(paper->db, MIDNIGHT, 1, day), STATUS_OK);
    paper_commit(paper);
}

/* Databases and backups of both kinds are read by both: by json_each before, by C now. */
static void sqlite_reads_and_writes_the_same_text(void **state)
{
    struct paper *paper = *state;
    struct view_day day;
    save(paper, &(struct view_day){.counts = {[0] = 2, [12] = 104, [23] = 8}});
    check_number("hours", paper_number(paper, "SELECT count(*) FROM view_days, json_each(hours)"),
                 3);
    check_number("noon",
                 paper_number(paper, "SELECT json_extract(hours, '$.\"12\"') FROM view_days"), 104);
    paper_begin_write(paper);
    check_status("packed in SQL",
                 db_run(paper->db, "UPDATE view_days SET hours = "
                                   "json_set(json_object('14', 8), '$.\"2\"', 30)"),
                 STATUS_OK);
    paper_commit(paper);
    check_status("find", view_day_find(paper->db, MIDNIGHT, 1, &day), STATUS_OK);
    check_true("hours", day.counts[2] == 30 && day.counts[14] == 8 && day.counts[12] == 0);
}

static void a_day_is_found_and_removed(void **state)
{
    struct paper *paper = *state;
    struct view_day day = {.counts = {[1] = 1}};
    check_status("none", view_day_find(paper->db, MIDNIGHT, 1, &day), STATUS_OK);
    check_number("none", day.counts[1], 0);
    save(paper, &(struct view_day){.counts = {[1] = 5}});
    save(paper, &(struct view_day){.counts = {[2] = 6}});
    check_status("replaced", view_day_find(paper->db, MIDNIGHT, 1, &day), STATUS_OK);
    check_true("replaced", day.counts[1] == 0 && day.counts[2] == 6);
    paper_begin_write(paper);
    check_status("remove", view_day_remove(paper->db, MIDNIGHT, 1), STATUS_OK);
    paper_commit(paper);
    check_number("rows", paper_number(paper, "SELECT count(*) FROM view_days"), 0);
}

static enum status take_hour(void *arg, int64_t hour, int64_t count,
                             const struct uncounted_views *uncounted)
{
    (void)arg;
    (void)hour;
    (void)count;
    (void)uncounted;
    return STATUS_OK;
}

/* Damage is a status wherever the day is read, and nothing of it is overwritten. */
static void a_damaged_day_is_reported(void **state)
{
    struct paper *paper = *state;
    struct view_day day;
    enum saved saved;
    save(paper, &(struct view_day){.counts = {[12] = 5}});
    paper_begin_write(paper);
    check_status("damage", db_run(paper->db, "UPDATE view_days SET hours = '{\"12\":5'"),
                 STATUS_OK);
    paper_commit(paper);
    check_status("find", view_day_find(paper->db, MIDNIGHT, 1, &day), STATUS_UNUSABLE);
    check_status("hours", views_hours_each(paper->db, 1, take_hour, NULL), STATUS_UNUSABLE);
    paper_begin_write(paper);
    check_status("set", views_set_hour(paper->db, 1, NOON, 9, NOON, &saved), STATUS_UNUSABLE);
    paper_commit(paper);
    check_number("as it was", paper_number(paper, "SELECT hours = '{\"12\":5' FROM view_days"), 1);
}

int main(void)
{
#define WITH_PAPER(test) cmocka_unit_test_setup_teardown(test, open_paper, close_paper)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stored_texts_are_parsed),
        cmocka_unit_test(damaged_texts_are_refused),
        cmocka_unit_test(cut_texts_are_refused),
        cmocka_unit_test(the_longest_text_fits),
        cmocka_unit_test(sums_stay_in_range),
        WITH_PAPER(sqlite_reads_and_writes_the_same_text),
        WITH_PAPER(a_day_is_found_and_removed),
        WITH_PAPER(a_damaged_day_is_reported),
    };
    return cmocka_run_group_tests_name("store/view_days", tests, NULL, NULL);
}
