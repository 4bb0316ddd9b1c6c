#include "counting/pending_views.h"

#include "check.h"

#include <pthread.h>

enum {
    THREADS = 8,
    VIEWS_A_THREAD = 50000,
    ARTICLES = 300,
    ROOM = 100000,
    NOON = 1713247200,
};

static void add(struct pending_views *counts, int64_t article_id, int64_t now_s, int times)
{
    for (int i = 0; i < times; i++)
        check_status("a view", pending_views_add(counts, article_id, VERDICT_COUNTED, now_s),
                     STATUS_OK);
}

/* The views of one pair in a batch; 0 when it is not there. */
static int64_t views_of(const struct pending_count *batch, size_t len, int64_t article_id,
                        int64_t begin)
{
    int64_t views = 0, found = 0;
    for (size_t i = 0; i < len; i++) {
        if (batch[i].article_id == article_id && batch[i].begin == begin) {
            views = batch[i].views[VERDICT_COUNTED];
            found++;
        }
    }
    check_at_most("times a pair is there", found, 1);
    return views;
}

static int64_t views_in(const struct pending_count *batch, size_t len)
{
    int64_t views = 0;
    for (size_t i = 0; i < len; i++)
        views += batch[i].views[VERDICT_COUNTED];
    return views;
}

static void views_are_counted_by_article_and_slot(void **state)
{
    (void)state;
    size_t len;
    struct pending_views *counts;
    assert_int_equal(pending_views_open(ROOM, &counts), STATUS_OK);
    add(counts, 1, NOON, 2);
    add(counts, 1, NOON + 149, 3);
    add(counts, 1, NOON + 150, 4);
    add(counts, 2, NOON, 5);
    const struct pending_count *batch = pending_views_batch(counts, &len);
    check_number("pairs", (int64_t)len, 3);
    check_number("the first slot", views_of(batch, len, 1, NOON), 5);
    check_number("the second slot", views_of(batch, len, 1, NOON + 150), 4);
    check_number("another article", views_of(batch, len, 2, NOON), 5);
    pending_views_close(counts);
}

static void nothing_counted_is_an_empty_batch(void **state)
{
    (void)state;
    size_t len = 99;
    struct pending_views *counts;
    assert_int_equal(pending_views_open(ROOM, &counts), STATUS_OK);
    pending_views_batch(counts, &len);
    check_number("a new one's", (int64_t)len, 0);
    pending_views_stored(counts);
    pending_views_batch(counts, &len);
    check_number("once more", (int64_t)len, 0);
    pending_views_close(counts);
    pending_views_close(NULL);
}

static void a_batch_stays_until_it_is_stored(void **state)
{
    (void)state;
    size_t len;
    struct pending_views *counts;
    assert_int_equal(pending_views_open(ROOM, &counts), STATUS_OK);
    add(counts, 1, NOON, 2);
    const struct pending_count *batch = pending_views_batch(counts, &len);
    check_number("taken", views_of(batch, len, 1, NOON), 2);
    add(counts, 1, NOON, 7);
    for (int i = 0; i < 3; i++) {
        batch = pending_views_batch(counts, &len);
        check_number("pairs, tried again", (int64_t)len, 1);
        check_number("tried again", views_of(batch, len, 1, NOON), 2);
    }
    pending_views_stored(counts);
    batch = pending_views_batch(counts, &len);
    check_number("what came since", views_of(batch, len, 1, NOON), 7);
    pending_views_stored(counts);
    pending_views_batch(counts, &len);
    check_number("nothing more", (int64_t)len, 0);
    pending_views_close(counts);
}

static void a_full_table_still_counts_what_it_holds(void **state)
{
    (void)state;
    enum {
        MAX = 100
    };
    size_t len;
    struct pending_views *counts;
    assert_int_equal(pending_views_open(MAX, &counts), STATUS_OK);
    for (int64_t id = 1; id <= MAX; id++)
        add(counts, id, NOON, 1);
    check_status("one more pair", pending_views_add(counts, MAX + 1, VERDICT_COUNTED, NOON),
                 STATUS_FULL);
    check_status("another slot", pending_views_add(counts, 1, VERDICT_COUNTED, NOON + 150),
                 STATUS_FULL);
    check_status("a pair that is there", pending_views_add(counts, 1, VERDICT_COUNTED, NOON),
                 STATUS_OK);
    const struct pending_count *batch = pending_views_batch(counts, &len);
    check_number("pairs", (int64_t)len, MAX);
    check_number("views", views_in(batch, len), MAX + 1);
    pending_views_stored(counts);
    check_status("room again", pending_views_add(counts, MAX + 1, VERDICT_COUNTED, NOON),
                 STATUS_OK);
    pending_views_close(counts);
}

/* What waits to be stored is the batch that failed and what came since. */
static void a_batch_that_is_not_stored_counts_towards_the_maximum(void **state)
{
    (void)state;
    enum {
        MAX = 100
    };
    size_t len;
    struct pending_views *counts;
    assert_int_equal(pending_views_open(MAX, &counts), STATUS_OK);
    for (int64_t id = 1; id <= MAX; id++)
        add(counts, id, NOON, 1);
    pending_views_batch(counts, &len);
    check_number("pairs", (int64_t)len, MAX);
    enum status status = pending_views_add(counts, MAX + 1, VERDICT_COUNTED, NOON);
    pending_views_close(counts);
    check_status("one more pair", status, STATUS_FULL);
}

/* A record has room for ids up to 60 bits, and a table takes 0 for a free cell. */
static void an_id_that_no_article_has_is_refused(void **state)
{
    (void)state;
    static const int64_t ids[] = {0, -1, INT64_MIN, JOURNAL_ARTICLE_MAX + 1, INT64_MAX};
    size_t len;
    struct pending_views *counts;
    assert_int_equal(pending_views_open(ROOM, &counts), STATUS_OK);
    for (size_t i = 0; i < COUNT(ids); i++)
        check_status("refused", pending_views_add(counts, ids[i], VERDICT_COUNTED, NOON),
                     STATUS_FAILED);
    add(counts, JOURNAL_ARTICLE_MAX, NOON, 1);
    const struct pending_count *batch = pending_views_batch(counts, &len);
    check_number("the largest", views_of(batch, len, JOURNAL_ARTICLE_MAX, NOON), 1);
    pending_views_close(counts);
}

static void many_articles_are_told_apart(void **state)
{
    (void)state;
    size_t len;
    struct pending_views *counts;
    assert_int_equal(pending_views_open(ROOM, &counts), STATUS_OK);
    for (int64_t id = 1; id <= 5000; id++) {
        for (int64_t slot = 0; slot < 3; slot++)
            add(counts, id * 1024, NOON + slot * 150, 1 + (int)(id % 3));
    }
    const struct pending_count *batch = pending_views_batch(counts, &len);
    check_number("pairs", (int64_t)len, 15000);
    for (size_t i = 0; i < len; i++)
        check_number("views", batch[i].views[VERDICT_COUNTED], 1 + batch[i].article_id / 1024 % 3);
    pending_views_close(counts);
}

struct adding {
    struct pending_views *counts;
    struct random random;
    int64_t *added; /* by article, this thread's own */
    bool failed;
};

static void *add_many(void *arg)
{
    struct adding *adding = arg;
    for (int i = 0; i < VIEWS_A_THREAD; i++) {
        int64_t id = random_below(&adding->random, ARTICLES);
        adding->failed |=
            pending_views_add(adding->counts, id + 1, VERDICT_COUNTED,
                              NOON + random_below(&adding->random, 1000)) != STATUS_OK;
        adding->added[id]++;
    }
    return NULL;
}

static void take_batch(struct pending_views *counts, int64_t *sums)
{
    size_t len;
    const struct pending_count *batch = pending_views_batch(counts, &len);
    for (size_t i = 0; i < len; i++)
        sums[batch[i].article_id - 1] += batch[i].views[VERDICT_COUNTED];
    pending_views_stored(counts);
}

static void threads_that_add_at_once_lose_nothing(void **state)
{
    (void)state;
    static int64_t added[THREADS][ARTICLES], sums[ARTICLES];
    pthread_t threads[THREADS];
    struct adding adding[THREADS];
    struct pending_views *counts;
    assert_int_equal(pending_views_open(ROOM, &counts), STATUS_OK);
    for (int i = 0; i < THREADS; i++) {
        adding[i] = (struct adding){
            .counts = counts, .random = {(uint64_t)i + 1}, .added = added[i], .failed = false};
        assert_int_equal(pthread_create(&threads[i], NULL, add_many, &adding[i]), 0);
    }
    for (int i = 0; i < 200; i++) /* the writer takes batches while they add */
        take_batch(counts, sums);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        check_true("every view was taken", !adding[i].failed);
    }
    take_batch(counts, sums);
    for (int id = 0; id < ARTICLES; id++) {
        int64_t expected = 0;
        for (int i = 0; i < THREADS; i++)
            expected += added[i][id];
        check_number("an article's views", sums[id], expected);
    }
    pending_views_close(counts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views_are_counted_by_article_and_slot),
        cmocka_unit_test(nothing_counted_is_an_empty_batch),
        cmocka_unit_test(a_batch_stays_until_it_is_stored),
        cmocka_unit_test(a_full_table_still_counts_what_it_holds),
        cmocka_unit_test(a_batch_that_is_not_stored_counts_towards_the_maximum),
        cmocka_unit_test(an_id_that_no_article_has_is_refused),
        cmocka_unit_test(many_articles_are_told_apart),
        cmocka_unit_test(threads_that_add_at_once_lose_nothing),
    };
    return cmocka_run_group_tests_name("counting/pending_views", tests, NULL, NULL);
}
