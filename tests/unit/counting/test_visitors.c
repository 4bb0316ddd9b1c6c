#include "counting/visitors.h"

#include "check.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define DAY_MS (24 * 60 * MINUTE_MS)

enum {
    REVISIT_S = 1800,
    ROOM = 1 << 16,
    THREADS = 4,
    EACH = 20000,
};

/* With a random salt, how many visits meet in one set would differ from run to run. */
static const unsigned char salt[HASH_KEY_BYTES] = "a salt for tests";

static struct visitors *opened(int64_t room)
{
    struct visitors *visitors;
    check_status("open", visitors_open(room, REVISIT_S, salt, &visitors), STATUS_OK);
    return visitors;
}

static struct visit visit_of(unsigned char address, const char *agent, int64_t article_id)
{
    return (struct visit){
        .address = {.bytes = {[15] = address}}, .agent = agent, .article_id = article_id};
}

/* The nth of many different readers. */
static struct visit nth(int64_t number)
{
    struct visit visit = visit_of(0, "A", 1);
    memcpy(visit.address.bytes, &number, sizeof number);
    return visit;
}

static void a_reader_is_address_agent_and_article(void **state)
{
    (void)state;
    char same[600], other[600];
    memset(same, 'x', sizeof same);
    memset(other, 'x', sizeof other);
    same[599] = other[599] = '\0';
    other[511] = 'y';
    const struct {
        const char *name;
        struct visit visit;
        bool is_new;
    } cases[] = {
        {"the first", visit_of(1, "A", 1), true},
        {"again", visit_of(1, "A", 1), false},
        {"another address", visit_of(2, "A", 1), true},
        {"another agent", visit_of(1, "B", 1), true},
        {"an agent that begins alike", visit_of(1, "AB", 1), true},
        {"another article", visit_of(1, "A", 2), true},
        {"a long agent", visit_of(1, same, 1), true},
        {"and the same", visit_of(1, same, 1), false},
        {"that differs within 512 bytes", visit_of(1, other, 1), true},
        {"the first, once more", visit_of(1, "A", 1), false},
    };
    struct visitors *visitors = opened(ROOM);
    for (size_t i = 0; i < COUNT(cases); i++)
        check_number(cases[i].name, visitors_enter(visitors, &cases[i].visit, 5 * MINUTE_MS),
                     cases[i].is_new);
    visitors_close(visitors);
}

static void a_reader_counts_again_after_half_an_hour(void **state)
{
    (void)state;
    const struct visit visit = visit_of(1, "A", 1);
    static const struct {
        int64_t at_ms;
        bool is_new;
    } cases[] = {
        {7 * MINUTE_MS, true},
        {7 * MINUTE_MS + 1, false},
        {36 * MINUTE_MS, false},
        {37 * MINUTE_MS - 1, false},
        {37 * MINUTE_MS, true},
        {66 * MINUTE_MS, false},
        {67 * MINUTE_MS, true},
        {67 * MINUTE_MS + 3 * DAY_MS, true},
        {68 * MINUTE_MS + 3 * DAY_MS, false},
    };
    struct visitors *visitors = opened(ROOM);
    for (size_t i = 0; i < COUNT(cases); i++)
        check_number("at its time", visitors_enter(visitors, &visit, cases[i].at_ms),
                     cases[i].is_new);
    visitors_close(visitors);
}

/* The salt is replaced a minute after a reader's visit. */
static void a_new_salt_counts_nobody_twice(void **state)
{
    (void)state;
    struct visitors *visitors = opened(ROOM);
    const struct visit early = visit_of(1, "A", 1), late = visit_of(2, "A", 1);
    check_true("the first", visitors_enter(visitors, &early, 0));
    check_true("late", visitors_enter(visitors, &late, DAY_MS - MINUTE_MS));
    check_true("the day after", visitors_enter(visitors, &early, DAY_MS));
    check_true("a minute ago", !visitors_enter(visitors, &late, DAY_MS + 1));
    check_true("the new salt's", !visitors_enter(visitors, &early, DAY_MS + MINUTE_MS));
    check_true("half an hour", visitors_enter(visitors, &late, DAY_MS + 29 * MINUTE_MS));
    visitors_close(visitors);
}

/* Two threads read the clock on either side of a second, and the later one takes the lock first. */
static void a_clock_that_is_behind_another_threads_counts_nobody_twice(void **state)
{
    (void)state;
    struct visitors *visitors = opened(ROOM);
    const struct visit visit = visit_of(1, "A", 1), other = visit_of(2, "A", 1);
    check_true("the later", visitors_enter(visitors, &visit, 5000));
    check_true("the earlier", !visitors_enter(visitors, &visit, 4999));
    check_true("another reader", visitors_enter(visitors, &other, 4999));
    check_true("and again", !visitors_enter(visitors, &other, 5000));
    visitors_close(visitors);
}

static void a_visit_can_be_taken_back(void **state)
{
    (void)state;
    struct visitors *visitors = opened(ROOM);
    const struct visit one = visit_of(1, "A", 1), other = visit_of(2, "A", 1);
    check_true("one", visitors_enter(visitors, &one, 0));
    check_true("another", visitors_enter(visitors, &other, 0));
    visitors_leave(visitors, &one);
    check_true("again", visitors_enter(visitors, &one, 1));
    check_true("and once", !visitors_enter(visitors, &one, 2));
    check_true("the other stayed", !visitors_enter(visitors, &other, 2));
    visitors_close(visitors);
}

static void with_no_time_every_view_is_new(void **state)
{
    (void)state;
    struct visitors *visitors;
    const struct visit visit = visit_of(1, "A", 1);
    check_status("open", visitors_open(ROOM, 0, salt, &visitors), STATUS_OK);
    for (int i = 0; i < 3; i++)
        check_true("new", visitors_enter(visitors, &visit, i));
    visitors_close(visitors);
}

/* Ten times as many readers as there is room for: each is new, and the last one is remembered. */
static void a_full_memory_drops_no_new_reader(void **state)
{
    (void)state;
    struct visitors *visitors = opened(ROOM);
    for (int64_t i = 1; i <= 10 * ROOM; i++) {
        const struct visit visit = nth(i);
        check_true("a new reader", visitors_enter(visitors, &visit, i / 1000));
        check_true("remembered", !visitors_enter(visitors, &visit, i / 1000));
    }
    visitors_close(visitors);
}

/* A third of the room: hardly anybody is forgotten before his time. */
static void within_its_room_it_forgets_nobody(void **state)
{
    (void)state;
    int forgotten = 0;
    struct visitors *visitors = opened(ROOM);
    for (int64_t i = 1; i <= ROOM / 3; i++) {
        const struct visit visit = nth(i);
        check_true("new", visitors_enter(visitors, &visit, i));
    }
    for (int64_t i = 1; i <= ROOM / 3; i++) {
        const struct visit visit = nth(i);
        forgotten += visitors_enter(visitors, &visit, ROOM);
    }
    check_at_most("forgotten", forgotten, ROOM / 300);
    visitors_close(visitors);
}

/* What all threads enter at once. */
struct entering {
    struct visitors *visitors;
    int64_t new_ones;
};

static void *enter_all(void *arg)
{
    struct entering *entering = arg;
    for (int64_t i = 1; i <= EACH; i++) {
        const struct visit visit = nth(i);
        entering->new_ones += visitors_enter(entering->visitors, &visit, 1000);
    }
    return NULL;
}

static void the_same_reader_on_many_threads_is_new_once(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    struct entering entering[THREADS];
    struct visitors *visitors = opened(1 << 20);
    int64_t sum = 0;
    for (int i = 0; i < THREADS; i++) {
        entering[i] = (struct entering){.visitors = visitors};
        assert_int_equal(pthread_create(&threads[i], NULL, enter_all, &entering[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        sum += entering[i].new_ones;
    }
    check_number("new", sum, EACH);
    visitors_close(visitors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reader_is_address_agent_and_article),
        cmocka_unit_test(a_reader_counts_again_after_half_an_hour),
        cmocka_unit_test(a_new_salt_counts_nobody_twice),
        cmocka_unit_test(a_clock_that_is_behind_another_threads_counts_nobody_twice),
        cmocka_unit_test(a_visit_can_be_taken_back),
        cmocka_unit_test(with_no_time_every_view_is_new),
        cmocka_unit_test(a_full_memory_drops_no_new_reader),
        cmocka_unit_test(within_its_room_it_forgets_nobody),
        cmocka_unit_test(the_same_reader_on_many_threads_is_new_once),
    };
    return cmocka_run_group_tests_name("counting/visitors", tests, NULL, NULL);
}
