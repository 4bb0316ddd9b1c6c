#include "ranking/ranking_sync.h"

#include "paper.h"
#include "store/views.h"

enum {
    HOUR = 3600,
    DAY = 86400,
};

struct world {
    struct paper paper;
    struct published_ranking *published;
    struct ranking *ranking;
    struct ranking_sync sync;
};

static const struct ranking_rules rules = {.half_life_s = 6 * HOUR, .trending_least = 1};

/* A paper with two articles and a ranking that was loaded from it. */
static void world_open(struct world *world)
{
    *world = (struct world){.published = NULL};
    paper_open(&world->paper);
    paper_import(&world->paper,
                 "{\"type\":\"section\",\"slug\":\"s\",\"name\":\"S\"}\n"
                 "{\"type\":\"article\",\"slug\":\"one\",\"section\":\"s\",\"headline\":\"H\","
                 "\"body\":\"B\",\"published_at\":\"2024-04-01T00:00:00Z\"}\n"
                 "{\"type\":\"article\",\"slug\":\"two\",\"section\":\"s\",\"headline\":\"H\","
                 "\"body\":\"B\",\"published_at\":\"2024-04-01T00:00:00Z\"}\n");
    check_status("published", published_ranking_open(&world->published), STATUS_OK);
    check_status("ranking", ranking_open(world->published, &rules, &world->ranking), STATUS_OK);
    world->sync = (struct ranking_sync){.ranking = world->ranking,
                                        .versions = transaction_versions(world->paper.transaction)};
    check_status("load", ranking_sync_load(&world->sync, world->paper.db, PAPER_NOW), STATUS_OK);
}

static void world_close(struct world *world)
{
    ranking_close(world->ranking);
    published_ranking_close(world->published);
    paper_close(&world->paper);
}

/* Stores views of an article and applies them. */
static void view(struct world *world, int64_t article_id, int64_t now_s, int64_t views)
{
    const struct pending_count count = {.article_id = article_id,
                                        .begin = instant_floor(now_s, VIEW_SLOT_S),
                                        .views = {[VERDICT_COUNTED] = views}};
    const struct view_count stored = {
        .article_id = article_id, .begin = count.begin, .count = views};
    const struct ranking_news news = {.batch = &count, .batch_len = 1};
    paper_begin_write(&world->paper);
    check_status("add", views_add(world->paper.db, &stored, 1), STATUS_OK);
    paper_commit(&world->paper);
    check_status("apply", ranking_sync_apply(&world->sync, world->paper.db, &news), STATUS_OK);
}

static void publish(struct world *world, int64_t now_s)
{
    check_status("publish", ranking_sync_publish(&world->sync, world->paper.db, now_s), STATUS_OK);
}

static int64_t first_of_day(const struct world *world, int64_t *views)
{
    size_t len;
    const struct snapshot *snapshot = published_ranking_ref(world->published);
    const struct ranked *best = snapshot_best(snapshot, WINDOW_24H, 0, &len);
    int64_t id = len > 0 ? best[0].article_id : 0;
    *views = len > 0 ? best[0].views : 0;
    published_ranking_unref(world->published, snapshot);
    return id;
}

/* An import that is not read yet, or another program, raised a count that then leaves the window: the
 * window takes away no more than it added, so that the next views count in full. */
static void a_count_that_was_raised_takes_no_sum_below_zero(void **state)
{
    (void)state;
    struct world world;
    int64_t views;
    world_open(&world);
    view(&world, 1, PAPER_NOW, 5);
    publish(&world, PAPER_NOW);
    check_status("raise", db_run(world.paper.db, "UPDATE view_hours SET count = 40"), STATUS_OK);
    check_status("raise", db_run(world.paper.db, "UPDATE view_slots SET count = 40"), STATUS_OK);
    for (int64_t days = 1; days <= 40; days += 3) {
        publish(&world, PAPER_NOW + days * DAY + 2 * HOUR);
        for (int window = 0; window < WINDOWS_SLIDING; window++)
            check_true("a sum", ranking_views(world.ranking, (enum window)window, 1) >= 0);
    }
    view(&world, 1, PAPER_NOW + 40 * DAY + 2 * HOUR, 2);
    publish(&world, PAPER_NOW + 40 * DAY + 2 * HOUR);
    check_number("the first", first_of_day(&world, &views), 1);
    check_number("its views", views, 2);
    world_close(&world);
}

/* What an article counts is in every window that covers it, and in no other. */
static void views_leave_a_window_after_its_length(void **state)
{
    (void)state;
    static const struct {
        int64_t after_s;
        int64_t expected[WINDOWS_SLIDING];
    } cases[] = {
        {0, {3, 3, 3, 3, 3}},
        {HOUR, {3, 3, 3, 3, 3}},
        {HOUR + 150, {0, 3, 3, 3, 3}},
        {6 * HOUR + 150, {0, 0, 3, 3, 3}},
        {DAY + HOUR, {0, 0, 0, 3, 3}},
        {7 * DAY + HOUR, {0, 0, 0, 0, 3}},
        {30 * DAY + HOUR, {0, 0, 0, 0, 0}},
        {0, {3, 3, 3, 3, 3}}, /* the clock set back */
        {HOUR + 150, {0, 3, 3, 3, 3}},
        {-60 * DAY, {0, 0, 0, 0, 0}},
    };
    struct world world;
    world_open(&world);
    view(&world, 2, PAPER_NOW, 3);
    for (size_t i = 0; i < COUNT(cases); i++) {
        publish(&world, PAPER_NOW + cases[i].after_s);
        for (int window = 0; window < WINDOWS_SLIDING; window++)
            check_number(window_name((enum window)window),
                         ranking_views(world.ranking, (enum window)window, 2),
                         cases[i].expected[window]);
    }
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_count_that_was_raised_takes_no_sum_below_zero),
        cmocka_unit_test(views_leave_a_window_after_its_length),
    };
    return cmocka_run_group_tests_name("ranking/ranking_sync", tests, NULL, NULL);
}
