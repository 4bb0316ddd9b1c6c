/* Changes of articles and of their views: the rankings follow, list by list. */
#include "ranking_model.h"

/* Waiting for a scheduled article's time changes no count, and so not the time of the ranking. */
static void a_time_to_come_does_not_move_as_of(void **state)
{
    (void)state;
    struct world world;
    small_world(&world);
    world.articles[0].published_at = world.now_s + 10 * HOUR;
    world.articles[0].changed = true;
    import_changed(&world);
    import_hour(&world, 1, PAPER_NOW - HOUR, 7);
    view(&world, 2, 1);
    tick_well(&world);
    int64_t changed_at = world.now_s;
    for (int i = 0; i < 5; i++) {
        world.now_s++;
        tick_well(&world);
    }
    const struct snapshot *snapshot = published_ranking_ref(world.published);
    check_number("as of", snapshot->as_of, changed_at);
    published_ranking_unref(world.published, snapshot);
    world_close(&world);
}

/* An age is over for an article while nobody reads it, and not over when the clock goes back. */
static void an_article_past_its_age_leaves_most_read(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    world.rules.max_age_s = 2 * DAY;
    add_sections(&world);
    for (int i = 0; i < 10; i++)
        add_article(&world, i % 2 + 1, PAPER_NOW - 2 * DAY + (i - 3) * 1000);
    import_changed(&world);
    load(&world);
    for (int id = 1; id <= 10; id++)
        view(&world, id, id % 4 + 3);
    tick_well(&world);
    check_rankings(&world);
    for (int i = 0; i < 12; i++) {
        world.now_s += 1000;
        tick_well(&world);
        check_rankings(&world);
        if (i == 5)
            restart(&world);
    }
    world.now_s -= 6000;
    tick_well(&world);
    check_rankings(&world);
    world_close(&world);
}

static void an_article_leaves_every_list_of_its_old_section(void **state)
{
    (void)state;
    struct world world;
    small_world_read(&world);
    world.articles[0].section = 3;
    world.articles[0].changed = true;
    import_changed(&world);
    tick_well(&world);
    check_rankings(&world);
    world_close(&world);
}

/* The same for one that nobody read for a month: only the list of all time has it. */
static void an_article_of_old_leaves_every_list_of_its_old_section(void **state)
{
    (void)state;
    struct world world;
    small_world_read(&world);
    world.now_s += 20 * DAY;
    tick_well(&world);
    world.now_s += 20 * DAY;
    restart(&world);
    check_rankings(&world);
    world.articles[0].section = 3;
    world.articles[0].changed = true;
    import_changed(&world);
    tick_well(&world);
    check_rankings(&world);
    world_close(&world);
}

static void a_withdrawn_article_leaves_and_comes_back(void **state)
{
    (void)state;
    struct world world;
    small_world_read(&world);
    for (int withdrawn = 1; withdrawn >= 0; withdrawn--) {
        world.articles[4].withdrawn = withdrawn;
        world.articles[4].changed = true;
        import_changed(&world);
        tick_well(&world);
        check_rankings(&world);
    }
    for (int most_read = 0; most_read < 2; most_read++) {
        world.articles[4].most_read = most_read;
        world.articles[4].changed = true;
        import_changed(&world);
        tick_well(&world);
        check_rankings(&world);
    }
    world_close(&world);
}

/* An import that says 0 for an article's only hour takes back all that was ever counted. */
static void views_that_are_taken_back_leave_every_list(void **state)
{
    (void)state;
    struct world world;
    small_world(&world);
    import_hour(&world, 5, PAPER_NOW - 2 * HOUR, 40);
    import_hour(&world, 6, PAPER_NOW - 2 * HOUR, 30);
    tick_well(&world);
    check_rankings(&world);
    import_hour(&world, 5, PAPER_NOW - 2 * HOUR, 0);
    tick_well(&world);
    check_rankings(&world);
    world_close(&world);
}

/* An article that had views and gets a new time: it comes in again at its minute, by itself. */
static void a_scheduled_article_is_ranked_from_its_time_on(void **state)
{
    (void)state;
    struct world world;
    small_world_read(&world);
    world.articles[4].published_at = world.now_s + 1000;
    world.articles[4].changed = true;
    import_changed(&world);
    for (int i = 0; i < 5; i++) {
        tick_well(&world);
        check_rankings(&world);
        world.now_s += 300;
    }
    world_close(&world);
}

/* The same, but the server starts again before its time: no list was ever made with it. */
static void a_scheduled_article_is_ranked_after_a_start(void **state)
{
    (void)state;
    struct world world;
    small_world_read(&world);
    world.articles[4].published_at = world.now_s + 1000;
    world.articles[4].changed = true;
    import_changed(&world);
    restart(&world);
    check_rankings(&world);
    world.now_s += 1000;
    tick_well(&world);
    check_rankings(&world);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_to_come_does_not_move_as_of),
        cmocka_unit_test(an_article_past_its_age_leaves_most_read),
        cmocka_unit_test(an_article_leaves_every_list_of_its_old_section),
        cmocka_unit_test(an_article_of_old_leaves_every_list_of_its_old_section),
        cmocka_unit_test(a_withdrawn_article_leaves_and_comes_back),
        cmocka_unit_test(views_that_are_taken_back_leave_every_list),
        cmocka_unit_test(a_scheduled_article_is_ranked_from_its_time_on),
        cmocka_unit_test(a_scheduled_article_is_ranked_after_a_start),
    };
    return cmocka_run_group_tests_name("service/ranked_articles", tests, NULL, NULL);
}
