/* A Landlock ruleset for files, and a seccomp filter made from one table of system calls. Neither
 * can be taken back. Both are left out under sanitizers, which need more calls and files. */
#include "service/sandbox.h"

#include "base/log.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__has_feature)
#define HAS_FEATURE(feature) __has_feature(feature)
#else
#define HAS_FEATURE(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
    HAS_FEATURE(address_sanitizer) || HAS_FEATURE(thread_sanitizer)
#define IS_SANITIZED true
#else
#define IS_SANITIZED false
#endif

/* The system calls of a running server. One that this machine lacks has a negative number and is
 * skipped. Opening sockets is not among them: the server listens before the filter is set. */
static const int allowed_calls[] = {
    /* connections, the hottest first */
    SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait), SCMP_SYS(recvfrom), SCMP_SYS(sendto),
    SCMP_SYS(sendmsg), SCMP_SYS(accept4), SCMP_SYS(epoll_ctl), SCMP_SYS(setsockopt),
    SCMP_SYS(shutdown), SCMP_SYS(close), SCMP_SYS(accept), SCMP_SYS(epoll_create1),
    SCMP_SYS(eventfd2), SCMP_SYS(fcntl), SCMP_SYS(getpeername), SCMP_SYS(getsockname),
    SCMP_SYS(getsockopt), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(pselect6), SCMP_SYS(read),
    SCMP_SYS(recvmsg), SCMP_SYS(select), SCMP_SYS(sendfile), SCMP_SYS(write), SCMP_SYS(writev),
    /* time, locks, memory, random numbers */
    SCMP_SYS(futex), SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep), SCMP_SYS(gettimeofday),
    SCMP_SYS(nanosleep), SCMP_SYS(sched_yield), SCMP_SYS(time), SCMP_SYS(brk), SCMP_SYS(madvise),
    SCMP_SYS(mmap), SCMP_SYS(mprotect), SCMP_SYS(mremap), SCMP_SYS(msync), SCMP_SYS(munmap),
    SCMP_SYS(getrandom),
    /* the database, its journals and locks */
    SCMP_SYS(pread64), SCMP_SYS(pwrite64), SCMP_SYS(fdatasync), SCMP_SYS(fsync), SCMP_SYS(dup3),
    SCMP_SYS(fallocate), SCMP_SYS(fchmod), SCMP_SYS(fchown), SCMP_SYS(flock), SCMP_SYS(ftruncate),
    SCMP_SYS(geteuid), SCMP_SYS(getpid), SCMP_SYS(lseek), SCMP_SYS(rename), SCMP_SYS(renameat),
    SCMP_SYS(renameat2), SCMP_SYS(unlink), SCMP_SYS(unlinkat),
    /* the theme's folder, and paths */
    SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(fstat), SCMP_SYS(fstatfs),
    SCMP_SYS(getcwd), SCMP_SYS(getdents64), SCMP_SYS(lstat), SCMP_SYS(newfstatat), SCMP_SYS(open),
    SCMP_SYS(openat), SCMP_SYS(openat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(stat),
    SCMP_SYS(statfs), SCMP_SYS(statx), SCMP_SYS(sysinfo), SCMP_SYS(umask),
    /* threads, signals, the end; tgkill is for abort() after a failed assertion */
    SCMP_SYS(clone), SCMP_SYS(clone3), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(getrusage),
    SCMP_SYS(gettid), SCMP_SYS(prlimit64), SCMP_SYS(restart_syscall), SCMP_SYS(rseq),
    SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sched_getaffinity), SCMP_SYS(set_robust_list), SCMP_SYS(sigaltstack),
    SCMP_SYS(tgkill)};

enum {
    PRIORITY_MAX = 255,
};

/* Rights that a ruleset can limit in files and folders, by the kernel's version of Landlock. */
#define FILES_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FILES_ALL_1                                                                                \
    (FILES_READ | LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |                     \
     LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |                              \
     LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |    \
     LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | \
     LANDLOCK_ACCESS_FS_MAKE_SYM)
#define FILES_TRUNCATE (1ULL << 14) /* from version 3 on; older headers have no name for it */

/* Allows `rights` below a folder; one that does not exist needs no rule. */
static bool allow_folder(int ruleset, const char *path, __u64 rights)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = rights};
    rule.parent_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (rule.parent_fd < 0)
        return errno == ENOENT;
    bool added =
        syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0U) == 0;
    close(rule.parent_fd);
    return added;
}

/* Limits this thread to the folders; false with errno. */
static bool limit_to_folders(const char *database, const char *theme)
{
    char folder[PATH_MAX];
    long version = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0,
                           (unsigned)LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1 || !realpath(database, folder))
        return false;
    __u64 all = FILES_ALL_1 | (version >= 3 ? FILES_TRUNCATE : 0);
    const struct landlock_ruleset_attr handled = {.handled_access_fs = all};
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0U);
    if (ruleset < 0)
        return false;
    __u64 own = all & ~(__u64)(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                               LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                               LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM);
    bool limited = allow_folder(ruleset, dirname(folder), own) &&
                   (!theme[0] || allow_folder(ruleset, theme, FILES_READ)) &&
                   allow_folder(ruleset, "/etc", FILES_READ) && /* names of hosts */
                   allow_folder(ruleset, "/usr/share/zoneinfo", FILES_READ) &&
                   allow_folder(ruleset, "/sys/devices/system/cpu", FILES_READ) && /* how many */
                   syscall(SYS_landlock_restrict_self, ruleset, 0U) == 0;
    int error = errno;
    close(ruleset);
    errno = error;
    return limited;
}

void sandbox_limit_files(const struct config *config)
{
    bool is_on = strcmp(config->process.landlock, "on") == 0 && !IS_SANITIZED;
    /* Both kinds of limit require that no program run later may have more rights. */
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        log_write(LOG_WARNING, "new privileges can't be forbidden: %s", strerror(errno));
    else if (is_on && !limit_to_folders(config->store.database, config->site.theme))
        log_write(LOG_INFO, "files are not limited to the folders of database and theme: %s",
                  errno == ENOSYS || errno == EOPNOTSUPP ? "the kernel has no Landlock"
                                                         : strerror(errno));
}

/* A filter that allows the table's calls; NULL without memory. */
static scmp_filter_ctx filter_of_table(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter)
        return NULL;
    int error = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(EPERM));
    if (error == 0)
        error = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    int priority = PRIORITY_MAX;
    for (size_t i = 0; i < sizeof allowed_calls / sizeof allowed_calls[0] && error == 0; i++) {
        if (allowed_calls[i] < 0)
            continue;
        error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed_calls[i], 0);
        if (error == 0)
            error = seccomp_syscall_priority(filter, allowed_calls[i], (uint8_t)priority);
        priority -= priority > 0;
    }
    if (error == 0)
        return filter;
    seccomp_release(filter);
    return NULL;
}

void sandbox_limit_calls(const struct config *config)
{
    if (strcmp(config->process.seccomp, "on") != 0 || IS_SANITIZED)
        return;
    scmp_filter_ctx filter = filter_of_table();
    int error = filter ? seccomp_load(filter) : -ENOMEM;
    if (error != 0)
        log_write(LOG_WARNING, "system calls can't be limited: %s", strerror(-error));
    seccomp_release(filter);
}
