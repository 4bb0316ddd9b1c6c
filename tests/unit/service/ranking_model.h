/* A model of the rankings: the writer of a server, a second process that imports, and a log of all
 * views. Every list is compared with a naive count over that log, by the rule of docs/API.md. Time
 * is a parameter. */
#ifndef KHOBOR_TESTS_RANKING_MODEL_H
#define KHOBOR_TESTS_RANKING_MODEL_H

#include "newsroom/save_article.h"
#include "paper.h"
#include "service/housekeeping.h"
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

/* A server's writer, a second process that imports, and what both should result in. */
struct world {
    struct paper paper, other;
    struct pending_views *counts;
    struct published_ranking *published;
    struct ranking *ranking;
    struct ranking_rules rules;
    struct health health;
    struct housekeeping tick;
    int64_t now_s;
    struct model_article articles[ARTICLES];
    int articles_len;
    struct event *stored, *pending;
    size_t stored_len, pending_len;
    struct random random; /* of the simulated week */
};

static inline void load(struct world *world)
{
    check_status("published ranking", published_ranking_open(&world->published), STATUS_OK);
    check_status("ranking", ranking_open(world->published, &world->rules, &world->ranking),
                 STATUS_OK);
    world->tick = (struct housekeeping){.views = world->counts,
                                        .sync = {.ranking = world->ranking},
                                        .health = &world->health,
                                        .history_s = HISTORY_S};
    check_status("load", housekeeping_load(&world->tick, world->paper.transaction, world->now_s),
                 STATUS_OK);
}

static inline void unload(struct world *world)
{
    ranking_close(world->ranking);
    published_ranking_close(world->published);
}

static inline void quicken(const struct paper *paper)
{
    check_status("pragma", db_run(paper->db, "PRAGMA synchronous = OFF"), STATUS_OK);
}

static inline void world_open(struct world *world)
{
    struct fault fault = {.field = ""};
    *world =
        (struct world){.now_s = PAPER_NOW + 77,
                       .rules = {.half_life_s = HALF_LIFE_S, .trending_least = TRENDING_LEAST}};
    paper_open(&world->paper);
    world->other = world->paper;
    check_done("other",
               transaction_open(&world->paper.config, &world->other.transaction, NULL, &fault),
               &fault);
    world->other.db = transaction_db(world->other.transaction);
    quicken(&world->paper);
    quicken(&world->other);
    check_status("counts", pending_views_open(PENDING_MAX, &world->counts), STATUS_OK);
    world->stored = calloc(EVENTS_MAX, sizeof *world->stored);
    world->pending = calloc(EVENTS_MAX, sizeof *world->pending);
    assert_non_null(world->stored);
    assert_non_null(world->pending);
}

static inline void world_close(struct world *world)
{
    unload(world);
    pending_views_close(world->counts);
    transaction_close(world->other.transaction);
    paper_close(&world->paper);
    free(world->stored);
    free(world->pending);
}

static inline void add_sections(struct world *world)
{
    char lines[SECTIONS * 64 + 1];
    size_t len = 0;
    for (int i = 1; i <= SECTIONS; i++)
        len += (size_t)snprintf(lines + len, sizeof lines - len,
                                "{\"type\":\"section\",\"slug\":\"s%d\",\"name\":\"S\"}\n", i);
    paper_import(&world->other, lines);
}

static inline void put_line(const struct model_article *article, struct buf *lines)
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
static inline void import_changed(struct world *world)
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

static inline struct model_article *add_article(struct world *world, int section,
                                                int64_t published_at)
{
    struct model_article *article = &world->articles[world->articles_len++];
    *article = (struct model_article){.id = world->articles_len,
                                      .section = section,
                                      .published_at = published_at,
                                      .most_read = true,
                                      .changed = true};
    return article;
}

static inline void view(struct world *world, int64_t article_id, int times)
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
static inline void set_hour(struct world *world, int64_t article_id, int64_t hour, int64_t count)
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

static inline void import_hour(struct world *world, int64_t article_id, int64_t hour, int64_t count)
{
    paper_begin_write(&world->other);
    set_hour(world, article_id, hour, count);
    paper_commit(&world->other);
}

static inline void tick_well(struct world *world)
{
    check_status("tick", housekeeping_run(&world->tick, world->paper.transaction, world->now_s),
                 STATUS_OK);
    check_true("storing", !health_has(&world->health, PROBLEM_STORING));
    for (size_t i = 0; i < world->pending_len; i++) {
        assert_true(world->stored_len < EVENTS_MAX);
        world->stored[world->stored_len++] = world->pending[i];
    }
    world->pending_len = 0;
}

/* A tick while another process holds the write lock. */
static inline void tick_badly(struct world *world)
{
    transaction_set_timeout(world->paper.transaction, SHORT_TIMEOUT_MS);
    check_status("tick", housekeeping_run(&world->tick, world->paper.transaction, world->now_s),
                 STATUS_BUSY);
    check_true("not storing", health_has(&world->health, PROBLEM_STORING));
    transaction_set_timeout(world->paper.transaction, 10000);
}

/* One line of the list that should be. */
struct line {
    int64_t id, views, published_at;
};

static inline int compare_lines(const void *left, const void *right)
{
    const struct line *a = left, *b = right;
    if (a->views != b->views)
        return a->views > b->views ? -1 : 1;
    if (a->published_at != b->published_at)
        return a->published_at > b->published_at ? -1 : 1;
    return a->id > b->id ? -1 : 1;
}

static inline int64_t floor_to(int64_t at, int64_t step_s)
{
    return at - ((at % step_s) + step_s) % step_s;
}

/* What each article's views from `begin` on and before `end` should be, by its id. */
static inline void sum_views(const struct world *world, int64_t begin, int64_t end, int64_t *sums)
{
    memset(sums, 0, (ARTICLES + 1) * sizeof *sums);
    for (size_t i = 0; i < world->stored_len; i++) {
        if (world->stored[i].at >= begin && world->stored[i].at < end)
            sums[world->stored[i].article_id] += world->stored[i].views;
    }
}

static inline void sum_window(const struct world *world, size_t window, int64_t *sums)
{
    int64_t step_s = windows[window].step_s, floor_s = step_s ? floor_to(world->now_s, step_s) : 0;
    if (step_s > 0)
        sum_views(world, floor_s - windows[window].length_s, floor_s + step_s, sums);
    else
        sum_views(world, INT64_MIN, INT64_MAX, sums);
}

/* The list that should be of those sums; returns its length. */
static inline size_t make_lines(const struct world *world, int section, int64_t now_s, bool aged,
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

static inline void check_list(const struct world *world, const struct snapshot *snapshot,
                              size_t window, int section, const int64_t *sums)
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
static inline void sum_decayed(const struct world *world, double *scores)
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
static inline void check_trending(const struct world *world, const struct snapshot *snapshot,
                                  int section, const int64_t *of_day, const double *scores)
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

static inline void check_rankings(const struct world *world)
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
static inline int64_t stored_hour(const struct world *world)
{
    int64_t hour = 0;
    enum status status = rankings_hour(world->other.db, world->now_s, &hour);
    check_true("an hour", status == STATUS_OK || status == STATUS_ABSENT);
    return hour;
}

/* What is stored of a whole hour is every sliding window of the views before it. */
static inline void check_hour(const struct world *world, int64_t hour)
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

static inline void restart(struct world *world)
{
    unload(world);
    paper_again(&world->paper);
    quicken(&world->paper);
    load(world);
}

/* Ten articles in two sections, published a month ago, and a server that has started. */
static inline void small_world(struct world *world)
{
    world_open(world);
    add_sections(world);
    for (int i = 0; i < 10; i++)
        add_article(world, i % 2 + 1, PAPER_NOW - 30 * DAY + i);
    import_changed(world);
    load(world);
}

/* The same, with each article viewed as often as its number says, and ranked. */
static inline void small_world_read(struct world *world)
{
    small_world(world);
    for (int i = 1; i <= 10; i++)
        view(world, i, i);
    tick_well(world);
}

#endif
