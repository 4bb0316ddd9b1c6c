/* A paper that another process changes, and two workers of one server that serve it: one caches its
 * responses, the other caches nothing. Each article is a struct, which is imported as a line. */
#ifndef KHOBOR_TESTS_MODEL_PAPER_H
#define KHOBOR_TESTS_MODEL_PAPER_H

#include "http/message/response_cache.h"
#include "service/housekeeping.h"
#include "serving.h"

#include <fcntl.h>
#include <sys/stat.h>

enum {
    ARTICLES_MAX = 120,
    SECTIONS_MOST = 5,
    PICKS = 3,
    COUNTS_MAX = 1000,
    CACHE_BYTES = 64 * 1024 * 1024, /* enough for every response, so that none is evicted */
    HOUR = 3600,
    DAY = 24 * HOUR,
    PATH_BYTES = 128,
    NAME_BYTES = 256,
};

/* Each tag and author in two spellings that mean the same. */
static const char *const tags[2][3] = {{"কর", "Tax", "New"},
                                       {"ক\u200Bর", "T\u00ADax", "Ne\u00ADw"}};
static const char *const authors[2][3] = {{"W1", "W2", "W3"}, {"W\u00AD1", "W\u00AD2", "W3"}};
static const char *const standings[] = {"published", "draft", "scheduled", "withdrawn"};
static const char *const section_slugs[] = {"world", "দেশ", "empty", "s4", "s5"};

enum standing {
    PUBLISHED,
    DRAFT,
    SCHEDULED,
    WITHDRAWN,
};

/* The texts of an article; 0 is none. */
enum text {
    HEADLINE,
    STANDFIRST,
    KICKER,
    BODY,
    DESK,
    CREDIT,
    IMAGE,
    TEXT__MAX
};

/* An article as its line has it. */
struct model_article {
    int number, section;
    enum standing standing;
    int64_t published_at, updated_at;
    int texts[TEXT__MAX];
    unsigned tags, authors; /* a bit each */
    bool lead, most_read, is_english, is_spelled_otherwise;
    int picks[PICKS]; /* numbers, also of articles to come */
};

struct world {
    struct serving serving; /* its worker caches */
    struct worker fresh;    /* caches nothing */
    struct paper other;     /* as another process opens it */
    struct pending_views *counts;
    struct ranking *ranking;
    struct housekeeping tick;
    char theme[64];
    int64_t now_s;
    uint32_t epoch; /* the highest allowed: a new epoch would hide a change that was missed */
    int editions;
    struct model_article articles[ARTICLES_MAX];
    int articles_len, sections_len;
    struct random random;
    char step[NAME_BYTES];
};

/* Themes */

static inline void theme_put(const struct world *world, const char *name, const char *text,
                             int edition)
{
    char path[PATH_BYTES];
    const struct timespec at = {.tv_sec = PAPER_NOW + edition}, times[] = {at, at};
    snprintf(path, sizeof path, "%s/%s", world->theme, name);
    file_write(path, text, strlen(text));
    check_true(path, utimensat(AT_FDCWD, path, times, 0) == 0);
}

static inline void theme_open(struct world *world)
{
    char path[PATH_BYTES];
    struct fault fault = {.field = ""};
    struct worker_shared *shared = &world->serving.shared;
    folder_make(world->theme);
    snprintf(path, sizeof path, "%s/templates", world->theme);
    check_true(path, mkdir(path, 0700) == 0);
    snprintf(path, sizeof path, "%s/assets", world->theme);
    check_true(path, mkdir(path, 0700) == 0);
    theme_current_close(shared->theme_current);
    check_done("theme",
               theme_current_open(world->theme, route_templates, &shared->theme_current, &fault),
               &fault);
}

static inline void theme_close(const struct world *world)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/templates", world->theme);
    folder_remove(path);
    snprintf(path, sizeof path, "%s/assets", world->theme);
    folder_remove(path);
    folder_remove(world->theme);
}

/* Lines */

static inline void put_instant(const char *name, int64_t at, struct buf *line)
{
    buf_format(line, ",\"%s\":\"", name);
    instant_format(at, line);
    buf_char(line, '"');
}

static inline void put_names(const char *name, unsigned set, const char *const *names, size_t len,
                             struct buf *line)
{
    const char *comma = "";
    buf_format(line, ",\"%s\":[", name);
    for (size_t i = 0; i < len; i++) {
        if (!(set >> i & 1))
            continue;
        buf_format(line, "%s\"%s\"", comma, names[i]);
        comma = ",";
    }
    buf_char(line, ']');
}

static inline void put_text(const struct model_article *article, enum text which, const char *name,
                            struct buf *line)
{
    if (article->texts[which])
        buf_format(line, ",\"%s\":\"%s %d of %d\"", name, name, article->texts[which],
                   article->number);
}

static inline void put_picks(const struct model_article *article, struct buf *line)
{
    const char *comma = "";
    buf_text(line, ",\"related\":[");
    for (int i = 0; i < PICKS; i++) {
        if (!article->picks[i])
            continue;
        buf_format(line, "%s\"a-%d\"", comma, article->picks[i]);
        comma = ",";
    }
    buf_char(line, ']');
}

static inline void put_article(const struct model_article *article, struct buf *line)
{
    buf_format(line,
               "{\"type\":\"article\",\"slug\":\"a-%d\",\"section\":\"%s\",\"status\":\"%s\","
               "\"lead\":%s,\"most_read\":%s,\"language\":\"%s\"",
               article->number, section_slugs[article->section], standings[article->standing],
               article->lead ? "true" : "false", article->most_read ? "true" : "false",
               article->is_english ? "en" : "bn");
    put_instant("published_at", article->published_at, line);
    if (article->updated_at)
        put_instant("updated_at", article->updated_at, line);
    put_text(article, HEADLINE, "headline", line);
    put_text(article, STANDFIRST, "standfirst", line);
    put_text(article, KICKER, "kicker", line);
    put_text(article, BODY, "body", line);
    put_text(article, DESK, "desk", line);
    if (article->texts[CREDIT])
        buf_format(line, ",\"credits\":[\"C%d\"]", article->texts[CREDIT]);
    if (article->texts[IMAGE])
        buf_format(line, ",\"image\":{\"url\":\"/i/%d.jpg\",\"width\":9,\"height\":9}",
                   article->texts[IMAGE]);
    put_names("tags", article->tags, tags[article->is_spelled_otherwise], 3, line);
    put_names("authors", article->authors, authors[article->is_spelled_otherwise], 3, line);
    put_picks(article, line);
    buf_text(line, "}\n");
}

static inline void import(struct world *world, const char *lines)
{
    paper_import_at(&world->other, lines, world->now_s);
}

static inline void import_article(struct world *world, const struct model_article *article)
{
    struct buf line;
    buf_init(&line, 100000);
    put_article(article, &line);
    import(world, buf_string(&line));
    buf_release(&line);
}

static inline void import_section(struct world *world, int section, int position)
{
    char line[300];
    snprintf(line, sizeof line,
             "{\"type\":\"section\",\"slug\":\"%s\",\"name\":\"Section %d\",\"position\":%d}\n",
             section_slugs[section], ++world->editions, position);
    import(world, line);
}

static inline struct model_article *add_article(struct world *world, int64_t published_at)
{
    if (world->articles_len == ARTICLES_MAX)
        return &world->articles[ARTICLES_MAX - 1];
    struct model_article *article = &world->articles[world->articles_len++];
    *article = (struct model_article){.number = world->articles_len,
                                      .section = (int)random_below(&world->random, 3),
                                      .published_at = published_at,
                                      .texts = {[HEADLINE] = 1, [BODY] = 1},
                                      .tags = (unsigned)random_below(&world->random, 4),
                                      .authors = 1,
                                      .most_read = true};
    return article;
}

static inline void schedule(struct world *world, struct model_article *article)
{
    article->standing = SCHEDULED;
    article->published_at = world->now_s + 1 + random_below(&world->random, 120);
}

/* The world */

static inline void open_rankings(struct world *world)
{
    static const struct ranking_rules rules = {
        .half_life_s = 6 * HOUR, .trending_least = 3, .beside = 3};
    check_status("counts", pending_views_open(COUNTS_MAX, &world->counts), STATUS_OK);
    check_status("ranking", ranking_open(world->serving.shared.published, &rules, &world->ranking),
                 STATUS_OK);
    world->tick = (struct housekeeping){.views = world->counts,
                                        .sync = {.ranking = world->ranking},
                                        .health = &world->serving.shared.health,
                                        .history_s = 100 * DAY};
    check_status(
        "load",
        housekeeping_load(&world->tick, world->serving.edition.paper.transaction, world->now_s),
        STATUS_OK);
}

static inline void tick(struct world *world)
{
    check_status(
        "tick",
        housekeeping_run(&world->tick, world->serving.edition.paper.transaction, world->now_s),
        STATUS_OK);
}

/* Short lists, so that most changes are outside of most documents. */
static inline void set_lists(struct config *config)
{
    config->lists.related = 3;
    config->lists.latest = 3;
    config->lists.most_read = 3;
    config->lists.front = 3;
    config->lists.front_section = 2;
    config->feeds.items = 4;
}

/* The articles of the edition, as lines of this model. */
static inline void import_all(struct world *world)
{
    struct buf lines;
    buf_init(&lines, 1000000);
    for (int number = 1; number <= EDITION_ARTICLES; number++) {
        struct model_article *article = add_article(world, PAPER_NOW + (number - 20) * 60);
        article->section = number % 2;
        article->tags = (number % 3 ? 0 : 1) | (number % 4 ? 0 : 2);
        article->authors = 1U << number % 2;
        if (number == EDITION_DRAFT)
            article->standing = DRAFT;
        if (number == EDITION_WITHDRAWN)
            article->standing = WITHDRAWN;
        if (number == EDITION_SCHEDULED)
            schedule(world, article);
        put_article(article, &lines);
    }
    world->sections_len = 3;
    import(world, buf_string(&lines));
    buf_release(&lines);
}

static inline void world_open(struct world *world)
{
    struct fault fault = {.field = ""};
    struct paper *paper = &world->serving.edition.paper;
    memset(world, 0, sizeof *world);
    world->random = random_seeded(81);
    world->now_s = PAPER_NOW;
    serving_open(&world->serving);
    world->other = *paper;
    check_done("other", transaction_open(&paper->config, &world->other.transaction, NULL, &fault),
               &fault);
    world->other.db = transaction_db(world->other.transaction);
    check_status("pragma", db_run(paper->db, "PRAGMA synchronous = OFF"), STATUS_OK);
    check_status("pragma", db_run(world->other.db, "PRAGMA synchronous = OFF"), STATUS_OK);
    response_cache_close(world->serving.worker.cache);
    check_status("cache",
                 response_cache_open(CACHE_BYTES, world->serving.shared.versions,
                                     &world->serving.worker.cache),
                 STATUS_OK);
    world->fresh = (struct worker){.shared = &world->serving.shared, .db = paper_reader(paper)};
    check_status("worker", worker_open(&world->fresh, 0), STATUS_OK);
    set_lists(&paper->config);
    theme_open(world);
    import_all(world);
    open_rankings(world);
}

static inline void world_close(struct world *world)
{
    ranking_close(world->ranking);
    pending_views_close(world->counts);
    db_close(world->fresh.db);
    worker_close(&world->fresh);
    transaction_close(world->other.transaction);
    serving_close(&world->serving);
    theme_close(world);
}

#endif
