/* Cached responses are what would be built now: after each change of a paper, the worker that caches
 * and the worker that does not are asked for every target, and their responses must be the same. The
 * changes come from another process; time is a parameter. */
#include "model_changes.h"

enum {
    STEPS = 400,
    STEPS_A_CHECK = 10, /* after so many steps, hits are checked too */
};

#define DESH "%E0%A6%A6%E0%A7%87%E0%A6%B6"
#define KOR "%E0%A6%95%E0%A6%B0"

/* Targets of every route; `is_cached` where a response with status 200 must be a hit the next time. */
static const struct {
    const char *target;
    bool is_cached;
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

/* Comparing */

static void ask(const struct worker *worker, const char *target, const char *known_tag,
                int64_t now_s, struct response *response)
{
    const struct request request = {.method = METHOD_GET,
                                    .target = target,
                                    .agent = "Mozilla/5.0 Firefox/120.0",
                                    .if_none_match = known_tag};
    serve(worker, &request, now_s, response);
}

static void check_fields(const char *name, const struct response *cached,
                         const struct response *fresh)
{
    check_number(name, cached->headers_len, fresh->headers_len);
    for (int i = 0; i < cached->headers_len; i++) {
        check_text(name, cached->headers[i].name, fresh->headers[i].name);
        check_text(name, response_value(cached, i), response_value(fresh, i));
    }
}

/* Says where two bodies begin to differ. */
static void check_bodies(const char *name, const struct response *cached,
                         const struct response *fresh)
{
    size_t cached_len, fresh_len, same = 0;
    check_true(name, !cached->representation == !fresh->representation);
    if (!cached->representation)
        return;
    const char *cached_body =
        representation_body(cached->representation, ENCODING_IDENTITY, &cached_len);
    const char *fresh_body =
        representation_body(fresh->representation, ENCODING_IDENTITY, &fresh_len);
    if (cached_len == fresh_len && memcmp(cached_body, fresh_body, cached_len) == 0)
        return;
    while (same < cached_len && same < fresh_len && cached_body[same] == fresh_body[same])
        same++;
    size_t from = same > 60 ? same - 60 : 0;
    print_error("%s: cached is %.*s\n\nfresh is %.*s\n", name,
                (int)(cached_len - from < 160 ? cached_len - from : 160), cached_body + from,
                (int)(fresh_len - from < 160 ? fresh_len - from : 160), fresh_body + from);
    fail();
}

/* Sends both workers the same request, then the first one again with the ETag, and compares their
 * responses; returns the status. */
static int compare(struct world *world, const char *target)
{
    struct response cached, fresh;
    char name[2 * NAME_BYTES], tag[REPRESENTATION_TAG_BYTES + 8] = "";
    snprintf(name, sizeof name, "%s: %s", world->step, target);
    ask(&world->serving.worker, target, NULL, world->now_s, &cached);
    ask(&world->fresh, target, NULL, world->now_s, &fresh);
    check_number(name, cached.status, fresh.status);
    int status = fresh.status;
    check_bodies(name, &cached, &fresh);
    check_fields(name, &cached, &fresh);
    if (reply_field(&fresh, "ETag"))
        snprintf(tag, sizeof tag, "%s", reply_field(&fresh, "ETag"));
    response_release(&cached);
    response_release(&fresh);
    if (!tag[0])
        return status;
    ask(&world->serving.worker, target, tag, world->now_s, &cached);
    check_number(name, cached.status, 304);
    check_text(name, reply_field(&cached, "ETag"), tag);
    response_release(&cached);
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

/* When nothing changed since everything was asked for, what can be cached is a hit. */
static void check_hits(struct world *world)
{
    for (size_t i = 0; i < COUNT(targets); i++) {
        struct response response;
        char name[2 * NAME_BYTES];
        struct response_cache_stats before = figures_of(world);
        ask(&world->serving.worker, targets[i].target, NULL, world->now_s, &response);
        struct response_cache_stats after = figures_of(world);
        snprintf(name, sizeof name, "%s: %s is a hit", world->step, targets[i].target);
        if (targets[i].is_cached && response.status == 200)
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
    change->apply(world, article);
    if (change->is_of_article)
        import_article(world, article);
    /* News that is too old stays in its sitemap for up to a minute (test_cached_lists.c), which is
     * not the subject here. */
    if (world->now_s != before_s)
        versions_invalidate(world->serving.shared.versions, TOPIC_PAPER, 0);
    /* Responses before the tick that counts a change are right, too. */
    if (random_below(&world->random, 2) == 0)
        compare_all(world);
    if (random_below(&world->random, 2) == 0)
        tick(world);
    compare_all(world);
    if (number % STEPS_A_CHECK == 0)
        check_hits(world);
}

static struct model_article *any_article(struct world *world)
{
    /* Mostly those that are a target of their own. */
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

/* Each change of each article that is a target, in order. */
static void cached_is_as_fresh_after_each_change(void **state)
{
    static const int numbers[] = {2, 2, 12, 1}; /* one of them back again */
    (void)state;
    int number = 0;
    world_open(&world);
    snprintf(world.step, sizeof world.step, "at first");
    world.epoch = 1; /* the first request cannot know what appeared before it */
    compare_all(&world);
    for (size_t i = 0; i < COUNT(numbers); i++) {
        for (size_t j = 0; j < COUNT(changes); j++)
            step(&world, ++number, &changes[j], &world.articles[numbers[i] - 1]);
    }
    for (size_t i = 0; i < COUNT(rare_changes); i++)
        step(&world, ++number, &rare_changes[i], &world.articles[0]);
    world_close(&world);
}

static void cached_is_as_fresh_after_random_changes(void **state)
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

/* Caching is of use: most responses outlive most changes. */
static void most_cached_responses_outlive_a_change(void **state)
{
    (void)state;
    world_open(&world);
    world.epoch = 1;
    compare_all(&world);
    struct response_cache_stats before = figures_of(&world);
    int rounds = 0;
    for (; rounds < 40; rounds++) {
        /* An old article: of all targets, only the lists of everything have it. */
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
        cmocka_unit_test(cached_is_as_fresh_after_each_change),
        cmocka_unit_test(cached_is_as_fresh_after_random_changes),
        cmocka_unit_test(most_cached_responses_outlive_a_change),
    };
    return cmocka_run_group_tests_name("http/cached_against_fresh", tests, NULL, NULL);
}
