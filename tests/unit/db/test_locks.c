/* Locks between processes, each of which is a child here. A child says what it found by its exit
 * status, and counts in memory that both share. */
#include "db/locks.h"

#include "base/clock.h"
#include "paper.h"

#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum {
    LONG_MS = 20000,
    SHORT_MS = 30,
    BATCH_MS = 20,
    TURNS_MAX = 1000, /* a child ends after so many, whatever happens */
    TAKES = 10,
    TURNS_A_TAKE = 5,
};

/* What parent and child both see. */
struct shared {
    atomic_int turns, ready;
    atomic_bool stop;
};

static char folder[64], database[128];
static struct shared *shared;

static int open_folder(void **state)
{
    (void)state;
    folder_make(folder);
    snprintf(database, sizeof database, "%s/paper.db", folder);
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(shared != MAP_FAILED);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    munmap(shared, sizeof *shared);
    folder_remove(folder);
    return 0;
}

/* Runs a function in a process of its own. */
static pid_t child(int (*run)(void))
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(run());
    return pid;
}

static int exit_of(pid_t pid)
{
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int try_serve(void)
{
    int fd;
    struct fault fault;
    return (int)lock_serve(database, &fd, &fault);
}

static int try_write(void)
{
    struct write_lock lock;
    struct fault fault;
    if (write_lock_open(database, SHORT_MS, &lock, &fault) != STATUS_OK)
        return STATUS__MAX;
    return (int)write_lock_take(&lock); /* unlocked when the process ends */
}

static void one_process_serves(void **state)
{
    (void)state;
    int fd;
    struct fault fault = {.field = ""};
    check_done("the first", lock_serve(database, &fd, &fault), &fault);
    check_number("a second", exit_of(child(try_serve)), STATUS_BUSY);
    int other;
    check_status("in this process too", lock_serve(database, &other, &fault), STATUS_BUSY);
    check_text("field", fault.field, "database");
    check_holds("reason", fault.text, "served by another process");
    close(fd);
    check_number("afterwards", exit_of(child(try_serve)), STATUS_OK);
    check_number("a lock goes with its process", exit_of(child(try_serve)), STATUS_OK);
}

static void serving_and_writing_are_apart(void **state)
{
    (void)state;
    int fd;
    struct fault fault = {.field = ""};
    check_done("serve", lock_serve(database, &fd, &fault), &fault);
    check_number("write", exit_of(child(try_write)), STATUS_OK);
    close(fd);
}

static void one_process_writes(void **state)
{
    (void)state;
    struct write_lock lock;
    struct fault fault = {.field = ""};
    check_done("open", write_lock_open(database, LONG_MS, &lock, &fault), &fault);
    check_number("not taken yet", exit_of(child(try_write)), STATUS_OK);
    check_status("take", write_lock_take(&lock), STATUS_OK);
    check_number("another", exit_of(child(try_write)), STATUS_BUSY);
    write_lock_give(&lock);
    check_number("given", exit_of(child(try_write)), STATUS_OK);
    check_status("again", write_lock_take(&lock), STATUS_OK);
    write_lock_close(&lock);
    check_number("closed", exit_of(child(try_write)), STATUS_OK);
}

/* Who gave up waiting holds nothing. */
static void a_timeout_leaves_no_lock_behind(void **state)
{
    (void)state;
    struct write_lock first, second;
    struct fault fault;
    check_status("open", write_lock_open(database, LONG_MS, &first, &fault), STATUS_OK);
    check_status("open", write_lock_open(database, SHORT_MS, &second, &fault), STATUS_OK);
    check_status("take", write_lock_take(&first), STATUS_OK);
    int64_t before = clock_steady_ms();
    check_status("wait", write_lock_take(&second), STATUS_BUSY);
    check_true("it waited", clock_steady_ms() - before >= SHORT_MS);
    write_lock_give(&first);
    check_status("the first again", write_lock_take(&first), STATUS_OK);
    write_lock_give(&first);
    check_status("the second", write_lock_take(&second), STATUS_OK);
    write_lock_close(&first);
    write_lock_close(&second);
}

static int hold_and_die(void)
{
    struct write_lock lock;
    struct fault fault;
    if (write_lock_open(database, LONG_MS, &lock, &fault) != STATUS_OK ||
        write_lock_take(&lock) != STATUS_OK)
        return 1;
    atomic_store(&shared->ready, 1);
    kill(getpid(), SIGKILL);
    return 2;
}

static void a_killed_process_lets_go(void **state)
{
    (void)state;
    struct write_lock lock;
    struct fault fault;
    check_number("killed", exit_of(child(hold_and_die)), -1);
    check_number("it had the lock", atomic_load(&shared->ready), 1);
    check_status("open", write_lock_open(database, SHORT_MS, &lock, &fault), STATUS_OK);
    check_status("take", write_lock_take(&lock), STATUS_OK);
    write_lock_close(&lock);
}

/* An import: it holds the lock for a batch, lets go, and comes again at once. */
static int work_in_batches(void)
{
    struct write_lock lock;
    struct fault fault;
    if (write_lock_open(database, LONG_MS, &lock, &fault) != STATUS_OK)
        return 1;
    for (int i = 0; i < TURNS_MAX && !atomic_load(&shared->stop); i++) {
        if (write_lock_take(&lock) != STATUS_OK)
            return 2;
        atomic_store(&shared->ready, 1);
        clock_sleep_ms(BATCH_MS);
        atomic_fetch_add(&shared->turns, 1);
        write_lock_give(&lock);
    }
    return 0;
}

static void who_comes_again_at_once_gets_in_line(void **state)
{
    (void)state;
    struct write_lock lock;
    struct fault fault;
    pid_t worker = child(work_in_batches);
    check_status("open", write_lock_open(database, LONG_MS, &lock, &fault), STATUS_OK);
    while (!atomic_load(&shared->ready))
        clock_sleep_ms(1);
    int turns = 0;
    enum status status = STATUS_OK;
    for (int i = 0; i < TAKES && status == STATUS_OK; i++) {
        int before = atomic_load(&shared->turns);
        status = write_lock_take(&lock);
        turns += atomic_load(&shared->turns) - before;
        if (status == STATUS_OK)
            write_lock_give(&lock);
    }
    atomic_store(&shared->stop, true);
    check_number("the worker", exit_of(worker), 0);
    write_lock_close(&lock);
    check_status("take", status, STATUS_OK);
    check_at_most("turns of the other", turns, TAKES * TURNS_A_TAKE);
}

static void each_of_three_that_work_at_once_gets_its_turns(void **state)
{
    (void)state;
    struct write_lock lock;
    struct fault fault;
    pid_t workers[2] = {child(work_in_batches), child(work_in_batches)};
    check_status("open", write_lock_open(database, LONG_MS, &lock, &fault), STATUS_OK);
    while (!atomic_load(&shared->ready))
        clock_sleep_ms(1);
    enum status status = STATUS_OK;
    for (int i = 0; i < TAKES && status == STATUS_OK; i++) {
        status = write_lock_take(&lock);
        if (status == STATUS_OK)
            write_lock_give(&lock);
    }
    int turns = atomic_load(&shared->turns);
    atomic_store(&shared->stop, true);
    check_number("a worker", exit_of(workers[0]), 0);
    check_number("the other", exit_of(workers[1]), 0);
    write_lock_close(&lock);
    check_status("take", status, STATUS_OK);
    check_at_most("turns of the others", turns, 4 * TAKES * TURNS_A_TAKE);
}

static void a_folder_that_is_not_there_is_a_fault(void **state)
{
    (void)state;
    int fd;
    struct write_lock lock;
    struct fault fault = {.field = ""};
    check_status("serve", lock_serve("/nowhere/paper.db", &fd, &fault), STATUS_UNUSABLE);
    check_text("field", fault.field, "database");
    check_status("write", write_lock_open("/nowhere/paper.db", 10, &lock, &fault), STATUS_UNUSABLE);
    check_holds("reason", fault.text, "/nowhere/paper.db");
}

int main(void)
{
#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, open_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(one_process_serves),
        WITH_FOLDER(serving_and_writing_are_apart),
        WITH_FOLDER(one_process_writes),
        WITH_FOLDER(a_timeout_leaves_no_lock_behind),
        WITH_FOLDER(a_killed_process_lets_go),
        WITH_FOLDER(who_comes_again_at_once_gets_in_line),
        WITH_FOLDER(each_of_three_that_work_at_once_gets_its_turns),
        WITH_FOLDER(a_folder_that_is_not_there_is_a_fault),
    };
    return cmocka_run_group_tests_name("db/locks", tests, NULL, NULL);
}
