#include "db/writer.h"

#include <pthread.h>
#include <stdlib.h>

struct writer {
    pthread_t thread;
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t wake;
    struct job *first, *last;
    int waiting, room;
    bool closing;
    int64_t timeout_ms;              /* for the write lock, when closing */
    struct transaction *transaction; /* the thread's alone */
};

/* The next job, waiting for one; NULL when the writer is closing and nothing is left. */
static struct job *next_job(struct writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    while (!writer->first && !writer->closing)
        pthread_cond_wait(&writer->wake, &writer->lock);
    struct job *job = writer->first;
    if (job) {
        writer->first = job->next;
        if (!writer->first)
            writer->last = NULL;
        writer->waiting--;
    }
    pthread_mutex_unlock(&writer->lock);
    return job;
}

static void *work(void *arg)
{
    struct writer *writer = arg;
    struct job *job;
    while ((job = next_job(writer))) {
        void (*done)(void *, enum status) = job->done;
        void *job_context = job->arg;
        enum status status = job->run(writer->transaction, job_context);
        if (done)
            done(job_context, status);
    }
    return NULL;
}

enum status writer_open(struct transaction *transaction, int room, struct writer **writer)
{
    struct writer *opened = calloc(1, sizeof *opened);
    if (!opened)
        return STATUS_NO_MEMORY;
    opened->transaction = transaction;
    opened->room = room;
    pthread_mutex_init(&opened->lock, NULL);
    pthread_cond_init(&opened->wake, NULL);
    if (pthread_create(&opened->thread, NULL, work, opened) != 0) {
        pthread_cond_destroy(&opened->wake);
        pthread_mutex_destroy(&opened->lock);
        free(opened);
        return STATUS_FAILED;
    }
    *writer = opened;
    return STATUS_OK;
}

void writer_close(struct writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    writer->closing = true;
    pthread_cond_signal(&writer->wake);
    pthread_mutex_unlock(&writer->lock);
    pthread_join(writer->thread, NULL);
    transaction_close(writer->transaction);
    pthread_cond_destroy(&writer->wake);
    pthread_mutex_destroy(&writer->lock);
    free(writer);
}

enum status writer_post(struct writer *writer, struct job *job)
{
    enum status status = STATUS_FULL;
    pthread_mutex_lock(&writer->lock);
    if (writer->waiting < writer->room && !writer->closing) {
        job->next = NULL;
        if (writer->last)
            writer->last->next = job;
        else
            writer->first = job;
        writer->last = job;
        writer->waiting++;
        pthread_cond_signal(&writer->wake);
        status = STATUS_OK;
    }
    pthread_mutex_unlock(&writer->lock);
    return status;
}
