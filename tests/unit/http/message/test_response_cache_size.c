/* The size of the response cache: its limit, what counts against it, and which entry is evicted. */
#include "cache_entries.h"

/* Entries of any size never exceed the limit, and an evicted one is released once. */
static void its_room_is_never_exceeded(void **state)
{
    (void)state;
    struct random random = random_seeded(7);
    static int kept[THINGS];
    memset(kept, 0, sizeof kept);
    for (int i = 0; i < 20000; i++) {
        char spelling[NAME_BYTES];
        int number = (int)random_below(&random, THINGS);
        snprintf(spelling, sizeof spelling, "/spelling/%lld",
                 (long long)random_below(&random, 999));
        if (!has(number))
            kept[number] += keep_at(number, (size_t)random_below(&random, 20000), spelling, 0);
        else if (random_below(&random, 3) == 0)
            response_cache_grow(cache, (size_t)random_below(&random, 3000));
        else
            response_cache_set_raw_url(cache, "/s");
        if (random_below(&random, 50) == 0)
            response_cache_get_raw(cache, spelling, 0);
        check_at_most("bytes", (int64_t)figures().bytes, ROOM);
    }
    check_true("most of it is used", figures().bytes > ROOM / 2);
    response_cache_close(cache);
    cache = NULL;
    for (int i = 0; i < THINGS; i++)
        check_number("released once each time", released[i], kept[i]);
}

static void all_that_a_thing_takes_is_counted(void **state)
{
    (void)state;
    size_t empty = figures().bytes;
    for (int i = 0; i < 3; i++)
        check_true("kept", keep_at(i, 1000, i == 0 ? "/a/spelling" : NULL, 0));
    check_true("more than the things", figures().bytes > empty + 3000);
    has(0);
    size_t before = figures().bytes;
    response_cache_grow(cache, 500);
    check_number("grown", (int64_t)(figures().bytes - before), 500);
    response_cache_set_raw_url(cache, "/a");
    check_number("a shorter spelling", (int64_t)(before + 500 - figures().bytes), 9);
    for (int i = 0; i < 3; i++) {
        note(TOPIC_CARD, i);
        versions_invalidate_all(versions);
        check_true("gone", !has(i));
    }
    check_number("nothing is left", (int64_t)figures().bytes, (int64_t)empty);
}

static void what_was_not_asked_for_longest_goes_first(void **state)
{
    (void)state;
    enum {
        SIZE = ROOM / 10
    };
    for (int i = 0; i < 8; i++)
        check_true("kept", keep_at(i, SIZE, i == 1 ? "/1" : NULL, 0));
    check_true("asked for", has(0));
    check_true("asked for by its spelling", has_spelled("/1"));
    for (int i = 8; i < 14; i++)
        check_true("kept", keep(i, SIZE));
    for (int i = 2; i < 6; i++)
        check_number("gone", released[i], 1);
    check_number("stays", released[0] + released[1], 0);
    check_true("stays", has(0));
    check_true("stays", has_spelled("/1"));
    check_true("the newest stays", has(13));
}

static void one_thing_takes_half_of_the_room_at_most(void **state)
{
    (void)state;
    check_true("half is too much, with what else it takes", !keep(1, ROOM / 2));
    check_number("not taken over", released[1], 0);
    check_true("nor kept", !has(1));
    check_true("less", keep(2, ROOM / 2 - 1000));
    check_true("what was there stays when one is too large", keep(3, 100));
    check_true("too large", !keep(3, ROOM));
    check_true("stays", has(3));
}

static void without_room_nothing_is_kept(void **state)
{
    (void)state;
    response_cache_close(cache);
    check_status("cache", response_cache_open(0, versions, &cache), STATUS_OK);
    check_true("nothing", !keep_at(1, 0, "/1", 0));
    check_true("nothing", !has(1));
    check_true("nothing", !has_spelled("/1"));
    response_cache_grow(cache, 100);
    response_cache_set_raw_url(cache, "/1");
    check_figures("figures", 0, 0, 1, 0);
}

static void what_grows_lets_others_go_and_not_itself(void **state)
{
    (void)state;
    enum {
        SIZE = ROOM / 10
    };
    for (int i = 0; i < 8; i++)
        check_true("kept", keep(i, SIZE));
    check_true("found", has(0));
    response_cache_grow(cache, ROOM / 2);
    check_at_most("bytes", (int64_t)figures().bytes, ROOM);
    check_true("itself stays", has(0));
    check_number("the oldest goes", released[1], 1);
    check_true("the newest stays", has(7));
    has(0);
    response_cache_grow(cache, 2 * ROOM);
    check_number("even where it is too large", released[0], 0);
    check_number("alone", (int64_t)figures().entries, 1);
    check_true("until the next comes", keep(9, 10));
    check_at_most("bytes", (int64_t)figures().bytes, ROOM);
    check_number("released", released[0], 1);
    check_true("the next stays", has(9));
}

/* Growing and spelling are for what was found last, and nobody else when that is gone. */
static void what_is_gone_does_not_grow(void **state)
{
    (void)state;
    note(TOPIC_CARD, 1);
    check_true("kept", keep(1, 100));
    versions_invalidate_all(versions);
    check_true("gone", !has(1));
    size_t before = figures().bytes;
    response_cache_grow(cache, 1000);
    response_cache_set_raw_url(cache, "/1");
    check_number("nothing grew", (int64_t)figures().bytes, (int64_t)before);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(its_room_is_never_exceeded),
        TEST(all_that_a_thing_takes_is_counted),
        TEST(what_was_not_asked_for_longest_goes_first),
        TEST(one_thing_takes_half_of_the_room_at_most),
        TEST(without_room_nothing_is_kept),
        TEST(what_grows_lets_others_go_and_not_itself),
        TEST(what_is_gone_does_not_grow),
    };
    return cmocka_run_group_tests_name("http/response_cache_size", tests, NULL, NULL);
}
