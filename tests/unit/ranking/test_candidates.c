#include "ranking/candidates.h"

#include "check.h"

#include <math.h>
#include <stdlib.h>

enum {
    HOUR = 3600,
    HALF_LIFE_S = 6 * HOUR,
    NOON = 1713247200,
    ARTICLES = 400,
    MOST = 101,
    NOW = 1000000,
    OPERATIONS = 20000,
};

static struct ranked_article articles[ARTICLES];

static void clear_articles(void)
{
    memset(articles, 0, sizeof articles);
    for (int i = 0; i < ARTICLES; i++)
        articles[i] = (struct ranked_article){.id = i + 1, .published_at = NOW - i, .ranked = true};
}

static void settle(struct candidates *candidates, struct ranked_article *article)
{
    check_status("settle", candidates_update(candidates, article), STATUS_OK);
}

static int compare(const void *left, const void *right)
{
    const struct ranked_article *a = *(struct ranked_article *const *)left,
                                *b = *(struct ranked_article *const *)right;
    if (a->views[WINDOW_6H] != b->views[WINDOW_6H])
        return a->views[WINDOW_6H] > b->views[WINDOW_6H] ? -1 : 1;
    if (a->published_at != b->published_at)
        return a->published_at > b->published_at ? -1 : 1;
    return a->id > b->id ? -1 : 1;
}

/* What is selected against a sort of everything that belongs in it. */
static void check_candidates(const char *name, struct candidates *candidates, int64_t now_s)
{
    struct ranked_article *sorted[ARTICLES];
    struct ranked best[MOST];
    size_t len = 0, expected = 0, in = 0;
    bool to_come = false;
    for (int i = 0; i < ARTICLES; i++) {
        bool belongs = articles[i].ranked && articles[i].views[WINDOW_6H] > 0;
        check_number(name, articles[i].places[WINDOW_6H][SCOPE_SECTION] > 0, belongs);
        in += belongs;
        if (belongs)
            sorted[len++] = &articles[i];
    }
    check_number(name, (int64_t)candidates->len, (int64_t)in);
    qsort(sorted, len, sizeof sorted[0], compare);
    const struct best_list list = candidates_best(candidates, now_s, best, MOST);
    size_t got = list.len;
    for (size_t i = 0; i < len; i++) {
        if (sorted[i]->published_at > now_s) {
            to_come = true;
            continue;
        }
        if (expected == MOST)
            continue;
        if (expected < got) {
            check_number(name, best[expected].article_id, sorted[i]->id);
            check_number(name, best[expected].views, sorted[i]->views[WINDOW_6H]);
        }
        expected++;
    }
    check_number(name, (int64_t)got, (int64_t)expected);
    check_number(name, list.has_future, to_come);
}

static void ties_go_to_the_newer_then_to_the_higher_id(void **state)
{
    (void)state;
    static const struct {
        int64_t id, views, published_at;
    } input[] = {
        {1, 5, 100}, {2, 5, 200}, {3, 5, 200}, {4, 6, 50}, {5, 4, 900}, {6, 5, 100},
    };
    static const int64_t expected[] = {4, 3, 2, 6, 1, 5};
    struct candidates candidates;
    struct ranked best[MOST];
    clear_articles();
    candidates_init(&candidates, WINDOW_6H, SCOPE_SECTION, 1);
    for (size_t i = 0; i < COUNT(input); i++) {
        articles[i].views[WINDOW_6H] = input[i].views;
        articles[i].published_at = input[i].published_at;
        settle(&candidates, &articles[i]);
    }
    check_number("how many", (int64_t)candidates_best(&candidates, NOW, best, MOST).len,
                 COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++)
        check_number("a place", best[i].article_id, expected[i]);
    check_number("the best two", (int64_t)candidates_best(&candidates, NOW, best, 2).len, 2);
    check_number("none", (int64_t)candidates_best(&candidates, NOW, best, 0).len, 0);
    candidates_release(&candidates);
}

static void an_empty_set_has_no_best(void **state)
{
    (void)state;
    struct candidates candidates;
    struct ranked best[MOST];
    clear_articles();
    candidates_init(&candidates, WINDOW_6H, SCOPE_SECTION, 1);
    check_number("how many", (int64_t)candidates_best(&candidates, NOW, best, MOST).len, 0);
    check_true("nothing passed over", !candidates_best(&candidates, NOW, best, MOST).has_future);
    candidates_remove(&candidates, &articles[0]);
    settle(&candidates, &articles[0]);
    check_candidates("without views", &candidates, NOW);
    candidates_release(&candidates);
}

static void an_article_may_be_taken_out_anywhere(void **state)
{
    (void)state;
    for (int out = 0; out < 40; out++) {
        struct candidates candidates;
        struct random random = random_seeded(7);
        clear_articles();
        candidates_init(&candidates, WINDOW_6H, SCOPE_SECTION, 1);
        for (int i = 0; i < 40; i++) {
            articles[i].views[WINDOW_6H] = 1 + random_below(&random, 10);
            settle(&candidates, &articles[i]);
        }
        candidates_remove(&candidates, &articles[out]);
        candidates_remove(&candidates, &articles[out]);
        articles[out].views[WINDOW_6H] = 0;
        check_candidates("after a removal", &candidates, NOW);
        candidates_release(&candidates);
    }
}

/* The other window's and the other scope's candidates are not touched. */
static void a_set_is_of_one_window_and_scope(void **state)
{
    (void)state;
    struct candidates candidates;
    clear_articles();
    candidates_init(&candidates, WINDOW_6H, SCOPE_SECTION, 1);
    articles[0].views[WINDOW_1H] = 50;
    articles[1].views[WINDOW_6H] = 1;
    settle(&candidates, &articles[0]);
    settle(&candidates, &articles[1]);
    check_candidates("one window", &candidates, NOW);
    check_number("another scope", (int64_t)articles[1].places[WINDOW_6H][SCOPE_PAPER], 0);
    check_number("another window", (int64_t)articles[1].places[WINDOW_1H][SCOPE_SECTION], 0);
    candidates_release(&candidates);
}

static void random_operations_agree_with_a_sort(void **state)
{
    (void)state;
    struct candidates candidates;
    struct random random = random_seeded(42);
    clear_articles();
    candidates_init(&candidates, WINDOW_6H, SCOPE_SECTION, 1);
    for (int i = 0; i < OPERATIONS; i++) {
        struct ranked_article *article = &articles[random_below(&random, ARTICLES)];
        switch (random_below(&random, 8)) {
        case 0:
            article->ranked = !article->ranked;
            break;
        case 1:
            article->published_at = NOW + random_below(&random, 200) - 190;
            break;
        case 2:
            candidates_remove(&candidates, article);
            article->views[WINDOW_6H] = 0;
            break;
        default:
            article->views[WINDOW_6H] = random_below(&random, 30);
        }
        settle(&candidates, article);
        if (i % 20 == 0)
            check_candidates("random", &candidates, NOW);
    }
    candidates_release(&candidates);
}

/* However many are yet to come, the published ones are all found. */
static void articles_to_come_hide_no_published_one(void **state)
{
    (void)state;
    enum {
        TO_COME = 3000,
        PUBLISHED = 50
    };
    struct candidates candidates;
    struct ranked best[MOST];
    struct ranked_article *many = calloc(TO_COME + PUBLISHED, sizeof *many);
    assert_non_null(many);
    candidates_init(&candidates, WINDOW_6H, SCOPE_SECTION, 1);
    for (int i = 0; i < TO_COME + PUBLISHED; i++) {
        bool is_published = i % ((TO_COME + PUBLISHED) / PUBLISHED) == 0;
        many[i] = (struct ranked_article){
            .id = i + 1, .published_at = is_published ? NOW : NOW + 1, .ranked = true};
        many[i].views[WINDOW_6H] = is_published ? 1 : 2 + i % 7;
        settle(&candidates, &many[i]);
    }
    const struct best_list list = candidates_best(&candidates, NOW, best, MOST);
    candidates_release(&candidates);
    free(many);
    check_number("published", (int64_t)list.len, PUBLISHED);
    check_true("passed over", list.has_future);
}

/* Hundreds at the top that are too old leave, wherever they stood, and are let in no more. */
static void many_of_old_make_room_for_the_new(void **state)
{
    (void)state;
    enum {
        ALL = 3000
    };
    struct candidates candidates;
    struct ranked best[MOST];
    struct ranked_article *many = calloc(ALL, sizeof *many);
    assert_non_null(many);
    candidates_init(&candidates, WINDOW_6H, SCOPE_SECTION, 1);
    for (int i = 0; i < ALL; i++) {
        bool is_new = i % 100 == 7;
        many[i] = (struct ranked_article){
            .id = i + 1, .published_at = is_new ? NOW - 5 : NOW - 50, .ranked = true};
        many[i].views[WINDOW_6H] = is_new ? 1 + i / 100 : 1000 + i % 17;
        settle(&candidates, &many[i]);
    }
    candidates.since = NOW - 10;
    const struct best_list list = candidates_best(&candidates, NOW, best, MOST);
    size_t expected = ALL / 100 < MOST ? ALL / 100 : MOST;
    check_number("the new", (int64_t)list.len, (int64_t)expected);
    for (size_t i = 0; i < list.len; i++)
        check_number("the best of them", best[i].views, ALL / 100 - (int64_t)i);
    check_number("the oldest", list.oldest, NOW - 5);
    settle(&candidates, &many[0]);
    check_number("not let in", (int64_t)many[0].places[WINDOW_6H][SCOPE_SECTION], 0);
    candidates_release(&candidates);
    free(many);
}

/* A trend of some hours; `hours_ago` counts from noon. */
struct part {
    int hours_ago;
    int views;
};

static double score_of(const struct part *parts, size_t len)
{
    struct trend trend = {.views = 0};
    for (size_t i = 0; i < len && parts[i].views; i++)
        check_true("in order", trend_add(&trend, NOON - parts[i].hours_ago * INT64_C(3600),
                                         parts[i].views, HALF_LIFE_S));
    return trend_score(&trend, HALF_LIFE_S);
}

static void views_count_half_after_a_half_life(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct part better[4], worse[4];
        bool equal;
    } cases[] = {
        {"more is better", {{0, 2}}, {{0, 1}}, false},
        {"half, six hours later", {{0, 5}}, {{6, 10}}, true},
        {"a quarter, twelve hours later", {{0, 5}}, {{12, 20}}, true},
        {"a view more", {{6, 11}}, {{0, 5}}, false},
        {"hours add up", {{12, 20}, {6, 10}, {0, 5}}, {{0, 14}}, false},
        {"to as many", {{12, 20}, {6, 10}, {0, 5}}, {{0, 15}}, true},
        {"an old flood", {{0, 1}}, {{500, 1000000}}, false},
        {"nothing is least", {{5000, 1}}, {{0, 0}}, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        double better = score_of(cases[i].better, 4), worse = score_of(cases[i].worse, 4);
        check_number(cases[i].name, fabs(better - worse) < 1e-9, cases[i].equal);
        check_true(cases[i].name, cases[i].equal || better > worse);
    }
}

static void the_same_hours_give_the_same_bits_however_they_came(void **state)
{
    (void)state;
    struct trend once = {.views = 0}, often = {.views = 0};
    for (int hour = 0; hour < 100; hour++) {
        int64_t at = NOON + hour * INT64_C(3600);
        check_true("at once", trend_add(&once, at, 100, HALF_LIFE_S));
        for (int i = 0; i < 100; i++)
            check_true("one by one", trend_add(&often, at, 1, HALF_LIFE_S));
    }
    assert_true(trend_score(&once, HALF_LIFE_S) == trend_score(&often, HALF_LIFE_S));
}

static void an_earlier_hour_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    struct trend trend = {.views = 0};
    check_true("noon", trend_add(&trend, NOON, 3, HALF_LIFE_S));
    double before = trend_score(&trend, HALF_LIFE_S);
    check_true("eleven", !trend_add(&trend, NOON - HOUR, 3, HALF_LIFE_S));
    assert_true(trend_score(&trend, HALF_LIFE_S) == before);
}

static void decades_overflow_nothing(void **state)
{
    (void)state;
    struct trend early = {.views = 0}, late = {.views = 0};
    check_true("in the year 1000", trend_add(&early, INT64_C(-30610137600), 1000, 60));
    check_true("in the year 9999", trend_add(&late, INT64_C(253402210800), 1, 60));
    double score = trend_score(&late, 60);
    check_true("finite", isfinite(score) && isfinite(trend_score(&early, 60)));
    check_true("later", score > trend_score(&early, 60));
    check_true("both", trend_add(&early, INT64_C(253402210800), 1, 60));
    assert_true(trend_score(&early, 60) == score);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ties_go_to_the_newer_then_to_the_higher_id),
        cmocka_unit_test(an_empty_set_has_no_best),
        cmocka_unit_test(an_article_may_be_taken_out_anywhere),
        cmocka_unit_test(a_set_is_of_one_window_and_scope),
        cmocka_unit_test(random_operations_agree_with_a_sort),
        cmocka_unit_test(articles_to_come_hide_no_published_one),
        cmocka_unit_test(many_of_old_make_room_for_the_new),
        cmocka_unit_test(views_count_half_after_a_half_life),
        cmocka_unit_test(the_same_hours_give_the_same_bits_however_they_came),
        cmocka_unit_test(an_earlier_hour_is_refused_and_changes_nothing),
        cmocka_unit_test(decades_overflow_nothing),
    };
    return cmocka_run_group_tests_name("ranking/candidates", tests, NULL, NULL);
}
