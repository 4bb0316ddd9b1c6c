/* To be preloaded: ends the process with SIGKILL just before its N-th call that changes a file, N
 * from the environment's KILL_AT. Stops it with SIGSTOP before it opens a file whose name ends in
 * STOP_OPENING, the first time. At an exit it writes the number of calls to the file KILL_COUNT. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

static long calls;

static void count(void)
{
    const char *at = getenv("KILL_AT");
    calls++;
    if (at && calls == atol(at))
        kill(getpid(), SIGKILL);
}

static void stop_opening(const char *path)
{
    static int is_done;
    const char *ending = getenv("STOP_OPENING");
    size_t len = strlen(path);
    if (!ending || is_done || len < strlen(ending) || strcmp(path + len - strlen(ending), ending))
        return;
    is_done = 1;
    kill(getpid(), SIGSTOP);
}

__attribute__((destructor)) static void tell(void)
{
    const char *path = getenv("KILL_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file)
        return;
    fprintf(file, "%ld", calls);
    fclose(file);
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) \
        *(void **)&real = dlsym(RTLD_NEXT, name)

#define COUNTED(type, name, parameters, arguments) \
    type name parameters \
    { \
        static type(*real) parameters; \
        if (!real) \
            *(void **)&real = dlsym(RTLD_NEXT, #name); \
        count(); \
        return real arguments; \
    }

COUNTED(int, rename, (const char *from, const char *to), (from, to))
COUNTED(int, link, (const char *from, const char *to), (from, to))
COUNTED(int, unlink, (const char *path), (path))
COUNTED(int, fsync, (int fd), (fd))
COUNTED(int, fdatasync, (int fd), (fd))
COUNTED(int, fchmod, (int fd, mode_t mode), (fd, mode))
COUNTED(int, ftruncate, (int fd, off_t len), (fd, len))
COUNTED(int, ftruncate64, (int fd, off64_t len), (fd, len))
COUNTED(ssize_t, write, (int fd, const void *bytes, size_t len), (fd, bytes, len))
COUNTED(ssize_t, pwrite, (int fd, const void *bytes, size_t len, off_t at), (fd, bytes, len, at))
COUNTED(ssize_t, pwrite64, (int fd, const void *bytes, size_t len, off64_t at),
        (fd, bytes, len, at))
COUNTED(ssize_t, copy_file_range,
        (int from, off64_t *from_at, int to, off64_t *to_at, size_t len, unsigned flags),
        (from, from_at, to, to_at, len, flags))
COUNTED(ssize_t, sendfile, (int to, int from, off_t *at, size_t len), (to, from, at, len))

#define OPENING(name) \
    int name(const char *path, int flags, ...) \
    { \
        REAL(int, #name, const char *, int, ...); \
        va_list list; \
        va_start(list, flags); \
        mode_t mode = flags & O_CREAT ? va_arg(list, mode_t) : 0; \
        va_end(list); \
        if (flags & O_CREAT) \
            count(); \
        stop_opening(path); \
        return real(path, flags, mode); \
    }

OPENING(open)
OPENING(open64)
