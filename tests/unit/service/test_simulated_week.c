/* A week of views, imports, failures and jumps of the clock: after every tick, every list is exact. */
#include "ranking_model.h"

static bool is_visible(const struct world *world, const struct model_article *article)
{
    return !article->withdrawn && article->published_at <= world->now_s;
}

/* What happens in the simulated week, beside views: each now and then. */
static void change_an_article(struct world *world)
{
    struct model_article *article = &world->articles[random_below(&world->random, ARTICLES)];
    switch (random_below(&world->random, 4)) {
    case 0:
        article->section = 1 + (int)random_below(&world->random, SECTIONS);
        break;
    case 1:
        article->withdrawn = !article->withdrawn;
        break;
    case 2:
        article->most_read = !article->most_read;
        break;
    case 3:
        if (article->published_at <= world->now_s)
            article->published_at -= random_below(&world->random, DAY);
        break;
    }
    article->changed = true;
    import_changed(world);
}

static void import_some_hours(struct world *world)
{
    int hours = 1 + (int)random_below(&world->random, 30);
    paper_begin_write(&world->other);
    for (int i = 0; i < hours; i++) {
        int64_t age_h = random_below(&world->random, i % 3 ? 10 : 60 * 24);
        set_hour(world, 1 + random_below(&world->random, ARTICLES),
                 floor_to(world->now_s, HOUR) - age_h * HOUR, random_below(&world->random, 40));
    }
    paper_commit(&world->other);
}

static int64_t newest_visible(const struct world *world)
{
    int64_t id = ARTICLES;
    while (id > 1 && !is_visible(world, &world->articles[id - 1]))
        id--;
    return id;
}

static void fail_for_a_while(struct world *world)
{
    if (random_below(&world->random, 2) == 0)
        import_some_hours(world);
    paper_begin_write(&world->other);
    for (int i = (int)random_below(&world->random, 3); i >= 0; i--) {
        view(world, newest_visible(world), 1); /* so that there is something to store */
        tick_badly(world);
        world->now_s += random_below(&world->random, 600);
    }
    transaction_rollback(world->other.transaction);
}

/* Most views go to few articles, as they do. */
static void read_the_paper(struct world *world)
{
    int readers = (int)random_below(&world->random, 12);
    for (int i = 0; i < readers; i++) {
        int64_t range = 1 + random_below(&world->random, ARTICLES);
        int64_t id = 1 + random_below(&world->random, range);
        if (is_visible(world, &world->articles[id - 1]))
            view(world, id, 1 + (int)random_below(&world->random, 3));
    }
}

/* Forth by an hour in the evening and back an hour later, or the other way round. Scheduled
 * articles come at noon, so that none of them is unpublished by a clock that goes back. */
static int64_t clock_jump(int64_t elapsed_s, int64_t step_s)
{
    for (int day = 0; day < 7; day++) {
        int64_t first = day * DAY + 8 * HOUR, second = day * DAY + 11 * HOUR;
        int64_t sign = day % 2 ? 1 : -1;
        if (elapsed_s < first && elapsed_s + step_s >= first)
            return sign * HOUR;
        if (elapsed_s < second && elapsed_s + step_s >= second)
            return -sign * HOUR;
    }
    return 0;
}

static void fill_world(struct world *world)
{
    world_open(world);
    world->random = random_seeded(2024);
    add_sections(world);
    for (int i = 0; i < ARTICLES; i++) {
        bool is_scheduled = i % 20 == 0;
        struct model_article *article =
            add_article(world, 1 + (int)random_below(&world->random, SECTIONS),
                        is_scheduled ? PAPER_NOW + (1 + i / 20 % 6) * DAY
                                     : PAPER_NOW - random_below(&world->random, 60 * DAY));
        article->most_read = i % 13 != 0;
    }
    import_changed(world);
    load(world);
}

static void every_list_of_a_week_is_exact(void **state)
{
    (void)state;
    static struct world world;
    int64_t elapsed_s = 0;
    int hours = 0;
    fill_world(&world);
    for (int64_t turn = 0; elapsed_s < 7 * DAY; turn++) {
        read_the_paper(&world);
        if (random_below(&world.random, 20) == 0)
            change_an_article(&world);
        if (random_below(&world.random, 25) == 0)
            import_some_hours(&world);
        bool failed = random_below(&world.random, 60) == 0;
        if (failed)
            fail_for_a_while(&world);
        int64_t kept = stored_hour(&world);
        check_status("tick", housekeeping_run(&world.tick, world.paper.transaction, world.now_s),
                     STATUS_OK);
        tick_well(&world);
        check_rankings(&world);
        if (stored_hour(&world) > kept && !failed) {
            check_hour(&world, stored_hour(&world));
            hours++;
        }
        if (random_below(&world.random, 100) == 0)
            restart(&world);
        int64_t step_s = 1 + random_below(&world.random, turn % 10 ? 400 : 2500);
        int64_t jump_s = clock_jump(elapsed_s, step_s);
        world.now_s += jump_s ? jump_s : step_s;
        elapsed_s += step_s;
    }
    check_true("most hours were kept", hours > 140);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_list_of_a_week_is_exact),
    };
    return cmocka_run_group_tests_name("service/simulated_week", tests, NULL, NULL);
}
