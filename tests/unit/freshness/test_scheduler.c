/* Scheduled articles are published when their time comes, once, for all threads and processes. */
#include "freshness/scheduler.h"

#include "paper.h"

enum {
    SCHEDULED_S = 3600, /* after PAPER_NOW, when "b" appears */
    LATER_S = 7200,     /* and "c" */
    MANY = 3000,        /* articles with four terms each: more rows than are read */
};

static struct paper paper, other;
static struct scheduler *scheduler;
static struct versions *versions;
static struct db *reader;

static int set_up(void **state)
{
    (void)state;
    struct fault fault = {.field = ""};
    paper_open(&paper);
    other = paper;
    check_done("other", transaction_open(&paper.config, &other.transaction, NULL, &fault), &fault);
    other.db = transaction_db(other.transaction);
    versions = transaction_versions(paper.transaction);
    check_status("scheduler", scheduler_open(versions, &scheduler), STATUS_OK);
    reader = paper_reader(&paper);
    paper_import(&other,
                 "{\"type\":\"section\",\"slug\":\"world\",\"name\":\"World\"}\n"
                 "{\"type\":\"section\",\"slug\":\"sports\",\"name\":\"Sports\"}\n"
                 "{\"type\":\"article\",\"slug\":\"a\",\"section\":\"world\",\"headline\":\"A\","
                 "\"body\":\"\",\"published_at\":\"2024-04-16T11:00:00+06:00\"}\n"
                 "{\"type\":\"article\",\"slug\":\"b\",\"section\":\"sports\",\"headline\":\"B\","
                 "\"body\":\"\",\"published_at\":\"2024-04-16T13:00:00+06:00\",\"tags\":[\"T\"],"
                 "\"authors\":[\"W\"]}\n"
                 "{\"type\":\"article\",\"slug\":\"c\",\"section\":\"world\",\"headline\":\"C\","
                 "\"body\":\"\",\"published_at\":\"2024-04-16T14:00:00+06:00\",\"lead\":true}\n");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    scheduler_close(scheduler);
    db_close(reader);
    transaction_close(other.transaction);
    paper_close(&paper);
    return 0;
}

static void show(int64_t after_s)
{
    check_status("show", scheduler_publish_due(scheduler, reader, PAPER_NOW + after_s), STATUS_OK);
}

static int64_t version(enum topic topic, int64_t id)
{
    return version_of(versions, topic, id);
}

static int64_t term(enum term_kind kind, const char *key)
{
    int64_t id = 0;
    check_status(key, term_find(paper.db, kind, key, &id), STATUS_OK);
    return id;
}

static void at_the_start_everything_may_have_appeared(void **state)
{
    (void)state;
    uint32_t epoch = versions_epoch(versions);
    show(0);
    check_number("the epoch", versions_epoch(versions), epoch + 1);
    uint64_t generation = versions_generation(versions);
    show(0);
    show(1);
    show(SCHEDULED_S - 1);
    check_true("then nothing", versions_generation(versions) == generation);
    check_number("the next", versions_next_due(versions), PAPER_NOW + SCHEDULED_S);
}

static void what_shows_an_article_moves_when_its_time_comes(void **state)
{
    (void)state;
    int64_t b = paper_id(&paper, "b"), c = paper_id(&paper, "c");
    int64_t world = paper_number(&paper, "SELECT id FROM sections WHERE slug = 'world'");
    int64_t sports = paper_number(&paper, "SELECT id FROM sections WHERE slug = 'sports'");
    int64_t tag = term(TERM_TAG, "T"), author = term(TERM_AUTHOR, "W");
    const struct {
        const char *name;
        enum topic topic;
        int64_t id;
        bool with_b, with_c;
    } cases[] = {
        {"the paper", TOPIC_PAPER, 0, true, true},
        {"the article", TOPIC_ARTICLE, b, true, false},
        {"its card", TOPIC_CARD, b, true, false},
        {"the latest", TOPIC_LIST, 0, true, true},
        {"its section", TOPIC_LIST, sports, true, false},
        {"its tag", TOPIC_TERM, tag, true, false},
        {"its author", TOPIC_TERM, author, true, false},
        {"another article", TOPIC_ARTICLE, c, false, true},
        {"its card", TOPIC_CARD, c, false, true},
        {"its section", TOPIC_LIST, world, false, true},
        {"the lead", TOPIC_LEAD, 0, false, true},
        {"sections", TOPIC_SECTIONS, 0, false, false},
        {"what was there", TOPIC_CARD, paper_id(&paper, "a"), false, false},
        {"counts", TOPIC_COUNTS, 0, false, false},
    };
    int64_t before[COUNT(cases)];
    show(0);
    for (int turn = 0; turn < 2; turn++) {
        for (size_t i = 0; i < COUNT(cases); i++)
            before[i] = version(cases[i].topic, cases[i].id);
        show(turn == 0 ? SCHEDULED_S : LATER_S);
        for (size_t i = 0; i < COUNT(cases); i++)
            check_number(cases[i].name, version(cases[i].topic, cases[i].id) != before[i],
                         turn == 0 ? cases[i].with_b : cases[i].with_c);
    }
    check_true("none is left", versions_next_due(versions) == INT64_MAX);
}

/* The first request after a quiet night publishes all that appeared. */
static void all_that_appeared_since_is_published(void **state)
{
    (void)state;
    show(0);
    int64_t b = version(TOPIC_CARD, paper_id(&paper, "b"));
    int64_t c = version(TOPIC_CARD, paper_id(&paper, "c"));
    uint32_t epoch = versions_epoch(versions);
    show(100000);
    check_true("the first", version(TOPIC_CARD, paper_id(&paper, "b")) != b);
    check_true("the second", version(TOPIC_CARD, paper_id(&paper, "c")) != c);
    check_number("and no more than that", versions_epoch(versions), epoch);
}

/* Scheduled by another process, after this one looked what is next. */
static void what_is_scheduled_later_is_due_in_time(void **state)
{
    (void)state;
    show(0);
    paper_import(&other,
                 "{\"type\":\"article\",\"slug\":\"d\",\"section\":\"world\",\"headline\":\"D\","
                 "\"body\":\"\",\"published_at\":\"2024-04-16T12:00:30+06:00\"}\n");
    int64_t before = version(TOPIC_CARD, paper_id(&paper, "d"));
    show(29);
    check_number("a second before", version(TOPIC_CARD, paper_id(&paper, "d")), before);
    show(30);
    check_true("in time", version(TOPIC_CARD, paper_id(&paper, "d")) != before);
    check_number("then the one that was next", versions_next_due(versions),
                 PAPER_NOW + SCHEDULED_S);
}

static void a_clock_that_is_set_back_moves_the_epoch(void **state)
{
    (void)state;
    show(0);
    show(SCHEDULED_S);
    uint32_t epoch = versions_epoch(versions);
    show(SCHEDULED_S - 3);
    check_number("the epoch", versions_epoch(versions), epoch + 1);
    int64_t before = version(TOPIC_CARD, paper_id(&paper, "b"));
    show(SCHEDULED_S);
    check_true("its time comes again", version(TOPIC_CARD, paper_id(&paper, "b")) != before);
}

/* A thread that read the clock just before another must not cache, and invalidates nothing. */
static void a_clock_that_is_a_little_behind_is_no_other_clock(void **state)
{
    (void)state;
    static const struct {
        int64_t after_s;
        bool is_behind;
    } cases[] = {{0, false}, {-1, true}, {-2, true}, {1, false}};
    show(0);
    check_true("nothing was shown of it", scheduler_is_ahead(scheduler, PAPER_NOW - 1));
    show(SCHEDULED_S);
    uint64_t generation = versions_generation(versions);
    for (size_t i = 0; i < COUNT(cases); i++) {
        check_number("ahead",
                     scheduler_is_ahead(scheduler, PAPER_NOW + SCHEDULED_S + cases[i].after_s),
                     cases[i].is_behind);
        show(SCHEDULED_S + cases[i].after_s);
    }
    check_true("nothing moved", versions_generation(versions) == generation);
}

/* Something else is due just then: what was published for a later instant stays published. */
static void a_clock_that_is_a_little_behind_publishes_for_the_later_one(void **state)
{
    (void)state;
    show(0);
    show(SCHEDULED_S);
    versions_schedule(versions, PAPER_NOW);
    show(SCHEDULED_S - 1);
    check_true("still ahead", scheduler_is_ahead(scheduler, PAPER_NOW + SCHEDULED_S - 1));
    check_number("the next", versions_next_due(versions), PAPER_NOW + LATER_S);
}

static void too_many_at_once_move_the_epoch(void **state)
{
    (void)state;
    struct buf lines;
    buf_init(&lines, 4 * 1024 * 1024);
    for (int i = 0; i < MANY; i++)
        buf_format(&lines,
                   "{\"type\":\"article\",\"slug\":\"m-%d\",\"section\":\"world\",\"headline\":"
                   "\"M\",\"body\":\"\",\"published_at\":\"2024-04-16T12:30:00+06:00\",\"tags\":"
                   "[\"1\",\"2\",\"3\"],\"authors\":[\"4\"]}\n",
                   i);
    show(0);
    paper_import(&other, buf_string(&lines));
    buf_release(&lines);
    uint32_t epoch = versions_epoch(versions);
    show(1800);
    check_number("the epoch", versions_epoch(versions), epoch + 1);
    check_number("the next", versions_next_due(versions), PAPER_NOW + SCHEDULED_S);
}

/* Two schedulers, each with a connection of its own, share the versions. */
static void one_publishes_for_all(void **state)
{
    (void)state;
    struct versions *others;
    struct scheduler *second;
    struct fault fault;
    check_done("versions", versions_open(paper.config.store.database, false, &others, &fault),
               &fault);
    check_status("second", scheduler_open(versions, &second), STATUS_OK);
    show(0);
    check_status("show", scheduler_publish_due(second, paper.db, PAPER_NOW), STATUS_OK);
    uint32_t index = version_index(TOPIC_CARD, paper_id(&paper, "b"));
    uint32_t before = versions_at(others, index);
    show(SCHEDULED_S);
    check_true("seen by another", versions_at(others, index) != before);
    scheduler_close(second);
    versions_close(others);
}

/* When the database can't be read, what is due stays due. */
static void what_failed_is_tried_again(void **state)
{
    (void)state;
    show(0);
    int64_t before = version(TOPIC_CARD, paper_id(&paper, "b"));
    check_status("away", db_run(paper.db, "ALTER TABLE article_terms RENAME TO gone"), STATUS_OK);
    check_true("fails",
               scheduler_publish_due(scheduler, reader, PAPER_NOW + SCHEDULED_S) != STATUS_OK);
    check_number("nothing is shown", version(TOPIC_CARD, paper_id(&paper, "b")), before);
    check_true("fails again",
               scheduler_publish_due(scheduler, reader, PAPER_NOW + SCHEDULED_S) != STATUS_OK);
    check_status("back", db_run(paper.db, "ALTER TABLE gone RENAME TO article_terms"), STATUS_OK);
    show(SCHEDULED_S);
    check_true("shown", version(TOPIC_CARD, paper_id(&paper, "b")) != before);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(at_the_start_everything_may_have_appeared),
        TEST(what_shows_an_article_moves_when_its_time_comes),
        TEST(all_that_appeared_since_is_published),
        TEST(what_is_scheduled_later_is_due_in_time),
        TEST(a_clock_that_is_set_back_moves_the_epoch),
        TEST(a_clock_that_is_a_little_behind_is_no_other_clock),
        TEST(a_clock_that_is_a_little_behind_publishes_for_the_later_one),
        TEST(too_many_at_once_move_the_epoch),
        TEST(one_publishes_for_all),
        TEST(what_failed_is_tried_again),
    };
    return cmocka_run_group_tests_name("freshness/scheduler", tests, NULL, NULL);
}
