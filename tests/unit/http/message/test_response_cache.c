/* Which entries of the response cache are found: by key, by raw URL, while they are valid. */
#include "cache_entries.h"

enum {
    SPELLING_TOO_LONG = 600,
    EVER = 1000000000,
};

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
    check_number("released", released[1], 1);
    check_number("released", released[2], 1);
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
        const struct cacheable cacheable = {.value = thing, .release = release_thing, .bytes = 10};
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
    check_number("released", released[1], 1);
    check_number("bytes", (int64_t)figures().bytes, (int64_t)once);
    check_number("things", (int64_t)figures().entries, 1);
    check_true("takes room", once > before + 100);
    check_true("found", has(1));
    check_true("found", has_spelled("/1"));
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
    check_number("released at once", released[1], 1);
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
    check_number("released once", released[1], 1);
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
    check_number("not released", released[1], 0);
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

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_kept_is_found_by_its_key),
        TEST(keys_may_hold_any_byte),
        TEST(what_comes_under_the_same_key_takes_its_place),
        TEST(it_holds_as_long_as_its_sources_do),
        TEST(a_spelling_does_not_find_what_is_stale),
        TEST(it_holds_until_its_time_and_from_then_on),
        TEST(what_was_changed_while_it_was_made_is_not_kept),
        TEST(what_is_not_to_be_kept_is_not),
        TEST(what_is_not_kept_replaces_nothing),
        TEST(the_shorter_spelling_stays),
        TEST(things_with_one_spelling_do_not_take_each_other_along),
    };
    return cmocka_run_group_tests_name("http/cache", tests, NULL, NULL);
}
