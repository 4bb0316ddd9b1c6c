/* Locks between processes on a database: empty files next to it, locked with flock, which the
 * kernel unlocks when the process ends, however it ends.
 *
 * NAME-serve is locked by `khobor serve` for its whole life, so that a second one is refused.
 *
 * NAME-write is the write lock. It is held around every write and every checkpoint, because two
 * connections that write or checkpoint at once can corrupt a database in WAL mode (SQLite before
 * 3.51.3). flock is not fair: a process that unlocks and locks again at once, as an import does
 * after each batch, would nearly always win. So a process locks NAME-gate first and holds it only
 * while it waits for NAME-write. The one that comes again waits at the gate, after the others.
 *
 *           take               gate locked              write locked
 *     IDLE -------> AT THE GATE ------------> WAITING ---------------> HELD
 *       ^                | timeout               | timeout               |
 *       +----------------+-----------------------+------------ give -----+
 *
 * Invariants:
 *   L1  The gate is never waited for by a process that holds the write lock, so no two processes
 *       wait for each other.
 *   L2  The gate is held only inside write_lock_take.
 *   L3  take and give alternate: is_held says which of them is next.
 *
 * A struct write_lock is used by one thread.
 */
#ifndef KHOBOR_DB_LOCKS_H
#define KHOBOR_DB_LOCKS_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

/* Locks NAME-serve until *fd is closed. STATUS_BUSY, with a fault, when another process holds it;
 * STATUS_UNUSABLE when the file can't be created. */
enum status lock_serve(const char *database, int *fd, struct fault *fault) MUST_CHECK;

struct write_lock {
    int gate_fd;
    int write_fd;
    bool is_held;
    int64_t timeout_ms; /* how long write_lock_take waits; may be changed at any time */
};

/* Opens the lock's files, creating them if need be, without locking. STATUS_UNUSABLE with a fault
 * when that fails. The caller closes the lock. */
enum status write_lock_open(const char *database, int64_t timeout_ms, struct write_lock *lock,
                            struct fault *fault) MUST_CHECK;

/* Closes the files, which unlocks them. */
void write_lock_close(struct write_lock *lock);

/* Waits for the write lock. STATUS_BUSY when other processes held it for the whole timeout. */
enum status write_lock_take(struct write_lock *lock) MUST_CHECK;
void write_lock_give(struct write_lock *lock);

#endif
