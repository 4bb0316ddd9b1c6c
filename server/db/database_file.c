/* A record of the main file's state in NAME-serve, compared with what stat(2) says. Where they
 * differ, the pages of the WAL are compared with the main file's: a checkpoint writes just those.
 *
 * NAME-serve, in the byte order of the machine; empty when no process of this version was here:
 *
 *   offset  bytes
 *        0      8  "KHSERVE1"
 *        8      8  1 while a checkpoint of Khobor's is under way, else 0
 *       16      8  the main file's inode
 *       24      8  its size
 *       32      8  its time of change, in nanoseconds since 1970
 *       40      8  the inode of NAME-serve itself: another one says that the folder was copied
 *
 *   RECORDED --begin--> UNDER WAY --the main file is written--> UNDER WAY --end--> RECORDED
 *
 * Invariants:
 *   D1  The record is written with the write lock held.
 *   D2  UNDER WAY is on the disk before the main file is written. So a process that dies, or a
 *       power cut, at any time leaves a record that either says so or fits the file.
 *   D3  Once a process has found the file replaced, it says so until it ends.
 */
#include "db/database_file.h"

#include "base/file.h"
#include "base/log.h"
#include "db/migrate.h"
#include "db/side_file.h"
#include "db/wal_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

enum {
    ROOM_BYTES = 16 << 20, /* for a transaction, and pages of its index */
    HEADER_BYTES = 100, /* of a database: https://sqlite.org/fileformat2.html#the_database_header */
    SCHEMA_COOKIE_AT = 40,
    USER_VERSION_AT = 60,
    APPLICATION_ID_AT = 68,
};

static const char magic[8] = "KHSERVE1";

struct record {
    char magic[8];
    int64_t is_under_way;
    int64_t inode, size, changed_ns;
    int64_t own_inode;
};

static_assert(sizeof(struct record) == 48, "the file's layout");

struct database_file {
    char path[PATH_MAX];
    int fd;      /* of NAME-serve */
    int main_fd; /* of the main file, open for as long as SQLite has it open; -1: not made yet */
    bool is_replaced;
    bool had_wal; /* the WAL had something when the main file was last seen unchanged, or since */
};

enum status database_file_check_path(const char *path, struct fault *fault)
{
    struct stat found;
    char folder[PATH_MAX];
    unsigned char header[HEADER_BYTES];
    if (stat(path, &found) != 0) {
        snprintf(folder, sizeof folder, "%s", path);
        if (stat(dirname(folder), &found) != 0)
            return fault_set(fault, STATUS_UNUSABLE, "database",
                             "%s can't be created: its folder does not exist", path);
        return STATUS_OK;
    }
    if (S_ISDIR(found.st_mode))
        return fault_set(fault, STATUS_UNUSABLE, "database", "%s is a folder", path);
    if (!S_ISREG(found.st_mode))
        return fault_set(fault, STATUS_UNUSABLE, "database", "%s is not a regular file", path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) /* SQLite says why, in its own words */
        return STATUS_OK;
    ssize_t got = file_read_at(fd, header, sizeof header, 0);
    close(fd);
    if (got == 0) /* empty: a database to be */
        return STATUS_OK;
    if (got < (ssize_t)sizeof header || memcmp(header, "SQLite format 3", 16) != 0)
        return fault_set(fault, STATUS_UNUSABLE, "database", "%s is not an SQLite database", path);
    uint32_t application = wal_file_number(header + APPLICATION_ID_AT);
    bool is_new = application == 0 && wal_file_number(header + USER_VERSION_AT) == 0 &&
                  wal_file_number(header + SCHEMA_COOKIE_AT) == 0;
    if (application != MIGRATE_APPLICATION_ID && !is_new)
        return fault_set(fault, STATUS_UNUSABLE, "database", "the file belongs to another program");
    return STATUS_OK;
}

/* Whether there is a record. */
static bool read_record(int fd, struct record *record)
{
    return file_read_at(fd, record, sizeof *record, 0) == (ssize_t)sizeof *record &&
           memcmp(record->magic, magic, sizeof magic) == 0;
}

static bool is_ours(int fd, int64_t size)
{
    struct record record;
    return size == sizeof record && read_record(fd, &record);
}

/* The state of the main file; false when there is none. */
static bool read_state(const char *path, struct record *state)
{
    struct stat found;
    if (stat(path, &found) != 0)
        return false;
    *state = (struct record){.inode = (int64_t)found.st_ino,
                             .size = found.st_size,
                             .changed_ns = (int64_t)found.st_mtim.tv_sec * 1000000000 +
                                           found.st_mtim.tv_nsec};
    memcpy(state->magic, magic, sizeof magic);
    return true;
}

/* A record of a file that was not created yet has inode 0. */
static bool has_same_inode(const struct record *record, const struct record *state)
{
    return record->inode == state->inode || record->inode == 0;
}

static bool has_same_content(const struct record *a, const struct record *b)
{
    return a->size == b->size && a->changed_ns == b->changed_ns;
}

enum status database_file_open_lock(const char *path, int *fd, struct fault *fault)
{
    return side_file_open(path, "serve", is_ours, fd, fault);
}

/* Locks NAME-serve for as long as this descriptor is open, next to its flock: shared by those who
 * write, alone by who replaces the file. False when others have it in the other way. */
static bool lock_range(int fd, short type)
{
    struct flock range = {.l_type = type, .l_whence = SEEK_SET, .l_len = 1};
    return fcntl(fd, F_OFD_SETLK, &range) == 0 || (errno != EAGAIN && errno != EACCES);
}

enum status database_file_open(const char *path, struct database_file **file, struct fault *fault)
{
    char real[PATH_MAX];
    struct database_file *opened = calloc(1, sizeof *opened);
    if (!opened)
        return fault_set(fault, STATUS_NO_MEMORY, "database", "out of memory");
    snprintf(opened->path, sizeof opened->path, "%s", realpath(path, real) ? real : path);
    opened->main_fd = open(opened->path, O_RDONLY | O_CLOEXEC);
    enum status status = database_file_open_lock(path, &opened->fd, fault);
    if (status != STATUS_OK) {
        if (opened->main_fd >= 0)
            close(opened->main_fd);
        free(opened);
        return status;
    }
    if (!lock_range(opened->fd, F_RDLCK)) {
        database_file_close(opened);
        return fault_set(fault, STATUS_BUSY, "database", "%s is being restored", path);
    }
    *file = opened;
    return STATUS_OK;
}

enum status database_file_lock_alone(struct database_file *file, struct fault *fault)
{
    if (lock_range(file->fd, F_WRLCK))
        return STATUS_OK;
    return fault_set(fault, STATUS_BUSY, "database", "%s is written by another process",
                     file->path);
}

void database_file_close(struct database_file *file)
{
    if (!file)
        return;
    if (file->main_fd >= 0)
        close(file->main_fd);
    close(file->fd);
    free(file);
}

/* Writes the record, with NAME-serve's own inode. */
static bool write_record(const struct database_file *file, struct record *record)
{
    struct stat own;
    record->own_inode = fstat(file->fd, &own) == 0 ? (int64_t)own.st_ino : 0;
    return file_write_at(file->fd, record, sizeof *record, 0);
}

/* The record gets the file's inode, which is another one after a copy of the whole folder. */
enum status database_file_begin_checkpoint(struct database_file *file)
{
    struct record record = {.size = 0};
    assert(!file->is_replaced);           /* D3 */
    if (!read_state(file->path, &record)) /* the file is new */
        memcpy(record.magic, magic, sizeof magic);
    record.is_under_way = 1;
    return write_record(file, &record) && fdatasync(file->fd) == 0 ? STATUS_OK : STATUS_FAILED;
}

/* Where the new record can't be written, the old one says that a checkpoint is under way (D2). */
void database_file_end_checkpoint(struct database_file *file)
{
    struct record state;
    if (file->main_fd < 0) /* the file is new */
        file->main_fd = open(file->path, O_RDONLY | O_CLOEXEC);
    if (read_state(file->path, &state) && !write_record(file, &state))
        log_write(LOG_WARNING, "%s-serve can't be written: %s", file->path, strerror(errno));
}

bool database_file_has_room(const struct database_file *file)
{
    struct statfs disk;
    if (statfs(file->path, &disk) != 0 ||
        (disk.f_type != BTRFS_SUPER_MAGIC && disk.f_type != XFS_SUPER_MAGIC))
        return true;
    return (int64_t)disk.f_bavail * (int64_t)disk.f_bsize >= ROOM_BYTES;
}

bool database_file_is_same(struct database_file *file)
{
    struct stat open;
    struct record record, state;
    if (file->is_replaced)
        return false; /* D3 */
    if (!read_record(file->fd, &record))
        return true;
    bool is_same = read_state(file->path, &state) && has_same_inode(&record, &state) &&
                   (record.is_under_way || has_same_content(&state, &record));
    /* Another process may have opened, and recorded, another file of this name. */
    if (is_same && file->main_fd >= 0 && fstat(file->main_fd, &open) == 0)
        is_same = (int64_t)open.st_ino == state.inode;
    if (is_same && database_file_wal_bytes(file) > 0)
        file->had_wal = true;
    return is_same;
}

bool database_file_is_under_way(const struct database_file *file)
{
    struct record record;
    return read_record(file->fd, &record) && record.is_under_way;
}

void database_file_note_commit(struct database_file *file)
{
    file->had_wal = true;
}

enum status database_file_explain(struct database_file *file, bool others_committed,
                                  int64_t moved_frames, struct fault *fault)
{
    struct record record, state;
    const char *what = "was removed";
    if (database_file_is_same(file)) /* another process has recorded its checkpoint since */
        return STATUS_OK;
    bool exists = read_state(file->path, &state), is_recorded = read_record(file->fd, &record);
    if (exists && is_recorded && !file->is_replaced && has_same_inode(&record, &state)) {
        /* A WAL that was cut to nothing was moved before. */
        bool was_cut = file->had_wal && database_file_wal_bytes(file) == 0;
        if (others_committed || was_cut ||
            wal_file_compare(file->path, file->main_fd, moved_frames) == WAL_MOVED) {
            log_write(LOG_INFO, "another program moved changes from the WAL into %s", file->path);
            database_file_end_checkpoint(file);
            file->had_wal = false;
            return STATUS_OK;
        }
        what = "was overwritten";
    } else if (exists) {
        what = "was replaced by another file";
    }
    file->is_replaced = true; /* D3 */
    return fault_set(fault, STATUS_UNUSABLE, "database",
                     "%s %s while it was in use; nothing is written to it any more. Stop the "
                     "server, then run `khobor restore FILE`, with the backup as FILE, or with %s "
                     "to take it as it is",
                     file->path, what, file->path);
}

static enum status check_wal(const char *path, int main_fd, int serve_fd, struct fault *fault)
{
    struct stat own;
    struct record record, state;
    if (!read_record(serve_fd, &record) || !read_state(path, &state) || fstat(serve_fd, &own) != 0)
        return STATUS_OK;
    /* In a folder that was copied as a whole every file is another one. */
    bool is_file = has_same_inode(&record, &state) || (int64_t)own.st_ino != record.own_inode;
    if ((has_same_content(&state, &record) && is_file) ||
        (record.is_under_way && has_same_inode(&record, &state)) ||
        wal_file_compare(path, main_fd, INT64_MAX) != WAL_DIFFERS)
        return STATUS_OK;
    return fault_set(fault, STATUS_UNUSABLE, "database",
                     "%s was replaced, and %s-wal holds changes of the file before it. Run `khobor "
                     "restore FILE`, with the backup as FILE, or with %s to take it as it is",
                     path, path, path);
}

enum status database_file_check_wal(struct database_file *file, struct fault *fault)
{
    return check_wal(file->path, file->main_fd, file->fd, fault);
}

enum status database_file_check_reading(const char *path, struct fault *fault)
{
    char serve_path[PATH_MAX];
    enum status status = database_file_check_path(path, fault);
    if (status != STATUS_OK || !file_path_with_suffix(path, "serve", serve_path))
        return status;
    int serve_fd = open(serve_path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    int main_fd = open(path, O_RDONLY | O_CLOEXEC);
    if (serve_fd >= 0 && main_fd >= 0)
        status = check_wal(path, main_fd, serve_fd, fault);
    if (serve_fd >= 0)
        close(serve_fd);
    if (main_fd >= 0)
        close(main_fd);
    return status;
}

bool database_file_exists(const struct database_file *file)
{
    return file->main_fd >= 0;
}

enum status database_file_lock(struct database_file *file, struct fault *fault)
{
    assert(file->main_fd >= 0);
    if (flock(file->main_fd, LOCK_EX | LOCK_NB) == 0)
        return STATUS_OK;
    return fault_set(fault, STATUS_BUSY, "database",
                     "%s is served by another process, under this name or another", file->path);
}

enum status database_file_check_name(struct database_file *file, struct fault *fault)
{
    assert(file->main_fd >= 0);
    if (flock(file->main_fd, LOCK_SH | LOCK_NB) == 0) {
        flock(file->main_fd, LOCK_UN);
        return STATUS_OK;
    }
    /* Its server has locked NAME-serve too, if it has this name. */
    if (flock(file->fd, LOCK_SH | LOCK_NB) != 0)
        return STATUS_OK;
    flock(file->fd, LOCK_UN);
    return fault_set(fault, STATUS_BUSY, "database",
                     "%s is served under another name; write to that one", file->path);
}

int64_t database_file_wal_bytes(const struct database_file *file)
{
    return wal_file_bytes(file->path);
}
