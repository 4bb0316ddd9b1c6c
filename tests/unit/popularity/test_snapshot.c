#include "popularity/snapshot.h"

#include "check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    READERS = 4,
    SNAPSHOTS = 2000
};

static struct snapshot *snapshot_made(int64_t as_of)
{
    struct snapshot *snapshot = calloc(1, sizeof *snapshot + 2 * sizeof(struct ranked_list));
    assert_non_null(snapshot);
    snapshot->as_of = as_of;
    snapshot->references = 1;
    snapshot->lists_len = 2;
    snapshot->lists[1].section_id = 7;
    snapshot->lists[1].lens[WINDOW_6H] = 1;
    snapshot->lists[1].ranked[WINDOW_6H][0] = (struct ranked){.article_id = 66, .views = as_of};
    return snapshot;
}

static void a_new_showcase_shows_empty_lists(void **state)
{
    (void)state;
    size_t len = 99;
    struct showcase *showcase;
    assert_int_equal(showcase_open(&showcase), STATUS_OK);
    const struct snapshot *snapshot = showcase_ref(showcase);
    check_number("as of", snapshot->as_of, 0);
    snapshot_best(snapshot, WINDOW_24H, 0, &len);
    check_number("the paper's", (int64_t)len, 0);
    showcase_release(showcase, snapshot);
    showcase_close(showcase);
    showcase_close(NULL);
}

static void a_list_is_found_by_section_and_window(void **state)
{
    (void)state;
    size_t len;
    struct showcase *showcase;
    assert_int_equal(showcase_open(&showcase), STATUS_OK);
    showcase_put(showcase, snapshot_made(5));
    const struct snapshot *snapshot = showcase_ref(showcase);
    const struct ranked *best = snapshot_best(snapshot, WINDOW_6H, 7, &len);
    check_number("its length", (int64_t)len, 1);
    check_number("its first", best[0].article_id, 66);
    snapshot_best(snapshot, WINDOW_1H, 7, &len);
    check_number("another window's", (int64_t)len, 0);
    snapshot_best(snapshot, WINDOW_6H, 0, &len);
    check_number("the paper's", (int64_t)len, 0);
    snapshot_best(snapshot, WINDOW_6H, 8, &len);
    check_number("a section's that nobody read", (int64_t)len, 0);
    showcase_release(showcase, snapshot);
    showcase_close(showcase);
}

static void a_snapshot_lives_as_long_as_its_readers(void **state)
{
    (void)state;
    struct showcase *showcase;
    assert_int_equal(showcase_open(&showcase), STATUS_OK);
    showcase_put(showcase, snapshot_made(5));
    const struct snapshot *first = showcase_ref(showcase), *again = showcase_ref(showcase);
    assert_ptr_equal(first, again);
    showcase_put(showcase, snapshot_made(6));
    const struct snapshot *second = showcase_ref(showcase);
    check_number("the old one", first->lists[1].ranked[WINDOW_6H][0].views, 5);
    check_number("the new one", second->lists[1].ranked[WINDOW_6H][0].views, 6);
    showcase_release(showcase, first);
    check_number("the old one", again->as_of, 5);
    showcase_release(showcase, again);
    showcase_release(showcase, second);
    showcase_close(showcase);
}

struct reading_thread {
    struct showcase *showcase;
    atomic_bool *stop;
    bool torn;
};

static void *read_on(void *context)
{
    struct reading_thread *thread = context;
    while (!atomic_load(thread->stop)) {
        const struct snapshot *snapshot = showcase_ref(thread->showcase);
        size_t len;
        const struct ranked *best = snapshot_best(snapshot, WINDOW_6H, 7, &len);
        thread->torn |= len == 1 && best[0].views != snapshot->as_of;
        showcase_release(thread->showcase, snapshot);
    }
    return NULL;
}

static void readers_never_see_half_a_snapshot(void **state)
{
    (void)state;
    struct showcase *showcase;
    atomic_bool stop;
    pthread_t threads[READERS];
    struct reading_thread readers[READERS];
    atomic_init(&stop, false);
    assert_int_equal(showcase_open(&showcase), STATUS_OK);
    for (int i = 0; i < READERS; i++) {
        readers[i] = (struct reading_thread){.showcase = showcase, .stop = &stop};
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &readers[i]), 0);
    }
    for (int i = 1; i <= SNAPSHOTS; i++)
        showcase_put(showcase, snapshot_made(i));
    atomic_store(&stop, true);
    for (int i = 0; i < READERS; i++) {
        pthread_join(threads[i], NULL);
        check_true("whole", !readers[i].torn);
    }
    showcase_close(showcase);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_showcase_shows_empty_lists),
        cmocka_unit_test(a_list_is_found_by_section_and_window),
        cmocka_unit_test(a_snapshot_lives_as_long_as_its_readers),
        cmocka_unit_test(readers_never_see_half_a_snapshot),
    };
    return cmocka_run_group_tests_name("popularity/snapshot", tests, NULL, NULL);
}
