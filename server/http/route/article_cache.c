#include "http/route/article_cache.h"

#include "document/dependencies.h"
#include "page/article_meta.h"

#include <stdlib.h>
#include <string.h>

enum {
    NODE_BYTES = 64, /* what jansson takes for a value, about, */
    PAIR_BYTES = 96, /* and for a field of an object */
};

struct key {
    const void *none; /* where an answer's key has its route */
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

static void let_go(void *thing)
{
    article_core_release(thing);
    free(thing);
}

static void share(const struct article_core *core, struct article_core *to)
{
    *to = *core;
    json_incref(to->fields);
    json_incref(to->picks);
}

/* One that can't be kept is used all the same. */
static void keep(const struct worker *worker, const struct key *key,
                 const struct dependencies *dependencies, const struct article_core *core)
{
    struct article_core *kept = malloc(sizeof *kept);
    if (!kept)
        return;
    share(core, kept);
    const struct cacheable keepable = {.thing = kept,
                                       .release = let_go,
                                       .bytes = sizeof *kept + json_bytes(core->fields) +
                                                json_bytes(core->picks)};
    if (!response_cache_put(worker->cache, &worker->work->build_token, key, sizeof *key, NULL,
                            dependencies, &keepable))
        let_go(kept);
}

static enum status read(const struct context *context, int64_t id, enum core_kind kind,
                        struct article_core *core)
{
    struct article_core made;
    enum status status = article_core_read(context, id, &made);
    if (status == STATUS_OK && kind == CORE_PAGE) {
        status = article_page_fill(context, made.fields);
        if (status != STATUS_OK)
            article_core_release(&made);
    }
    if (status == STATUS_OK)
        *core = made;
    return status;
}

enum status article_cache_get(const struct worker *worker, const struct context *context,
                              int64_t id, enum core_kind kind, struct article_core *core)
{
    struct key key = {.id = id, .kind = kind};
    struct dependencies dependencies;
    struct context apart = *context;
    article_core_note(context, id);
    const struct article_core *kept =
        response_cache_get(worker->cache, &key, sizeof key, context->now_s);
    if (kept) {
        share(kept, core);
        return STATUS_OK;
    }
    dependencies_init(&dependencies);
    apart.dependencies = &dependencies;
    enum status status = read(&apart, id, kind, core);
    if (status == STATUS_OK)
        keep(worker, &key, &dependencies, core);
    return status;
}
