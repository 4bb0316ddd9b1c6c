#include "ranking/ranking.h"

#include "check.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    ARTICLES = 300,
    SECTIONS = 6,
    NOW = 1000000,
    EVENTS = 6000,
};

/* An article as a naive ranking keeps it. `placed` follows the rule that one without views in any
 * window loses its place. */
struct model {
    int64_t views[WINDOWS_SLIDING];
    int64_t section_id, published_at;
    bool ranked, placed;
};

struct world {
    struct published_ranking *published;
    struct ranking *ranking;
    struct model models[ARTICLES + 1];
    int64_t now_s;
    int all_asked; /* how often a list of all time was asked for */
};

static const struct ranking_rules rules = {.half_life_s = 6 * 3600, .trending_least = 1};

static void world_open(struct world *world)
{
    *world = (struct world){.now_s = NOW};
    check_status("published ranking", published_ranking_open(&world->published), STATUS_OK);
    check_status("ranking", ranking_open(world->published, &rules, &world->ranking), STATUS_OK);
}

static void world_close(struct world *world)
{
    ranking_close(world->ranking);
    published_ranking_close(world->published);
}

/* All time, as a store would say it: the section and how often it was asked. */
static enum status all_time(void *arg, int64_t section_id, int64_t since, struct ranked *best,
                            size_t most, struct best_list *list)
{
    struct world *world = arg;
    assert_true(most >= 1);
    best[0] = (struct ranked){.article_id = section_id + 1, .views = ++world->all_asked};
    (void)since;
    *list = (struct best_list){.len = 1, .oldest = INT64_MAX};
    return STATUS_OK;
}

static enum status no_all_time(void *arg, int64_t section_id, int64_t since, struct ranked *best,
                               size_t most, struct best_list *list)
{
    (void)arg;
    (void)section_id;
    (void)since;
    (void)best;
    (void)most;
    (void)list;
    return STATUS_FAILED;
}

static void publish(struct world *world)
{
    check_status("refresh", ranking_refresh(world->ranking, world->now_s, all_time, world),
                 STATUS_OK);
    struct publication publication;
    check_status("publish", ranking_publish(world->ranking, world->now_s, &publication), STATUS_OK);
}

static void place(struct world *world, int64_t id, int64_t section_id, int64_t published_at,
                  bool ranked)
{
    check_status("place", ranking_put_article(world->ranking, id, section_id, published_at, ranked),
                 STATUS_OK);
    struct model *model = &world->models[id];
    model->section_id = section_id;
    model->published_at = published_at;
    model->ranked = ranked;
    model->placed = true;
}

static void add(struct world *world, enum window window, int64_t id, int64_t views)
{
    struct model *model = &world->models[id];
    check_status("add", ranking_add(world->ranking, window, id, views), STATUS_OK);
    model->views[window] += views;
    bool any = false;
    for (int i = 0; i < WINDOWS_SLIDING; i++)
        any |= model->views[i] != 0;
    model->placed = any;
}

struct line {
    int64_t id, views, published_at;
};

static int compare(const void *left, const void *right)
{
    const struct line *a = left, *b = right;
    if (a->views != b->views)
        return a->views > b->views ? -1 : 1;
    if (a->published_at != b->published_at)
        return a->published_at > b->published_at ? -1 : 1;
    return a->id > b->id ? -1 : 1;
}

static void check_list(const struct world *world, const struct snapshot *snapshot,
                       enum window window, int64_t section_id)
{
    struct line lines[ARTICLES];
    size_t len = 0, got_len;
    char name[64];
    for (int64_t id = 1; id <= ARTICLES; id++) {
        const struct model *model = &world->models[id];
        if (model->ranked && model->views[window] > 0 && model->published_at <= world->now_s &&
            (section_id == 0 || model->section_id == section_id))
            lines[len++] = (struct line){id, model->views[window], model->published_at};
    }
    qsort(lines, len, sizeof lines[0], compare);
    if (len > RANKED_MAX)
        len = RANKED_MAX;
    const struct ranked *got = snapshot_best(snapshot, window, section_id, &got_len);
    snprintf(name, sizeof name, "window %s, section %d", window_name(window), (int)section_id);
    check_number(name, (int64_t)got_len, (int64_t)len);
    for (size_t i = 0; i < len; i++) {
        check_number(name, got[i].article_id, lines[i].id);
        check_number(name, got[i].views, lines[i].views);
    }
}

static void check_all(const struct world *world)
{
    const struct snapshot *snapshot = published_ranking_ref(world->published);
    for (int window = 0; window < WINDOWS_SLIDING; window++) {
        for (int64_t section_id = 0; section_id <= SECTIONS; section_id++)
            check_list(world, snapshot, (enum window)window, section_id);
    }
    published_ranking_unref(world->published, snapshot);
    for (int64_t id = 1; id <= ARTICLES; id++) {
        check_number("knows", ranking_has(world->ranking, id), world->models[id].placed);
        for (int window = 0; window < WINDOWS_SLIDING; window++)
            check_number("views", ranking_views(world->ranking, (enum window)window, id),
                         world->models[id].views[window]);
    }
}

static void an_article_without_a_place_takes_no_views(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    check_true("not known", !ranking_has(world.ranking, 1));
    check_status("add", ranking_add(world.ranking, WINDOW_1H, 1, 1), STATUS_ABSENT);
    check_number("views", ranking_views(world.ranking, WINDOW_1H, 1), 0);
    place(&world, 1, 2, NOW, true);
    check_true("known", ranking_has(world.ranking, 1));
    add(&world, WINDOW_1H, 1, 3);
    publish(&world);
    check_all(&world);
    world_close(&world);
}

static void an_article_loses_its_place_with_its_last_view(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    place(&world, 1, 2, NOW, true);
    add(&world, WINDOW_1H, 1, 3);
    add(&world, WINDOW_24H, 1, 3);
    add(&world, WINDOW_1H, 1, -3);
    check_true("known", ranking_has(world.ranking, 1));
    add(&world, WINDOW_24H, 1, -3);
    check_true("not known", !ranking_has(world.ranking, 1));
    publish(&world);
    check_all(&world);
    world_close(&world);
}

static void an_article_moves_between_sections(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    for (int64_t id = 1; id <= 6; id++) {
        place(&world, id, 1 + id % 2, NOW - id, true);
        for (int window = 0; window < WINDOWS_SLIDING; window++)
            add(&world, (enum window)window, id, id);
    }
    publish(&world);
    check_all(&world);
    place(&world, 6, 2, NOW - 6, true);
    place(&world, 5, 3, NOW + 5, true);
    place(&world, 4, 1, NOW - 4, false);
    publish(&world);
    check_all(&world);
    place(&world, 4, 1, NOW - 4, true);
    world.now_s = NOW + 5;
    publish(&world);
    check_all(&world);
    world_close(&world);
}

/* Nothing is said when an article's time comes; the next publication has it all the same. */
static void an_article_comes_in_at_its_time(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    place(&world, 1, 1, NOW + 10, true);
    place(&world, 2, 1, NOW - 10, true);
    add(&world, WINDOW_1H, 1, 9);
    add(&world, WINDOW_1H, 2, 1);
    for (world.now_s = NOW; world.now_s < NOW + 15; world.now_s++) {
        publish(&world);
        check_all(&world);
    }
    world_close(&world);
}

static void nothing_is_published_when_nothing_changed(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    place(&world, 1, 1, NOW, true);
    add(&world, WINDOW_1H, 1, 9);
    publish(&world);
    const struct snapshot *first = published_ranking_ref(world.published);
    check_number("as of", first->as_of, NOW);
    world.now_s = NOW + 50;
    publish(&world);
    const struct snapshot *second = published_ranking_ref(world.published);
    check_true("the same", first == second);
    add(&world, WINDOW_1H, 1, 1);
    publish(&world);
    const struct snapshot *third = published_ranking_ref(world.published);
    check_true("another", third != first);
    check_number("as of", third->as_of, NOW + 50);
    check_number("what a reader holds stays", first->lists[0].ranked[WINDOW_1H][0].views, 9);
    published_ranking_unref(world.published, first);
    published_ranking_unref(world.published, second);
    published_ranking_unref(world.published, third);
    world_close(&world);
}

static void all_time_is_asked_for_where_it_changed(void **state)
{
    (void)state;
    struct world world;
    size_t len;
    world_open(&world);
    place(&world, 1, 1, NOW, true);
    place(&world, 2, 2, NOW, true);
    publish(&world);
    check_number("the paper and two sections", world.all_asked, 3);
    publish(&world);
    check_number("not again", world.all_asked, 3);
    check_status("touch", ranking_mark_totals(world.ranking, 2), STATUS_OK);
    publish(&world);
    check_number("one section", world.all_asked, 4);
    const struct snapshot *snapshot = published_ranking_ref(world.published);
    const struct ranked *best = snapshot_best(snapshot, WINDOW_ALL, 2, &len);
    check_number("its list", (int64_t)len, 1);
    check_number("its list", best[0].views, 4);
    published_ranking_unref(world.published, snapshot);
    world_close(&world);
}

static void a_list_of_all_time_that_failed_is_asked_for_again(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    place(&world, 1, 1, NOW, true);
    add(&world, WINDOW_1H, 1, 4);
    check_status("failed", ranking_refresh(world.ranking, NOW, no_all_time, &world), STATUS_FAILED);
    publish(&world);
    check_number("the paper and its section", world.all_asked, 2);
    check_all(&world);
    world_close(&world);
}

static void happen(struct world *world, struct random *random)
{
    int64_t id = 1 + random_below(random, ARTICLES);
    struct model *model = &world->models[id];
    enum window window = (enum window)random_below(random, WINDOWS_SLIDING);
    int64_t kind = random_below(random, 10);
    if (kind == 0 || !model->placed)
        place(world, id, 1 + random_below(random, SECTIONS),
              world->now_s + random_below(random, 100) - 90, random_below(random, 10) > 0);
    else if (kind < 4 && model->views[window] > 0)
        add(world, window, id, -1 - random_below(random, model->views[window]));
    else
        add(world, window, id, 1 + random_below(random, 20));
}

static void random_events_agree_with_a_naive_ranking(void **state)
{
    (void)state;
    static struct world world;
    struct random random = random_seeded(11);
    world_open(&world);
    for (int i = 0; i < EVENTS; i++) {
        happen(&world, &random);
        if (i % 25)
            continue;
        world.now_s += random_below(&random, 3);
        publish(&world);
        check_all(&world);
    }
    world_close(&world);
}

static void thousands_of_articles_are_told_apart(void **state)
{
    (void)state;
    enum {
        MANY = 20000
    };
    struct world world;
    world_open(&world);
    for (int64_t id = 1; id <= MANY; id++) {
        check_status("place", ranking_put_article(world.ranking, id * 4096, 1, NOW, true),
                     STATUS_OK);
        check_status("add", ranking_add(world.ranking, WINDOW_1H, id * 4096, id), STATUS_OK);
    }
    for (int64_t id = 1; id <= MANY; id++)
        check_number("views", ranking_views(world.ranking, WINDOW_1H, id * 4096), id);
    check_true("no other", !ranking_has(world.ranking, 4095));
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_article_without_a_place_takes_no_views),
        cmocka_unit_test(an_article_loses_its_place_with_its_last_view),
        cmocka_unit_test(an_article_moves_between_sections),
        cmocka_unit_test(an_article_comes_in_at_its_time),
        cmocka_unit_test(nothing_is_published_when_nothing_changed),
        cmocka_unit_test(all_time_is_asked_for_where_it_changed),
        cmocka_unit_test(a_list_of_all_time_that_failed_is_asked_for_again),
        cmocka_unit_test(random_events_agree_with_a_naive_ranking),
        cmocka_unit_test(thousands_of_articles_are_told_apart),
    };
    return cmocka_run_group_tests_name("ranking/ranking", tests, NULL, NULL);
}
