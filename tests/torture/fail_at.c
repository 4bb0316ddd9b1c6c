/* To be preloaded: makes one allocation or one call of SQLite's fail. The file that TORTURE names
 * says which, and counts them; another process writes it while this one runs. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum kind {
    ALLOCATIONS,
    STATEMENTS,
};

struct control {
    _Atomic int64_t kind;
    _Atomic int64_t fails_at; /* 0: none; it counts from when this was set */
    _Atomic int64_t calls;
    _Atomic int64_t failed;
};

static struct control none;
static struct control *control = &none;

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *bytes, size_t size);

__attribute__((constructor)) static void open_control(void)
{
    const char *path = getenv("TORTURE");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    void *mapped = mmap(NULL, sizeof none, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (mapped != MAP_FAILED)
        control = mapped;
}

static int fails(enum kind kind)
{
    if (atomic_load(&control->kind) != (int64_t)kind || atomic_load(&control->fails_at) == 0)
        return 0;
    if (atomic_fetch_add(&control->calls, 1) + 1 != atomic_load(&control->fails_at))
        return 0;
    atomic_store(&control->failed, 1);
    return 1;
}

void *malloc(size_t size)
{
    return fails(ALLOCATIONS) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails(ALLOCATIONS) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *bytes, size_t size)
{
    return fails(ALLOCATIONS) ? NULL : __libc_realloc(bytes, size);
}

int sqlite3_step(void *statement)
{
    static int (*real)(void *);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "sqlite3_step");
    return fails(STATEMENTS) ? 10 /* SQLITE_IOERR */ : real(statement);
}
