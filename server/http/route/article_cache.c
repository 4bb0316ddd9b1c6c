/* Caches article cores in the thread's response cache, under keys that no response has: their first
 * word is NULL where the key of a response has the address of its route. */
#include "http/route/article_cache.h"

#include "document/dependencies.h"
#include "page/page_frame.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    NODE_BYTES = 64, /* about what jansson allocates for a value, */
    PAIR_BYTES = 96, /* and in addition for a member of an object */
};

struct core_key {
    const void *no_route;
    int64_t id;
    int64_t kind;
};

static size_t json_bytes(const json_t *value)
{
    size_t bytes = NODE_BYTES + json_string_length(value), index;
    const char *name;
    json_t *member;
    json_object_foreach((json_t *)value, name, member)
    {
        bytes += PAIR_BYTES + json_bytes(member);
    }
    json_array_foreach(value, index, member)
    {
        bytes += json_bytes(member);
    }
    return bytes;
}

static void free_core(void *core)
{
    article_core_release(core);
    free(core);
}

_Static_assert(sizeof(struct core_key) <= RESPONSE_CACHE_KEY_BYTES_MAX, "a key must fit");

/* Caches a core, which the caller still owns. One that can't be cached is used all the same. */
static void put(const struct worker *worker, const struct core_key *key,
                const struct dependencies *dependencies, const struct article_core *core)
{
    assert(key->id == core->id && core->fields && core->picks);
    struct article_core *copy = malloc(sizeof *copy);
    if (!copy)
        return;
    *copy = *core;
    json_incref(copy->fields);
    json_incref(copy->picks);
    const struct cacheable cacheable = {.value = copy,
                                        .release = free_core,
                                        .bytes = sizeof *copy + json_bytes(core->fields) +
                                                 json_bytes(core->picks)};
    if (!response_cache_put(worker->cache, &worker->memory->build_token, key, sizeof *key, NULL,
                            dependencies, &cacheable))
        free_core(copy);
}

enum status article_cache_get(const struct worker *worker, const struct context *context,
                              int64_t id, enum core_kind kind, struct article_core *core)
{
    struct core_key key = {.id = id, .kind = kind};
    struct dependencies dependencies;
    struct context own = *context; /* the core has dependencies of its own */
    struct article_core made;
    article_core_note(context, id);
    const struct article_core *cached =
        response_cache_get(worker->cache, &key, sizeof key, context->now_s);
    if (cached) {
        assert(cached->id == id);
        *core = *cached;
        json_incref(core->fields);
        json_incref(core->picks);
        return STATUS_OK;
    }
    dependencies_init(&dependencies);
    own.dependencies = &dependencies;
    enum status status = article_core_read(&own, id, &made);
    if (status != STATUS_OK)
        return status;
    assert(made.id == id); /* as when it is found in the cache */
    if (kind == CORE_PAGE)
        status = article_page_fill(&own, made.fields);
    if (status != STATUS_OK) {
        article_core_release(&made);
        return status;
    }
    put(worker, &key, &dependencies, &made);
    *core = made;
    return STATUS_OK;
}
