/* Whatever happens to a paper, what a desk has kept is what it would make now: two desks of one
 * paper, of which one keeps its answers and the other keeps nothing, are asked the same after each
 * change, and say the same. The changes come from another process; time is a parameter. */
#include "http/message/response_cache.h"

#include "service/housekeeping.h"
#include "serving.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>

enum {
    STEPS = 400,
    LOOKS_EVERY = 10, /* steps, after which everything is asked once more */
    ARTICLES_MAX = 120,
    SECTIONS_MOST = 5,
    PICKS = 3,
    COUNTS_MAX = 1000,
    CACHE_BYTES = 64 * 1024 * 1024, /* room for all: without a server, each answer counts again */
    HOUR = 3600,
    DAY = 24 * HOUR,
    ZONE_S = 6 * HOUR,
    PATH_BYTES = 128,
    NAME_BYTES = 256,
};

#define DESH "%E0%A6%A6%E0%A7%87%E0%A6%B6"
#define KOR "%E0%A6%95%E0%A6%B0"

/* What is asked, all routes among it; `is_kept` where a 200 must be given again without work. */
static const struct {
    const char *target;
    bool is_kept;
} targets[] = {
    {"/api/v1/site", true},
    {"/api/v1/texts", true},
    {"/api/v1/front", true},
    {"/api/v1/articles", true},
    {"/api/v1/articles?limit=3", true},
    {"/api/v1/articles?section=world", true},
    {"/api/v1/articles?limit=2&section=" DESH, true},
    {"/api/v1/articles?tag=Tax", true},
    {"/api/v1/articles?tag=TAX&limit=1", true},
    {"/api/v1/articles?author=W1", true},
    {"/api/v1/articles?author=W2&tag=" KOR, true},
    {"/api/v1/articles?section=world&tag=Tax", true},
    {"/api/v1/articles?section=world&author=W1&limit=2", true},
    {"/api/v1/articles?tag=New", true},
    {"/api/v1/articles?author=W3", true},
    {"/api/v1/articles?tag=Tax&author=W3", true},
    {"/api/v1/articles?section=empty&tag=New", true},
    {"/api/v1/articles?section=empty&limit=3", true},
    {"/api/v1/articles?section=s4", true},
    {"/api/v1/articles?from=2024-04-16", false},
    {"/api/v1/articles?to=2024-04-16&limit=2", false},
    {"/api/v1/articles?fields=id,headline", false},
    {"/api/v1/articles?limit=2&cursor=1713246600.10", false},
    {"/api/v1/articles/1", true},
    {"/api/v1/articles/2", true},
    {"/api/v1/articles/a-1", true},
    {"/api/v1/articles/a-12", true},
    {"/api/v1/articles/18", true},
    {"/api/v1/articles/19", true},
    {"/api/v1/articles/20", true},
    {"/api/v1/articles/a-21", true},
    {"/api/v1/articles/1?include=related", true},
    {"/api/v1/articles/2?include=latest", true},
    {"/api/v1/articles/2?include=most_read", true},
    {"/api/v1/articles/2?include=site", true},
    {"/api/v1/articles/12?include=related,latest,most_read,site", true},
    {"/api/v1/articles/20?include=related,latest", true},
    {"/api/v1/articles/a-21?include=related", true},
    {"/api/v1/articles/1/related", true},
    {"/api/v1/articles/1/related?limit=2", true},
    {"/api/v1/articles/12/related?limit=100", true},
    {"/api/v1/articles/a-2/related", true},
    {"/api/v1/sections", true},
    {"/api/v1/sections?limit=1", true},
    {"/api/v1/sections/world", true},
    {"/api/v1/sections/" DESH "?limit=2", true},
    {"/api/v1/sections/empty", true},
    {"/api/v1/sections/empty?limit=1", true},
    {"/api/v1/sections/s4", true},
    {"/api/v1/sections/world?fields=headline", false},
    {"/api/v1/latest", true},
    {"/api/v1/latest?section=world", true},
    {"/api/v1/latest?section=empty", true},
    {"/api/v1/most-read", true},
    {"/api/v1/most-read?limit=1", true},
    {"/api/v1/most-read?window=1h&section=world", true},
    {"/api/v1/most-read?window=7d", true},
    {"/api/v1/most-read?window=all", true},
    {"/api/v1/most-read?section=empty", true},
    {"/api/v1/most-read?at=2024-04-16T12:00:00+06:00", false},
    {"/api/v1/trending", true},
    {"/api/v1/trending?section=world", true},
    {"/api/v1/archive/2024-04-15", true},
    {"/api/v1/archive/2024-04-16", true},
    {"/api/v1/archive/2024-04-16?limit=2", true},
    {"/api/v1/archive/2024-04-17", true},
    {"/api/v1/tags/Tax", true},
    {"/api/v1/tags/" KOR "?limit=1", true},
    {"/api/v1/tags/New", true},
    {"/api/v1/authors/W1", true},
    {"/api/v1/authors/W3", true},
    {"/healthz", false},
    {"/readyz", false},
    {"/feed.xml", true},
    {"/atom.xml", true},
    {"/feed.json", true},
    {"/world/feed.xml", true},
    {"/world/atom.xml", true},
    {"/world/feed.json", true},
    {"/empty/feed.json", true},
    {"/empty/feed.xml", true},
    {"/s4/atom.xml", true},
    {"/sitemap.xml", true},
    {"/sitemaps/fronts.xml", true},
    {"/sitemaps/1.xml", true},
    {"/sitemaps/2.xml", true},
    {"/news-sitemap.xml", true},
    {"/robots.txt", true},
    {"/manifest.webmanifest", true},
    {"/favicon.ico", true},
    {"/assets/000000000000/style.css", false},
    {"/", true},
    {"/latest", true},
    {"/latest?cursor=1713246600.10", false},
    {"/most-read", true},
    {"/most-read?window=1h", true},
    {"/archive/2024-04-16", true},
    {"/tag/Tax", true},
    {"/tag/" KOR, true},
    {"/tag/T%C2%ADax", true},
    {"/tag/New", true},
    {"/author/W1", true},
    {"/author/W3", true},
    {"/world", true},
    {"/" DESH, true},
    {"/empty", true},
    {"/s4", true},
    {"/" DESH "/1/a-1", true},
    {"/world/2/a-2", true},
    {"/" DESH "/2/a-2", true},
    {"/world/12/a-12", true},
    {"/empty/12/a-12", true},
    {"/world/18/a-18", true},
    {"/" DESH "/19/a-19", true},
    {"/world/20/a-20", true},
    {"/world/2", true},
    {"/old/address", true},
};

/* In one spelling and another; both are the same tag or author. */
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

/* What an article says of itself; 0 is nothing. */
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
    int picks[PICKS]; /* numbers of articles, perhaps later ones */
};

struct world;
static void compare_all(struct world *world);

struct world {
    struct serving serving; /* its desk keeps */
    struct worker fresh;    /* keeps nothing */
    struct paper other;     /* what another process opened */
    struct pending_views *counts;
    struct ranking *ranking;
    struct housekeeping tick;
    char theme[64];
    int64_t now_s;
    uint32_t
        epoch; /* the highest that there may be: what ends everything hides what was forgotten */
    int editions;
    struct model_article articles[ARTICLES_MAX];
    int articles_len, sections_len;
    struct random random;
    char step[NAME_BYTES];
};

/* Themes */

static void theme_put(const struct world *world, const char *name, const char *text, int edition)
{
    char path[PATH_BYTES];
    const struct timespec at = {.tv_sec = PAPER_NOW + edition}, times[] = {at, at};
    snprintf(path, sizeof path, "%s/%s", world->theme, name);
    file_write(path, text, strlen(text));
    check_true(path, utimensat(AT_FDCWD, path, times, 0) == 0);
}

static void theme_open(struct world *world)
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
    check_done("stage",
               theme_current_open(world->theme, route_templates, &shared->theme_current, &fault),
               &fault);
}

static void theme_close(const struct world *world)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/templates", world->theme);
    folder_remove(path);
    snprintf(path, sizeof path, "%s/assets", world->theme);
    folder_remove(path);
    folder_remove(world->theme);
}

/* Lines */

static void put_instant(const char *name, int64_t at, struct buf *line)
{
    buf_format(line, ",\"%s\":\"", name);
    instant_format(at, line);
    buf_char(line, '"');
}

static void put_names(const char *name, unsigned set, const char *const *names, size_t len,
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

static void put_text(const struct model_article *article, enum text which, const char *name,
                     struct buf *line)
{
    if (article->texts[which])
        buf_format(line, ",\"%s\":\"%s %d of %d\"", name, name, article->texts[which],
                   article->number);
}

static void put_picks(const struct model_article *article, struct buf *line)
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

static void put_article(const struct model_article *article, struct buf *line)
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

static void import(struct world *world, const char *lines)
{
    paper_import_at(&world->other, lines, world->now_s);
}

static void import_article(struct world *world, const struct model_article *article)
{
    struct buf line;
    buf_init(&line, 100000);
    put_article(article, &line);
    import(world, buf_string(&line));
    buf_release(&line);
}

static void import_section(struct world *world, int section, int position)
{
    char line[300];
    snprintf(line, sizeof line,
             "{\"type\":\"section\",\"slug\":\"%s\",\"name\":\"Section %d\",\"position\":%d}\n",
             section_slugs[section], ++world->editions, position);
    import(world, line);
}

/* Changes, each of one article, which is imported afterwards, or of something else. */

static struct model_article *add_article(struct world *world, int64_t published_at)
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

static void change_text(struct world *world, struct model_article *article, enum text text)
{
    bool may_go = text != HEADLINE && text != BODY;
    article->texts[text] = may_go && article->texts[text] ? 0 : ++world->editions;
}

static void change_headline(struct world *world, struct model_article *article)
{
    change_text(world, article, HEADLINE);
}

static void change_standfirst(struct world *world, struct model_article *article)
{
    change_text(world, article, STANDFIRST);
}

static void change_kicker(struct world *world, struct model_article *article)
{
    change_text(world, article, KICKER);
}

static void change_body(struct world *world, struct model_article *article)
{
    change_text(world, article, BODY);
}

static void change_desk(struct world *world, struct model_article *article)
{
    change_text(world, article, DESK);
}

static void change_credit(struct world *world, struct model_article *article)
{
    change_text(world, article, CREDIT);
}

static void change_image(struct world *world, struct model_article *article)
{
    change_text(world, article, IMAGE);
}

static void change_language(struct world *world, struct model_article *article)
{
    (void)world;
    article->is_english = !article->is_english;
}

static void change_tags(struct world *world, struct model_article *article)
{
    article->tags ^= 1U << random_below(&world->random, 2);
}

static void change_spelling(struct world *world, struct model_article *article)
{
    (void)world;
    article->is_spelled_otherwise = !article->is_spelled_otherwise;
}

static void add_new_tag(struct world *world, struct model_article *article)
{
    (void)world;
    article->tags ^= 4;
}

static void change_authors(struct world *world, struct model_article *article)
{
    article->authors ^= 1U << random_below(&world->random, 2);
}

static void add_new_author(struct world *world, struct model_article *article)
{
    (void)world;
    article->authors ^= 4;
}

static void change_section(struct world *world, struct model_article *article)
{
    article->section = (int)random_below(&world->random, world->sections_len);
}

static void change_lead(struct world *world, struct model_article *article)
{
    (void)world;
    article->lead = !article->lead;
}

static void change_most_read(struct world *world, struct model_article *article)
{
    (void)world;
    article->most_read = !article->most_read;
}

static void change_picks(struct world *world, struct model_article *article)
{
    article->picks[random_below(&world->random, PICKS)] =
        (int)random_below(&world->random, world->articles_len + 3);
}

static void change_update(struct world *world, struct model_article *article)
{
    article->updated_at = world->now_s - random_below(&world->random, HOUR);
}

static void change_time(struct world *world, struct model_article *article)
{
    article->published_at = world->now_s + 120 - random_below(&world->random, 2 * DAY);
}

static void publish_now(struct world *world, struct model_article *article)
{
    article->standing = PUBLISHED;
    article->published_at = world->now_s;
}

static void schedule(struct world *world, struct model_article *article)
{
    article->standing = SCHEDULED;
    article->published_at = world->now_s + 1 + random_below(&world->random, 120);
}

static void make_draft(struct world *world, struct model_article *article)
{
    (void)world;
    article->standing = DRAFT;
}

static void withdraw(struct world *world, struct model_article *article)
{
    (void)world;
    article->standing = WITHDRAWN;
}

static void restore(struct world *world, struct model_article *article)
{
    (void)world;
    article->standing = PUBLISHED;
}

static void leave(struct world *world, struct model_article *article)
{
    (void)world;
    (void)article;
}

static void count_views(struct world *world, struct model_article *article)
{
    for (int64_t views = 1 + random_below(&world->random, 6); views > 0; views--)
        check_status(
            "a view",
            pending_views_add(world->counts, article->number, VERDICT_COUNTED, world->now_s),
            STATUS_OK);
}

static void import_views(struct world *world, struct model_article *article)
{
    struct buf line;
    buf_init(&line, 1000);
    buf_format(&line, "{\"type\":\"views\",\"slug\":\"a-%d\",\"count\":%d", article->number,
               (int)random_below(&world->random, 20));
    put_instant("hour", PAPER_NOW - random_below(&world->random, 30) * HOUR, &line);
    buf_text(&line, "}\n");
    import(world, buf_string(&line));
    buf_release(&line);
}

static void import_redirect(struct world *world, struct model_article *article)
{
    char line[200];
    snprintf(line, sizeof line,
             "{\"type\":\"redirect\",\"from\":\"/old/address\",\"to\":\"a-%d\"}\n",
             article->number);
    import(world, line);
}

/* `article` only says which. */
static void change_a_section(struct world *world, struct model_article *article)
{
    int section = article->number % world->sections_len;
    import_section(world, section, section + 1);
}

static void move_a_section(struct world *world, struct model_article *article)
{
    import_section(world, article->number % world->sections_len, ++world->editions);
}

static void add_a_section(struct world *world, struct model_article *article)
{
    (void)article;
    if (world->sections_len < SECTIONS_MOST)
        import_section(world, world->sections_len++, ++world->editions);
}

static void add_published(struct world *world, struct model_article *article)
{
    (void)article;
    import_article(world, add_article(world, world->now_s - random_below(&world->random, 600)));
}

static void add_from_the_past(struct world *world, struct model_article *article)
{
    (void)article;
    import_article(world, add_article(world, PAPER_NOW - random_below(&world->random, 3 * DAY)));
}

static void add_draft(struct world *world, struct model_article *article)
{
    article = add_article(world, world->now_s);
    article->standing = DRAFT;
    import_article(world, article);
}

static void add_scheduled(struct world *world, struct model_article *article)
{
    article = add_article(world, world->now_s);
    schedule(world, article);
    article->lead = random_below(&world->random, 2) == 0;
    import_article(world, article);
}

static void change_theme(struct world *world, struct model_article *article)
{
    char text[32];
    (void)article;
    snprintf(text, sizeof text, "edition %d", ++world->editions);
    theme_put(world, "templates/footer.html", text, world->editions);
    theme_put(world, "templates/robots.txt", text, world->editions);
    theme_put(world, "assets/style.css", text, world->editions);
    theme_put(world, "assets/favicon.ico", text, world->editions);
    /* As the main thread does. */
    check_true("another theme", theme_current_watch(world->serving.shared.theme_current));
    versions_invalidate(world->serving.shared.versions, TOPIC_THEME, 0);
}

/* Time */

static void wait_a_little(struct world *world, struct model_article *article)
{
    (void)article;
    world->now_s += 1 + random_below(&world->random, 5);
}

static void wait_longer(struct world *world, struct model_article *article)
{
    (void)article;
    world->now_s += random_below(&world->random, 900);
}

/* To the very second at which the next article appears. */
static void wait_for_the_next(struct world *world, struct model_article *article)
{
    (void)article;
    int64_t next_s = INT64_MAX;
    for (int i = 0; i < world->articles_len; i++) {
        const struct model_article *one = &world->articles[i];
        if (one->published_at > world->now_s && one->published_at < next_s &&
            (one->standing == PUBLISHED || one->standing == SCHEDULED))
            next_s = one->published_at;
    }
    if (next_s < INT64_MAX)
        world->now_s = next_s;
}

/* To the first second of the next day in the paper's zone. */
static void wait_for_midnight(struct world *world, struct model_article *article)
{
    (void)article;
    world->now_s = ((world->now_s + ZONE_S) / DAY + 1) * DAY - ZONE_S;
}

/* Another thread looked at the clock just before this one, and answers after it. */
static void look_from_behind(struct world *world, struct model_article *article)
{
    int64_t behind_s = 1 + random_below(&world->random, 2);
    (void)article;
    world->now_s -= behind_s;
    compare_all(world);
    world->now_s += behind_s;
}

/* Nothing that was kept is good then: it may have been of a time to come. */
static void set_back(struct world *world, struct model_article *article)
{
    (void)article;
    world->now_s -= 3 + random_below(&world->random, 2 * HOUR);
    world->epoch++;
}

static const struct change {
    const char *name;
    void (*make)(struct world *world, struct model_article *article);
    bool is_of_article;
} changes[] = {
    {"headline", change_headline, true},
    {"standfirst", change_standfirst, true},
    {"kicker", change_kicker, true},
    {"body", change_body, true},
    {"desk", change_desk, true},
    {"credit", change_credit, true},
    {"image", change_image, true},
    {"language", change_language, true},
    {"tags", change_tags, true},
    {"spelling of its terms", change_spelling, true},
    {"a new tag", add_new_tag, true},
    {"authors", change_authors, true},
    {"a new author", add_new_author, true},
    {"section", change_section, true},
    {"lead", change_lead, true},
    {"most_read", change_most_read, true},
    {"picks", change_picks, true},
    {"updated_at", change_update, true},
    {"published_at", change_time, true},
    {"published now", publish_now, true},
    {"scheduled", schedule, true},
    {"the next time", wait_for_the_next, false},
    {"draft", make_draft, true},
    {"withdrawn", withdraw, true},
    {"not withdrawn", restore, true},
    {"the same again", leave, true},
    {"views", count_views, false},
    {"views", count_views, false},
    {"views of an hour", import_views, false},
    {"a redirect", import_redirect, false},
    {"name of a section", change_a_section, false},
    {"order of sections", move_a_section, false},
    {"a new section", add_a_section, false},
    {"a new article", add_published, false},
    {"an article of the past", add_from_the_past, false},
    {"a new draft", add_draft, false},
    {"a new one that is scheduled", add_scheduled, false},
    {"the next time", wait_for_the_next, false},
    {"just before", look_from_behind, false},
    {"theme", change_theme, false},
    {"some seconds", wait_a_little, false},
    {"some minutes", wait_longer, false},
};

/* These are rare, so that most responses stay cached for long. */
static const struct change rare_changes[] = {
    {"midnight", wait_for_midnight, false},
    {"the clock set back", set_back, false},
};

/* The world */

static void open_rankings(struct world *world)
{
    static const struct ranking_rules rules = {
        .half_life_s = 6 * HOUR, .trending_least = 3, .beside = 3};
    check_status("counts", pending_views_open(COUNTS_MAX, &world->counts), STATUS_OK);
    check_status("ranking", ranking_open(world->serving.shared.published, &rules, &world->ranking),
                 STATUS_OK);
    world->tick = (struct housekeeping){.views = world->counts,
                                        .sync = {.ranking = world->ranking},
                                        .storing = &world->serving.shared.views_are_stored,
                                        .history_s = 100 * DAY};
    check_status(
        "load",
        housekeeping_load(&world->tick, world->serving.edition.paper.transaction, world->now_s),
        STATUS_OK);
}

static void tick(struct world *world)
{
    check_status(
        "tick",
        housekeeping_run(&world->tick, world->serving.edition.paper.transaction, world->now_s),
        STATUS_OK);
}

/* Short lists: most changes are beside most documents. */
static void set_lists(struct config *config)
{
    config->lists.related = 3;
    config->lists.latest = 3;
    config->lists.most_read = 3;
    config->lists.front = 3;
    config->lists.front_section = 2;
    config->feeds.items = 4;
}

/* The articles of the edition, as lines of this test. */
static void import_all(struct world *world)
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

static void world_open(struct world *world)
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
    check_status("desk", worker_open(&world->fresh, 0), STATUS_OK);
    set_lists(&paper->config);
    theme_open(world);
    import_all(world);
    open_rankings(world);
}

static void world_close(struct world *world)
{
    ranking_close(world->ranking);
    pending_views_close(world->counts);
    db_close(world->fresh.db);
    worker_close(&world->fresh);
    transaction_close(world->other.transaction);
    serving_close(&world->serving);
    theme_close(world);
}

/* Asking */

static void parameters(const struct worker *worker, const char *target, const char *known_tag,
                       int64_t now_s, struct response *response)
{
    const struct request request = {.method = METHOD_GET,
                                    .target = target,
                                    .agent = "Mozilla/5.0 Firefox/120.0",
                                    .if_none_match = known_tag};
    serve(worker, &request, now_s, response);
}

static void check_fields(const char *name, const struct response *kept,
                         const struct response *fresh)
{
    check_number(name, kept->headers_len, fresh->headers_len);
    for (int i = 0; i < kept->headers_len; i++) {
        check_text(name, kept->headers[i].name, fresh->headers[i].name);
        check_text(name, response_value(kept, i), response_value(fresh, i));
    }
}

/* Says where two bodies begin to differ. */
static void check_bodies(const char *name, const struct response *kept,
                         const struct response *fresh)
{
    size_t kept_len, fresh_len, same = 0;
    check_true(name, !kept->representation == !fresh->representation);
    if (!kept->representation)
        return;
    const char *kept_body = representation_body(kept->representation, ENCODING_IDENTITY, &kept_len);
    const char *fresh_body =
        representation_body(fresh->representation, ENCODING_IDENTITY, &fresh_len);
    if (kept_len == fresh_len && memcmp(kept_body, fresh_body, kept_len) == 0)
        return;
    while (same < kept_len && same < fresh_len && kept_body[same] == fresh_body[same])
        same++;
    size_t from = same > 60 ? same - 60 : 0;
    print_error("%s: kept is %.*s\n\nfresh is %.*s\n", name,
                (int)(kept_len - from < 160 ? kept_len - from : 160), kept_body + from,
                (int)(fresh_len - from < 160 ? fresh_len - from : 160), fresh_body + from);
    fail();
}

/* Asks both desks the same, once more with the tag that came, and holds what they say against each
 * other; returns the status. */
static int compare(struct world *world, const char *target)
{
    struct response kept, fresh;
    char name[2 * NAME_BYTES], tag[REPRESENTATION_TAG_BYTES + 8] = "";
    snprintf(name, sizeof name, "%s: %s", world->step, target);
    parameters(&world->serving.worker, target, NULL, world->now_s, &kept);
    parameters(&world->fresh, target, NULL, world->now_s, &fresh);
    check_number(name, kept.status, fresh.status);
    int status = fresh.status;
    check_bodies(name, &kept, &fresh);
    check_fields(name, &kept, &fresh);
    if (reply_field(&fresh, "ETag"))
        snprintf(tag, sizeof tag, "%s", reply_field(&fresh, "ETag"));
    response_release(&kept);
    response_release(&fresh);
    if (!tag[0])
        return status;
    parameters(&world->serving.worker, target, tag, world->now_s, &kept);
    check_number(name, kept.status, 304);
    check_text(name, reply_field(&kept, "ETag"), tag);
    response_release(&kept);
    return status;
}

static void compare_all(struct world *world)
{
    for (size_t i = 0; i < COUNT(targets); i++)
        compare(world, targets[i].target);
    check_at_most(world->step, versions_epoch(world->serving.shared.versions), world->epoch);
}

static struct response_cache_stats figures_of(const struct world *world)
{
    struct response_cache_stats figures = {.hits = 0};
    response_cache_add_stats(world->serving.worker.cache, &figures);
    return figures;
}

/* When nothing changed since all was asked, what may be kept is found, and at once. */
static void check_hits(struct world *world)
{
    for (size_t i = 0; i < COUNT(targets); i++) {
        struct response response;
        char name[2 * NAME_BYTES];
        struct response_cache_stats before = figures_of(world);
        parameters(&world->serving.worker, targets[i].target, NULL, world->now_s, &response);
        struct response_cache_stats after = figures_of(world);
        snprintf(name, sizeof name, "%s: %s is found", world->step, targets[i].target);
        if (targets[i].is_kept && response.status == 200)
            check_number(name, (int64_t)(after.hits - before.hits), 1);
        check_number(name, (int64_t)(after.stale - before.stale), 0);
        response_release(&response);
    }
}

static void step(struct world *world, int number, const struct change *change,
                 struct model_article *article)
{
    snprintf(world->step, sizeof world->step, "step %d, a-%d: %s", number, article->number,
             change->name);
    int64_t before_s = world->now_s;
    change->make(world, article);
    if (change->is_of_article)
        import_article(world, article);
    /* News that is too old is in its sitemap for up to a minute more (test_cached_response.c); here
     * it is not. */
    if (world->now_s != before_s)
        versions_invalidate(world->serving.shared.versions, TOPIC_PAPER, 0);
    /* What is asked before the tick that counts a change is right, too. */
    if (random_below(&world->random, 2) == 0)
        compare_all(world);
    if (random_below(&world->random, 2) == 0)
        tick(world);
    compare_all(world);
    if (number % LOOKS_EVERY == 0)
        check_hits(world);
}

static struct model_article *any_article(struct world *world)
{
    /* Those that are asked for by name, most of the time. */
    static const int asked[] = {1, 2, 12, 18, 19, 20, 21};
    int number = asked[random_below(&world->random, COUNT(asked))];
    if (random_below(&world->random, 2) == 0 || number > world->articles_len)
        number = 1 + (int)random_below(&world->random, world->articles_len);
    return &world->articles[number - 1];
}

static const struct change *any_change(struct world *world)
{
    if (random_below(&world->random, 40) == 0)
        return &rare_changes[random_below(&world->random, COUNT(rare_changes))];
    return &changes[random_below(&world->random, COUNT(changes))];
}

static struct world world;

/* Each change of each of the articles that are asked for, in order. */
static void what_is_kept_is_what_would_be_made_after_each_change(void **state)
{
    static const int numbers[] = {2, 2, 12, 1}; /* one of them back again */
    (void)state;
    int number = 0;
    world_open(&world);
    snprintf(world.step, sizeof world.step, "at first");
    world.epoch = 1; /* the first request does not know what appeared before it */
    compare_all(&world);
    for (size_t i = 0; i < COUNT(numbers); i++) {
        for (size_t j = 0; j < COUNT(changes); j++)
            step(&world, ++number, &changes[j], &world.articles[numbers[i] - 1]);
    }
    for (size_t i = 0; i < COUNT(rare_changes); i++)
        step(&world, ++number, &rare_changes[i], &world.articles[0]);
    world_close(&world);
}

static void what_is_kept_is_what_would_be_made_whatever_happens(void **state)
{
    (void)state;
    world_open(&world);
    snprintf(world.step, sizeof world.step, "at first");
    world.epoch = 1;
    compare_all(&world);
    for (int number = 1; number <= STEPS; number++)
        step(&world, number, any_change(&world), any_article(&world));
    world_close(&world);
}

/* What is kept is worth keeping: most of it outlives most changes. */
static void most_of_what_is_kept_outlives_a_change(void **state)
{
    (void)state;
    world_open(&world);
    world.epoch = 1;
    compare_all(&world);
    struct response_cache_stats before = figures_of(&world);
    int rounds = 0;
    for (; rounds < 40; rounds++) {
        /* An old article: of the requested lists only those of all articles have it. */
        change_body(&world, &world.articles[2]);
        import_article(&world, &world.articles[2]);
        tick(&world);
        compare_all(&world);
    }
    struct response_cache_stats after = figures_of(&world);
    check_true("most are hits",
               after.hits - before.hits > 9 * (after.stale - before.stale) && rounds == 40);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_kept_is_what_would_be_made_after_each_change),
        cmocka_unit_test(what_is_kept_is_what_would_be_made_whatever_happens),
        cmocka_unit_test(most_of_what_is_kept_outlives_a_change),
    };
    return cmocka_run_group_tests_name("http/fresh", tests, NULL, NULL);
}
