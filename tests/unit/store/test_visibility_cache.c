#include "store/visibility.h"

#include "paper.h"

static const char lines[] =
    "{\"type\":\"section\",\"slug\":\"s\",\"name\":\"S\"}\n"
    "{\"type\":\"article\",\"slug\":\"a1\",\"section\":\"s\",\"headline\":\"H\",\"body\":\"\","
    "\"published_at\":\"2020-01-01T00:00:00Z\"}\n"
    "{\"type\":\"article\",\"slug\":\"a2\",\"section\":\"s\",\"headline\":\"H\",\"body\":\"\","
    "\"status\":\"draft\"}\n"
    "{\"type\":\"article\",\"slug\":\"a3\",\"section\":\"s\",\"headline\":\"H\",\"body\":\"\","
    "\"status\":\"withdrawn\"}\n"
    "{\"type\":\"article\",\"slug\":\"a4\",\"section\":\"s\",\"headline\":\"H\",\"body\":\"\","
    "\"published_at\":\"2024-04-16T07:00:00Z\"}\n";

static struct paper paper;
static struct visibility_cache *cache;

static int open_all(void **state)
{
    (void)state;
    paper_open(&paper);
    paper_import(&paper, lines);
    check_status("open", visibility_cache_open(&cache), STATUS_OK);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    visibility_cache_close(cache);
    paper_close(&paper);
    return 0;
}

static void check_all(const char *name, int64_t version)
{
    static const enum status expected[] = {STATUS_ABSENT, STATUS_OK,     STATUS_ABSENT,
                                           STATUS_GONE,   STATUS_ABSENT, STATUS_ABSENT};
    for (int64_t id = 0; id < (int64_t)COUNT(expected); id++)
        check_status(name, visibility_cache_check(cache, paper.db, version, id, PAPER_NOW),
                     expected[id]);
}

static void it_agrees_with_the_database_and_reads_it_once(void **state)
{
    (void)state;
    check_all("cold", 1);
    db_steps(paper.db);
    check_all("warm", 1);
    check_number("steps", db_steps(paper.db), 0);
    check_status("a publication time passes without a statement",
                 visibility_cache_check(cache, paper.db, 1, 4, PAPER_NOW + 3600), STATUS_OK);
    check_number("steps", db_steps(paper.db), 0);
}

static void an_entry_of_another_version_is_read_again(void **state)
{
    (void)state;
    check_all("before", 1);
    paper_import(&paper,
                 "{\"type\":\"article\",\"slug\":\"a1\",\"section\":\"s\",\"headline\":\"H\","
                 "\"body\":\"\",\"status\":\"withdrawn\"}\n");
    check_status("cached", visibility_cache_check(cache, paper.db, 1, 1, PAPER_NOW), STATUS_OK);
    check_status("read again", visibility_cache_check(cache, paper.db, 2, 1, PAPER_NOW),
                 STATUS_GONE);
}

/* Two ids with one slot evict each other. */
static void ids_that_share_a_slot_are_told_apart(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        check_status("one", visibility_cache_check(cache, paper.db, 1, 1, PAPER_NOW), STATUS_OK);
        check_status("other", visibility_cache_check(cache, paper.db, 1, 1 + 8192, PAPER_NOW),
                     STATUS_ABSENT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_agrees_with_the_database_and_reads_it_once, open_all,
                                        close_all),
        cmocka_unit_test_setup_teardown(an_entry_of_another_version_is_read_again, open_all,
                                        close_all),
        cmocka_unit_test_setup_teardown(ids_that_share_a_slot_are_told_apart, open_all, close_all),
    };
    return cmocka_run_group_tests_name("store/visibility_cache", tests, NULL, NULL);
}
