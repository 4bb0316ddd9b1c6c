/* Each call of SQLite's that a tick makes fails once. Whatever it was, the rankings are right again
 * after the next tick, and what is wrong in between is told. */
#include "ranking_model.h"

#include <dlfcn.h>
#include <sqlite3.h>

enum {
    ROUNDS_MAX = 3000,
};

static int calls, fails_at; /* fails_at 0: none fails */
static bool is_inside;      /* sqlite3_exec, which itself calls the others */

static bool fails(void)
{
    return !is_inside && ++calls == fails_at;
}

/* These take the place of the library's. */
int sqlite3_step(sqlite3_stmt *statement)
{
    static int (*real)(sqlite3_stmt *);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "sqlite3_step");
    return fails() ? SQLITE_IOERR_READ : real(statement);
}

int sqlite3_prepare_v2(sqlite3 *db, const char *sql, int len, sqlite3_stmt **statement,
                       const char **rest)
{
    static int (*real)(sqlite3 *, const char *, int, sqlite3_stmt **, const char **);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "sqlite3_prepare_v2");
    return fails() ? SQLITE_NOMEM : real(db, sql, len, statement, rest);
}

int sqlite3_exec(sqlite3 *db, const char *sql, int (*take)(void *, int, char **, char **),
                 void *arg, char **error)
{
    static int (*real)(sqlite3 *, const char *, int (*)(void *, int, char **, char **), void *,
                       char **);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "sqlite3_exec");
    if (fails())
        return SQLITE_FULL;
    is_inside = true;
    int code = real(db, sql, take, arg, error);
    is_inside = false;
    return code;
}

/* A tick whose n-th call fails; false when it makes fewer. */
static bool tick_with_failure(struct world *world, int n)
{
    calls = 0;
    fails_at = n;
    enum status status = housekeeping_run(&world->tick, world->paper.transaction, world->now_s);
    bool has_failed = calls >= n;
    fails_at = 0;
    if (!has_failed)
        check_status("nothing failed", status, STATUS_OK);
    return has_failed;
}

/* What a tick has to do: nothing, one thing, or several at once. */
static void happen(struct world *world, int round, int kind)
{
    if (kind == 0 || kind == 4)
        view(world, round % 10 + 1, 1 + round % 3);
    if (kind == 1 || kind == 4)
        world->now_s += 150;
    if (kind == 2 || kind == 4)
        import_hour(world, round % 7 + 1, floor_to(world->now_s, HOUR), 20 + round % 90);
    if (kind == 3)
        world->now_s += round % 2 ? HOUR : -HOUR;
}

static void a_call_that_fails_in_a_tick_leaves_no_ranking_wrong(void **state)
{
    (void)state;
    for (int kind = 0; kind <= 4; kind++) {
        struct world world;
        small_world(&world);
        for (int i = 1; i <= 10; i++)
            view(&world, i, 2 * i);
        tick_well(&world);
        int round = 0, complete = 0;
        for (int n = 1; complete < 3 && round < ROUNDS_MAX; round++) {
            happen(&world, round, kind);
            bool has_failed = tick_with_failure(&world, n);
            tick_well(&world);
            tick_well(&world);
            check_rankings(&world);
            check_true("told no more", !health_has(&world.health, PROBLEM_RANKINGS));
            complete = has_failed ? 0 : complete + 1;
            n += has_failed;
        }
        print_message("kind %d: %d failures\n", kind, round);
        check_true("all calls were met", complete == 3);
        world_close(&world);
    }
}

static void rankings_that_are_behind_are_told(void **state)
{
    (void)state;
    struct world world;
    int told = 0;
    small_world(&world);
    view(&world, 3, 5);
    tick_well(&world);
    for (int n = 1; n < 60; n++) {
        world.now_s += 150;
        view(&world, 4, 1);
        tick_with_failure(&world, n);
        if (health_has(&world.health, PROBLEM_RANKINGS))
            told++;
        tick_well(&world);
        tick_well(&world);
    }
    check_true("told", told > 5);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_that_fails_in_a_tick_leaves_no_ranking_wrong),
        cmocka_unit_test(rankings_that_are_behind_are_told),
    };
    return cmocka_run_group_tests_name("service/failing_reads", tests, NULL, NULL);
}
