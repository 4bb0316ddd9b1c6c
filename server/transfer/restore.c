/* The new paper is made complete next to the old one, and takes its name by one rename.
 *
 *   step                                              killed after it, a start finds
 *   1  lock: no server, no writer                     the old paper
 *   2  NAME-restore: copied, checked, on the disk     the old paper
 *   3  the old WAL is moved into the old file         the old paper
 *   4  the old journal is copied to ASIDE-views       the old paper
 *   5  ASIDE becomes a second name of the old file    the old paper
 *   6  NAME-restore is renamed to NAME                the new paper, whose journal has another
 *                                                     number: NAME-views counts nothing
 *   7  NAME-wal -shm -views -versions are removed     the new paper
 *
 * A WAL that could not be moved in step 3, because the old file is damaged, gets a second name with
 * ASIDE. After step 6 it is next to another file: database_file refuses such a start, until the
 * restore is run again. */
#include "transfer/restore.h"

#include "base/file.h"
#include "db/database_file.h"
#include "db/locks.h"
#include "db/wal_file.h"
#include "transfer/backup.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    COPY_BYTES = 1 << 20,
    CACHE_KB = 16384,
    NAMES_MAX = 100, /* of papers that were put aside in one second */
};

struct restore {
    const char *database, *from;
    char path[PATH_MAX];     /* of the database, without links */
    char new_path[PATH_MAX]; /* NAME-restore */
    char aside[PATH_MAX];    /* the old paper's new name */
    int serve_lock;
    struct write_lock write_lock;
    struct database_file *file; /* NULL: not open */
    int new_fd;                 /* of NAME-restore; -1: it is not ours */
    bool has_old, is_same;      /* there is a paper; `from` is that file */
    bool has_aside;             /* something was put aside */
};

static enum status could_not(const char *what, const char *path, struct fault *fault)
{
    return fault_set(fault, STATUS_FAILED, "database", "%s: %s: %s", path, what, strerror(errno));
}

/* Copies the bytes of a file into an empty one, with its permissions, on the disk. */
static bool copy_into(const char *from, int out)
{
    struct stat found;
    ssize_t copied = -1;
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return false;
    if (fstat(in, &found) == 0) {
        do
            copied = copy_file_range(in, NULL, out, NULL, COPY_BYTES, 0);
        while (copied > 0 || (copied < 0 && errno == EINTR));
    }
    bool is_copied = copied == 0 && lseek(out, 0, SEEK_END) == found.st_size &&
                     fchmod(out, found.st_mode & 0666) == 0 && fsync(out) == 0;
    int error = errno;
    close(in);
    errno = error;
    return is_copied;
}

/* The same to a file that must not exist. */
static bool copy_file(const char *from, const char *to)
{
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool is_copied = out >= 0 && copy_into(from, out);
    int error = errno;
    if (out >= 0)
        close(out);
    errno = error;
    return is_copied;
}

/* A path next to the database's: NAME-SUFFIX. */
static void next_to(const char *path, const char *suffix, char to[PATH_MAX])
{
    int len = snprintf(to, PATH_MAX, "%s%s", path, suffix);
    assert(len < PATH_MAX); /* checked by open_paths */
    (void)len;
}

/* Whether a file has the name that the old paper, or what is next to it, would get. */
static bool is_taken(const char *aside)
{
    static const char *const suffixes[] = {"", "-wal", "-views"};
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        char path[PATH_MAX];
        next_to(aside, suffixes[i], path);
        if (access(path, F_OK) == 0)
            return true;
    }
    return false;
}

/* Finds the paths, and refuses what is no copy. */
static enum status open_paths(struct restore *restore, int64_t now_s, struct fault *fault)
{
    struct stat source, target;
    char date[BACKUP_DATE_BYTES];
    if (!realpath(restore->database, restore->path))
        snprintf(restore->path, sizeof restore->path, "%s", restore->database);
    size_t len = strlen(restore->path);
    if (len + 64 > sizeof restore->path || strlen(restore->from) + 64 > PATH_MAX)
        return fault_set(fault, STATUS_INVALID, "database", "the path is too long");
    if (backup_is_next_to(restore->database, restore->from))
        return fault_set(fault, STATUS_INVALID, "", "%s is a name that the paper itself uses",
                         restore->from);
    if (stat(restore->from, &source) != 0)
        return fault_set(fault, STATUS_ABSENT, "", "%s: %s", restore->from, strerror(errno));
    restore->has_old = stat(restore->path, &target) == 0;
    restore->is_same =
        restore->has_old && source.st_ino == target.st_ino && source.st_dev == target.st_dev;
    backup_date(now_s, date);
    bool has_end = len > 3 && strcmp(restore->path + len - 3, ".db") == 0;
    int stem_len = (int)(has_end ? len - 3 : len);
    for (int i = 1; i <= NAMES_MAX && (i == 1 || is_taken(restore->aside)); i++)
        snprintf(restore->aside, sizeof restore->aside, "%.*s-before-%s-%d.db", stem_len,
                 restore->path, date, i);
    if (is_taken(restore->aside))
        return fault_set(fault, STATUS_BUSY, "database", "%s exists; try again", restore->aside);
    next_to(restore->path, "-restore", restore->new_path);
    if (!restore->is_same && wal_file_bytes(restore->from) > 0)
        return fault_set(
            fault, STATUS_INVALID, "",
            "%s is a database in use, or was not closed: its WAL is next to it; make a "
            "copy with `khobor backup`",
            restore->from);
    enum status status = database_file_check_path(restore->from, fault);
    if (status == STATUS_OK && source.st_size == 0)
        return fault_set(fault, STATUS_INVALID, "", "%s is empty", restore->from);
    return status;
}

/* Step 1. */
static enum status lock(struct restore *restore, int64_t timeout_ms, struct fault *fault)
{
    enum status status = lock_serve(restore->path, &restore->serve_lock, fault);
    if (status == STATUS_OK)
        status = database_file_open(restore->path, &restore->file, fault);
    if (status == STATUS_OK)
        status = database_file_lock_alone(restore->file, fault);
    if (status == STATUS_OK && restore->has_old)
        status = database_file_lock(restore->file, fault);
    if (status == STATUS_OK)
        status = write_lock_open(restore->path, timeout_ms, &restore->write_lock, fault);
    if (status != STATUS_OK)
        return status;
    if (write_lock_take(&restore->write_lock) != STATUS_OK) {
        write_lock_close(&restore->write_lock);
        return fault_set(fault, STATUS_BUSY, "database", "%s is written by another process",
                         restore->path);
    }
    return STATUS_OK;
}

/* Step 2. */
static enum status make_new(struct restore *restore, bool verify, struct fault *fault)
{
    struct stat old;
    enum status status = backup_open_temporary(restore->new_path, &restore->new_fd, fault);
    if (status != STATUS_OK)
        return status;
    if (ftruncate(restore->new_fd, 0) != 0 || !copy_into(restore->from, restore->new_fd))
        return could_not("can't be copied", restore->from, fault);
    if (restore->has_old && stat(restore->path, &old) == 0 &&
        (fchmod(restore->new_fd, old.st_mode & 0666) != 0 ||
         (fchown(restore->new_fd, old.st_uid, old.st_gid) != 0 && geteuid() == 0)))
        return could_not("can't be given the paper's owner", restore->new_path, fault);
    return backup_finish(restore->new_path, restore->from, verify, fault);
}

/* Step 3. A damaged file stays with its WAL. */
static void fold_old_wal(struct restore *restore)
{
    struct db *old;
    struct fault fault;
    if (database_file_check_wal(restore->file, &fault) != STATUS_OK ||
        database_file_begin_checkpoint(restore->file) != STATUS_OK)
        return;
    if (db_open(restore->path, DB_WRITER, CACHE_KB, &old, &fault) == STATUS_OK)
        db_close(old);
    database_file_end_checkpoint(restore->file);
}

/* Steps 4 and 5, for a file next to the old paper. */
static bool put_aside(struct restore *restore, const char *suffix, bool copies)
{
    char path[PATH_MAX], aside[PATH_MAX];
    next_to(restore->path, suffix, path);
    next_to(restore->aside, suffix, aside);
    if (access(path, F_OK) != 0)
        return true;
    restore->has_aside = true;
    if (!copies && link(path, aside) == 0)
        return true;
    return (copies || errno == EPERM || errno == EOPNOTSUPP) && copy_file(path, aside);
}

/* Steps 3 to 5. */
static enum status keep_old(struct restore *restore, struct fault *fault)
{
    fold_old_wal(restore);
    /* The journal is copied: a second name would be refused by the old paper's next server. */
    if (!put_aside(restore, "-views", true) || !put_aside(restore, "-wal", false) ||
        !put_aside(restore, "", false) || !file_sync_folder_of(restore->path))
        return could_not("can't be kept", restore->aside, fault);
    return STATUS_OK;
}

/* Step 7. */
static enum status remove_side_files(const struct restore *restore, struct fault *fault)
{
    static const char *const suffixes[] = {"-wal", "-shm", "-views", "-versions"};
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        char path[PATH_MAX];
        next_to(restore->path, suffixes[i], path);
        if (unlink(path) != 0 && errno != ENOENT)
            return could_not("can't be removed", path, fault);
    }
    return STATUS_OK;
}

/* With `from` being the database itself: its WAL and journal belong to another file. */
static enum status put_side_files_aside(struct restore *restore, bool verify, struct fault *fault)
{
    if (!put_aside(restore, "-wal", false) || !put_aside(restore, "-views", true))
        return could_not("can't be kept", restore->aside, fault);
    enum status status = remove_side_files(restore, fault);
    if (status == STATUS_OK)
        status = database_file_begin_checkpoint(restore->file);
    return status == STATUS_OK ? backup_finish(restore->path, restore->path, verify, fault)
                               : status;
}

static enum status run_locked(struct restore *restore, bool verify, struct fault *fault)
{
    if (restore->is_same)
        return put_side_files_aside(restore, verify, fault);
    enum status status = make_new(restore, verify, fault);
    if (status == STATUS_OK && restore->has_old)
        status = keep_old(restore, fault);
    if (status == STATUS_OK && rename(restore->new_path, restore->path) != 0)
        status = could_not("can't be put in its place", restore->path, fault);
    if (status != STATUS_OK) {
        if (restore->new_fd >= 0)
            backup_remove_temporary(restore->new_path);
        return status;
    }
    if (!file_sync_folder_of(restore->path))
        return could_not("can't be brought to the disk", restore->path, fault);
    return remove_side_files(restore, fault);
}

enum status restore_run(const struct config *config, const char *from, bool verify, int64_t now_s,
                        char aside[PATH_MAX], struct fault *fault)
{
    struct restore restore = {
        .database = config->store.database, .from = from, .serve_lock = -1, .new_fd = -1};
    enum status status = open_paths(&restore, now_s, fault);
    if (status == STATUS_OK)
        status = lock(&restore, config->store.lock_timeout_ms, fault);
    if (status == STATUS_OK) {
        status = run_locked(&restore, verify, fault);
        if (status == STATUS_OK)
            database_file_end_checkpoint(restore.file);
        write_lock_give(&restore.write_lock);
        write_lock_close(&restore.write_lock);
    }
    database_file_close(restore.file);
    if (restore.serve_lock >= 0)
        close(restore.serve_lock);
    if (restore.new_fd >= 0)
        close(restore.new_fd);
    aside[0] = '\0';
    if (restore.has_aside)
        next_to(restore.aside, restore.is_same ? "-*" : "", aside);
    return status;
}
