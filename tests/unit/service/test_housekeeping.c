/* The rankings are exact: every tick is held against a naive count over a log of all views, by the
 * rule of docs/API.md. Time is a parameter, so a week passes in a moment. */
#include "service/housekeeping.h"

#include "newsroom/save_article.h"
#include "paper.h"
#include "store/rankings.h"
#include "store/views.h"

#include <math.h>

enum {
    ARTICLES = 200,
    SECTIONS = 5,
    PENDING_MAX = 100000,
    EVENTS_MAX = 100000,
    SHORT_TIMEOUT_MS = 10,
    HOUR = 3600,
    DAY = 86400,
    HALF_LIFE_S = 6 * HOUR,
    TRENDING_LEAST = 3,
    HISTORY_S = 100 * DAY,
};

/* The windows as docs/API.md has them. */
static const struct {
    enum window window;
    int64_t length_s, step_s;
} windows[] = {
    {WINDOW_1H, HOUR, 150},     {WINDOW_6H, 6 * HOUR, 150},   {WINDOW_24H, DAY, HOUR},
    {WINDOW_7D, 7 * DAY, HOUR}, {WINDOW_30D, 30 * DAY, HOUR}, {WINDOW_ALL, 0, 0},
};

/* An article as the model knows it. */
struct model_article {
    int64_t id;
    int section; /* from 1; its id in the database */
    int64_t published_at;
    bool most_read, withdrawn;
    bool changed; /* its line is to be imported */
};

struct event {
    int64_t article_id, at, views;
};

/* A server's writer, a second process that imports, and what should come of both. */
struct world {
    struct paper paper, other;
    struct pending_views *counts;
    struct published_ranking *published;
    struct ranking *ranking;
    struct ranking_rules rules;
    atomic_bool storing;
    struct housekeeping tick;
    int64_t now_s;
    struct model_article articles[ARTICLES];
    int articles_len;
    struct event *stored, *pending;
    size_t stored_len, pending_len;
    struct random random;
};

static void load(struct world *world)
{
    check_status("showcase", published_ranking_open(&world->published), STATUS_OK);
    check_status("ranking", ranking_open(world->published, &world->rules, &world->ranking),
                 STATUS_OK);
    world->tick = (struct housekeeping){.views = world->counts,
                                        .sync = {.ranking = world->ranking},
                                        .storing = &world->storing,
                                        .history_s = HISTORY_S};
    check_status("load", housekeeping_load(&world->tick, world->paper.transaction, world->now_s),
                 STATUS_OK);
}

static void unload(struct world *world)
{
    ranking_close(world->ranking);
    published_ranking_close(world->published);
}

static void quicken(const struct paper *paper)
{
    check_status("pragma", db_run(paper->db, "PRAGMA synchronous = OFF"), STATUS_OK);
}

static void world_open(struct world *world)
{
    struct fault fault = {.field = ""};
    *world =
        (struct world){.now_s = PAPER_NOW + 77,
                       .random = {2024},
                       .rules = {.half_life_s = HALF_LIFE_S, .trending_least = TRENDING_LEAST}};
    paper_open(&world->paper);
    world->other = world->paper;
    check_done("other",
               transaction_open(&world->paper.config, &world->other.transaction, NULL, &fault),
               &fault);
    world->other.db = transaction_db(world->other.transaction);
    quicken(&world->paper);
    quicken(&world->other);
    atomic_init(&world->storing, true);
    check_status("counts", pending_views_open(PENDING_MAX, &world->counts), STATUS_OK);
    world->stored = calloc(EVENTS_MAX, sizeof *world->stored);
    world->pending = calloc(EVENTS_MAX, sizeof *world->pending);
    assert_non_null(world->stored);
    assert_non_null(world->pending);
}

static void world_close(struct world *world)
{
    unload(world);
    pending_views_close(world->counts);
    transaction_close(world->other.transaction);
    paper_close(&world->paper);
    free(world->stored);
    free(world->pending);
}

static void add_sections(struct world *world)
{
    char lines[SECTIONS * 64 + 1];
    size_t len = 0;
    for (int i = 1; i <= SECTIONS; i++)
        len += (size_t)snprintf(lines + len, sizeof lines - len,
                                "{\"type\":\"section\",\"slug\":\"s%d\",\"name\":\"S\"}\n", i);
    paper_import(&world->other, lines);
}

static void put_line(const struct model_article *article, struct buf *lines)
{
    buf_format(lines,
               "{\"type\":\"article\",\"slug\":\"a%lld\",\"section\":\"s%d\",\"headline\":\"H\","
               "\"body\":\"B\",\"status\":\"%s\",\"most_read\":%s,\"published_at\":\"",
               (long long)article->id, article->section,
               article->withdrawn ? "withdrawn" : "published",
               article->most_read ? "true" : "false");
    instant_format(article->published_at, lines);
    buf_text(lines, "\"}\n");
}

/* Another process imports the articles that changed. */
static void import_changed(struct world *world)
{
    struct buf lines;
    buf_init(&lines, 1024 * 1024);
    for (int i = 0; i < world->articles_len; i++) {
        if (world->articles[i].changed)
            put_line(&world->articles[i], &lines);
        world->articles[i].changed = false;
    }
    paper_import_at(&world->other, buf_string(&lines), world->now_s);
    buf_release(&lines);
}

static struct model_article *add_article(struct world *world, int section, int64_t published_at)
{
    struct model_article *article = &world->articles[world->articles_len++];
    *article = (struct model_article){.id = world->articles_len,
                                      .section = section,
                                      .published_at = published_at,
                                      .most_read = true,
                                      .changed = true};
    return article;
}

static bool is_visible(const struct world *world, const struct model_article *article)
{
    return !article->withdrawn && article->published_at <= world->now_s;
}

static void view(struct world *world, int64_t article_id, int times)
{
    for (int i = 0; i < times; i++) {
        check_status("a view",
                     pending_views_add(world->counts, article_id, VERDICT_COUNTED, world->now_s),
                     STATUS_OK);
        assert_true(world->pending_len < EVENTS_MAX);
        world->pending[world->pending_len++] =
            (struct event){.article_id = article_id, .at = world->now_s, .views = 1};
    }
}

/* Another process says what an hour counts. */
static void set_hour(struct world *world, int64_t article_id, int64_t hour, int64_t count)
{
    enum saved saved = SAVED_SAME;
    struct db *db = world->other.db;
    check_status("set", views_set_hour(db, article_id, hour, count, world->now_s, &saved),
                 STATUS_OK);
    if (saved == SAVED_SAME)
        return;
    check_status("note", article_note_change(db, article_id), STATUS_OK);
    size_t kept = 0;
    for (size_t i = 0; i < world->stored_len; i++) {
        const struct event *event = &world->stored[i];
        if (event->article_id != article_id || event->at < hour || event->at >= hour + HOUR)
            world->stored[kept++] = *event;
    }
    world->stored_len = kept;
    assert_true(world->stored_len < EVENTS_MAX);
    world->stored[world->stored_len++] =
        (struct event){.article_id = article_id, .at = hour, .views = count};
}

static void import_hour(struct world *world, int64_t article_id, int64_t hour, int64_t count)
{
    paper_begin_write(&world->other);
    set_hour(world, article_id, hour, count);
    paper_commit(&world->other);
}

static void tick_well(struct world *world)
{
    check_status("tick", housekeeping_run(&world->tick, world->paper.transaction, world->now_s),
                 STATUS_OK);
    check_true("storing", atomic_load(&world->storing));
    for (size_t i = 0; i < world->pending_len; i++) {
        assert_true(world->stored_len < EVENTS_MAX);
        world->stored[world->stored_len++] = world->pending[i];
    }
    world->pending_len = 0;
}

/* A tick while another process holds the write lock. */
static void tick_badly(struct world *world)
{
    transaction_set_timeout(world->paper.transaction, SHORT_TIMEOUT_MS);
    check_status("tick", housekeeping_run(&world->tick, world->paper.transaction, world->now_s),
                 STATUS_BUSY);
    check_true("not storing", !atomic_load(&world->storing));
    transaction_set_timeout(world->paper.transaction, 10000);
}

/* One line of the list that should be. */
struct line {
    int64_t id, views, published_at;
};

static int compare_lines(const void *left, const void *right)
{
    const struct line *a = left, *b = right;
    if (a->views != b->views)
        return a->views > b->views ? -1 : 1;
    if (a->published_at != b->published_at)
        return a->published_at > b->published_at ? -1 : 1;
    return a->id > b->id ? -1 : 1;
}

static int64_t floor_to(int64_t at, int64_t step_s)
{
    return at - ((at % step_s) + step_s) % step_s;
}

/* What each article's views from `begin` on and before `end` should be, by its id. */
static void sum_views(const struct world *world, int64_t begin, int64_t end, int64_t *sums)
{
    memset(sums, 0, (ARTICLES + 1) * sizeof *sums);
    for (size_t i = 0; i < world->stored_len; i++) {
        if (world->stored[i].at >= begin && world->stored[i].at < end)
            sums[world->stored[i].article_id] += world->stored[i].views;
    }
}

static void sum_window(const struct world *world, size_t window, int64_t *sums)
{
    int64_t step_s = windows[window].step_s, floor_s = step_s ? floor_to(world->now_s, step_s) : 0;
    if (step_s > 0)
        sum_views(world, floor_s - windows[window].length_s, floor_s + step_s, sums);
    else
        sum_views(world, INT64_MIN, INT64_MAX, sums);
}

/* The list that should be of those sums; returns its length. */
static size_t make_lines(const struct world *world, int section, int64_t now_s, bool aged,
                         const int64_t *sums, struct line *lines)
{
    size_t len = 0;
    int64_t since = aged && world->rules.max_age_s ? now_s - world->rules.max_age_s : INT64_MIN;
    for (int i = 0; i < world->articles_len; i++) {
        const struct model_article *article = &world->articles[i];
        if (!article->withdrawn && article->published_at <= now_s &&
            article->published_at >= since && article->most_read && sums[article->id] > 0 &&
            (section == 0 || article->section == section))
            lines[len++] = (struct line){article->id, sums[article->id], article->published_at};
    }
    qsort(lines, len, sizeof lines[0], compare_lines);
    return len < RANKED_MAX ? len : RANKED_MAX;
}

static void check_list(const struct world *world, const struct snapshot *snapshot, size_t window,
                       int section, const int64_t *sums)
{
    struct line lines[ARTICLES];
    size_t got_len, len = make_lines(world, section, world->now_s, true, sums, lines);
    char name[80];
    const struct ranked *got = snapshot_best(snapshot, windows[window].window, section, &got_len);
    for (size_t i = 0; i < len || i < got_len; i++) {
        snprintf(name, sizeof name, "%lld s in: window %s, section %d, place %zu",
                 (long long)(world->now_s - PAPER_NOW), window_name(windows[window].window),
                 section, i + 1);
        check_number(name, i < got_len ? got[i].article_id : 0, i < len ? lines[i].id : 0);
        check_number(name, got[i].views, lines[i].views);
    }
}

/* What each article's views of seven days are worth now, each hour's halved again and again. */
static void sum_decayed(const struct world *world, double *scores)
{
    int64_t hour = floor_to(world->now_s, HOUR);
    memset(scores, 0, (ARTICLES + 1) * sizeof *scores);
    for (size_t i = 0; i < world->stored_len; i++) {
        const struct event *event = &world->stored[i];
        int64_t age_s = hour - floor_to(event->at, HOUR);
        if (age_s >= 0 && age_s <= 7 * DAY)
            scores[event->article_id] +=
                (double)event->views * exp2(-(double)age_s / (double)HALF_LIFE_S);
    }
}

/* Those and only those that have enough views in 24 hours, the best first: as exactly as fractions
 * of a view seven days ago allow. */
static void check_trending(const struct world *world, const struct snapshot *snapshot, int section,
                           const int64_t *of_day, const double *scores)
{
    struct line lines[ARTICLES];
    size_t got_len, eligible = 0,
                    len = make_lines(world, section, world->now_s, false, of_day, lines);
    char name[80];
    const struct ranked *got = snapshot_best(snapshot, CHART_TRENDING, section, &got_len);
    snprintf(name, sizeof name, "%lld s in: trending in section %d",
             (long long)(world->now_s - PAPER_NOW), section);
    for (size_t i = 0; i < len; i++)
        eligible += lines[i].views >= TRENDING_LEAST;
    check_number(name, (int64_t)got_len, (int64_t)eligible);
    for (size_t i = 0; i < got_len; i++) {
        check_number(name, got[i].views, of_day[got[i].article_id]);
        check_true(name, got[i].views >= TRENDING_LEAST);
        if (i > 0)
            check_true(name, scores[got[i - 1].article_id] * 1.000001 >= scores[got[i].article_id]);
    }
}

static void check_rankings(const struct world *world)
{
    static int64_t sums[ARTICLES + 1];
    static double scores[ARTICLES + 1];
    const struct snapshot *snapshot = published_ranking_ref(world->published);
    sum_decayed(world, scores);
    for (size_t window = 0; window < COUNT(windows); window++) {
        sum_window(world, window, sums);
        for (int section = 0; section <= SECTIONS; section++) {
            check_list(world, snapshot, window, section, sums);
            if (windows[window].window == WINDOW_24H)
                check_trending(world, snapshot, section, sums, scores);
        }
    }
    published_ranking_unref(world->published, snapshot);
}

/* The newest hour that is stored; 0 when none is. */
static int64_t stored_hour(const struct world *world)
{
    int64_t hour = 0;
    enum status status = rankings_hour(world->other.db, world->now_s, &hour);
    check_true("an hour", status == STATUS_OK || status == STATUS_ABSENT);
    return hour;
}

/* What is stored of a whole hour is every sliding window of the views before it. */
static void check_hour(const struct world *world, int64_t hour)
{
    static int64_t sums[ARTICLES + 1];
    for (size_t window = 0; windows[window].step_s > 0; window++) {
        sum_views(world, hour - windows[window].length_s, hour, sums);
        for (int section = 0; section <= SECTIONS; section++) {
            struct line lines[ARTICLES];
            struct stored_rank got[RANKINGS_MAX];
            size_t got_len, len = make_lines(world, section, hour, true, sums, lines);
            char name[80];
            snprintf(name, sizeof name, "hour %lld: window %s, section %d",
                     (long long)(hour - PAPER_NOW) / HOUR, window_name(windows[window].window),
                     section);
            check_status(name,
                         rankings_read(world->other.db, hour, section,
                                       window_name(windows[window].window), got, &got_len),
                         STATUS_OK);
            check_number(name, (int64_t)got_len,
                         (int64_t)(len < RANKINGS_MAX ? len : RANKINGS_MAX));
            for (size_t i = 0; i < got_len; i++) {
                check_number(name, got[i].article_id, lines[i].id);
                check_number(name, got[i].views, lines[i].views);
            }
        }
    }
}

static void restart(struct world *world)
{
    unload(world);
    paper_again(&world->paper);
    quicken(&world->paper);
    load(world);
}

/* Ten articles in two sections, published a month ago, and a server that has started. */
static void small_world(struct world *world)
{
    world_open(world);
    add_sections(world);
    for (int i = 0; i < 10; i++)
        add_article(world, i % 2 + 1, PAPER_NOW - 30 * DAY + i);
    import_changed(world);
    load(world);
}

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

/* Whoever waits for a scheduled article's time moves nothing: no count changed. */
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

static void an_article_leaves_every_list_of_its_old_section(void **state)
{
    (void)state;
    struct world world;
    small_world(&world);
    for (int i = 1; i <= 10; i++)
        view(&world, i, i);
    tick_well(&world);
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
    small_world(&world);
    for (int i = 1; i <= 10; i++)
        view(&world, i, i);
    tick_well(&world);
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
    small_world(&world);
    for (int i = 1; i <= 10; i++)
        view(&world, i, i);
    tick_well(&world);
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
    small_world(&world);
    for (int i = 1; i <= 10; i++)
        view(&world, i, i);
    tick_well(&world);
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
    small_world(&world);
    for (int i = 1; i <= 10; i++)
        view(&world, i, i);
    tick_well(&world);
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
        cmocka_unit_test(views_are_ranked_and_stored_by_the_next_tick),
        cmocka_unit_test(nothing_is_written_or_published_when_nothing_happened),
        cmocka_unit_test(a_time_to_come_does_not_move_as_of),
        cmocka_unit_test(a_store_that_fails_loses_nothing),
        cmocka_unit_test(changes_before_a_store_that_fails_are_seen_afterwards),
        cmocka_unit_test(a_leap_of_the_clock_leaves_no_view_behind),
        cmocka_unit_test(a_clock_that_leaps_and_comes_back_changes_nothing),
        cmocka_unit_test(an_article_past_its_age_leaves_most_read),
        cmocka_unit_test(an_hour_is_kept_and_shown_as_the_previous),
        cmocka_unit_test(ticks_remove_what_is_past_its_time),
        cmocka_unit_test(views_that_waited_for_hours_count_in_their_own_time),
        cmocka_unit_test(an_article_leaves_every_list_of_its_old_section),
        cmocka_unit_test(an_article_of_old_leaves_every_list_of_its_old_section),
        cmocka_unit_test(a_withdrawn_article_leaves_and_comes_back),
        cmocka_unit_test(views_that_are_taken_back_leave_every_list),
        cmocka_unit_test(a_scheduled_article_is_ranked_from_its_time_on),
        cmocka_unit_test(a_scheduled_article_is_ranked_after_a_start),
        cmocka_unit_test(many_changes_at_once_are_all_seen),
        cmocka_unit_test(every_list_of_a_week_is_exact),
    };
    return cmocka_run_group_tests_name("service/housekeeping", tests, NULL, NULL);
}
