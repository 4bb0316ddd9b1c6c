/* A response cache with numbered entries, whose release the tests watch. */
#ifndef KHOBOR_TESTS_CACHE_ENTRIES_H
#define KHOBOR_TESTS_CACHE_ENTRIES_H

#include "http/message/response_cache.h"
#include "paper.h"

enum {
    ROOM = 256 * 1024,
    THINGS = 4000,
    NAME_BYTES = 64,
};

static char folder[64];
static struct versions *versions;
static struct response_cache *cache;
static struct dependencies dependencies;
static int released[THINGS]; /* how often each thing was released */

struct thing {
    int number;
};

static inline int set_up(void **state)
{
    (void)state;
    char path[128];
    folder_make(folder);
    snprintf(path, sizeof path, "%s/paper.db", folder);
    struct fault fault;
    check_done("versions", versions_open(path, false, &versions, &fault), &fault);
    check_status("cache", response_cache_open(ROOM, versions, &cache), STATUS_OK);
    dependencies_init(&dependencies);
    memset(released, 0, sizeof released);
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    response_cache_close(cache);
    versions_close(versions);
    folder_remove(folder);
    return 0;
}

static inline void release_thing(void *freeing)
{
    struct thing *thing = freeing;
    released[thing->number]++;
    free(thing);
}

static inline void note(enum topic topic, int64_t id)
{
    const struct context context = {.dependencies = &dependencies};
    dependency_note(&context, topic, id);
}

/* Keeps thing `number` under "k NUMBER", made at `now_s`. */
static inline bool keep_since(int number, size_t bytes, const char *spelling,
                              const struct build_token *build_token)
{
    char key[NAME_BYTES];
    struct thing *thing = malloc(sizeof *thing);
    assert_non_null(thing);
    thing->number = number;
    int len = snprintf(key, sizeof key, "k %d", number);
    const struct cacheable cacheable = {.value = thing, .release = release_thing, .bytes = bytes};
    bool kept = response_cache_put(cache, build_token, key, (size_t)len, spelling, &dependencies,
                                   &cacheable);
    if (!kept)
        free(thing);
    return kept;
}

static inline bool keep_at(int number, size_t bytes, const char *spelling, int64_t now_s)
{
    struct build_token build_token = response_cache_begin(cache, now_s);
    return keep_since(number, bytes, spelling, &build_token);
}

static inline bool keep(int number, size_t bytes)
{
    return keep_at(number, bytes, NULL, 0);
}

static inline bool has_at(int number, int64_t now_s)
{
    char key[NAME_BYTES];
    int len = snprintf(key, sizeof key, "k %d", number);
    const struct thing *thing = response_cache_get(cache, key, (size_t)len, now_s);
    if (thing)
        check_number("the thing", thing->number, number);
    return thing != NULL;
}

static inline bool has(int number)
{
    return has_at(number, 0);
}

static inline bool has_spelled(const char *spelling)
{
    return response_cache_get_raw(cache, spelling, 0) != NULL;
}

static inline struct response_cache_stats figures(void)
{
    struct response_cache_stats got = {.hits = 0};
    response_cache_add_stats(cache, &got);
    return got;
}

static inline void check_figures(const char *name, uint64_t hits, uint64_t stale, uint64_t misses,
                                 size_t things)
{
    struct response_cache_stats got = figures();
    check_number(name, (int64_t)got.hits, (int64_t)hits);
    check_number(name, (int64_t)got.stale, (int64_t)stale);
    check_number(name, (int64_t)got.misses, (int64_t)misses);
    check_number(name, (int64_t)got.entries, (int64_t)things);
}

#endif
