/* A tick of housekeeping: it stores views, publishes exact rankings, survives a failed store and a
 * clock that jumps, and removes old rows. */
#include "ranking_model.h"

static void views_are_ranked_and_stored_by_the_next_tick(void **state)
{
    (void)state;
    struct world world;
    small_world(&world);
    check_rankings(&world);
    view(&world, 3, 5);
    view(&world, 4, 2);
    view(&world, 8, 2);
    tick_well(&world);
    check_rankings(&world);
    check_number("stored", paper_number(&world.paper, "SELECT sum(count) FROM view_slots"), 9);
    check_number("stored", paper_number(&world.paper, "SELECT sum(count) FROM view_hours"), 9);
    check_number("stored", paper_number(&world.paper, "SELECT sum(total) FROM view_totals"), 9);
    world_close(&world);
}

static void nothing_is_written_or_published_when_nothing_happened(void **state)
{
    (void)state;
    struct world world;
    int64_t before, after;
    small_world(&world);
    view(&world, 3, 5);
    tick_well(&world);
    const struct snapshot *snapshot = published_ranking_ref(world.published);
    check_status("version", db_number(world.other.db, "PRAGMA data_version", &before), STATUS_OK);
    for (int i = 0; i < 10; i++) {
        world.now_s++;
        tick_well(&world);
    }
    const struct snapshot *later = published_ranking_ref(world.published);
    check_status("version", db_number(world.other.db, "PRAGMA data_version", &after), STATUS_OK);
    check_number("written", after, before);
    check_true("the same rankings", later == snapshot);
    check_number("as of", later->as_of, PAPER_NOW + 77);
    published_ranking_unref(world.published, later);
    published_ranking_unref(world.published, snapshot);
    world_close(&world);
}

static void a_store_that_fails_loses_nothing(void **state)
{
    (void)state;
    struct world world;
    small_world(&world);
    view(&world, 3, 5);
    tick_well(&world);
    paper_begin_write(&world.other);
    const struct snapshot *before = published_ranking_ref(world.published);
    for (int i = 0; i < 4; i++) {
        view(&world, 4 + i, 3);
        tick_badly(&world);
        world.now_s += 100;
    }
    const struct snapshot *after = published_ranking_ref(world.published);
    check_true("no ranking of what is not stored", before == after);
    published_ranking_unref(world.published, before);
    published_ranking_unref(world.published, after);
    transaction_rollback(world.other.transaction);
    view(&world, 9, 1);
    /* The batch that failed is stored first, what came since by the tick behind it. */
    check_status("tick", housekeeping_run(&world.tick, world.paper.transaction, world.now_s),
                 STATUS_OK);
    tick_well(&world);
    check_rankings(&world);
    check_number("stored", paper_number(&world.paper, "SELECT sum(count) FROM view_hours"), 18);
    restart(&world);
    check_rankings(&world);
    world_close(&world);
}

/* The tick that could not write had looked at the changes already. */
static void changes_before_a_store_that_fails_are_seen_afterwards(void **state)
{
    (void)state;
    struct world world;
    small_world(&world);
    view(&world, 3, 5);
    tick_well(&world);
    import_hour(&world, 5, PAPER_NOW, 40);
    uint32_t epoch = versions_epoch(world.tick.sync.versions);
    paper_begin_write(&world.other);
    tick_badly(&world);
    tick_badly(&world);
    transaction_rollback(world.other.transaction);
    tick_well(&world);
    tick_well(&world);
    check_number("one that is known", versions_epoch(world.tick.sync.versions), epoch);
    check_rankings(&world);
    world_close(&world);
}

/* A machine that slept, or a strict import that held the lock for hours. */
static void a_leap_of_the_clock_leaves_no_view_behind(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t leap_s;
    } cases[] = {
        {"half an hour", HOUR / 2}, {"an hour", HOUR},         {"an hour and a slot", HOUR + 150},
        {"three hours", 3 * HOUR},  {"eight hours", 8 * HOUR}, {"two days", 2 * DAY},
        {"ten days", 10 * DAY},     {"forty days", 40 * DAY},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world world;
        print_message("%s\n", cases[i].name);
        small_world(&world);
        for (int slot = 0; slot < 200; slot++) {
            view(&world, slot % 10 + 1, 1 + slot % 3);
            tick_well(&world);
            world.now_s += 150;
        }
        world.now_s += cases[i].leap_s;
        view(&world, 2, 1);
        tick_well(&world);
        check_rankings(&world);
        world_close(&world);
    }
}

/* Decades either way, views counted there, and back: every list is as if nothing had been. */
static void a_clock_that_leaps_and_comes_back_changes_nothing(void **state)
{
    (void)state;
    static const int64_t leaps_s[] = {HOUR, 8 * HOUR, 40 * DAY, INT64_C(30) * 365 * DAY};
    for (size_t i = 0; i < 2 * COUNT(leaps_s); i++) {
        struct world world;
        int64_t leap_s = leaps_s[i / 2] * (i % 2 ? 1 : -1);
        print_message("%lld s\n", (long long)leap_s);
        small_world(&world);
        for (int slot = 0; slot < 200; slot++) {
            view(&world, slot % 10 + 1, 1 + slot % 3);
            tick_well(&world);
            world.now_s += 150;
        }
        world.now_s += leap_s;
        for (int tick = 0; tick < 50; tick++) {
            view(&world, tick % 3 + 1, 1);
            tick_well(&world);
            check_rankings(&world);
            world.now_s += 60;
        }
        world.now_s -= leap_s;
        tick_well(&world);
        check_rankings(&world);
        view(&world, 4, 5);
        tick_well(&world);
        check_rankings(&world);
        restart(&world);
        tick_well(&world);
        check_rankings(&world);
        world_close(&world);
    }
}

/* The places an hour ago are those of the last hour that was stored. */
static void an_hour_is_kept_and_shown_as_the_previous(void **state)
{
    (void)state;
    struct world world;
    size_t len;
    small_world(&world);
    view(&world, 3, 5);
    view(&world, 4, 4);
    tick_well(&world);
    check_number("the hour under way", stored_hour(&world), PAPER_NOW);
    world.now_s = PAPER_NOW + HOUR;
    view(&world, 4, 3); /* counts in the next hour */
    tick_well(&world);
    check_number("the next", stored_hour(&world), PAPER_NOW + HOUR);
    check_hour(&world, PAPER_NOW + HOUR);
    for (int start = 0; start < 2; start++) {
        const struct snapshot *snapshot = published_ranking_ref(world.published);
        assert_non_null(snapshot->previous);
        check_number("of", snapshot->previous->as_of, PAPER_NOW + HOUR);
        const struct ranked *before = snapshot_best(snapshot->previous, WINDOW_24H, 0, &len);
        check_number("then", (int64_t)len, 2);
        check_number("first then", before[0].article_id, 3);
        check_number("first now", snapshot_best(snapshot, WINDOW_24H, 0, &len)[0].article_id, 4);
        published_ranking_unref(world.published, snapshot);
        restart(&world);
        tick_well(&world);
    }
    world.now_s -= 10 * HOUR;
    tick_well(&world);
    check_number("as it was",
                 paper_number(&world.paper, "SELECT count(*) FROM rankings WHERE chart = '24h' "
                                            "AND section_id = 0"),
                 3);
    world_close(&world);
}

/* What is past its time goes a little with each tick, and no window misses it. */
static void ticks_remove_what_is_past_its_time(void **state)
{
    (void)state;
    struct world world;
    small_world(&world);
    for (int slot = 0; slot < 300; slot++) {
        for (int id = 1; id <= 10; id++)
            view(&world, id, 1);
        tick_well(&world);
        world.now_s += 150;
    }
    check_at_most("slots", paper_number(&world.paper, "SELECT count(*) FROM view_slots"),
                  10 * (10 * HOUR / 150 + 1));
    for (int days = 1; days <= 100; days += 99) {
        world.now_s += days * DAY;
        for (int hour = 0; hour < 25; hour++) {
            view(&world, 1, 1);
            tick_well(&world);
            check_rankings(&world);
            world.now_s += HOUR;
        }
    }
    check_true("packed days", paper_number(&world.paper, "SELECT count(*) FROM view_days") > 0);
    check_number("all hours",
                 paper_number(&world.paper, "SELECT sum(value) FROM view_days, "
                                            "json_each(hours)") +
                     paper_number(&world.paper, "SELECT sum(count) FROM view_hours"),
                 paper_number(&world.paper, "SELECT sum(total) FROM view_totals"));
    world_close(&world);
}

/* Views wait in memory while another process holds the lock for hours. */
static void views_that_waited_for_hours_count_in_their_own_time(void **state)
{
    (void)state;
    struct world world;
    small_world(&world);
    paper_begin_write(&world.other);
    for (int slot = 0; slot < 200; slot++) {
        view(&world, slot % 10 + 1, 1);
        world.now_s += 150;
    }
    tick_badly(&world);
    transaction_rollback(world.other.transaction);
    tick_well(&world);
    check_rankings(&world);
    world_close(&world);
}

static void many_changes_at_once_are_all_seen(void **state)
{
    (void)state;
    struct world world;
    small_world(&world);
    paper_begin_write(&world.other);
    for (int i = 0; i < 5000; i++)
        set_hour(&world, i % 10 + 1, PAPER_NOW - i % 500 * HOUR, 1 + i % 7);
    paper_commit(&world.other);
    uint32_t epoch = versions_epoch(world.tick.sync.versions);
    for (int i = 0; i < 4; i++)
        tick_well(&world);
    check_number("and no other program's", versions_epoch(world.tick.sync.versions), epoch);
    check_rankings(&world);
    check_number("left", paper_number(&world.paper, "SELECT count(*) FROM changes"), 0);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views_are_ranked_and_stored_by_the_next_tick),
        cmocka_unit_test(nothing_is_written_or_published_when_nothing_happened),
        cmocka_unit_test(a_store_that_fails_loses_nothing),
        cmocka_unit_test(changes_before_a_store_that_fails_are_seen_afterwards),
        cmocka_unit_test(a_leap_of_the_clock_leaves_no_view_behind),
        cmocka_unit_test(a_clock_that_leaps_and_comes_back_changes_nothing),
        cmocka_unit_test(an_hour_is_kept_and_shown_as_the_previous),
        cmocka_unit_test(ticks_remove_what_is_past_its_time),
        cmocka_unit_test(views_that_waited_for_hours_count_in_their_own_time),
        cmocka_unit_test(many_changes_at_once_are_all_seen),
    };
    return cmocka_run_group_tests_name("service/housekeeping", tests, NULL, NULL);
}
