/* flock on files next to the database, tried again every millisecond until a deadline. locks.h has
 * the states and the invariants of the write lock. */
#include "db/locks.h"

#include "base/clock.h"
#include "db/database_file.h"
#include "db/side_file.h"

#include <assert.h>
#include <errno.h>
#include <sys/file.h>
#include <unistd.h>

enum {
    RETRY_MS = 1
};

enum status lock_serve(const char *database, int *fd, struct fault *fault)
{
    int opened;
    enum status status = database_file_open_lock(database, &opened, fault);
    if (status != STATUS_OK)
        return status;
    if (flock(opened, LOCK_EX | LOCK_NB) != 0) {
        close(opened);
        return fault_set(fault, STATUS_BUSY, "database", "%s is served by another process",
                         database);
    }
    *fd = opened;
    return STATUS_OK;
}

enum status write_lock_open(const char *database, int64_t timeout_ms, struct write_lock *lock,
                            struct fault *fault)
{
    assert(timeout_ms >= 0);
    struct write_lock opened = {.timeout_ms = timeout_ms};
    enum status status = side_file_open(database, "gate", NULL, &opened.gate_fd, fault);
    if (status != STATUS_OK)
        return status;
    status = side_file_open(database, "write", NULL, &opened.write_fd, fault);
    if (status != STATUS_OK) {
        close(opened.gate_fd);
        return status;
    }
    assert(opened.gate_fd != opened.write_fd && !opened.is_held);
    *lock = opened;
    return STATUS_OK;
}

void write_lock_close(struct write_lock *lock)
{
    close(lock->write_fd);
    close(lock->gate_fd);
    lock->is_held = false;
}

/* flock has no timeout of its own, and only a signal would interrupt a blocking one. */
static enum status lock_until(int fd, int64_t deadline_ms)
{
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return STATUS_FAILED;
        if (clock_steady_ms() >= deadline_ms)
            return STATUS_BUSY;
        clock_sleep_ms(RETRY_MS);
    }
    return STATUS_OK;
}

enum status write_lock_take(struct write_lock *lock)
{
    assert(!lock->is_held); /* L1, L3 */
    int64_t deadline_ms = clock_steady_ms() + lock->timeout_ms;
    enum status status = lock_until(lock->gate_fd, deadline_ms);
    if (status != STATUS_OK)
        return status;
    status = lock_until(lock->write_fd, deadline_ms);
    flock(lock->gate_fd, LOCK_UN); /* L2 */
    lock->is_held = status == STATUS_OK;
    return status;
}

void write_lock_give(struct write_lock *lock)
{
    assert(lock->is_held); /* L3 */
    flock(lock->write_fd, LOCK_UN);
    lock->is_held = false;
}
