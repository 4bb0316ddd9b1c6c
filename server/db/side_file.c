/* Opens with O_NOFOLLOW and O_EXCL and looks at what was opened by its descriptor, so that nothing
 * can take the file's place between looking and opening. */
#include "db/side_file.h"

#include "base/file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    MODE_WITHOUT_DATABASE = 0644,
    ATTEMPTS = 10, /* a file may be created or removed by another process between two calls */
};

static enum status cannot_open(const char *path, struct fault *fault)
{
    return fault_set(fault, STATUS_UNUSABLE, "database",
                     "%s can't be opened: %s; the database's folder must be writable", path,
                     strerror(errno));
}

static enum status refuse(const char *path, const char *why, struct fault *fault)
{
    return fault_set(fault, STATUS_INVALID, "database", "%s %s; move it away", path, why);
}

/* Gives the file the database's owner and permissions, if this process may. */
static void take_after_database(int fd, const struct stat *found, const struct stat *database)
{
    mode_t mode = (database->st_mode & 0666) | 0600; /* of a read-only database, too */
    bool is_done = (found->st_uid == database->st_uid && found->st_gid == database->st_gid) ||
                   fchown(fd, database->st_uid, database->st_gid) == 0;
    is_done = ((found->st_mode & 0777) == mode || fchmod(fd, mode) == 0) && is_done;
    (void)is_done; /* if not, the database's owner does it when it opens the file */
}

/* Whether what was opened is ours to use. */
static enum status check(int fd, const char *path, const char *database, side_file_check *is_ours,
                         struct fault *fault)
{
    struct stat found, owner;
    if (fstat(fd, &found) != 0)
        return cannot_open(path, fault);
    bool has_database = stat(database, &owner) == 0;
    if (!S_ISREG(found.st_mode))
        return refuse(path, "is not a regular file", fault);
    if (found.st_nlink > 1)
        return refuse(path, "has a second name (a hard link)", fault);
    if (found.st_uid != geteuid() && !(has_database && found.st_uid == owner.st_uid))
        return refuse(path, "belongs to another user than the database", fault);
    if (found.st_size > 0 && !(is_ours && is_ours(fd, found.st_size)))
        return refuse(path, "is not a file of Khobor's", fault);
    if (has_database)
        take_after_database(fd, &found, &owner);
    return STATUS_OK;
}

static enum status path_of(const char *database, const char *suffix, char path[PATH_MAX],
                           struct fault *fault)
{
    if (file_path_with_suffix(database, suffix, path))
        return STATUS_OK;
    return fault_set(fault, STATUS_UNUSABLE, "database", "the path is too long");
}

enum status side_file_open(const char *database, const char *suffix, side_file_check *is_ours,
                           int *fd, struct fault *fault)
{
    char path[PATH_MAX];
    int opened = -1;
    enum status status = path_of(database, suffix, path, fault);
    if (status != STATUS_OK)
        return status;
    errno = ENOENT;
    for (int i = 0; i < ATTEMPTS && opened < 0 && (errno == ENOENT || errno == EEXIST); i++) {
        opened = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        if (opened < 0 && errno == ENOENT)
            opened = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                          MODE_WITHOUT_DATABASE);
    }
    if (opened < 0 && errno == ELOOP)
        return refuse(path, "is a symbolic link", fault);
    if (opened < 0 && errno == EISDIR)
        return refuse(path, "is a folder", fault);
    if (opened < 0)
        return cannot_open(path, fault);
    status = check(opened, path, database, is_ours, fault);
    if (status != STATUS_OK) {
        close(opened);
        return status;
    }
    *fd = opened;
    return STATUS_OK;
}

enum status side_file_replace(const char *database, const char *suffix, int *fd,
                              struct fault *fault)
{
    char path[PATH_MAX], new_path[PATH_MAX], new_suffix[NAME_MAX];
    int opened;
    snprintf(new_suffix, sizeof new_suffix, "%s-new", suffix);
    enum status status = path_of(database, suffix, path, fault);
    if (status == STATUS_OK)
        status = path_of(database, new_suffix, new_path, fault);
    if (status != STATUS_OK)
        return status;
    /* One that is left was left by a process that died here: it is empty. */
    status = side_file_open(database, new_suffix, NULL, &opened, fault);
    if (status != STATUS_OK)
        return status;
    if (rename(new_path, path) != 0) {
        close(opened);
        return cannot_open(path, fault);
    }
    *fd = opened;
    return STATUS_OK;
}
