#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    READ_BYTES = 64 * 1024,
    PATH_BYTES = 4096
};

bool file_beside(const char *path, const char *suffix, char beside[PATH_MAX])
{
    char real[PATH_MAX];
    const char *at = realpath(path, real) ? real : path;
    return snprintf(beside, PATH_MAX, "%s-%s", at, suffix) < PATH_MAX;
}

static enum status read_all(int fd, struct buf *to)
{
    for (;;) {
        size_t room = to->max - to->len;
        char spill[1];
        /* Where there is no room left, a byte tells whether the file ends here. */
        char *at = room > 0 ? buf_reserve(to, room < READ_BYTES ? room : READ_BYTES) : spill;
        if (!at)
            return STATUS_NO_MEMORY;
        ssize_t got = read(fd, at, room == 0 ? 1 : room < READ_BYTES ? room : READ_BYTES);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0 ? STATUS_OK : STATUS_FAILED;
        if (room == 0)
            return STATUS_FULL;
        buf_grew(to, (size_t)got);
    }
}

enum status file_load(const char *path, struct buf *to, struct fault *fault)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fault_set(fault, STATUS_ABSENT, path, "can't be opened: %s", strerror(errno));
    enum status status = read_all(fd, to);
    if (status == STATUS_FULL)
        fault_fill(fault, path, "is larger than %zu bytes", to->max);
    else if (status != STATUS_OK)
        fault_fill(fault, path, "can't be read: %s", strerror(errno));
    close(fd);
    return status;
}

/* What is hidden, or what an editor leaves beside a file. */
static bool is_left_behind(const char *name)
{
    return name[0] == '.' || name[0] == '#' || name[strlen(name) - 1] == '~';
}

static enum status take_entry(const char *path, const char *name,
                              enum status (*take)(void *, const struct file_entry *), void *arg)
{
    struct stat stat_of;
    char whole[PATH_BYTES];
    snprintf(whole, sizeof whole, "%s/%s", path, name);
    if (is_left_behind(name) || stat(whole, &stat_of) != 0 || !S_ISREG(stat_of.st_mode))
        return STATUS_OK;
    struct file_entry entry = {
        .name = name,
        .size = stat_of.st_size,
        .changed_ns = (int64_t)stat_of.st_mtim.tv_sec * 1000000000 + stat_of.st_mtim.tv_nsec,
    };
    return take(arg, &entry);
}

enum status folder_each(const char *path, enum status (*take)(void *arg, const struct file_entry *),
                        void *arg)
{
    struct dirent **entries;
    enum status status = STATUS_OK;
    int len = scandir(path, &entries, NULL, alphasort);
    if (len < 0)
        return STATUS_ABSENT;
    for (int i = 0; i < len; i++) {
        if (status == STATUS_OK)
            status = take_entry(path, entries[i]->d_name, take, arg);
        free(entries[i]);
    }
    free(entries);
    return status;
}
