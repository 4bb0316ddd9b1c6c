#include "ranking/snapshot.h"

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

static void a_new_published_ranking_has_empty_lists(void **state)
{
    (void)state;
    size_t len = 99;
    struct published_ranking *published;
    assert_int_equal(published_ranking_open(&published), STATUS_OK);
    const struct snapshot *snapshot = published_ranking_ref(published);
    check_number("as of", snapshot->as_of, 0);
    snapshot_best(snapshot, WINDOW_24H, 0, &len);
    check_number("the paper's", (int64_t)len, 0);
    published_ranking_unref(published, snapshot);
    published_ranking_close(published);
    published_ranking_close(NULL);
}

static void a_list_is_found_by_section_and_window(void **state)
{
    (void)state;
    size_t len;
    struct published_ranking *published;
    assert_int_equal(published_ranking_open(&published), STATUS_OK);
    published_ranking_put(published, snapshot_made(5));
    const struct snapshot *snapshot = published_ranking_ref(published);
    const struct ranked *best = snapshot_best(snapshot, WINDOW_6H, 7, &len);
    check_number("its length", (int64_t)len, 1);
    check_number("its first", best[0].article_id, 66);
    snapshot_best(snapshot, WINDOW_1H, 7, &len);
    check_number("another window's", (int64_t)len, 0);
    snapshot_best(snapshot, WINDOW_6H, 0, &len);
    check_number("the paper's", (int64_t)len, 0);
    snapshot_best(snapshot, WINDOW_6H, 8, &len);
    check_number("a section's that nobody read", (int64_t)len, 0);
    published_ranking_unref(published, snapshot);
    published_ranking_close(published);
}

static void a_snapshot_lives_as_long_as_its_readers(void **state)
{
    (void)state;
    struct published_ranking *published;
    assert_int_equal(published_ranking_open(&published), STATUS_OK);
    published_ranking_put(published, snapshot_made(5));
    const struct snapshot *first = published_ranking_ref(published),
                          *again = published_ranking_ref(published);
    assert_ptr_equal(first, again);
    published_ranking_put(published, snapshot_made(6));
    const struct snapshot *second = published_ranking_ref(published);
    check_number("the old one", first->lists[1].ranked[WINDOW_6H][0].views, 5);
    check_number("the new one", second->lists[1].ranked[WINDOW_6H][0].views, 6);
    published_ranking_unref(published, first);
    check_number("the old one", again->as_of, 5);
    published_ranking_unref(published, again);
    published_ranking_unref(published, second);
    published_ranking_close(published);
}

struct reading_thread {
    struct published_ranking *published;
    atomic_bool *stop;
    bool torn;
};

static void *read_on(void *arg)
{
    struct reading_thread *thread = arg;
    while (!atomic_load(thread->stop)) {
        const struct snapshot *snapshot = published_ranking_ref(thread->published);
        size_t len;
        const struct ranked *best = snapshot_best(snapshot, WINDOW_6H, 7, &len);
        thread->torn |= len == 1 && best[0].views != snapshot->as_of;
        published_ranking_unref(thread->published, snapshot);
    }
    return NULL;
}

static void readers_never_see_half_a_snapshot(void **state)
{
    (void)state;
    struct published_ranking *published;
    atomic_bool stop;
    pthread_t threads[READERS];
    struct reading_thread readers[READERS];
    atomic_init(&stop, false);
    assert_int_equal(published_ranking_open(&published), STATUS_OK);
    for (int i = 0; i < READERS; i++) {
        readers[i] = (struct reading_thread){.published = published, .stop = &stop};
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &readers[i]), 0);
    }
    for (int i = 1; i <= SNAPSHOTS; i++)
        published_ranking_put(published, snapshot_made(i));
    atomic_store(&stop, true);
    for (int i = 0; i < READERS; i++) {
        pthread_join(threads[i], NULL);
        check_true("whole", !readers[i].torn);
    }
    published_ranking_close(published);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_published_ranking_has_empty_lists),
        cmocka_unit_test(a_list_is_found_by_section_and_window),
        cmocka_unit_test(a_snapshot_lives_as_long_as_its_readers),
        cmocka_unit_test(readers_never_see_half_a_snapshot),
    };
    return cmocka_run_group_tests_name("ranking/snapshot", tests, NULL, NULL);
}
