/* A library to be preloaded: SQLite's steps take a random time, so that threads and processes meet
 * at other places than usual. One step in eight waits up to 2 ms. SLOW_SQLITE_SEED is the seed. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

struct sqlite3_stmt;
int sqlite3_step(struct sqlite3_stmt *statement);

enum {
    WAITS_OF_STEPS = 8,
    WAIT_NS_MAX = 2000000,
};

/* Differs from thread to thread, because the address of `state` does. */
static uint64_t any_number(void)
{
    static _Thread_local uint64_t state;
    const char *seed = getenv("SLOW_SQLITE_SEED");
    if (state == 0)
        state = ((seed ? strtoull(seed, NULL, 10) : 1) ^ (uintptr_t)&state) | 1;
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (state * UINT64_C(2685821657736338717)) >> 32;
}

int sqlite3_step(struct sqlite3_stmt *statement)
{
    static int (*_Atomic real)(struct sqlite3_stmt *);
    int (*step)(struct sqlite3_stmt *) = real;
    if (!step) {
        *(void **)&step = dlsym(RTLD_NEXT, "sqlite3_step");
        real = step;
    }
    if (any_number() % WAITS_OF_STEPS == 0) {
        struct timespec wait = {.tv_nsec = (long)(any_number() % WAIT_NS_MAX)};
        nanosleep(&wait, NULL);
    }
    return step(statement);
}
