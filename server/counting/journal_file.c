/* Reads and writes the file with pread and pwrite. It is not mapped, because a store into a mapped
 * page ends the process (SIGBUS) when a copy-on-write disk is full or the file was cut.
 *
 * The file, in the byte order of the machine:
 *
 *   offset   bytes
 *        0       8   "KHVIEWS1"
 *        8       8   id of the database that the records belong to
 *       16       8   capacity, in records
 *       24    4072   zero, to the end of the page
 *     4096      32   cell 0: record capacity, then 2 * capacity, ...
 *     4128      32   cell 1: record 1, then capacity + 1, ...
 *      ...
 *
 *   a cell:  0 number | 8 time | 16 article id (bits 0-59), verdict (bits 60-63) | 24 check
 */
#include "counting/journal_file.h"

#include "base/file.h"
#include "base/log.h"
#include "db/side_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC INT64_C(0x315357454956484b) /* "KHVIEWS1" */

enum {
    HEADER_BYTES = 4096, /* a page of its own */
    CAPACITY_MIN = 1024, /* the least that the settings allow */
    DAMAGED_MAX = 99,    /* files that are kept */
};

struct journal_header {
    int64_t magic, id, capacity;
};

static_assert(sizeof(struct journal_cell) == 32, "the file's layout");

static off_t offset_of(int64_t place)
{
    return HEADER_BYTES + (off_t)place * (off_t)sizeof(struct journal_cell);
}

static bool has_magic(int fd)
{
    int64_t word;
    return file_read_at(fd, &word, sizeof word, 0) == sizeof word && word == MAGIC;
}

/* A file without our magic that has the size of a journal may be a damaged one. */
static bool is_ours(int fd, int64_t size)
{
    return has_magic(fd) ||
           (size >= offset_of(CAPACITY_MIN) && size % (int64_t)sizeof(struct journal_cell) == 0);
}

/* Opens the file, or another one after moving away what has lost its magic. */
static enum status open_or_move(const char *database, int *fd, struct fault *fault)
{
    struct stat stat;
    char path[PATH_MAX], moved[PATH_MAX];
    enum status status = side_file_open(database, "views", is_ours, fd, fault);
    if (status != STATUS_OK || fstat(*fd, &stat) != 0 || stat.st_size == 0 || has_magic(*fd) ||
        !file_path_with_suffix(database, "views", path))
        return status;
    close(*fd);
    bool is_moved = false;
    for (int i = 1; i <= DAMAGED_MAX && !is_moved; i++) {
        char suffix[32];
        snprintf(suffix, sizeof suffix, "views-damaged-%d", i);
        is_moved = file_path_with_suffix(database, suffix, moved) &&
                   renameat2(AT_FDCWD, path, AT_FDCWD, moved, RENAME_NOREPLACE) == 0;
    }
    if (!is_moved)
        return fault_set(fault, STATUS_UNUSABLE, "", "the journal of views, %s, is damaged", path);
    log_write(LOG_WARNING, "the journal of views was damaged and is now %s", moved);
    return side_file_open(database, "views", is_ours, fd, fault);
}

static bool read_header(const struct journal_file *file, struct journal_header *header)
{
    return file_read_at(file->fd, header, sizeof *header, 0) == (ssize_t)sizeof *header &&
           header->magic == MAGIC && header->id == file->id && header->capacity > 0 &&
           header->capacity <= JOURNAL_CAPACITY_MAX;
}

enum status journal_file_open(const char *database, int64_t id, int64_t capacity,
                              struct journal_file *file, bool *is_whole, struct fault *fault)
{
    struct journal_header header;
    struct stat stat;
    struct journal_file opened = {.fd = -1, .database = database, .id = id};
    enum status status = open_or_move(database, &opened.fd, fault);
    if (status != STATUS_OK)
        return status;
    if (flock(opened.fd, LOCK_EX | LOCK_NB) != 0) {
        close(opened.fd);
        return fault_set(fault, STATUS_INVALID, "database",
                         "the journal of views, %s-views, is in use by another server", database);
    }
    *is_whole = false;
    if (fstat(opened.fd, &stat) == 0 && read_header(&opened, &header) &&
        (header.capacity <= capacity || stat.st_size >= offset_of(header.capacity))) {
        opened.capacity = header.capacity;
        *is_whole = stat.st_size == offset_of(header.capacity);
    }
    *file = opened;
    return STATUS_OK;
}

enum status journal_file_open_reading(const char *database, int64_t id, struct journal_file *file)
{
    char path[PATH_MAX];
    struct journal_header header;
    struct journal_file opened = {.fd = -1, .database = database, .id = id};
    if (file_path_with_suffix(database, "views", path))
        opened.fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (opened.fd < 0 || !read_header(&opened, &header)) {
        journal_file_close(&opened);
        return STATUS_ABSENT;
    }
    opened.capacity = header.capacity;
    *file = opened;
    return STATUS_OK;
}

void journal_file_close(struct journal_file *file)
{
    if (file->fd >= 0)
        close(file->fd);
    file->fd = -1;
}

/* Brings the file's name to the disk as well. */
static bool sync_with_name(const struct journal_file *file)
{
    char path[PATH_MAX];
    return fsync(file->fd) == 0 && file_path_with_suffix(file->database, "views", path) &&
           file_sync_folder_of(path);
}

enum status journal_file_make(struct journal_file *file, int64_t capacity, bool empties,
                              struct fault *fault)
{
    int error = 0;
    const struct journal_header header = {.magic = MAGIC, .id = file->id, .capacity = capacity};
    assert(capacity > 0 && capacity <= JOURNAL_CAPACITY_MAX);
    file->capacity = capacity;
    if (empties && ftruncate(file->fd, 0) != 0)
        error = errno;
    /* All blocks at once: then only a copy-on-write disk can be full later. */
    while (error == 0 && (error = posix_fallocate(file->fd, 0, offset_of(capacity))) == EINTR)
        error = 0;
    if (error == 0 &&
        (!file_write_at(file->fd, &header, sizeof header, 0) || !sync_with_name(file)))
        error = errno;
    if (error == 0)
        return STATUS_OK;
    return fault_set(fault, STATUS_FULL, "",
                     "the journal of views can't have %" PRId64 " bytes: %s",
                     (int64_t)offset_of(capacity), strerror(error));
}

void journal_file_read(const struct journal_file *file, int64_t place, size_t count,
                       struct journal_cell *cells)
{
    ssize_t got = file_read_at(file->fd, cells, count * sizeof *cells, offset_of(place));
    size_t whole = got < 0 ? 0 : (size_t)got / sizeof *cells;
    assert(whole <= count);
    memset(cells + whole, 0, (count - whole) * sizeof *cells);
}

bool journal_file_write(const struct journal_file *file, int64_t place,
                        const struct journal_cell *cell)
{
    assert(place >= 0 && place < file->capacity);
    return file_write_at(file->fd, cell, sizeof *cell, offset_of(place));
}

enum status journal_file_sync(const struct journal_file *file)
{
    return fdatasync(file->fd) == 0 ? STATUS_OK : STATUS_FAILED;
}

/* Whether the open file is the one that has the name. */
static bool has_name(const struct journal_file *file)
{
    char path[PATH_MAX];
    struct stat named, open;
    return file_path_with_suffix(file->database, "views", path) && stat(path, &named) == 0 &&
           fstat(file->fd, &open) == 0 && named.st_ino == open.st_ino &&
           named.st_dev == open.st_dev;
}

enum status journal_file_check(struct journal_file *file, bool *is_new, struct fault *fault)
{
    struct journal_header header;
    struct stat stat;
    bool is_named = has_name(file);
    *is_new = !is_named || !read_header(file, &header) || header.capacity != file->capacity ||
              fstat(file->fd, &stat) != 0 || stat.st_size < offset_of(file->capacity);
    if (!*is_new)
        return STATUS_OK;
    if (!is_named) {
        int fd;
        enum status status = side_file_open(file->database, "views", is_ours, &fd, fault);
        if (status != STATUS_OK)
            return status;
        /* Serving threads write to the number of the descriptor, which now is the new file's. */
        bool is_moved =
            dup3(fd, file->fd, O_CLOEXEC) >= 0 && flock(file->fd, LOCK_EX | LOCK_NB) == 0;
        close(fd);
        if (!is_moved)
            return fault_set(fault, STATUS_FAILED, "", "the journal of views can't be opened: %s",
                             strerror(errno));
    }
    return journal_file_make(file, file->capacity, !is_named, fault);
}
