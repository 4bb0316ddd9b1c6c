/* Reads whole files with read(2) into a buffer, and lists a folder in the order of names, so that
 * what is made from it does not depend on the file system. */
#include "base/file.h"

#include <assert.h>
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
};

bool file_path_with_suffix(const char *path, const char *suffix, char with_suffix[PATH_MAX])
{
    char real[PATH_MAX];
    assert(suffix[0] != '\0' && !strchr(suffix, '/'));
    const char *base = realpath(path, real) ? real : path;
    return snprintf(with_suffix, PATH_MAX, "%s-%s", base, suffix) < PATH_MAX;
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

enum status folder_each(const char *path, enum status (*take)(void *arg, const struct file_entry *),
                        void *arg)
{
    struct dirent **entries;
    enum status status = STATUS_OK;
    int len = scandir(path, &entries, NULL, alphasort);
    if (len < 0)
        return STATUS_ABSENT;
    for (int i = 0; i < len; i++) {
        const char *name = entries[i]->d_name;
        struct stat found;
        char whole[PATH_MAX];
        bool is_ignored = name[0] == '.' || name[0] == '#' || name[strlen(name) - 1] == '~';
        if (status == STATUS_OK && !is_ignored &&
            snprintf(whole, sizeof whole, "%s/%s", path, name) < PATH_MAX &&
            stat(whole, &found) == 0 && S_ISREG(found.st_mode)) {
            const struct file_entry entry = {
                .name = name,
                .size = found.st_size,
                .changed_ns = (int64_t)found.st_mtim.tv_sec * 1000000000 + found.st_mtim.tv_nsec};
            status = take(arg, &entry);
        }
        free(entries[i]);
    }
    free(entries);
    return status;
}
