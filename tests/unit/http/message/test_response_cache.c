/* What a thread keeps: within its room, as long as it holds, and let go once. */
#include "http/message/response_cache.h"

#include "paper.h"

enum {
    ROOM = 256 * 1024,
    THINGS = 4000,
    SPELLING_TOO_LONG = 600,
    NAME_BYTES = 64,
    EVER = 1000000000,
};

static char folder[64];
static struct versions *versions;
static struct response_cache *cache;
static struct dependencies dependencies;
static int released[THINGS]; /* how often each thing was let go */

struct thing {
    int number;
};

static int set_up(void **state)
{
    (void)state;
    char path[128];
    folder_make(folder);
    snprintf(path, sizeof path, "%s/paper.db", folder);
    check_status("versions", versions_open(path, &versions), STATUS_OK);
    check_status("cache", response_cache_open(ROOM, versions, &cache), STATUS_OK);
    dependencies_init(&dependencies);
    memset(released, 0, sizeof released);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    response_cache_close(cache);
    versions_close(versions);
    folder_remove(folder);
    return 0;
}

static void let_go(void *freeing)
{
    struct thing *thing = freeing;
    released[thing->number]++;
    free(thing);
}

static void note(enum topic topic, int64_t id)
{
    const struct context context = {.dependencies = &dependencies};
    dependency_note(&context, topic, id);
}

/* Keeps thing `number` under "k NUMBER", made at `now_s`. */
static bool keep_since(int number, size_t bytes, const char *spelling,
                       const struct build_token *build_token)
{
    char key[NAME_BYTES];
    struct thing *thing = malloc(sizeof *thing);
    assert_non_null(thing);
    thing->number = number;
    int len = snprintf(key, sizeof key, "k %d", number);
    const struct cacheable cacheable = {.value = thing, .release = let_go, .bytes = bytes};
    bool kept = response_cache_put(cache, build_token, key, (size_t)len, spelling, &dependencies,
                                   &cacheable);
    if (!kept)
        free(thing);
    return kept;
}

static bool keep_at(int number, size_t bytes, const char *spelling, int64_t now_s)
{
    struct build_token build_token = response_cache_begin(cache, now_s);
    return keep_since(number, bytes, spelling, &build_token);
}

static bool keep(int number, size_t bytes)
{
    return keep_at(number, bytes, NULL, 0);
}

static bool has_at(int number, int64_t now_s)
{
    char key[NAME_BYTES];
    int len = snprintf(key, sizeof key, "k %d", number);
    const struct thing *thing = response_cache_get(cache, key, (size_t)len, now_s);
    if (thing)
        check_number("the thing", thing->number, number);
    return thing != NULL;
}

static bool has(int number)
{
    return has_at(number, 0);
}

static bool has_spelled(const char *spelling)
{
    return response_cache_get_raw(cache, spelling, 0) != NULL;
}

static struct response_cache_stats figures(void)
{
    struct response_cache_stats got = {.hits = 0};
    response_cache_add_stats(cache, &got);
    return got;
}

static void check_figures(const char *name, uint64_t hits, uint64_t stale, uint64_t misses,
                          size_t things)
{
    struct response_cache_stats got = figures();
    check_number(name, (int64_t)got.hits, (int64_t)hits);
    check_number(name, (int64_t)got.stale, (int64_t)stale);
    check_number(name, (int64_t)got.misses, (int64_t)misses);
    check_number(name, (int64_t)got.entries, (int64_t)things);
}

static void what_is_kept_is_found_by_its_key(void **state)
{
    (void)state;
    check_true("not yet", !has(1));
    check_true("kept", keep(1, 100));
    check_true("kept", keep(2, 100));
    check_true("found", has(1));
    check_true("found", has(2));
    check_true("another's", !has(3));
    check_true("a key that begins as one", response_cache_get(cache, "k ", 2, 0) == NULL);
    check_true("a key that goes on", response_cache_get(cache, "k 1", 4, 0) == NULL);
    check_figures("figures", 2, 0, 4, 2);
    response_cache_close(cache);
    check_number("let go", released[1], 1);
    check_number("let go", released[2], 1);
    cache = NULL;
}

/* Keys are bytes: a NUL ends nothing. */
static void keys_may_hold_any_byte(void **state)
{
    (void)state;
    static const char keys[][4] = {{'a', 0, 'b', 0}, {'a', 0, 'c', 0}, {'a', 0, 0, 0}};
    struct build_token build_token = response_cache_begin(cache, 0);
    for (int i = 0; i < 3; i++) {
        struct thing *thing = malloc(sizeof *thing);
        assert_non_null(thing);
        thing->number = i;
        const struct cacheable cacheable = {.value = thing, .release = let_go, .bytes = 10};
        check_true("kept", response_cache_put(cache, &build_token, keys[i], 4, NULL, &dependencies,
                                              &cacheable));
    }
    for (int i = 0; i < 3; i++) {
        const struct thing *thing = response_cache_get(cache, keys[i], 4, 0);
        assert_non_null(thing);
        check_number("its own", thing->number, i);
    }
}

static void what_comes_under_the_same_key_takes_its_place(void **state)
{
    (void)state;
    size_t before = figures().bytes;
    check_true("kept", keep_at(1, 100, "/1", 0));
    size_t once = figures().bytes;
    check_true("kept again", keep_at(1, 100, "/1", 0));
    check_number("let go", released[1], 1);
    check_number("bytes", (int64_t)figures().bytes, (int64_t)once);
    check_number("things", (int64_t)figures().entries, 1);
    check_true("takes room", once > before + 100);
    check_true("found", has(1));
    check_true("found", has_spelled("/1"));
}

/* Whatever is kept, of whatever size: never more than there is room for, and what goes is let go
 * once. */
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
        check_number("let go once each time", released[i], kept[i]);
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

static void it_holds_as_long_as_its_sources_do(void **state)
{
    (void)state;
    note(TOPIC_CARD, 5);
    note(TOPIC_SECTIONS, 0);
    check_true("kept", keep(1, 100));
    versions_invalidate(versions, TOPIC_CARD, 6);
    versions_invalidate(versions, TOPIC_ARTICLE, 5);
    versions_invalidate(versions, TOPIC_LIST, 0);
    check_true("nothing of its own moved", has(1));
    versions_invalidate(versions, TOPIC_CARD, 5);
    check_true("stale", !has(1));
    check_number("let go at once", released[1], 1);
    check_figures("figures", 1, 1, 0, 0);
    check_true("kept", keep(1, 100));
    versions_invalidate(versions, TOPIC_SECTIONS, 0);
    check_true("its last source, too", !has(1));
    dependencies_init(&dependencies);
    check_true("kept", keep(2, 100));
    versions_invalidate(versions, TOPIC_PAPER, 0);
    check_true("what has no source holds", has(2));
    versions_invalidate_all(versions);
    check_true("until everything ends", !has(2));
}

/* As it is asked for by its spelling: stale is not found, and the key finds it stale. */
static void a_spelling_does_not_find_what_is_stale(void **state)
{
    (void)state;
    note(TOPIC_CARD, 5);
    check_true("kept", keep_at(1, 100, "/1", 0));
    check_true("found", has_spelled("/1"));
    versions_invalidate(versions, TOPIC_CARD, 5);
    check_true("stale", !has_spelled("/1"));
    check_true("stale", !has(1));
    check_figures("counted once", 1, 1, 0, 0);
}

static void it_holds_until_its_time_and_from_then_on(void **state)
{
    (void)state;
    const struct context context = {.dependencies = &dependencies};
    dependency_until(&context, 2000);
    static const struct {
        const char *name;
        int64_t now_s;
        bool holds;
    } cases[] = {
        {"when it was made", 1000, true}, {"a second before", 999, false},
        {"the last second", 1999, true},  {"its end", 2000, false},
        {"long after", EVER, false},      {"long before", -EVER, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        check_true("kept", keep_at(1, 100, "/1", 1000));
        check_number(cases[i].name, response_cache_get_raw(cache, "/1", cases[i].now_s) != NULL,
                     cases[i].holds);
        check_number(cases[i].name, has_at(1, cases[i].now_s), cases[i].holds);
    }
    dependencies_init(&dependencies);
    check_true("kept", keep_at(1, 100, NULL, 1000));
    check_true("for ever", has_at(1, INT64_MAX - 1));
}

static void what_was_changed_while_it_was_made_is_not_kept(void **state)
{
    (void)state;
    static struct change_set changes;
    for (int i = 0; i < 4; i++) {
        struct build_token build_token = response_cache_begin(cache, 0);
        change_set_clear(&changes);
        if (i == 1)
            versions_invalidate(versions, TOPIC_THEME, 0); /* of something else: one can't tell */
        if (i == 2)
            versions_invalidate_all(versions);
        if (i == 3)
            change_set_add(&changes, TOPIC_ARTICLE, 1);
        versions_publish(versions, &changes);
        check_number("kept", keep_since(1, 100, NULL, &build_token), i == 0);
    }
    check_true("what was kept before is stale: everything ended", !has(1));
    check_number("let go once", released[1], 1);
}

/* Who made it may know that it is not to be kept. */
static void what_is_not_to_be_kept_is_not(void **state)
{
    (void)state;
    struct build_token build_token = response_cache_begin(cache, 0);
    check_true("at first it is", build_token.is_cacheable);
    build_token.is_cacheable = false;
    check_true("not kept", !keep_since(1, 100, "/1", &build_token));
    check_true("nor found", !has(1) && !has_spelled("/1"));
}

/* A thing that was made while something changed leaves what is there where it is. */
static void what_is_not_kept_replaces_nothing(void **state)
{
    (void)state;
    check_true("kept", keep(1, 100));
    struct build_token build_token = response_cache_begin(cache, 0);
    versions_invalidate(versions, TOPIC_COUNTS, 0);
    check_true("not kept", !keep_since(1, 100, NULL, &build_token));
    check_true("the one before", has(1));
    check_number("not let go", released[1], 0);
}

static void the_shorter_spelling_stays(void **state)
{
    (void)state;
    char long_one[SPELLING_TOO_LONG + 1];
    memset(long_one, 'x', SPELLING_TOO_LONG);
    long_one[SPELLING_TOO_LONG] = '\0';
    check_true("kept", keep_at(1, 100, "/middling", 0));
    check_true("found", has_spelled("/middling"));
    check_true("not by another", !has_spelled("/middlin"));
    check_true("nor a longer one", !has_spelled("/middling/"));
    has(1);
    response_cache_set_raw_url(cache, "/longer/than/it");
    check_true("a longer one is not taken", !has_spelled("/longer/than/it"));
    check_true("stays", has_spelled("/middling"));
    has(1);
    response_cache_set_raw_url(cache, "/s");
    check_true("a shorter one is", has_spelled("/s"));
    check_true("in its place", !has_spelled("/middling"));
    check_true("kept", keep_at(2, 100, NULL, 0));
    response_cache_set_raw_url(cache, "/first");
    check_true("one that has none gets one", has_spelled("/first"));
    size_t before = figures().bytes;
    check_true("kept", keep_at(3, 100, long_one, 0));
    check_at_most("nor is it stored", (int64_t)(figures().bytes - before), SPELLING_TOO_LONG);
    check_true("too long for a spelling", !has_spelled(long_one));
    check_true("found by its key all the same", has(3));
}

/* A spelling that something else had is its own from then on, or the other's: never wrong. */
static void things_with_one_spelling_do_not_take_each_other_along(void **state)
{
    (void)state;
    check_true("kept", keep_at(1, 100, "/same", 0));
    check_true("kept", keep_at(2, 100, "/same", 0));
    check_true("found", has_spelled("/same"));
    note(TOPIC_CARD, 1);
    check_true("again, and with a source", keep_at(2, 100, "/same", 0));
    versions_invalidate(versions, TOPIC_CARD, 1);
    check_true("gone", !has(2));
    check_true("the other stays", has(1));
    check_true("and is found", has_spelled("/same"));
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
    check_number("let go", released[0], 1);
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
        TEST(what_is_kept_is_found_by_its_key),
        TEST(keys_may_hold_any_byte),
        TEST(what_comes_under_the_same_key_takes_its_place),
        TEST(its_room_is_never_exceeded),
        TEST(all_that_a_thing_takes_is_counted),
        TEST(what_was_not_asked_for_longest_goes_first),
        TEST(one_thing_takes_half_of_the_room_at_most),
        TEST(without_room_nothing_is_kept),
        TEST(it_holds_as_long_as_its_sources_do),
        TEST(a_spelling_does_not_find_what_is_stale),
        TEST(it_holds_until_its_time_and_from_then_on),
        TEST(what_was_changed_while_it_was_made_is_not_kept),
        TEST(what_is_not_to_be_kept_is_not),
        TEST(what_is_not_kept_replaces_nothing),
        TEST(the_shorter_spelling_stays),
        TEST(things_with_one_spelling_do_not_take_each_other_along),
        TEST(what_grows_lets_others_go_and_not_itself),
        TEST(what_is_gone_does_not_grow),
    };
    return cmocka_run_group_tests_name("http/cache", tests, NULL, NULL);
}
