/* Reads whole files with read(2) into a buffer, and lists a folder in the order of names, so that
 * what is made from it does not depend on the file system. The kernel checks that a path stays
 * below its folder (openat2, RESOLVE_BENEATH); an older one opens part by part without links. */
#include "base/file.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    READ_BYTES = 64 * 1024,
    RACES_MAX = 10,
};

bool file_path_with_suffix(const char *path, const char *suffix, char with_suffix[PATH_MAX])
{
    char real[PATH_MAX];
    assert(suffix[0] != '\0' && !strchr(suffix, '/'));
    const char *base = realpath(path, real) ? real : path;
    return snprintf(with_suffix, PATH_MAX, "%s-%s", base, suffix) < PATH_MAX;
}

bool file_sync_folder_of(const char *path)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    int fd = open(dirname(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return is_synced;
}

ssize_t file_read_at(int fd, void *to, size_t len, int64_t offset)
{
    ssize_t got;
    do
        got = pread(fd, to, len, (off_t)offset);
    while (got < 0 && errno == EINTR);
    return got;
}

bool file_write_at(int fd, const void *bytes, size_t len, int64_t offset)
{
    ssize_t put;
    do
        put = pwrite(fd, bytes, len, (off_t)offset);
    while (put < 0 && errno == EINTR);
    return put == (ssize_t)len;
}

static enum status read_all(int fd, struct buf *to)
{
    for (;;) {
        char one_more[1];
        size_t room = to->max - to->len;
        size_t want = room == 0 ? sizeof one_more : room < READ_BYTES ? room : READ_BYTES;
        /* When the buffer is full, reading one byte more tells whether the file ends here. */
        char *at = room > 0 ? buf_reserve(to, want) : one_more;
        if (!at)
            return STATUS_NO_MEMORY;
        assert(want > 0); /* so that 0 means the end */
        ssize_t got = read(fd, at, want);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0 ? STATUS_OK : STATUS_FAILED;
        if (room == 0)
            return STATUS_FULL;
        buf_grew(to, (size_t)got);
    }
}

/* As open_below, for a kernel without openat2: goes from part to part and follows no link. */
static int open_without_links(int folder, const char *name, int flags)
{
    char part[NAME_MAX + 1];
    int at = folder;
    for (;;) {
        size_t len = strcspn(name, "/");
        const char *rest = name + len + strspn(name + len, "/");
        bool is_last = *rest == '\0', fits = len > 0 && len < sizeof part;
        snprintf(part, sizeof part, "%.*s", (int)len, name);
        int next = -1;
        if (!fits || strcmp(part, "..") == 0)
            errno = EXDEV;
        else
            next = openat(at, part, O_NOFOLLOW | O_CLOEXEC | (is_last ? flags : O_PATH));
        if (at != folder)
            close(at);
        if (next < 0 || is_last)
            return next;
        at = next;
        name = rest;
    }
}

/* Whether opening below a folder failed because of a link that leaves the folder. */
static bool is_leading_out(int error)
{
    return error == EXDEV || error == ELOOP;
}

/* Opens the file or folder `name` below the folder at a path; -1 with errno. */
static int open_below(const char *path, const char *name, int flags)
{
    const struct open_how how = {.flags = (uint64_t)flags | O_CLOEXEC, .resolve = RESOLVE_BENEATH};
    long fd = -1;
    assert(name[0] != '/');
    int folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return -1;
    for (int i = 0; i < RACES_MAX; i++) { /* EAGAIN: a folder was renamed during the walk */
        fd = syscall(SYS_openat2, folder, name, &how, sizeof how);
        if (fd >= 0 || errno != EAGAIN)
            break;
    }
    /* EPERM: a sandbox that does not know the call. */
    if (fd < 0 && (errno == ENOSYS || errno == EPERM))
        fd = open_without_links(folder, name, flags);
    int error = errno;
    close(folder);
    errno = error;
    return (int)fd;
}

enum status file_load_below(const char *folder, const char *name, struct buf *to,
                            struct fault *fault)
{
    int fd = open_below(folder, name, O_RDONLY | O_NONBLOCK);
    if (fd < 0 && is_leading_out(errno))
        return fault_set(fault, STATUS_ABSENT, name, "is a link that leads out of the folder");
    if (fd < 0)
        return fault_set(fault, STATUS_ABSENT, name, "can't be opened: %s", strerror(errno));
    enum status status = read_all(fd, to);
    if (status == STATUS_FULL)
        fault_fill(fault, name, "is larger than %zu bytes", to->max);
    else if (status != STATUS_OK)
        fault_fill(fault, name, "can't be read: %s", strerror(errno));
    close(fd);
    return status;
}

static enum status take_entry(int folder, const char *name,
                              enum status (*take)(void *, const struct file_entry *), void *arg)
{
    struct stat stat_of;
    assert(name[0] != '\0');
    bool is_hidden = name[0] == '.' || name[0] == '#' || name[strlen(name) - 1] == '~';
    if (is_hidden || fstatat(folder, name, &stat_of, 0) != 0 || !S_ISREG(stat_of.st_mode))
        return STATUS_OK;
    struct file_entry entry = {
        .name = name,
        .size = stat_of.st_size,
        .changed_ns = (int64_t)stat_of.st_mtim.tv_sec * 1000000000 + stat_of.st_mtim.tv_nsec,
    };
    return take(arg, &entry);
}

enum status folder_each_below(const char *folder, const char *name,
                              enum status (*take)(void *arg, const struct file_entry *), void *arg)
{
    struct dirent **entries = NULL;
    enum status status = STATUS_OK;
    int fd = open_below(folder, name, O_RDONLY | O_DIRECTORY);
    bool leads_out = fd < 0 && is_leading_out(errno);
    int len = fd < 0 ? -1 : scandirat(fd, ".", &entries, NULL, alphasort);
    for (int i = 0; i < len; i++) {
        if (status == STATUS_OK)
            status = take_entry(fd, entries[i]->d_name, take, arg);
        free(entries[i]);
    }
    free(entries);
    if (fd >= 0)
        close(fd);
    if (len >= 0)
        return status;
    return leads_out ? STATUS_UNUSABLE : STATUS_ABSENT;
}
