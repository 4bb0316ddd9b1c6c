#include "http/message/response_cache.h"

#include "base/crypto.h"

#include <stdlib.h>
#include <string.h>

enum {
    PART = 2, /* of the room, that one thing may take at most */
    BYTES_PER_BUCKET = 2048,
    BUCKETS_LEAST = 64,
    BUCKETS_MOST = 1 << 18,
    SPELLING_BYTES_MAX = 512,
};

/* A version that a thing was made from. */
struct noted_version {
    uint32_t place, version;
};

/* A thing in its places: two chains, and the order of use. The key follows the bonds. */
struct entry {
    struct entry *next, *next_spelled;
    struct entry *newer, *older;
    uint64_t hash, spelled_hash;
    size_t key_len, bytes;
    char *spelling; /* NULL for none */
    struct cacheable kept;
    int64_t from_s, until_s;
    uint32_t epoch, bonds_len;
    struct noted_version bonds[];
};

struct response_cache {
    const struct versions *versions;
    unsigned char secret[HASH_KEY_BYTES]; /* nobody can choose keys that meet in one chain */
    size_t most;                          /* bytes */
    size_t buckets;                       /* a power of two */
    struct entry **by_key, **by_spelling;
    struct entry *newest, *oldest;
    struct entry *last; /* found or kept */
    struct response_cache_stats figures;
};

static size_t buckets_for(size_t bytes)
{
    size_t buckets = BUCKETS_LEAST;
    while (buckets < BUCKETS_MOST && buckets * BYTES_PER_BUCKET < bytes)
        buckets *= 2;
    return buckets;
}

enum status response_cache_open(size_t bytes, const struct versions *versions,
                                struct response_cache **cache)
{
    size_t buckets = buckets_for(bytes);
    struct response_cache *opened = calloc(1, sizeof *opened);
    struct entry **chains = calloc(2 * buckets, sizeof(struct entry *));
    if (!opened || !chains || random_fill(opened->secret, sizeof opened->secret) != STATUS_OK) {
        free(chains);
        free(opened);
        return STATUS_NO_MEMORY;
    }
    opened->versions = versions;
    opened->buckets = buckets;
    opened->by_key = chains;
    opened->by_spelling = chains + buckets;
    /* The chains are paid from the same purse. */
    opened->figures.bytes = 2 * buckets * sizeof(struct entry *);
    opened->most = bytes;
    *cache = opened;
    return STATUS_OK;
}

static struct noted_version *bonds_end(struct entry *entry)
{
    return entry->bonds + entry->bonds_len;
}

static void unlink_use(struct response_cache *cache, struct entry *entry)
{
    if (entry->newer)
        entry->newer->older = entry->older;
    else
        cache->newest = entry->older;
    if (entry->older)
        entry->older->newer = entry->newer;
    else
        cache->oldest = entry->newer;
}

static void link_newest(struct response_cache *cache, struct entry *entry)
{
    entry->newer = NULL;
    entry->older = cache->newest;
    if (cache->newest)
        cache->newest->newer = entry;
    else
        cache->oldest = entry;
    cache->newest = entry;
}

static struct entry **key_chain(struct response_cache *cache, uint64_t hash)
{
    return &cache->by_key[hash & (cache->buckets - 1)];
}

static struct entry **spelling_chain(struct response_cache *cache, uint64_t hash)
{
    return &cache->by_spelling[hash & (cache->buckets - 1)];
}

static size_t spelling_bytes(const struct entry *entry)
{
    return entry->spelling ? strlen(entry->spelling) + 1 : 0;
}

/* Counts bytes in, or out with a negative sign. */
static void charge(struct response_cache *cache, struct entry *entry, size_t bytes)
{
    cache->figures.bytes += bytes - entry->bytes;
    entry->bytes = bytes;
}

static void unspell(struct response_cache *cache, struct entry *entry)
{
    if (!entry->spelling)
        return;
    struct entry **link = spelling_chain(cache, entry->spelled_hash);
    while (*link != entry)
        link = &(*link)->next_spelled;
    *link = entry->next_spelled;
    charge(cache, entry, entry->bytes - spelling_bytes(entry));
    free(entry->spelling);
    entry->spelling = NULL;
}

/* One that can't be had is done without. */
static void spell(struct response_cache *cache, struct entry *entry, const char *spelling)
{
    size_t len = strlen(spelling);
    if (len > SPELLING_BYTES_MAX || !(entry->spelling = strdup(spelling)))
        return;
    entry->spelled_hash = hash_keyed(cache->secret, spelling, len);
    struct entry **chain = spelling_chain(cache, entry->spelled_hash);
    entry->next_spelled = *chain;
    *chain = entry;
    charge(cache, entry, entry->bytes + len + 1);
}

static void drop(struct response_cache *cache, struct entry *entry)
{
    struct entry **link = key_chain(cache, entry->hash);
    while (*link != entry)
        link = &(*link)->next;
    *link = entry->next;
    unspell(cache, entry);
    unlink_use(cache, entry);
    charge(cache, entry, 0);
    cache->figures.things--;
    if (cache->last == entry)
        cache->last = NULL;
    entry->kept.release(entry->kept.value);
    free(entry);
}

void response_cache_close(struct response_cache *cache)
{
    if (!cache)
        return;
    struct entry *newer;
    for (struct entry *entry = cache->oldest; entry; entry = newer) {
        newer = entry->newer;
        drop(cache, entry);
    }
    free(cache->by_key);
    free(cache);
}

struct build_token response_cache_begin(const struct response_cache *cache, int64_t now_s)
{
    return (struct build_token){
        .generation = versions_generation(cache->versions), .now_s = now_s, .is_cacheable = true};
}

/* Lets go what was not asked for longest, until there is room; `kept` stays. */
static void make_room(struct response_cache *cache, const struct entry *kept)
{
    struct entry *newer;
    for (struct entry *entry = cache->oldest;
         entry && entry != kept && cache->figures.bytes > cache->most; entry = newer) {
        newer = entry->newer;
        drop(cache, entry);
    }
}

static void bind(const struct response_cache *cache, struct entry *entry,
                 const struct dependencies *dependencies)
{
    for (int i = 0; i < dependencies->len; i++) {
        uint32_t place = version_index(dependencies->list[i].topic, dependencies->list[i].id);
        entry->bonds[i] =
            (struct noted_version){.place = place, .version = versions_at(cache->versions, place)};
    }
    entry->bonds_len = (uint32_t)dependencies->len;
    entry->epoch = versions_epoch(cache->versions);
    entry->until_s = dependencies->until_s;
}

static bool has_key(struct entry *entry, uint64_t hash, const void *key, size_t key_len)
{
    return entry->hash == hash && entry->key_len == key_len &&
           memcmp(bonds_end(entry), key, key_len) == 0;
}

static struct entry *find(struct response_cache *cache, uint64_t hash, const void *key,
                          size_t key_len)
{
    struct entry *entry = *key_chain(cache, hash);
    while (entry && !has_key(entry, hash, key, key_len))
        entry = entry->next;
    return entry;
}

/* An entry with its key, in no place yet. */
static struct entry *make_entry(const struct response_cache *cache, const void *key, size_t key_len,
                                const struct dependencies *dependencies, size_t *bytes)
{
    size_t own =
        sizeof(struct entry) + (size_t)dependencies->len * sizeof(struct noted_version) + key_len;
    if (*bytes + own > cache->most / PART)
        return NULL;
    struct entry *entry = calloc(1, own);
    if (!entry)
        return NULL;
    bind(cache, entry, dependencies);
    entry->hash = hash_keyed(cache->secret, key, key_len);
    entry->key_len = key_len;
    memcpy(bonds_end(entry), key, key_len);
    *bytes += own;
    return entry;
}

bool response_cache_put(struct response_cache *cache, const struct build_token *build_token,
                        const void *key, size_t key_len, const char *spelling,
                        const struct dependencies *dependencies, const struct cacheable *keepable)
{
    size_t bytes = keepable->bytes;
    struct entry *entry =
        build_token->is_cacheable ? make_entry(cache, key, key_len, dependencies, &bytes) : NULL;
    if (!entry)
        return false;
    /* After the versions were read: what moved until now had moved the moment before. */
    if (versions_generation(cache->versions) != build_token->generation) {
        free(entry);
        return false;
    }
    struct entry *before = find(cache, entry->hash, key, key_len);
    if (before)
        drop(cache, before);
    entry->kept = *keepable;
    entry->from_s = build_token->now_s;
    struct entry **chain = key_chain(cache, entry->hash);
    entry->next = *chain;
    *chain = entry;
    link_newest(cache, entry);
    charge(cache, entry, bytes);
    cache->figures.things++;
    if (spelling)
        spell(cache, entry, spelling);
    cache->last = entry;
    make_room(cache, entry);
    return true;
}

static bool holds(const struct response_cache *cache, const struct entry *entry, int64_t now_s)
{
    if (now_s < entry->from_s || now_s >= entry->until_s ||
        entry->epoch != versions_epoch(cache->versions))
        return false;
    for (uint32_t i = 0; i < entry->bonds_len; i++) {
        if (versions_at(cache->versions, entry->bonds[i].place) != entry->bonds[i].version)
            return false;
    }
    return true;
}

static void *use(struct response_cache *cache, struct entry *entry)
{
    if (entry != cache->newest) {
        unlink_use(cache, entry);
        link_newest(cache, entry);
    }
    cache->last = entry;
    cache->figures.hits++;
    return entry->kept.value;
}

void *response_cache_get(struct response_cache *cache, const void *key, size_t key_len,
                         int64_t now_s)
{
    struct entry *entry = find(cache, hash_keyed(cache->secret, key, key_len), key, key_len);
    if (entry && holds(cache, entry, now_s))
        return use(cache, entry);
    if (!entry) {
        cache->figures.misses++;
        return NULL;
    }
    cache->figures.stale++;
    drop(cache, entry);
    return NULL;
}

void *response_cache_get_raw(struct response_cache *cache, const char *spelling, int64_t now_s)
{
    size_t len = strlen(spelling);
    if (!cache->newest || len > SPELLING_BYTES_MAX)
        return NULL;
    uint64_t hash = hash_keyed(cache->secret, spelling, len);
    struct entry *entry = *spelling_chain(cache, hash);
    while (entry && (entry->spelled_hash != hash || strcmp(entry->spelling, spelling) != 0))
        entry = entry->next_spelled;
    return entry && holds(cache, entry, now_s) ? use(cache, entry) : NULL;
}

void response_cache_grow(struct response_cache *cache, size_t bytes)
{
    if (!cache->last)
        return;
    charge(cache, cache->last, cache->last->bytes + bytes);
    make_room(cache, cache->last);
}

void response_cache_set_raw_url(struct response_cache *cache, const char *spelling)
{
    struct entry *entry = cache->last;
    if (!entry || (entry->spelling && strlen(entry->spelling) <= strlen(spelling)))
        return;
    unspell(cache, entry);
    spell(cache, entry, spelling);
    make_room(cache, entry);
}

void response_cache_add_stats(const struct response_cache *cache, struct response_cache_stats *to)
{
    if (!cache)
        return;
    to->hits += cache->figures.hits;
    to->stale += cache->figures.stale;
    to->misses += cache->figures.misses;
    to->things += cache->figures.things;
    to->bytes += cache->figures.bytes;
}
