#include "counting/view_journal.h"

#include "paper.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum {
    CAPACITY = 64,
    ID = 7,
    CELLS_AT = 4096, /* where records begin in the file */
    THREADS = 4,
    EACH = 20000,
};

static char folder[64], database[96], path[128];

static int set_up(void **state)
{
    (void)state;
    folder_make(folder);
    snprintf(database, sizeof database, "%s/paper.db", folder);
    snprintf(path, sizeof path, "%s-views", database);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

static struct view_journal *opened(int64_t capacity, int64_t id, int64_t applied)
{
    struct view_journal *journal = NULL;
    struct fault fault = {.field = ""};
    check_done("open", view_journal_open(database, capacity, id, applied, &journal, &fault),
               &fault);
    return journal;
}

static void append(struct view_journal *journal, int64_t from, int64_t to)
{
    for (int64_t number = from; number <= to; number++) {
        const struct journal_record record = {.at = 1000 + number, .article_id = number};
        check_status("append", view_journal_append(journal, &record), STATUS_OK);
    }
}

static enum status take(void *arg, const struct journal_record *record)
{
    check_number("time", record->at, 1000 + record->article_id);
    buf_format(arg, "%lld ", (long long)record->article_id);
    return STATUS_OK;
}

/* Reads what there is, as the articles' ids; the number of the last. */
static int64_t check_read(const char *name, struct view_journal *journal, int64_t most,
                          const char *expected)
{
    struct buf ids;
    buf_init(&ids, 100000);
    int64_t last = view_journal_read(journal, most, take, &ids);
    check_text(name, buf_string(&ids), expected);
    buf_release(&ids);
    return last;
}

static void records_come_out_once_and_in_order(void **state)
{
    (void)state;
    struct view_journal *journal = opened(CAPACITY, ID, 0);
    check_number("nothing", check_read("nothing", journal, 100, ""), 0);
    append(journal, 1, 5);
    check_number("two", check_read("two", journal, 2, "1 2 "), 2);
    check_number("the rest", check_read("the rest", journal, 100, "3 4 5 "), 5);
    check_number("no more", check_read("no more", journal, 100, ""), 5);
    view_journal_close(journal);
}

static void a_process_that_ended_left_what_was_not_stored(void **state)
{
    (void)state;
    static const struct {
        int64_t applied;
        const char *expected;
    } cases[] = {{0, "1 2 3 4 5 "}, {3, "4 5 "}, {5, ""}};
    struct view_journal *journal = opened(CAPACITY, ID, 0);
    append(journal, 1, 5);
    view_journal_close(journal); /* as a kill leaves it: nothing is written on the way */
    for (size_t i = 0; i < COUNT(cases); i++) {
        journal = opened(CAPACITY, ID, cases[i].applied);
        check_number("waiting", view_journal_waiting(journal), 5 - cases[i].applied);
        check_number("torn", view_journal_torn(journal), 0);
        check_number("last", check_read("again", journal, 100, cases[i].expected), 5);
        view_journal_close(journal);
    }
    journal = opened(CAPACITY, ID, 5);
    append(journal, 6, 6);
    check_read("numbers go on", journal, 100, "6 ");
    view_journal_close(journal);
}

static void a_full_journal_takes_no_more_until_something_is_stored(void **state)
{
    (void)state;
    struct view_journal *journal = opened(CAPACITY, ID, 0);
    const struct journal_record record = {.at = 1, .article_id = 1};
    for (int64_t round = 0; round < 5; round++) {
        append(journal, round * CAPACITY + 1, (round + 1) * CAPACITY);
        check_status("full", view_journal_append(journal, &record), STATUS_FULL);
        struct buf ids;
        buf_init(&ids, 100000);
        int64_t last = view_journal_read(journal, 1000, take, &ids);
        buf_release(&ids);
        check_number("all", last, (round + 1) * CAPACITY);
        check_status("read is not stored", view_journal_append(journal, &record), STATUS_FULL);
        view_journal_applied(journal, last);
    }
    view_journal_close(journal);
    journal = opened(CAPACITY, ID, 5 * CAPACITY);
    check_number("older rounds are none", view_journal_waiting(journal), 0);
    view_journal_close(journal);
}

static void what_was_written_is_brought_to_the_disk(void **state)
{
    (void)state;
    struct view_journal *journal = opened(CAPACITY, ID, 0);
    check_status("nothing yet", view_journal_sync(journal), STATUS_OK);
    append(journal, 1, 3);
    for (int i = 0; i < 3; i++)
        check_status("three", view_journal_sync(journal), STATUS_OK);
    append(journal, 4, 4);
    check_status("one more", view_journal_sync(journal), STATUS_OK);
    view_journal_close(journal);
    journal = opened(CAPACITY, ID, 0);
    check_number("all there", view_journal_waiting(journal), 4);
    view_journal_close(journal);
}

static void spoil(off_t at, size_t len)
{
    char noise[64];
    memset(noise, 0x5A, sizeof noise);
    int fd = open(path, O_WRONLY);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, noise, len, at), len);
    close(fd);
}

/* Record n stands at n times its size, as the ring begins with place 0. */
static void a_torn_record_is_passed_over_and_counted(void **state)
{
    (void)state;
    struct view_journal *journal = opened(CAPACITY, ID, 0);
    append(journal, 1, 6);
    view_journal_close(journal);
    spoil(CELLS_AT + 2 * JOURNAL_RECORD_BYTES + 8, 8);
    spoil(CELLS_AT + 5 * JOURNAL_RECORD_BYTES, 1);
    journal = opened(CAPACITY, ID, 0);
    check_number("waiting", view_journal_waiting(journal), 6);
    check_number("torn", view_journal_torn(journal), 2);
    check_number("last", check_read("whole ones", journal, 100, "1 3 4 6 "), 6);
    view_journal_close(journal);
}

static void another_files_records_are_not_ours(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        off_t at; /* of what is spoiled; -1: nothing */
        off_t size;
        int64_t id;
    } cases[] = {
        {"another database's", -1, 0, ID + 1},
        {"a capacity that can't be", 16, 0, ID},
        {"cut", -1, 5000, ID},
        {"cut in its head", -1, 20, ID},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        unlink(path);
        struct view_journal *journal = opened(CAPACITY, ID, 0);
        append(journal, 1, 3);
        view_journal_close(journal);
        if (cases[i].at >= 0)
            spoil(cases[i].at, 8);
        if (cases[i].size > 0)
            assert_int_equal(truncate(path, cases[i].size), 0);
        journal = opened(CAPACITY, cases[i].id, 10);
        check_number(cases[i].name, view_journal_waiting(journal), 0);
        append(journal, 11, 12);
        check_number(cases[i].name, check_read(cases[i].name, journal, 100, "11 12 "), 12);
        view_journal_close(journal);
    }
}

/* With another setting the journal changes its size, but not while something is in it. */
static void a_journal_with_records_keeps_its_size(void **state)
{
    (void)state;
    struct view_journal *journal = opened(CAPACITY, ID, 0);
    append(journal, 1, CAPACITY);
    view_journal_close(journal);
    journal = opened(2 * CAPACITY, ID, 0);
    check_number("all are there", view_journal_waiting(journal), CAPACITY);
    const struct journal_record record = {.at = 1, .article_id = 1};
    check_status("as large as before", view_journal_append(journal, &record), STATUS_FULL);
    view_journal_close(journal);
    journal = opened(2 * CAPACITY, ID, CAPACITY);
    append(journal, CAPACITY + 1, 3 * CAPACITY);
    check_status("twice as large now", view_journal_append(journal, &record), STATUS_FULL);
    view_journal_close(journal);
}

static void a_journal_that_can_not_be_made_says_why(void **state)
{
    (void)state;
    struct view_journal *journal = NULL;
    struct fault fault = {.field = ""};
    static const char text[] = "views of the mountains, by a painter";
    check_status("no such folder",
                 view_journal_open("/nowhere/a", CAPACITY, ID, 0, &journal, &fault),
                 STATUS_UNUSABLE);
    check_holds("no such folder", fault.text, "can't be opened: ");
    file_write(path, text, sizeof text);
    check_status("a text", view_journal_open(database, CAPACITY, ID, 0, &journal, &fault),
                 STATUS_INVALID);
    check_holds("a text", fault.text, "-views is not a file of Khobor's");
    check_true("none", journal == NULL);
}

/* A header that claims half a gigabyte takes no memory for it. */
static void a_header_that_claims_too_much_is_damaged(void **state)
{
    (void)state;
    const int64_t claim = 16777216;
    view_journal_close(opened(CAPACITY, ID, 0));
    int fd = open(path, O_RDWR);
    assert_int_equal(pwrite(fd, &claim, sizeof claim, 16), sizeof claim);
    close(fd);
    struct view_journal *journal = opened(CAPACITY, ID, 3);
    struct stat found;
    check_true("stat", stat(path, &found) == 0);
    check_number("its size", found.st_size, CELLS_AT + CAPACITY * JOURNAL_RECORD_BYTES);
    check_true("damaged", view_journal_damaged(journal));
    view_journal_close(journal);
}

static void overwrite(void)
{
    char zeros[CELLS_AT + 4 * JOURNAL_RECORD_BYTES] = {0};
    int fd = open(path, O_WRONLY);
    assert_int_equal(pwrite(fd, zeros, sizeof zeros, 0), sizeof zeros);
    close(fd);
}

static void cut(void)
{
    assert_int_equal(truncate(path, 0), 0);
}

static void take_away(void)
{
    assert_int_equal(unlink(path), 0);
}

static void put_another_in_its_place(void)
{
    take_away();
    file_write(path, "", 0);
}

/* What happens to the file of a running server loses no view: memory has them all. */
static void a_file_that_loses_records_gets_them_again(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        void (*damage)(void);
    } cases[] = {{"overwritten", overwrite},
                 {"cut", cut},
                 {"removed", take_away},
                 {"replaced", put_another_in_its_place}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t missing;
        struct fault fault = {.text = ""};
        unlink(path);
        struct view_journal *journal = opened(CAPACITY, ID, 0);
        append(journal, 1, 6);
        cases[i].damage();
        append(journal, 7, 8);
        check_number(cases[i].name, check_read(cases[i].name, journal, 100, "1 2 3 4 5 6 7 8 "), 8);
        check_done(cases[i].name, view_journal_check(journal, &missing, &fault), &fault);
        check_true(cases[i].name, missing >= 3 && missing <= 8);
        check_done(cases[i].name, view_journal_check(journal, &missing, &fault), &fault);
        check_number(cases[i].name, missing, 0);
        check_number(cases[i].name, view_journal_behind(journal), 0);
        append(journal, 9, 9);
        view_journal_close(journal);
        journal = opened(CAPACITY, ID, 0); /* as after a kill */
        check_number(cases[i].name, view_journal_waiting(journal), 9);
        check_number(cases[i].name, view_journal_torn(journal), 0);
        view_journal_close(journal);
    }
}

/* A limit on the size of files makes writes fail, as a full copy-on-write disk does. */
static void a_full_disk_loses_no_view_of_a_running_server(void **state)
{
    (void)state;
    int64_t missing;
    struct fault fault = {.text = ""};
    struct rlimit before, small = {.rlim_cur = CELLS_AT};
    struct view_journal *journal = opened(CAPACITY, ID, 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small.rlim_max = before.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    append(journal, 1, 2);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    append(journal, 3, 5);
    check_number("behind", view_journal_behind(journal), 5);
    check_number("read", check_read("read", journal, 100, "1 2 3 4 5 "), 5);
    check_status("still full", view_journal_check(journal, &missing, &fault), STATUS_FULL);
    check_holds("still full", fault.text, "can't be written: ");
    check_true("behind", view_journal_behind(journal) > 0);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    check_done("room", view_journal_check(journal, &missing, &fault), &fault);
    check_number("room", missing, 3);
    check_number("no longer behind", view_journal_behind(journal), 0);
    view_journal_close(journal);
    journal = opened(CAPACITY, ID, 0);
    check_number("all there", view_journal_waiting(journal), 5);
    view_journal_close(journal);
}

/* The number of the last stored record comes from the database, which may be damaged. */
static void a_position_that_can_not_be_is_refused(void **state)
{
    (void)state;
    static const int64_t positions[] = {-1, INT64_MIN, INT64_MAX};
    for (size_t i = 0; i < COUNT(positions); i++) {
        struct view_journal *journal = NULL;
        struct fault fault = {.field = ""};
        check_status("open",
                     view_journal_open(database, CAPACITY, ID, positions[i], &journal, &fault),
                     STATUS_FAILED);
        check_holds("why", fault.text, "position in the journal of views is damaged");
        check_true("none", journal == NULL);
    }
}

/* A whole record that lies in another record's cell, as a file that was put together from two. */
static void a_record_in_another_cell_is_none(void **state)
{
    (void)state;
    char cell[JOURNAL_RECORD_BYTES];
    struct view_journal *journal = opened(CAPACITY, ID, 0);
    append(journal, 1, 5);
    view_journal_close(journal);
    int fd = open(path, O_RDWR);
    assert_true(fd >= 0);
    for (int place = 8; place < 12; place++) {
        assert_int_equal(pread(fd, cell, sizeof cell, CELLS_AT + 5 * JOURNAL_RECORD_BYTES),
                         sizeof cell);
        assert_int_equal(pwrite(fd, cell, sizeof cell, CELLS_AT + place * JOURNAL_RECORD_BYTES),
                         sizeof cell);
    }
    close(fd);
    journal = opened(CAPACITY, ID, 2);
    check_number("waiting", view_journal_waiting(journal), 3);
    check_number("torn", view_journal_torn(journal), 0);
    check_number("last", check_read("each once", journal, 100, "3 4 5 "), 5);
    view_journal_close(journal);
}

struct appending {
    struct view_journal *journal;
    int64_t from, full;
};

static void *append_many(void *arg)
{
    struct appending *appending = arg;
    for (int64_t i = 0; i < EACH; i++) {
        const struct journal_record record = {.at = 1000 + appending->from + i,
                                              .article_id = appending->from + i};
        while (view_journal_append(appending->journal, &record) != STATUS_OK)
            appending->full++;
    }
    return NULL;
}

static enum status sum(void *arg, const struct journal_record *record)
{
    int64_t *sums = arg;
    check_number("a whole record", record->at, 1000 + record->article_id);
    sums[0]++;
    sums[1] += record->article_id;
    return STATUS_OK;
}

static void threads_append_while_one_reads(void **state)
{
    (void)state;
    struct view_journal *journal = opened(1024, ID, 0);
    struct appending appending[THREADS];
    pthread_t threads[THREADS];
    int64_t sums[2] = {0}, all = (int64_t)THREADS * EACH;
    for (int i = 0; i < THREADS; i++) {
        appending[i] = (struct appending){.journal = journal, .from = (int64_t)i * EACH + 1};
        pthread_create(&threads[i], NULL, append_many, &appending[i]);
    }
    while (sums[0] < all)
        view_journal_applied(journal, view_journal_read(journal, 100, sum, sums));
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    check_number("records", sums[0], all);
    check_number("each once", sums[1], all * (all + 1) / 2);
    view_journal_close(journal);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(records_come_out_once_and_in_order),
        TEST(a_process_that_ended_left_what_was_not_stored),
        TEST(a_full_journal_takes_no_more_until_something_is_stored),
        TEST(what_was_written_is_brought_to_the_disk),
        TEST(a_torn_record_is_passed_over_and_counted),
        TEST(another_files_records_are_not_ours),
        TEST(a_journal_with_records_keeps_its_size),
        TEST(a_journal_that_can_not_be_made_says_why),
        TEST(a_header_that_claims_too_much_is_damaged),
        TEST(a_file_that_loses_records_gets_them_again),
        TEST(a_full_disk_loses_no_view_of_a_running_server),
        TEST(a_position_that_can_not_be_is_refused),
        TEST(a_record_in_another_cell_is_none),
        TEST(threads_append_while_one_reads),
    };
    return cmocka_run_group_tests_name("counting/view_journal", tests, NULL, NULL);
}
