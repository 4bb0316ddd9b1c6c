/* Locks that processes hold on a database, as files beside it (flock; gone with the process).
 *
 * NAME-serve is held for life by `serve`, so that a second one is refused. NAME-write is held
 * around every write and checkpoint, because two connections that write or checkpoint at once can
 * corrupt a WAL database (SQLite before 3.51.3). Since flock is unfair, NAME-write is reached
 * through NAME-gate: who waits for the write lock holds the gate, so that a process which lets go
 * and comes again at once, as an import does, gets in line behind.
 */
#ifndef KHOBOR_DB_LOCKS_H
#define KHOBOR_DB_LOCKS_H

#include "base/status.h"

#include <stdint.h>

/* Takes NAME-serve; *fd keeps it until it is closed. STATUS_BUSY when another process has it. */
enum status lock_serve(const char *database, int *fd, struct fault *fault) MUST_CHECK;

struct write_lock {
    int gate;
    int write;
    int64_t timeout_ms;
};

/* Opens the lock's files (creating them) without taking it. */
enum status write_lock_open(const char *database, int64_t timeout_ms, struct write_lock *lock,
                            struct fault *fault) MUST_CHECK;
void write_lock_close(struct write_lock *lock);

/* Waits at most the lock's timeout; STATUS_BUSY when another process kept it longer. */
enum status write_lock_take(struct write_lock *lock) MUST_CHECK;
void write_lock_give(struct write_lock *lock);

#endif
