/* The writer thread: a bounded first-in-first-out queue of jobs, so that no serving thread waits
 * for a commit. */
#ifndef KHOBOR_DB_WRITER_H
#define KHOBOR_DB_WRITER_H

#include "base/status.h"
#include "db/transaction.h"

struct writer;

/* A write that is to be done. `run` is called on the writer thread and begins and commits itself
 * when it has something to write; `done` (may be NULL) is called there afterwards with what `run`
 * returned. The job is the caller's and must live until `done` was called, or `run` returned. */
struct job {
    enum status (*run)(struct transaction *transaction, void *arg);
    void (*done)(void *arg, enum status status);
    void *arg;
    struct job *next;
};

/* Starts the thread, which owns `writing` from now on; at most `room` jobs may wait. */
enum status writer_open(struct transaction *transaction, int room,
                        struct writer **writer) MUST_CHECK;

/* Runs what is queued, ends the thread, closes `writing`. */
void writer_close(struct writer *writer);

/* Queues a job; STATUS_FULL when `room` jobs wait already. From any thread. */
enum status writer_post(struct writer *writer, struct job *job) MUST_CHECK;

#endif
