/* The new database is complete, checked and on the disk before anything of the old one moves:
 *
 *   1 take the serve lock and the write lock; complete a restore that was interrupted
 *   2 copy the file, and its WAL, to NAME-restore-new next to the database
 *   3 open the copy, add the views of the journal next to the file, give it a journal number of its
 *     own, check it, fsync
 *   4 db/replacement puts it in place: old or new at any time
 *
 * A kill in 1 to 3 leaves the old database and a file NAME-restore-new, which the next restore
 * removes. */
#include "transfer/restore.h"

#include "base/file.h"
#include "db/locks.h"
#include "db/replacement.h"
#include "transfer/paper_copy.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether a restore may put `database` away: it is missing, empty, a database, or was one, which
 * the write lock next to it tells. */
static enum status check_database(const char *database, struct fault *fault)
{
    struct stat found;
    char folder[PATH_MAX], lock[PATH_MAX];
    if (stat(database, &found) != 0) {
        file_folder(database, folder);
        if (stat(folder, &found) == 0)
            return STATUS_OK;
        return fault_set(fault, STATUS_UNUSABLE, "database",
                         "%s can't be created: its folder does not exist", database);
    }
    if (S_ISREG(found.st_mode) &&
        (found.st_size == 0 || paper_copy_check_header(database, NULL) == STATUS_OK ||
         (file_path_with_suffix(database, "write", lock) && file_exists(lock))))
        return STATUS_OK;
    return fault_set(fault, STATUS_UNUSABLE, "database",
                     "%s is there, and is not a database of Khobor's; move it away", database);
}

static enum status copy_to(const char *from, const char *to, const struct stat *like,
                           struct fault *fault)
{
    int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0)
        return fault_set(fault, STATUS_FAILED, "database", "%s can't be created: %s", to,
                         strerror(errno));
    /* The owner as well, if this process may. */
    bool is_done = !like || (fchmod(fd, like->st_mode & 0666) == 0 &&
                             (fchown(fd, like->st_uid, like->st_gid) == 0 || errno == EPERM));
    enum status status = is_done ? file_copy(from, fd) : STATUS_FAILED;
    if (status != STATUS_OK)
        fault_set(fault, status, "", "%s can't be copied to %s: %s", from, to, strerror(errno));
    close(fd);
    return status;
}

/* Step 2. */
static enum status copy_file(const char *path, const char *database, bool is_same, const char *to,
                             struct fault *fault)
{
    struct stat old, wal;
    char from_wal[PATH_MAX], to_wal[PATH_MAX];
    if (!file_path_with_suffix(path, "wal", from_wal) || !file_path_with_suffix(to, "wal", to_wal))
        return fault_set(fault, STATUS_INVALID, "", "the path is too long");
    enum status status = replacement_check_unused(path, fault);
    if (status == STATUS_OK)
        status = copy_to(path, to, stat(database, &old) == 0 ? &old : NULL, fault);
    if (status == STATUS_OK && !is_same && stat(from_wal, &wal) == 0 && wal.st_size > 0)
        status = copy_to(from_wal, to_wal, NULL, fault);
    return status == STATUS_OK ? replacement_check_unused(path, fault) : status;
}

/* Step 3. */
static enum status finish_copy(const char *path, bool is_same, bool verify, const char *copy_path,
                               int64_t *views, struct fault *fault)
{
    struct db *copy;
    struct fault why;
    int64_t complete_to;
    char journal[PATH_MAX];
    enum status status = paper_copy_open(copy_path, &copy, &why);
    if (status == STATUS_OK && !is_same) {
        bool is_short = file_path_with_suffix(path, "views", journal);
        assert(is_short); /* the path with "wal" was, and the WAL has been copied */
        (void)is_short;
        status = paper_copy_add_views(copy, journal, views, &complete_to, &why);
        if (status != STATUS_OK)
            db_close(copy);
    }
    if (status == STATUS_OK)
        status = paper_copy_finish(copy, copy_path, verify ? CHECK_ALL : CHECK_PAGES, &why);
    return status == STATUS_OK
               ? STATUS_OK
               : fault_set(fault, status, "", "%s can't be restored: %s", path, why.text);
}

/* Steps 2 to 4, with both locks. */
static enum status restore_locked(const char *database, const char *path, bool verify,
                                  int64_t now_s, struct restore_result *result, struct fault *fault)
{
    char copy_path[PATH_MAX];
    enum status status = replacement_finish(database, fault);
    if (status != STATUS_OK)
        return status;
    bool is_same = file_is_same(database, path);
    if (!replacement_path(database, copy_path))
        return fault_set(fault, STATUS_INVALID, "database", "the path is too long");
    replacement_discard(database);
    status = copy_file(path, database, is_same, copy_path, fault);
    if (status == STATUS_OK)
        status = finish_copy(path, is_same, verify, copy_path, &result->views, fault);
    if (status != STATUS_OK) {
        replacement_discard(database);
        return status;
    }
    return replacement_run(database, now_s, result->parked, fault);
}

enum status restore_run(const struct config *config, const char *path, bool verify, int64_t now_s,
                        struct restore_result *result, struct fault *fault)
{
    int serve_lock;
    struct write_lock write_lock;
    const char *database = config->store.database;
    *result = (struct restore_result){.views = 0};
    enum status status = paper_copy_check_header(path, fault);
    if (status == STATUS_OK)
        status = check_database(database, fault);
    if (status == STATUS_OK)
        status = lock_serve(database, &serve_lock, fault);
    if (status != STATUS_OK)
        return status;
    status = write_lock_open(database, config->store.lock_timeout_ms, &write_lock, fault);
    if (status == STATUS_OK) {
        status = write_lock_take(&write_lock);
        if (status == STATUS_OK) {
            status = restore_locked(database, path, verify, now_s, result, fault);
            write_lock_give(&write_lock);
        } else {
            fault_set(fault, status, "database", "%s is being written by another process",
                      database);
        }
        write_lock_close(&write_lock);
    }
    close(serve_lock);
    return status;
}
