/* The writer thread: a bounded first-in, first-out queue of jobs, so that no serving thread waits
 * for a commit. writer.c has the invariants. */
#ifndef KHOBOR_DB_WRITER_H
#define KHOBOR_DB_WRITER_H

#include "base/status.h"
#include "db/transaction.h"

struct writer;

/* Something to write. `run` is called on the writer thread and begins and commits the transaction
 * itself; it returns with none open. `done` (may be NULL) is called there afterwards with what
 * `run` returned. The job belongs to the caller and must live until `done` is called, or until
 * `run` returns when there is no `done`. */
struct job {
    enum status (*run)(struct transaction *transaction, void *arg);
    void (*done)(void *arg, enum status status);
    void *arg;
    struct job *next; /* the writer's while the job is queued */
};

/* Starts the thread, which owns `transaction` from then on; at most `room` jobs wait at a time.
 * STATUS_NO_MEMORY, or STATUS_FAILED when no thread can be created: the transaction is then still
 * the caller's. */
enum status writer_open(struct transaction *transaction, int room,
                        struct writer **writer) MUST_CHECK;

/* Runs all queued jobs, ends the thread and closes the transaction. No other thread may call
 * writer_post from then on. */
void writer_close(struct writer *writer);

/* Queues a job, from any thread. STATUS_FULL when `room` jobs wait already: the job is not taken
 * and its `done` is not called. */
enum status writer_post(struct writer *writer, struct job *job) MUST_CHECK;

#endif
