#include "store/rankings.h"

#include "paper.h"

enum {
    HOUR = 3600
};

static int open_paper(void **state)
{
    struct paper *paper = calloc(1, sizeof *paper);
    assert_non_null(paper);
    paper_open(paper);
    *state = paper;
    return 0;
}

static int close_paper(void **state)
{
    paper_close(*state);
    free(*state);
    return 0;
}

static void save(struct paper *paper, int64_t hour, int64_t section_id, const char *chart,
                 const struct stored_rank *ranks, size_t len)
{
    paper_begin_write(paper);
    check_status("save", rankings_save(paper->db, hour, section_id, chart, ranks, len), STATUS_OK);
    paper_commit(paper);
}

static size_t read_chart(struct paper *paper, int64_t hour, int64_t section_id, const char *chart,
                         struct stored_rank *ranks)
{
    size_t len = 99;
    check_status("read", rankings_read(paper->db, hour, section_id, chart, ranks, &len), STATUS_OK);
    return len;
}

static void numbers_of_any_size_come_back(void **state)
{
    struct paper *paper = *state;
    static const struct stored_rank ranks[] = {
        {1, 1}, {127, 128}, {128, 127}, {16383, 16384}, {INT64_C(999999999999999999), INT64_MAX}};
    struct stored_rank got[RANKINGS_MAX];
    save(paper, PAPER_NOW, 0, "24h", ranks, COUNT(ranks));
    check_number("how many", (int64_t)read_chart(paper, PAPER_NOW, 0, "24h", got), COUNT(ranks));
    assert_memory_equal(got, ranks, sizeof ranks);
}

static void a_hundred_are_kept_compactly(void **state)
{
    struct paper *paper = *state;
    struct stored_rank ranks[RANKINGS_MAX + 1], got[RANKINGS_MAX];
    for (int i = 0; i <= RANKINGS_MAX; i++)
        ranks[i] = (struct stored_rank){.article_id = 900000 + i, .views = 20000 - i};
    save(paper, PAPER_NOW, 0, "7d", ranks, RANKINGS_MAX + 1);
    check_number("a hundred", (int64_t)read_chart(paper, PAPER_NOW, 0, "7d", got), RANKINGS_MAX);
    assert_memory_equal(got, ranks, sizeof got);
    check_number("bytes", paper_number(paper, "SELECT length(entries) FROM rankings"), 600);
}

static void each_list_is_its_own_and_stored_in_place_of_another(void **state)
{
    struct paper *paper = *state;
    struct stored_rank got[RANKINGS_MAX];
    const struct stored_rank one = {.article_id = 1, .views = 5},
                             two = {.article_id = 2, .views = 6};
    save(paper, PAPER_NOW, 0, "24h", &one, 1);
    save(paper, PAPER_NOW, 3, "24h", &two, 1);
    save(paper, PAPER_NOW, 0, "24h", &two, 1);
    save(paper, PAPER_NOW, 0, "1h", NULL, 0);
    check_number("the paper's", (int64_t)read_chart(paper, PAPER_NOW, 0, "24h", got), 1);
    check_number("the later one", got[0].article_id, 2);
    check_number("the section's", (int64_t)read_chart(paper, PAPER_NOW, 3, "24h", got), 1);
    check_number("its own", got[0].article_id, 2);
    check_number("an empty one", (int64_t)read_chart(paper, PAPER_NOW, 0, "1h", got), 0);
    check_number("none", (int64_t)read_chart(paper, PAPER_NOW, 4, "24h", got), 0);
}

static void an_hour_is_the_newest_not_after(void **state)
{
    struct paper *paper = *state;
    int64_t hour = -1;
    const struct stored_rank one = {.article_id = 1, .views = 5};
    check_status("none", rankings_hour(paper->db, PAPER_NOW, &hour), STATUS_ABSENT);
    save(paper, PAPER_NOW, 0, "24h", &one, 1);
    save(paper, PAPER_NOW + 3 * HOUR, 0, "24h", &one, 1);
    static const struct {
        int64_t at_s, expected;
    } cases[] = {{0, PAPER_NOW},
                 {3 * HOUR - 1, PAPER_NOW},
                 {3 * HOUR, PAPER_NOW + 3 * HOUR},
                 {99 * HOUR, PAPER_NOW + 3 * HOUR}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        check_status("an hour", rankings_hour(paper->db, PAPER_NOW + cases[i].at_s, &hour),
                     STATUS_OK);
        check_number("which", hour, cases[i].expected);
    }
    check_status("before", rankings_hour(paper->db, PAPER_NOW - 1, &hour), STATUS_ABSENT);
}

/* A damaged row gives what of it is whole, and reads past no end. */
static void damaged_entries_are_read_as_far_as_they_go(void **state)
{
    struct paper *paper = *state;
    static const struct {
        const char *entries;
        int64_t len;
    } cases[] = {{"x''", 0},         {"x'01'", 0},           {"x'0105'", 1},
                 {"x'010580'", 1},   {"x'010580808080'", 1}, {"x'0105FFFFFFFFFFFFFFFFFFFFFF01'", 1},
                 {"x'00010105'", 0}, {"x'01050200'", 1}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char sql[160];
        struct stored_rank got[RANKINGS_MAX];
        snprintf(sql, sizeof sql, "INSERT INTO rankings VALUES (%zu, '24h', 0, %s)", i,
                 cases[i].entries);
        check_status(sql, db_run(paper->db, sql), STATUS_OK);
        check_number(sql, (int64_t)read_chart(paper, 0, (int64_t)i, "24h", got), cases[i].len);
    }
}

int main(void)
{
#define WITH_PAPER(test) cmocka_unit_test_setup_teardown(test, open_paper, close_paper)
    const struct CMUnitTest tests[] = {
        WITH_PAPER(numbers_of_any_size_come_back),
        WITH_PAPER(a_hundred_are_kept_compactly),
        WITH_PAPER(each_list_is_its_own_and_stored_in_place_of_another),
        WITH_PAPER(an_hour_is_the_newest_not_after),
        WITH_PAPER(damaged_entries_are_read_as_far_as_they_go),
    };
    return cmocka_run_group_tests_name("store/rankings", tests, NULL, NULL);
}
