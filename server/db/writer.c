/* One thread that takes jobs from a linked list under a mutex, and runs them without it. The jobs
 * are the callers' memory, so that queueing allocates nothing. */
#include "db/writer.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

/* States of the thread, and of a job:
 *
 *      WAITING <----------> RUNNING a job         free --post--> QUEUED --> RUNNING --done--> free
 *         |   queue empty      |
 *         +----- is_closing and queue empty ----> ENDED
 *
 * Invariants:
 *   W1  0 <= queued <= room.
 *   W2  The list has `queued` jobs: first and last are NULL if it is 0, and last->next is NULL.
 *   W3  Jobs run in the order in which they were posted, one at a time, on the writer thread, and
 *       not under the mutex: a job may post another.
 *   W4  After is_closing no job is accepted, and every job accepted before is run.
 */
struct writer {
    pthread_t thread;
    pthread_mutex_t mutex; /* guards all below but `room` and `transaction` */
    pthread_cond_t wake;
    struct job *first, *last;
    int queued;
    bool is_closing;
    int room;
    struct transaction *transaction; /* used by the writer thread alone until it has ended */
};

/* Called with the mutex held. */
static void check_queue(const struct writer *writer)
{
    assert(writer->queued >= 0 && writer->queued <= writer->room);                      /* W1 */
    assert(!writer->first == (writer->queued == 0) && !writer->first == !writer->last); /* W2 */
    assert(!writer->last || !writer->last->next);                                       /* W2 */
}

/* Takes the next job, waiting for one; NULL when the writer is closing and the queue is empty. */
static struct job *next_job(struct writer *writer)
{
    pthread_mutex_lock(&writer->mutex);
    while (!writer->first && !writer->is_closing)
        pthread_cond_wait(&writer->wake, &writer->mutex);
    struct job *job = writer->first;
    if (job) {
        writer->first = job->next;
        if (!writer->first)
            writer->last = NULL;
        writer->queued--;
    }
    check_queue(writer);
    assert(job || writer->is_closing); /* W4 */
    pthread_mutex_unlock(&writer->mutex);
    return job;
}

static void *run_jobs(void *arg)
{
    struct writer *writer = arg;
    struct job *job;
    while ((job = next_job(writer))) {
        /* Without `done`, the job's memory may be gone when `run` returns. */
        void (*done)(void *, enum status) = job->done;
        void *job_arg = job->arg;
        enum status status = job->run(writer->transaction, job_arg);
        if (done)
            done(job_arg, status);
    }
    return NULL;
}

enum status writer_open(struct transaction *transaction, int room, struct writer **writer)
{
    assert(room > 0); /* W1 */
    struct writer *opened = calloc(1, sizeof *opened);
    if (!opened)
        return STATUS_NO_MEMORY;
    opened->transaction = transaction;
    opened->room = room;
    pthread_mutex_init(&opened->mutex, NULL);
    pthread_cond_init(&opened->wake, NULL);
    if (pthread_create(&opened->thread, NULL, run_jobs, opened) != 0) {
        pthread_cond_destroy(&opened->wake);
        pthread_mutex_destroy(&opened->mutex);
        free(opened);
        return STATUS_FAILED;
    }
    *writer = opened;
    return STATUS_OK;
}

void writer_close(struct writer *writer)
{
    pthread_mutex_lock(&writer->mutex);
    assert(!writer->is_closing);
    writer->is_closing = true;
    pthread_cond_signal(&writer->wake);
    pthread_mutex_unlock(&writer->mutex);
    pthread_join(writer->thread, NULL);
    assert(writer->queued == 0 && !writer->first); /* W4 */
    transaction_close(writer->transaction);
    pthread_cond_destroy(&writer->wake);
    pthread_mutex_destroy(&writer->mutex);
    free(writer);
}

enum status writer_post(struct writer *writer, struct job *job)
{
    enum status status = STATUS_FULL;
    assert(job->run);
    pthread_mutex_lock(&writer->mutex);
    if (writer->queued < writer->room && !writer->is_closing) {
        job->next = NULL;
        if (writer->last)
            writer->last->next = job;
        else
            writer->first = job;
        writer->last = job;
        writer->queued++;
        pthread_cond_signal(&writer->wake);
        status = STATUS_OK;
    }
    check_queue(writer);
    pthread_mutex_unlock(&writer->mutex);
    return status;
}
