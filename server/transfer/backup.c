/* VACUUM INTO a temporary file next to the target, then the views of the journal, then a check,
 * then a rename. (sqlite3_backup in steps would begin again at each commit of the server.)
 *
 *   NEW --- VACUUM INTO ---> SNAPSHOT --- journal ---> WHOLE --- check, fsync, rename ---> DONE
 *    |                           |                       |
 *    +---------------------------+---- a fault, a kill --+--> the target stays as it was
 *
 * The snapshot holds the number of the last stored record of the journal, so that the records
 * after it are exactly the acknowledged views that it lacks. A temporary file that a killed backup
 * left is used again by the next one. */
#include "transfer/backup.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/file.h"
#include "counting/view_journal.h"
#include "db/database_file.h"
#include "db/migrate.h"
#include "db/wal_file.h"
#include "store/state.h"
#include "store/views.h"

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
#include <time.h>
#include <unistd.h>

enum {
    CACHE_KB = 16384,
    ATTEMPTS = 5, /* when the server overwrote records of the journal that the snapshot lacks */
};

static enum status could_not(const char *what, const char *path, struct fault *fault)
{
    return fault_set(fault, STATUS_FAILED, "", "%s: %s: %s", path, what, strerror(errno));
}

/* Brings a file to the disk. */
static bool sync_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool is_synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return is_synced;
}

/* Adds one record of the journal to the copy, as housekeeping adds a batch of them. */
static enum status add_view(void *arg, const struct journal_record *record)
{
    struct db *db = arg;
    int64_t begin = instant_floor(record->at, VIEW_SLOT_S);
    const struct view_count counted = {
        .article_id = record->article_id, .begin = begin, .count = 1};
    const struct uncounted_views uncounted = {.repeated = record->verdict == VERDICT_REPEATED,
                                              .bots = record->verdict == VERDICT_BOT};
    if (record->verdict == VERDICT_COUNTED)
        return views_add(db, &counted, 1);
    return views_add_uncounted(db, record->article_id, begin, &uncounted);
}

/* Adds what waits in the journal of `database` to the open copy. */
static enum status add_waiting_views(struct db *copy, const char *database)
{
    int64_t id = 0, applied = 0;
    enum status status = state_get(copy, STATE_JOURNAL_ID, &id);
    if (status == STATUS_OK)
        status = state_get(copy, STATE_JOURNAL_APPLIED, &applied);
    if (status != STATUS_OK || id == 0)
        return status;
    status = db_run(copy, "BEGIN IMMEDIATE");
    if (status == STATUS_OK)
        status = view_journal_peek(database, id, applied, add_view, copy);
    if (status == STATUS_OK)
        status = db_run(copy, "COMMIT");
    db_end_transaction(copy);
    return status;
}

/* The copy's journal is another than that of the paper it was copied from, and empty. */
static enum status give_journal(struct db *copy)
{
    int64_t id = 0;
    enum status status = random_fill(&id, sizeof id);
    if (status == STATUS_OK)
        status = state_set(copy, STATE_JOURNAL_ID, id);
    return status == STATUS_OK ? state_set(copy, STATE_JOURNAL_APPLIED, 0) : status;
}

static enum status check_structure(struct db *copy, const char *path, bool verify,
                                   struct fault *fault)
{
    char text[200] = "it can't be read";
    const char *pragma = verify ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)";
    enum status status = db_text(copy, pragma, NULL, text, sizeof text);
    if (status != STATUS_OK || strcmp(text, "ok") != 0)
        return fault_set(fault, STATUS_UNUSABLE, "database", "%s is damaged: %s", path, text);
    status = db_text(copy, "PRAGMA foreign_key_check", NULL, text, sizeof text);
    if (verify && status != STATUS_ABSENT)
        return fault_set(fault, STATUS_UNUSABLE, "database",
                         "%s is damaged: a row in the table %s names one that is not there", path,
                         text);
    return STATUS_OK;
}

/* Opens a copy for writing. It needs no syncs: a copy that was not finished is thrown away. */
static enum status open_copy(const char *path, const char *name, struct db **copy,
                             struct fault *fault)
{
    int from;
    struct db *opened = NULL;
    enum status status = db_open(path, DB_WRITER, CACHE_KB, &opened, fault);
    if (status == STATUS_OK && db_run(opened, "PRAGMA synchronous = OFF") == STATUS_OK)
        status = migrate(opened, &from, fault);
    if (status == STATUS_OK)
        status = db_prepare(opened, fault);
    if (status == STATUS_OK) {
        *copy = opened;
        return STATUS_OK;
    }
    db_close(opened);
    /* The fault names the temporary file, which is removed. */
    return status == STATUS_UNUSABLE && strcmp(path, name) != 0
               ? fault_set(fault, status, "database",
                           "%s is damaged, or not of this version or an older one", name)
               : status;
}

static enum status finish_open(struct db *copy, const char *path, bool verify, struct fault *fault)
{
    enum status status = check_structure(copy, path, verify, fault);
    if (status != STATUS_OK)
        return status;
    status = give_journal(copy);
    /* A copy that VACUUM INTO made is not in WAL mode. */
    if (status == STATUS_OK)
        status = db_run(copy, "PRAGMA journal_mode = WAL");
    if (status != STATUS_OK)
        fault_set(fault, status, "database", "%s can't be written: %s", path, status_text(status));
    return status;
}

enum status backup_finish(const char *path, const char *name, bool verify, struct fault *fault)
{
    struct db *copy;
    enum status status = open_copy(path, name, &copy, fault);
    if (status != STATUS_OK)
        return status;
    status = finish_open(copy, name, verify, fault);
    db_close(copy); /* as the last connection, it moves the WAL and removes it */
    if (status == STATUS_OK && !sync_file(path))
        return could_not("can't be brought to the disk", name, fault);
    return status;
}

/* Takes a snapshot and adds the waiting views, until the two fit. */
static enum status copy_into(const struct backup_request *request, const char *path, int fd,
                             struct fault *fault)
{
    char none[8];
    struct db *copy;
    /* VACUUM INTO writes no more than the copy, but SQLite calls that writing. */
    enum status status = db_run(request->db, "PRAGMA query_only = OFF");
    if (status == STATUS_OK)
        status = STATUS_BUSY;
    for (int i = 0; i < ATTEMPTS && status == STATUS_BUSY; i++) {
        if (ftruncate(fd, 0) != 0)
            return could_not("can't be emptied", path, fault);
        status = db_text(request->db, "VACUUM INTO ?1", path, none, sizeof none);
        if (status != STATUS_ABSENT)
            return fault_set(fault, status, "", "%s: the copy can't be written: %s", path,
                             status_text(status));
        status = open_copy(path, path, &copy, fault);
        if (status != STATUS_OK)
            return status;
        status = add_waiting_views(copy, request->database);
        db_close(copy);
    }
    if (status != STATUS_OK)
        return fault_set(fault, status, "", "%s: the waiting views can't be added: %s", path,
                         status_text(status));
    return STATUS_OK;
}

/* The path with the links of its folder resolved; the file need not exist. "" without a folder. */
static void resolve_folder(const char *path, char resolved[2 * PATH_MAX])
{
    char folder[PATH_MAX], name[PATH_MAX], real[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    snprintf(name, sizeof name, "%s", path);
    resolved[0] = '\0';
    if (realpath(dirname(folder), real))
        snprintf(resolved, 2 * (size_t)PATH_MAX, "%s/%s", real, basename(name));
}

bool backup_is_next_to(const char *database, const char *path)
{
    static const char *const suffixes[] = {"wal",   "shm",   "journal",  "serve",        "gate",
                                           "write", "views", "versions", "versions-new", "restore"};
    char asked[2 * PATH_MAX], next[PATH_MAX], next_resolved[2 * PATH_MAX];
    struct stat asked_file, next_file;
    bool exists = stat(path, &asked_file) == 0;
    resolve_folder(path, asked);
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        if (!file_path_with_suffix(database, suffixes[i], next))
            continue;
        resolve_folder(next, next_resolved);
        if (asked[0] && strcmp(asked, next_resolved) == 0)
            return true;
        if (exists && stat(next, &next_file) == 0 && next_file.st_ino == asked_file.st_ino &&
            next_file.st_dev == asked_file.st_dev)
            return true;
    }
    return false;
}

/* Whether a file is there. */
static bool has_next(const char *path, const char *suffix)
{
    struct stat found;
    char next[PATH_MAX + 16];
    snprintf(next, sizeof next, "%s%s", path, suffix);
    return lstat(next, &found) == 0;
}

/* Whether a file of the target's name may be replaced: a copy, and no paper in use or at rest. */
static enum status check_target(const struct backup_request *request, const char *path,
                                struct fault *fault)
{
    struct stat target, source;
    if (backup_is_next_to(request->database, path))
        return fault_set(fault, STATUS_INVALID, "", "%s is a name that the paper itself uses",
                         path);
    if (stat(path, &target) != 0)
        return STATUS_OK;
    if (stat(request->database, &source) == 0 && source.st_ino == target.st_ino &&
        source.st_dev == target.st_dev)
        return fault_set(fault, STATUS_INVALID, "", "%s is the paper itself", path);
    enum status status = database_file_check_path(path, fault);
    if (status != STATUS_OK)
        return status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool is_served = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0;
    if (fd >= 0)
        close(fd);
    /* A paper that is not served has the files of its last server or import. */
    if (is_served || wal_file_bytes(path) > 0 || has_next(path, "-serve"))
        return fault_set(fault, STATUS_INVALID, "",
                         "%s is a paper, not a copy: files of one are next to it", path);
    return STATUS_OK;
}

/* Whether an existing temporary file is one that a killed backup or restore left: empty, without a
 * header yet, or a database of ours that is no paper. */
static bool is_left_copy(const char *path, int fd)
{
    static const char zeros[16];
    char begin[16];
    struct stat found;
    struct fault fault;
    if (fstat(fd, &found) != 0 || !S_ISREG(found.st_mode) || found.st_nlink != 1 ||
        found.st_uid != geteuid() || has_next(path, "-serve"))
        return false;
    return (file_read_at(fd, begin, sizeof begin, 0) == (ssize_t)sizeof begin &&
            memcmp(begin, zeros, sizeof begin) == 0) ||
           database_file_check_path(path, &fault) == STATUS_OK;
}

enum status backup_open_temporary(const char *path, int *fd, struct fault *fault)
{
    static const char *const suffixes[] = {"-journal", "-wal", "-shm"};
    int opened = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool is_new = opened >= 0;
    if (!is_new && errno == EEXIST)
        opened = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (opened < 0 && errno != ELOOP && errno != EISDIR)
        return could_not("can't be created", path, fault);
    if (opened < 0 || (!is_new && !is_left_copy(path, opened))) {
        if (opened >= 0)
            close(opened);
        return fault_set(fault, STATUS_INVALID, "", "%s is in the way; move it", path);
    }
    if (flock(opened, LOCK_EX | LOCK_NB) != 0) {
        close(opened);
        return fault_set(fault, STATUS_BUSY, "", "%s: another copy is being made", path);
    }
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        char next[PATH_MAX + 16];
        snprintf(next, sizeof next, "%s%s", path, suffixes[i]);
        if (is_new && has_next(path, suffixes[i])) {
            unlink(path);
            close(opened);
            return fault_set(fault, STATUS_INVALID, "", "%s is in the way; move it", next);
        }
        unlink(next); /* of the copy that was left */
    }
    *fd = opened;
    return STATUS_OK;
}

void backup_remove_temporary(const char *path)
{
    static const char *const suffixes[] = {"", "-journal", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        char next[PATH_MAX + 16];
        snprintf(next, sizeof next, "%s%s", path, suffixes[i]);
        unlink(next);
    }
}

static enum status make_file(const struct backup_request *request, const char *path,
                             struct fault *fault)
{
    int fd;
    struct stat source;
    char new_path[PATH_MAX];
    enum status status = check_target(request, path, fault);
    if (status != STATUS_OK)
        return status;
    if (snprintf(new_path, sizeof new_path, "%s-new", path) >= (int)sizeof new_path)
        return fault_set(fault, STATUS_INVALID, "", "the path is too long");
    status = backup_open_temporary(new_path, &fd, fault);
    if (status != STATUS_OK)
        return status;
    status = copy_into(request, new_path, fd, fault);
    if (status == STATUS_OK)
        status = backup_finish(new_path, path, request->verify, fault);
    if (status == STATUS_OK && stat(request->database, &source) == 0 &&
        fchmod(fd, source.st_mode & 0666) != 0)
        status = could_not("can't be given the paper's permissions", new_path, fault);
    if (status == STATUS_OK && (rename(new_path, path) != 0 || !file_sync_folder_of(path)))
        status = could_not("can't be put in its place", path, fault);
    if (status != STATUS_OK)
        backup_remove_temporary(new_path);
    close(fd);
    return status;
}

/* The part of a dated name before the date: "paper-" of /srv/paper.db. */
static void name_of(const char *database, char name[NAME_MAX])
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s", database);
    const char *base = basename(path);
    size_t len = strlen(base);
    if (len > 3 && strcmp(base + len - 3, ".db") == 0)
        len -= 3;
    snprintf(name, NAME_MAX, "%.*s-", (int)(len < 100 ? len : 100), base);
}

void backup_date(int64_t at, char date[BACKUP_DATE_BYTES])
{
    struct tm utc;
    time_t time = (time_t)at;
    date[0] = '\0';
    if (gmtime_r(&time, &utc))
        strftime(date, BACKUP_DATE_BYTES, "%Y-%m-%dT%H-%M-%SZ", &utc);
}

/* Whether a file name is NAME-DATE.db of this paper. */
static bool is_dated(const char *file, const char *name)
{
    static const char pattern[] = "####-##-##T##-##-##Z.db";
    size_t name_len = strlen(name);
    if (strncmp(file, name, name_len) != 0 || strlen(file) != name_len + sizeof pattern - 1)
        return false;
    for (size_t i = 0; i < sizeof pattern - 1; i++) {
        char c = file[name_len + i];
        if (pattern[i] == '#' ? c < '0' || c > '9' : c != pattern[i])
            return false;
    }
    return true;
}

/* Removes the oldest dated files; names order them by date. */
static enum status rotate(const char *folder, const char *name, int64_t keep, struct fault *fault)
{
    struct dirent **entries;
    enum status status = STATUS_OK;
    int64_t dated = 0;
    int len = scandir(folder, &entries, NULL, alphasort);
    if (len < 0)
        return could_not("can't be listed", folder, fault);
    for (int i = len - 1; i >= 0; i--) {
        char path[PATH_MAX + NAME_MAX];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (is_dated(entries[i]->d_name, name) && ++dated > keep && unlink(path) != 0)
            status = could_not("can't be removed", path, fault);
        free(entries[i]);
    }
    free(entries);
    return status;
}

enum status backup_make(const struct backup_request *request, char path[PATH_MAX],
                        struct fault *fault)
{
    struct stat target;
    char name[NAME_MAX], date[BACKUP_DATE_BYTES];
    bool is_folder = stat(request->target, &target) == 0 && S_ISDIR(target.st_mode);
    assert(request->keep >= 0);
    if (!request->target[0])
        return fault_set(fault, STATUS_INVALID, "", "the name of the copy is empty");
    if (request->keep > 0 && !is_folder)
        return fault_set(fault, STATUS_INVALID, "", "--keep: %s must be a folder", request->target);
    name_of(request->database, name);
    backup_date(request->now_s, date);
    int len = is_folder ? snprintf(path, PATH_MAX, "%s/%s%s.db", request->target, name, date)
                        : snprintf(path, PATH_MAX, "%s", request->target);
    if (len >= PATH_MAX)
        return fault_set(fault, STATUS_INVALID, "", "the path is too long");
    enum status status = make_file(request, path, fault);
    if (status == STATUS_OK && request->keep > 0)
        status = rotate(request->target, name, request->keep, fault);
    return status;
}
