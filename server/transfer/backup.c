/* Views that were acknowledged are in the database or in its journal. So a backup is a copy of the
 * database as one read transaction sees it, to which the rest of the journal is added:
 *
 *   1 VACUUM INTO TARGET-backup-new, which has the views up to the record `applied`, its position
 *   2 read the journal's records > applied into it
 *   3 read the position of the database again: what is stored may have been overwritten before 2
 *     read it. If a record up to there was missing, begin again at 1, where `applied` is larger.
 *   4 a new journal number, the check, fsync; rename to TARGET, fsync of the folder
 *   5 remove what is older than the newest `keep`
 *
 * Invariants:
 *   B1  TARGET is what it was, or complete and on the disk.
 *   B2  Each record is in the copy by 1 or by 2, never by both: 2 begins where 1 ends.
 *   B3  The temporary file is locked while it is written. One that is not was left by a process
 *       that was killed, and is used again. */
#include "transfer/backup.h"

#include "base/clock.h"
#include "base/file.h"
#include "counting/view_journal.h"
#include "db/replacement.h"
#include "store/state.h"
#include "transfer/paper_copy.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    ATTEMPTS = 20,    /* of steps 1 to 3 */
    NAMES_TRIED = 60, /* seconds from now on whose name may be free */
    DATE_LEN = NAME_DATE_BYTES - 1,
};

/* Files next to a database. A backup has none of the first six, so they tell a paper from one; the
 * others are next to one that was opened. */
static const char *const side_files[] = {"serve", "gate",     "write",   "views",  "wal",
                                         "shm",   "versions", "journal", "restore"};

enum {
    PAPER_FILES = 6,
    SIDE_FILES = sizeof side_files / sizeof side_files[0],
};

/* The folder and names of dated backups: STEM-2026-12-01T04-05-06.db. */
struct backup_names {
    char folder[PATH_MAX];
    char stem[NAME_MAX + 1];
};

struct backup_work {
    const struct backup_options *options;
    char temporary[PATH_MAX];
    int fd; /* of it, with its lock */
    bool is_dated;
    struct backup_names names;
};

static enum status too_long(struct fault *fault)
{
    return fault_set(fault, STATUS_INVALID, "", "the path is too long");
}

/* The name of the database without its ending. */
static void set_stem(const char *database, char stem[NAME_MAX + 1])
{
    char real[PATH_MAX], copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", realpath(database, real) ? real : database);
    snprintf(stem, NAME_MAX + 1, "%s", basename(copy));
    size_t len = strlen(stem);
    if (len > 3 && strcmp(stem + len - 3, ".db") == 0)
        stem[len - 3] = '\0';
}

/* Whether `path` is the path of one of the database's own files, which may not exist now. */
static bool is_own_file(const char *database, const char *path)
{
    char own[PATH_MAX], own_folder[PATH_MAX], folder[PATH_MAX];
    if (file_is_same(database, path))
        return true;
    file_folder(path, folder);
    for (size_t i = 0; i < SIDE_FILES; i++) {
        if (!file_path_with_suffix(database, side_files[i], own))
            continue;
        file_folder(own, own_folder);
        const char *own_name = strrchr(own, '/'), *name = strrchr(path, '/');
        own_name = own_name ? own_name + 1 : own;
        name = name ? name + 1 : path;
        if (file_is_same(own, path) ||
            (strcmp(own_name, name) == 0 && file_is_same(own_folder, folder)))
            return true;
    }
    return false;
}

static enum status is_no_backup(const char *path, const char *why, struct fault *fault)
{
    return fault_set(fault, STATUS_INVALID, "", "%s is there, and is no backup: %s", path, why);
}

/* Whether a backup may be written to the file `path`: there is none, or an earlier backup. */
static enum status check_target(const char *database, const char *path, struct fault *fault)
{
    char next_to[PATH_MAX];
    struct stat found;
    struct fault why;
    if (is_own_file(database, path))
        return fault_set(fault, STATUS_INVALID, "", "%s belongs to the database itself", path);
    if (lstat(path, &found) != 0)
        return STATUS_OK;
    if (!S_ISREG(found.st_mode) || found.st_nlink > 1)
        return is_no_backup(path, "it is not a regular file with one name", fault);
    if (paper_copy_check_header(path, &why) != STATUS_OK ||
        replacement_check_unused(path, &why) != STATUS_OK)
        return is_no_backup(path, why.text, fault);
    for (size_t i = 0; i < SIDE_FILES; i++) {
        bool is_left_by_reading = i >= PAPER_FILES; /* if it is empty, or not a WAL */
        if (!file_path_with_suffix(path, side_files[i], next_to) || lstat(next_to, &found) != 0 ||
            (is_left_by_reading && (found.st_size == 0 || strcmp(side_files[i], "shm") == 0)))
            continue;
        return fault_set(fault, STATUS_INVALID, "",
                         "%s is a paper that was in use, and no backup: %s is next to it", path,
                         next_to);
    }
    return STATUS_OK;
}

/* Chooses the name of the backup, in result->path, and of the temporary file. */
static enum status choose_names(struct backup_work *work, struct backup_result *result,
                                struct fault *fault)
{
    struct stat found;
    const struct backup_options *options = work->options;
    const char *target = options->target;
    work->is_dated = stat(target, &found) == 0 && S_ISDIR(found.st_mode);
    if (options->keep > 0 && !work->is_dated)
        return fault_set(fault, STATUS_INVALID, "",
                         "%s is no folder; --keep is for dated backups in a folder", target);
    if (!work->is_dated) {
        if (snprintf(result->path, PATH_MAX, "%s", target) >= PATH_MAX ||
            snprintf(work->temporary, PATH_MAX, "%s-backup-new", target) >= PATH_MAX)
            return too_long(fault);
        return check_target(options->database, target, fault);
    }
    snprintf(work->names.folder, PATH_MAX, "%s", target);
    set_stem(options->database, work->names.stem);
    if (snprintf(work->temporary, PATH_MAX, "%s/%s-backup-new", target, work->names.stem) >=
        PATH_MAX)
        return too_long(fault);
    int64_t at_s = options->now_s;
    char date[NAME_DATE_BYTES];
    for (int64_t s = at_s; s <= options->now_s + NAMES_TRIED; s++) {
        instant_for_name(s, date);
        if (snprintf(result->path, PATH_MAX, "%s/%s-%s.db", target, work->names.stem, date) >=
            PATH_MAX)
            return too_long(fault);
        if (file_exists(result->path)) /* the name must be the last in the order of time */
            at_s = s + 1;
    }
    if (at_s > options->now_s + NAMES_TRIED)
        return fault_set(fault, STATUS_FAILED, "", "no dated name is free in %s", target);
    instant_for_name(at_s, date);
    snprintf(result->path, PATH_MAX, "%s/%s-%s.db", target, work->names.stem, date);
    return STATUS_OK;
}

static enum status cannot(const char *what, const char *path, struct fault *fault)
{
    bool is_full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
    return fault_set(fault, is_full ? STATUS_FULL : STATUS_FAILED, "", "%s can't be %s: %s", path,
                     what, strerror(errno));
}

/* Removes SQLite's files next to the temporary one. */
static void remove_next_to(const char *temporary)
{
    static const char *const endings[] = {"-wal", "-shm", "-journal"};
    char path[PATH_MAX];
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (snprintf(path, sizeof path, "%s%s", temporary, endings[i]) < PATH_MAX)
            unlink(path);
    }
}

/* Opens the temporary file and locks it (B3). */
static enum status open_temporary(struct backup_work *work, struct fault *fault)
{
    struct stat found, named;
    const char *path = work->temporary;
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    if (fd < 0)
        return cannot("created", path, fault);
    enum status status = STATUS_OK;
    if (fstat(fd, &found) != 0 || !S_ISREG(found.st_mode) || found.st_nlink > 1)
        status = fault_set(fault, STATUS_INVALID, "", "%s is not a backup's; move it away", path);
    /* One that another process has just renamed or removed has the name no longer. */
    else if (flock(fd, LOCK_EX | LOCK_NB) != 0 || lstat(path, &named) != 0 ||
             named.st_ino != found.st_ino)
        status = fault_set(fault, STATUS_BUSY, "", "another backup to %s is under way",
                           work->options->target);
    if (status != STATUS_OK) {
        close(fd);
        return status;
    }
    remove_next_to(path);
    work->fd = fd;
    return STATUS_OK;
}

/* Steps 1 and 2 into the temporary file. */
static enum status write_copy(struct db *source, struct backup_work *work, struct db **copy,
                              int64_t *views, int64_t *complete_to, struct fault *fault)
{
    char journal[PATH_MAX];
    if (!file_path_with_suffix(work->options->database, "views", journal))
        return too_long(fault);
    if (ftruncate(work->fd, 0) != 0) /* SQLite writes to an empty file only */
        return cannot("emptied", work->temporary, fault);
    struct query *query = db_query(source, SQL_BACKUP_WRITE);
    query_bind_string(query, "path", work->temporary);
    enum status status = query_run(query);
    if (status != STATUS_OK)
        return fault_set(fault, status, "", "%s can't be written: %s", work->temporary,
                         status_text(status));
    status = paper_copy_open(work->temporary, copy, fault);
    if (status != STATUS_OK)
        return status;
    status = paper_copy_add_views(*copy, journal, views, complete_to, fault);
    if (status != STATUS_OK)
        db_close(*copy);
    return status;
}

/* Steps 1 to 3, until no record is missing. */
static enum status write_whole_copy(struct db *source, struct backup_work *work, struct db **copy,
                                    int64_t *views, struct fault *fault)
{
    for (int i = 0; i < ATTEMPTS; i++) {
        int64_t applied, complete_to;
        enum status status = write_copy(source, work, copy, views, &complete_to, fault);
        if (status != STATUS_OK)
            return status;
        status = state_get(source, JOURNAL_APPLIED, &applied);
        if (status == STATUS_OK && applied <= complete_to) /* B2 */
            return STATUS_OK;
        db_close(*copy);
        if (status != STATUS_OK)
            return fault_set(fault, status, "", "the database can't be read: %s",
                             status_text(status));
    }
    return fault_set(fault, STATUS_BUSY, "",
                     "more views come than the journal holds while a backup is written; set a "
                     "larger popularity.journal");
}

/* Step 4, after the check. */
static enum status put_in_place(const struct backup_work *work, struct backup_result *result,
                                struct fault *fault)
{
    struct stat found;
    char folder[PATH_MAX];
    file_folder(result->path, folder);
    if (stat(work->options->database, &found) != 0 || fchmod(work->fd, found.st_mode & 0666) != 0 ||
        fsync(work->fd) != 0 || fstat(work->fd, &found) != 0)
        return cannot("finished", work->temporary, fault);
    result->bytes = found.st_size;
    remove_next_to(result->path); /* empty ones: check_target */
    if (rename(work->temporary, result->path) != 0)
        return cannot("created", result->path, fault);
    return file_sync(folder) == STATUS_OK ? STATUS_OK : cannot("synced", folder, fault);
}

/* Whether a name is that of a dated backup of this database. */
static bool is_dated_name(const char *name, const char *stem)
{
    static const char pattern[] = "-0000-00-00T00-00-00.db"; /* 0: any digit */
    size_t len = strlen(stem);
    if (strncmp(name, stem, len) != 0 || strlen(name) != len + sizeof pattern - 1)
        return false;
    for (size_t i = 0; i < sizeof pattern - 1; i++) {
        char c = name[len + i];
        if (pattern[i] == '0' ? c < '0' || c > '9' : c != pattern[i])
            return false;
    }
    return true;
}

/* Step 5. Names of dates have the order of time. A backup that somebody serves stays. */
static enum status remove_older(const struct backup_work *work, const char *newest,
                                int64_t *removed, struct fault *fault)
{
    struct dirent **entries = NULL;
    char path[PATH_MAX];
    const struct backup_names *names = &work->names;
    int64_t kept = 1; /* the newest, also if the clock was set back */
    int len = scandir(names->folder, &entries, NULL, alphasort);
    enum status status = STATUS_OK;
    if (len < 0)
        status = cannot("listed", names->folder, fault);
    for (int i = len - 1; i >= 0; i--) {
        const char *name = entries[i]->d_name;
        bool is_one = is_dated_name(name, names->stem) &&
                      snprintf(path, sizeof path, "%s/%s", names->folder, name) < PATH_MAX &&
                      !file_is_same(path, newest) &&
                      check_target(work->options->database, path, NULL) == STATUS_OK;
        if (is_one && kept++ >= work->options->keep) {
            remove_next_to(path);
            if (unlink(path) == 0)
                ++*removed;
            else
                status = cannot("removed", path, fault);
        }
        free(entries[i]);
    }
    free(entries);
    return status;
}

enum status backup_run(struct db *source, const struct backup_options *options,
                       struct backup_result *result, struct fault *fault)
{
    struct db *copy;
    struct backup_work work = {.options = options, .fd = -1};
    *result = (struct backup_result){.bytes = 0};
    enum status status = choose_names(&work, result, fault);
    if (status == STATUS_OK)
        status = open_temporary(&work, fault);
    if (status != STATUS_OK)
        return status;
    status = db_run(source, "PRAGMA query_only = OFF"); /* it keeps VACUUM INTO from writing */
    if (status != STATUS_OK)
        fault_set(fault, status, "", "the database can't be read: %s", status_text(status));
    if (status == STATUS_OK)
        status = write_whole_copy(source, &work, &copy, &result->views, fault);
    if (status == STATUS_OK)
        status = paper_copy_finish(copy, work.temporary, options->verify ? CHECK_ALL : CHECK_OPENS,
                                   fault);
    if (status == STATUS_OK)
        status = put_in_place(&work, result, fault);
    if (status != STATUS_OK) { /* B1 */
        unlink(work.temporary);
        remove_next_to(work.temporary);
    }
    close(work.fd);
    if (status == STATUS_OK && options->keep > 0)
        status = remove_older(&work, result->path, &result->removed, fault);
    return status;
}
