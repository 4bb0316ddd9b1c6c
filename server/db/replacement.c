/* Several files can't be renamed at once, so a note of what was begun is written first.
 *
 *   NAME-restore-new   the new database, complete and on the disk
 *   NAME-restore       the note: the date that the old files' names get, 19 bytes
 *   NAME-DATE, NAME-DATE-wal, NAME-DATE-journal, NAME-DATE-views   the old files
 *
 *     1 write the note ─▶ 2 link NAME to NAME-DATE ─▶ 3 rename the old side files, remove the rest
 *       ─▶ 4 rename NAME-restore-new to NAME ─▶ 5 remove the note
 *
 * Each step but 3 is one call, and the folder is synced after 1, 3, 4 and 5.
 *
 * Invariants:
 *   R1  Before the note is whole nothing has been moved: a note that is not whole is removed.
 *   R2  NAME exists at all times. It is the old file up to step 4 and the new one from then on.
 *   R3  While there is a note, nobody opens NAME: every process looks for the note, and
 *       completes it. SQLite's own lock on the old file keeps others out until step 4.
 *   R4  NAME-restore-new exists from before step 1 to step 4, so it tells which steps are left.
 *       Any step can be taken again.
 *   R5  If somebody removed NAME-restore-new before step 4, the steps are undone.
 */
#include "db/replacement.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "db/locks.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    DATE_LEN = NAME_DATE_BYTES - 1,
    DATES_TRIED = 3600, /* of the seconds from now on, until a name is free */
    /* The bytes that SQLite locks: https://sqlite.org/src/file/src/os.h, PENDING_BYTE and on. */
    SQLITE_LOCK_AT = 0x40000000,
    SQLITE_LOCK_BYTES = 512,
};

/* What moves with a database, and what is made again. */
static const char *const moved[] = {"wal", "journal", "views"};
static const char *const removed[] = {"shm", "versions"};

enum {
    MOVED = sizeof moved / sizeof moved[0],
    REMOVED = sizeof removed / sizeof removed[0],
};

struct replacement {
    char name[PATH_MAX];   /* without links */
    char by[PATH_MAX];     /* NAME-restore-new */
    char note[PATH_MAX];   /* NAME-restore */
    char parked[PATH_MAX]; /* NAME-DATE; "" until the date is known */
};

static enum status too_long(struct fault *fault)
{
    return fault_set(fault, STATUS_INVALID, "database", "the path is too long");
}

/* Fills in all but the date. The longest of the names must fit. */
static enum status begin(const char *database, struct replacement *replacement, struct fault *fault)
{
    char longest[PATH_MAX];
    *replacement = (struct replacement){.name = ""};
    if (!realpath(database, replacement->name))
        snprintf(replacement->name, PATH_MAX, "%s", database);
    if (!file_path_with_suffix(database, "2026-12-01T04-05-06-journal", longest) ||
        !file_path_with_suffix(database, "restore-new", replacement->by) ||
        !file_path_with_suffix(database, "restore", replacement->note))
        return too_long(fault);
    return STATUS_OK;
}

bool replacement_path(const char *database, char path[PATH_MAX])
{
    return file_path_with_suffix(database, "restore-new", path);
}

void replacement_discard(const char *database)
{
    char path[PATH_MAX], next_to[PATH_MAX];
    if (!replacement_path(database, path))
        return;
    for (size_t i = 0; i < MOVED; i++) {
        if (file_path_with_suffix(path, moved[i], next_to))
            unlink(next_to);
    }
    if (file_path_with_suffix(path, "shm", next_to))
        unlink(next_to);
    unlink(path);
}

static enum status cannot(const char *what, const char *path, struct fault *fault)
{
    return fault_set(fault, errno == ENOSPC || errno == EDQUOT ? STATUS_FULL : STATUS_FAILED,
                     "database", "%s can't be %s: %s", path, what, strerror(errno));
}

static enum status sync_folder(const struct replacement *replacement, struct fault *fault)
{
    char folder[PATH_MAX];
    file_folder(replacement->name, folder);
    return file_sync(folder) == STATUS_OK ? STATUS_OK : cannot("synced", folder, fault);
}

/* Locks the file against every connection of SQLite's, in this process and others. *fd gets what to
 * close; -1 when there is no file. */
static enum status lock_file(const char *path, int *fd, struct fault *fault)
{
    struct flock whole = {.l_type = F_WRLCK,
                          .l_whence = SEEK_SET,
                          .l_start = SQLITE_LOCK_AT,
                          .l_len = SQLITE_LOCK_BYTES};
    *fd = open(path, O_RDWR | O_CLOEXEC);
    if (*fd < 0)
        return errno == ENOENT ? STATUS_OK : cannot("opened", path, fault);
    if (fcntl(*fd, F_OFD_SETLK, &whole) == 0)
        return STATUS_OK;
    close(*fd);
    *fd = -1;
    return fault_set(fault, STATUS_BUSY, "database", "%s is open in another process", path);
}

enum status replacement_check_unused(const char *path, struct fault *fault)
{
    struct flock whole = {.l_type = F_WRLCK,
                          .l_whence = SEEK_SET,
                          .l_start = SQLITE_LOCK_AT,
                          .l_len = SQLITE_LOCK_BYTES};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? STATUS_OK : cannot("opened", path, fault);
    bool is_unused = fcntl(fd, F_OFD_GETLK, &whole) != 0 || whole.l_type == F_UNLCK;
    close(fd);
    return is_unused
               ? STATUS_OK
               : fault_set(fault, STATUS_BUSY, "database", "%s is open in another process", path);
}

/* The path of a side file: NAME-SUFFIX, or NAME-DATE-SUFFIX. False: it is too long. */
static bool side_path(const char *name, const char *suffix, char path[PATH_MAX])
{
    return snprintf(path, PATH_MAX, "%s-%s", name, suffix) < PATH_MAX;
}

/* Moves a side file, if it is there. One that is empty is removed: SQLite makes such a WAL when it
 * only reads. */
static enum status move_side_file(const char *from, const char *to, const char *suffix,
                                  struct fault *fault)
{
    char old_path[PATH_MAX], new_path[PATH_MAX];
    struct stat found;
    if (!side_path(from, suffix, old_path) || !side_path(to, suffix, new_path))
        return too_long(fault);
    if (lstat(old_path, &found) != 0)
        return STATUS_OK;
    if (S_ISREG(found.st_mode) && found.st_size == 0)
        return unlink(old_path) == 0 ? STATUS_OK : cannot("removed", old_path, fault);
    if (file_exists(new_path))
        return fault_set(fault, STATUS_INVALID, "database", "%s is in the way; move it away",
                         old_path);
    return rename(old_path, new_path) == 0 ? STATUS_OK : cannot("renamed", old_path, fault);
}

static enum status remove_note(const struct replacement *replacement, struct fault *fault)
{
    if (unlink(replacement->note) != 0 && errno != ENOENT)
        return cannot("removed", replacement->note, fault);
    return sync_folder(replacement, fault);
}

/* Steps 2 to 5, those that are left of them (R4). */
static enum status complete(const struct replacement *replacement, struct fault *fault)
{
    char path[PATH_MAX];
    enum status status = STATUS_OK;
    assert(replacement->parked[0] != '\0' && file_exists(replacement->by)); /* R1, R4 */
    if (!file_exists(replacement->parked) && link(replacement->name, replacement->parked) != 0 &&
        errno != ENOENT) {
        status = cannot("linked", replacement->name, fault);
        return remove_note(replacement, NULL) == STATUS_OK ? status : STATUS_FAILED;
    }
    for (size_t i = 0; i < MOVED && status == STATUS_OK; i++)
        status = move_side_file(replacement->name, replacement->parked, moved[i], fault);
    for (size_t i = 0; i < REMOVED && status == STATUS_OK; i++) {
        if (!side_path(replacement->name, removed[i], path))
            status = too_long(fault);
        else if (unlink(path) != 0 && errno != ENOENT)
            status = cannot("removed", path, fault);
    }
    if (status == STATUS_OK)
        status = sync_folder(replacement, fault);
    if (status == STATUS_OK && rename(replacement->by, replacement->name) != 0)
        status = cannot("renamed", replacement->by, fault);
    if (status == STATUS_OK)
        status = sync_folder(replacement, fault);
    return status == STATUS_OK ? remove_note(replacement, fault) : status;
}

/* Takes steps 3, 2 and 1 back, in this order. */
static enum status undo(const struct replacement *replacement, struct fault *fault)
{
    enum status status = STATUS_OK;
    assert(!file_exists(replacement->by)); /* R5 */
    for (size_t i = 0; i < MOVED && status == STATUS_OK; i++)
        status = move_side_file(replacement->parked, replacement->name, moved[i], fault);
    if (status == STATUS_OK && unlink(replacement->parked) != 0 && errno != ENOENT)
        status = cannot("removed", replacement->parked, fault);
    return status == STATUS_OK ? remove_note(replacement, fault) : status;
}

/* Sets the name that the old database gets. */
static bool set_date(struct replacement *replacement, const char *date)
{
    return side_path(replacement->name, date, replacement->parked);
}

/* A date whose names are free: now, or one of the next seconds. */
static enum status choose_date(struct replacement *replacement, int64_t now_s,
                               char date[DATE_LEN + 1], struct fault *fault)
{
    for (int64_t s = now_s; s < now_s + DATES_TRIED; s++) {
        bool is_free = true;
        char path[PATH_MAX];
        instant_for_name(s, date);
        if (!set_date(replacement, date))
            return too_long(fault);
        is_free = !file_exists(replacement->parked);
        for (size_t i = 0; i < MOVED; i++)
            is_free =
                is_free && side_path(replacement->parked, moved[i], path) && !file_exists(path);
        if (is_free)
            return STATUS_OK;
    }
    return fault_set(fault, STATUS_FAILED, "database", "no name is free for the old database");
}

/* Step 1. */
static enum status write_note(const struct replacement *replacement, const char *date,
                              struct fault *fault)
{
    int fd = open(replacement->note, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0)
        return cannot("created", replacement->note, fault);
    errno = ENOSPC; /* if only a part is written */
    bool is_done = write(fd, date, DATE_LEN) == DATE_LEN && fsync(fd) == 0;
    if (!is_done)
        cannot("written", replacement->note, fault);
    close(fd);
    if (is_done)
        return sync_folder(replacement, fault);
    unlink(replacement->note);
    return STATUS_FULL;
}

enum status replacement_run(const char *database, int64_t now_s, char parked[PATH_MAX],
                            struct fault *fault)
{
    int lock;
    char date[DATE_LEN + 1];
    struct replacement replacement;
    enum status status = begin(database, &replacement, fault);
    if (status == STATUS_OK)
        status = choose_date(&replacement, now_s, date, fault);
    if (status == STATUS_OK)
        status = lock_file(replacement.name, &lock, fault);
    if (status != STATUS_OK)
        return status;
    bool had_file = lock >= 0;
    assert(!file_exists(replacement.note)); /* the caller has called replacement_finish */
    status = write_note(&replacement, date, fault);
    if (status == STATUS_OK)
        status = complete(&replacement, fault);
    if (status == STATUS_OK)
        snprintf(parked, PATH_MAX, "%s", had_file ? replacement.parked : "");
    if (lock >= 0)
        close(lock);
    return status;
}

/* Reads the note's date. False when there is no note, or none that is whole (R1). */
static bool read_note(struct replacement *replacement)
{
    char date[DATE_LEN + 2];
    int fd = open(replacement->note, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t got = read(fd, date, sizeof date - 1);
    close(fd);
    if (got != DATE_LEN)
        return false;
    date[DATE_LEN] = '\0';
    return strspn(date, "0123456789-T") == DATE_LEN && set_date(replacement, date);
}

enum status replacement_finish(const char *database, struct fault *fault)
{
    int lock;
    struct replacement replacement;
    enum status status = begin(database, &replacement, fault);
    if (status != STATUS_OK || !file_exists(replacement.note))
        return status;
    if (!read_note(&replacement))
        return remove_note(&replacement, fault);
    status = lock_file(replacement.name, &lock, fault);
    if (status != STATUS_OK)
        return status;
    if (file_exists(replacement.by))
        status = complete(&replacement, fault);
    else if (file_is_same(replacement.name, replacement.parked))
        status = undo(&replacement, fault);
    else
        status = remove_note(&replacement, fault);
    if (status == STATUS_OK)
        log_write(LOG_INFO, "a restore of %s that was interrupted is completed or undone",
                  replacement.name);
    if (lock >= 0)
        close(lock);
    return status;
}

enum status replacement_check(const char *database, struct fault *fault)
{
    struct replacement replacement;
    enum status status = begin(database, &replacement, fault);
    if (status != STATUS_OK || !file_exists(replacement.note))
        return status;
    return fault_set(fault, STATUS_BUSY, "database", "%s is being restored; try again", database);
}

enum status replacement_recover(const char *database, int64_t timeout_ms, struct fault *fault)
{
    struct write_lock lock;
    struct replacement replacement;
    enum status status = begin(database, &replacement, fault);
    if (status != STATUS_OK || !file_exists(replacement.note))
        return status;
    status = write_lock_open(database, timeout_ms, &lock, fault);
    if (status != STATUS_OK)
        return status;
    status = write_lock_take(&lock);
    if (status == STATUS_OK) {
        status = replacement_finish(database, fault);
        write_lock_give(&lock);
    } else {
        fault_set(fault, status, "database", "%s is being restored: %s", database,
                  status_text(status));
    }
    write_lock_close(&lock);
    return status;
}
