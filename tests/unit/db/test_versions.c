/* Versions are shared by all processes that open a database, move when they should, and show that a
 * writer died during a commit. */
#include "versions_file.h"

#include <sched.h>
#include <sys/wait.h>

enum {
    MOVES = 20000,
    MOVES_TO_WATCH = 10000000, /* so many that the process is interrupted in the middle of some */
};

/* Runs what another process would do, to its end; how it ended. */
static int in_another_process(void (*run)(struct versions *versions))
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        struct versions *versions;
        if (versions_open(database, false, &versions, &fault) != STATUS_OK)
            _exit(1);
        run(versions);
        _exit(0);
    }
    check_true("fork", child > 0 && waitpid(child, &status, 0) == child);
    return status;
}

static void what_one_process_moves_all_see(void **state)
{
    (void)state;
    check_true("shared", versions_are_shared(mine) && versions_are_shared(others));
    uint32_t before = number(mine, TOPIC_CARD, 7), apart = number(mine, TOPIC_CARD, 8);
    uint32_t paper = number(mine, TOPIC_PAPER, 0);
    change_set_add(&changes, TOPIC_CARD, 7);
    check_number("not yet", number(mine, TOPIC_CARD, 7), before);
    versions_publish(others, &changes);
    check_number("moved once", number(mine, TOPIC_CARD, 7), before + 1);
    check_number("with the paper", number(mine, TOPIC_PAPER, 0), paper + 1);
    check_number("nothing else", number(mine, TOPIC_CARD, 8), apart);
    check_number("nor its article", number(mine, TOPIC_ARTICLE, 7), 0);
    versions_publish(others, &changes);
    check_number("and again", number(mine, TOPIC_CARD, 7), before + 2);
}

static void publish_a_card(struct versions *versions)
{
    static struct change_set own;
    change_set_add(&own, TOPIC_CARD, 7);
    versions_publish(versions, &own);
}

static void another_process_moves_them_too(void **state)
{
    (void)state;
    uint32_t before = number(mine, TOPIC_CARD, 7);
    uint64_t generation = versions_generation(mine);
    check_number("ended well", in_another_process(publish_a_card), 0);
    check_number("moved", number(mine, TOPIC_CARD, 7), before + 1);
    check_true("the generation, too", versions_generation(mine) != generation);
}

static void move_often(struct versions *versions, int moves)
{
    for (int i = 0; i < moves; i++)
        versions_invalidate(versions, TOPIC_COUNTS, 0);
}

/* Two processes at once: no move is lost. */
static void moves_at_the_same_time_all_count(void **state)
{
    (void)state;
    int status;
    uint32_t before = number(mine, TOPIC_COUNTS, 0);
    pid_t child = fork();
    if (child == 0) {
        move_often(others, MOVES);
        _exit(0);
    }
    move_often(mine, MOVES);
    check_true("fork", child > 0 && waitpid(child, &status, 0) == child && status == 0);
    check_number("all", (int64_t)(number(mine, TOPIC_COUNTS, 0) - before), 2 * MOVES);
}

static void they_outlive_the_processes_that_opened_them(void **state)
{
    (void)state;
    versions_invalidate(mine, TOPIC_LEAD, 0);
    uint32_t moved = number(mine, TOPIC_LEAD, 0);
    versions_close(mine);
    versions_close(others);
    check_status("open", versions_open(database, false, &mine, &fault), STATUS_OK);
    check_status("open", versions_open(database, false, &others, &fault), STATUS_OK);
    check_number("as it was", number(mine, TOPIC_LEAD, 0), moved);
}

/* Entries are evicted by the epoch or by the version of a dependency, and by nothing else. */
static void invalidating_one_thing_leaves_the_paper(void **state)
{
    (void)state;
    uint32_t paper = number(mine, TOPIC_PAPER, 0), epoch = versions_epoch(mine);
    uint64_t generation = versions_generation(mine);
    int64_t counts = version_of(mine, TOPIC_COUNTS, 0), order = version_of(mine, TOPIC_ORDER, 0);
    versions_invalidate(mine, TOPIC_COUNTS, 0);
    check_true("moved", version_of(mine, TOPIC_COUNTS, 0) != counts);
    check_number("not another", version_of(mine, TOPIC_ORDER, 0), order);
    check_number("nor the paper", number(mine, TOPIC_PAPER, 0), paper);
    check_number("nor the epoch", versions_epoch(mine), epoch);
    check_true("the generation", versions_generation(mine) != generation);
}

static void invalidating_all_moves_version_of(void **state)
{
    (void)state;
    uint64_t generation = versions_generation(mine);
    uint32_t epoch = versions_epoch(mine);
    int64_t card = version_of(mine, TOPIC_CARD, 3);
    versions_invalidate_all(others);
    check_true("the epoch", versions_epoch(mine) != epoch);
    check_true("the generation", versions_generation(mine) != generation);
    check_true("a number with it", version_of(mine, TOPIC_CARD, 3) != card);
    check_true("not to what it was or will be", version_of(mine, TOPIC_CARD, 3) > card);
}

static void an_empty_set_moves_nothing(void **state)
{
    (void)state;
    uint64_t generation = versions_generation(mine);
    versions_publish(mine, &changes);
    change_set_add(&changes, TOPIC_CARD, 1);
    change_set_schedule(&changes, 5);
    change_set_clear(&changes);
    versions_publish(mine, &changes);
    check_true("the generation", versions_generation(mine) == generation);
    check_number("a number", number(mine, TOPIC_CARD, 1), 0);
    check_true("cleared", !changes.any);
}

/* Lets this process, and its children, run on one processor alone; which it might use before. */
static void share_one_processor(cpu_set_t *before)
{
    cpu_set_t one;
    int first = 0;
    check_true("processors", sched_getaffinity(0, sizeof *before, before) == 0);
    while (!CPU_ISSET(first, before))
        first++;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    check_true("one of them", sched_setaffinity(0, sizeof one, &one) == 0);
}

/* V2: a thread that sees a moved version also sees a moved generation. A second process moves both
 * all the time; this one compares them whenever the other was interrupted, wherever that was. */
static void the_generation_moves_before_a_version_does(void **state)
{
    (void)state;
    int status;
    cpu_set_t processors;
    share_one_processor(&processors);
    uint32_t last = number(mine, TOPIC_COUNTS, 0);
    uint64_t first = versions_generation(mine);
    pid_t ended, child = fork();
    if (child == 0) {
        move_often(others, MOVES_TO_WATCH);
        _exit(0);
    }
    check_true("fork", child > 0);
    while ((ended = waitpid(child, &status, WNOHANG)) == 0) {
        uint32_t now = number(mine, TOPIC_COUNTS, 0);
        uint64_t generation = versions_generation(mine);
        /* As many moves as the number made, at least, since the beginning. */
        check_true("no number is ahead", generation - first >= now - last);
        sched_yield();
    }
    check_true("the child", ended == child && status == 0);
    check_true("as before", sched_setaffinity(0, sizeof processors, &processors) == 0);
}

/* What a commit does, and where a writer can die. */
static void begin(struct versions *versions)
{
    versions_begin_commit(versions);
}

static void begin_and_end(struct versions *versions)
{
    versions_begin_commit(versions);
    publish_a_card(versions);
    versions_end_commit(versions);
}

static void a_writer_that_dies_leaves_its_commit_unfinished_until_recovery(void **state)
{
    (void)state;
    check_true("finished", !versions_have_unfinished_commit(mine));
    in_another_process(begin_and_end);
    check_true("finished", !versions_have_unfinished_commit(mine));
    uint32_t epoch = versions_epoch(mine);
    versions_recover(mine);
    check_number("nothing to recover", versions_epoch(mine), epoch);
    in_another_process(begin);
    in_another_process(begin);
    check_true("unfinished", versions_have_unfinished_commit(mine));
    check_true("for all", versions_have_unfinished_commit(others));
    uint64_t generation = versions_generation(mine);
    versions_recover(others);
    check_true("recovered", !versions_have_unfinished_commit(mine));
    check_number("the epoch", versions_epoch(mine), epoch + 1);
    check_number("what appears next is not known", versions_next_due(mine), INT64_MIN);
    check_true("the generation", versions_generation(mine) != generation);
    versions_recover(mine);
    check_number("once", versions_epoch(mine), epoch + 1);
    versions_begin_commit(mine);
    check_true("unfinished", versions_have_unfinished_commit(mine));
    versions_end_commit(mine);
    check_true("finished", !versions_have_unfinished_commit(mine));
}

static void commits_of_others_are_counted(void **state)
{
    (void)state;
    uint32_t before = versions_commits_begun_by_others(mine);
    begin_and_end(mine);
    check_number("not one's own", versions_commits_begun_by_others(mine), before);
    begin_and_end(others);
    in_another_process(begin_and_end);
    check_number("others'", versions_commits_begun_by_others(mine), before + 2);
    check_number("each his others'", versions_commits_begun_by_others(others) - before, 2);
}

/* db/transaction begins, publishes and ends a commit with the write lock held. */
static void a_commit_publishes_and_a_failed_one_does_not(void **state)
{
    (void)state;
    struct paper paper;
    paper_open(&paper);
    struct versions *versions = transaction_versions(paper.transaction);
    paper_begin_write(&paper);
    uint32_t before = number(versions, TOPIC_CARD, 5);
    change_set_add(transaction_changes(paper.transaction), TOPIC_CARD, 5);
    transaction_rollback(paper.transaction);
    check_number("rolled back", number(versions, TOPIC_CARD, 5), before);
    paper_begin_write(&paper);
    paper_commit(&paper);
    check_number("nor by the next", number(versions, TOPIC_CARD, 5), before);
    paper_begin_write(&paper);
    change_set_add(transaction_changes(paper.transaction), TOPIC_CARD, 5);
    paper_commit(&paper);
    check_number("committed", number(versions, TOPIC_CARD, 5), before + 1);
    check_true("finished", !versions_have_unfinished_commit(versions));
    paper_begin_write(&paper);
    paper_commit(&paper);
    check_number("once", number(versions, TOPIC_CARD, 5), before + 1);
    uint32_t epoch = versions_epoch(versions);
    snprintf(database, sizeof database, "%s", paper.config.store.database);
    in_another_process(begin); /* a writer that dies there */
    paper_begin_write(&paper);
    check_true("recovered by the next with the lock", versions_epoch(versions) != epoch);
    check_true("finished", !versions_have_unfinished_commit(versions));
    transaction_rollback(paper.transaction);
    paper_close(&paper);
}

static void the_earliest_time_is_the_next(void **state)
{
    (void)state;
    versions_take_next_due(mine);
    check_true("none", versions_next_due(mine) == INT64_MAX);
    versions_schedule(mine, 50);
    versions_schedule(others, 70);
    check_number("the earlier stays", versions_next_due(mine), 50);
    versions_schedule(others, 20);
    check_number("an earlier one comes", versions_next_due(mine), 20);
    check_number("taken", versions_take_next_due(mine), 20);
    check_true("none is left", versions_next_due(others) == INT64_MAX);
    change_set_add(&changes, TOPIC_CARD, 1);
    change_set_clear(&changes);
    change_set_add(&changes, TOPIC_CARD, 1);
    change_set_schedule(&changes, 90);
    change_set_schedule(&changes, 30);
    change_set_schedule(&changes, 60);
    versions_publish(mine, &changes);
    check_number("as it was added", versions_next_due(others), 30);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_one_process_moves_all_see),
        TEST(another_process_moves_them_too),
        TEST(moves_at_the_same_time_all_count),
        TEST(they_outlive_the_processes_that_opened_them),
        TEST(invalidating_one_thing_leaves_the_paper),
        TEST(invalidating_all_moves_version_of),
        TEST(an_empty_set_moves_nothing),
        TEST(the_generation_moves_before_a_version_does),
        TEST(a_writer_that_dies_leaves_its_commit_unfinished_until_recovery),
        TEST(commits_of_others_are_counted),
        TEST(a_commit_publishes_and_a_failed_one_does_not),
        TEST(the_earliest_time_is_the_next),
    };
    return cmocka_run_group_tests_name("db/versions", tests, NULL, NULL);
}
