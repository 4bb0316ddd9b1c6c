#include "db/writer.h"

#include "paper.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

enum {
    JOBS = 100,
    THREADS = 4,
    ROOM = 10,
};

/* Jobs record their order; the first one waits for `go`. */
struct order {
    sem_t begun, go;
    int ran[JOBS * THREADS], done[JOBS * THREADS];
    int ran_len, done_len; /* of the writer's thread alone, until it ended */
};

struct numbered {
    struct job job;
    struct order *order;
    int number;
    enum status returns;
    enum status told;
};

static enum status run(struct transaction *transaction, void *arg)
{
    struct numbered *numbered = arg;
    assert_non_null(transaction);
    numbered->order->ran[numbered->order->ran_len++] = numbered->number;
    return numbered->returns;
}

static enum status run_and_wait(struct transaction *transaction, void *arg)
{
    struct numbered *numbered = arg;
    sem_post(&numbered->order->begun);
    sem_wait(&numbered->order->go);
    return run(transaction, arg);
}

static void done(void *arg, enum status status)
{
    struct numbered *numbered = arg;
    numbered->told = status;
    numbered->order->done[numbered->order->done_len++] = numbered->number;
}

static struct numbered job_made(struct order *order, int number)
{
    return (struct numbered){
        .job = {.run = run, .done = done}, .order = order, .number = number, .told = STATUS__MAX};
}

static enum status post(struct writer *writer, struct numbered *numbered)
{
    numbered->job.arg = numbered;
    return writer_post(writer, &numbered->job);
}

static void order_init(struct order *order)
{
    memset(order, 0, sizeof *order);
    sem_init(&order->begun, 0, 0);
    sem_init(&order->go, 0, 0);
}

static void open_writer(struct paper *paper, int room, struct writer **writer)
{
    paper_open(paper);
    check_status("open", writer_open(paper->transaction, room, writer), STATUS_OK);
}

static void close_writer(struct paper *paper, struct writer *writer)
{
    writer_close(writer);
    folder_remove(paper->folder);
}

/* Posts a job that occupies the writer, so that others are queued after it. */
static void hold(struct writer *writer, struct numbered *first)
{
    first->job.run = run_and_wait;
    check_status("hold", post(writer, first), STATUS_OK);
    sem_wait(&first->order->begun);
}

static void jobs_run_first_in_first_out(void **state)
{
    (void)state;
    struct paper paper;
    struct writer *writer;
    static struct order order;
    static struct numbered jobs[JOBS];
    order_init(&order);
    open_writer(&paper, JOBS, &writer);
    for (int i = 0; i < JOBS; i++)
        jobs[i] = job_made(&order, i);
    hold(writer, &jobs[0]);
    for (int i = 1; i < JOBS; i++)
        check_status("post", post(writer, &jobs[i]), STATUS_OK);
    sem_post(&order.go);
    close_writer(&paper, writer);
    check_number("ran", order.ran_len, JOBS);
    check_number("done", order.done_len, JOBS);
    for (int i = 0; i < JOBS; i++) {
        check_number("in order", order.ran[i], i);
        check_number("done in order", order.done[i], i);
    }
}

static void a_full_queue_refuses_and_goes_on(void **state)
{
    (void)state;
    struct paper paper;
    struct writer *writer;
    static struct order order;
    static struct numbered jobs[ROOM + 3];
    order_init(&order);
    open_writer(&paper, ROOM, &writer);
    for (int i = 0; i < ROOM + 3; i++)
        jobs[i] = job_made(&order, i);
    hold(writer, &jobs[0]);
    for (int i = 1; i <= ROOM; i++)
        check_status("room", post(writer, &jobs[i]), STATUS_OK);
    check_status("one more", post(writer, &jobs[ROOM + 1]), STATUS_FULL);
    check_status("and again", post(writer, &jobs[ROOM + 2]), STATUS_FULL);
    sem_post(&order.go);
    close_writer(&paper, writer);
    check_number("ran", order.ran_len, ROOM + 1);
    check_number("the last", order.ran[ROOM], ROOM);
    check_number("a refused one is not told", jobs[ROOM + 1].told, STATUS__MAX);
}

static void done_is_told_what_run_returned(void **state)
{
    (void)state;
    struct paper paper;
    struct writer *writer;
    static struct order order;
    static struct numbered jobs[STATUS__MAX];
    order_init(&order);
    open_writer(&paper, JOBS, &writer);
    for (int i = 0; i < STATUS__MAX; i++) {
        jobs[i] = job_made(&order, i);
        jobs[i].returns = (enum status)i;
        check_status("post", post(writer, &jobs[i]), STATUS_OK);
    }
    struct numbered silent = job_made(&order, 99);
    silent.job.done = NULL;
    check_status("post", post(writer, &silent), STATUS_OK);
    close_writer(&paper, writer);
    for (int i = 0; i < STATUS__MAX; i++)
        check_number("told", jobs[i].told, i);
    check_number("one without done ran", order.ran[STATUS__MAX], 99);
    check_number("one without done is not told", silent.told, STATUS__MAX);
}

static enum status store_one(struct transaction *transaction, void *arg)
{
    (void)arg;
    enum status status = transaction_begin(transaction);
    if (status != STATUS_OK)
        return status;
    if (db_run(transaction_db(transaction), "INSERT INTO changes (article_id) VALUES (1)") !=
        STATUS_OK) {
        transaction_rollback(transaction);
        return STATUS_FAILED;
    }
    return transaction_commit(transaction);
}

struct poster {
    struct writer *writer;
    struct job jobs[JOBS];
    bool failed;
};

static void *post_many(void *arg)
{
    struct poster *poster = arg;
    for (int i = 0; i < JOBS; i++) {
        poster->jobs[i] = (struct job){.run = store_one};
        poster->failed |= writer_post(poster->writer, &poster->jobs[i]) != STATUS_OK;
    }
    return NULL;
}

static void what_threads_post_is_all_stored(void **state)
{
    (void)state;
    struct paper paper;
    struct writer *writer;
    struct fault fault;
    static struct poster posters[THREADS];
    pthread_t threads[THREADS];
    open_writer(&paper, JOBS * THREADS, &writer);
    for (int i = 0; i < THREADS; i++) {
        posters[i].writer = writer;
        assert_int_equal(pthread_create(&threads[i], NULL, post_many, &posters[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        check_true("posted", !posters[i].failed);
    }
    writer_close(writer);
    check_done("again", transaction_open(&paper.config, &paper.transaction, NULL, &fault), &fault);
    paper.db = transaction_db(paper.transaction);
    int64_t stored = paper_number(&paper, "SELECT count(*) FROM changes");
    paper_close(&paper);
    check_number("stored", stored, JOBS * THREADS);
}

static void a_writer_without_work_ends_at_once(void **state)
{
    (void)state;
    struct paper paper;
    struct writer *writer;
    open_writer(&paper, 1, &writer);
    close_writer(&paper, writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_run_first_in_first_out),
        cmocka_unit_test(a_full_queue_refuses_and_goes_on),
        cmocka_unit_test(done_is_told_what_run_returned),
        cmocka_unit_test(what_threads_post_is_all_stored),
        cmocka_unit_test(a_writer_without_work_ends_at_once),
    };
    return cmocka_run_group_tests_name("db/writer", tests, NULL, NULL);
}
