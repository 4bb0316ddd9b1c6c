/* Two hash tables over the same entries, by key and by raw URL, and a list in the order of use:
 *
 *   by_key[hash % buckets]          -> entry -> entry      (next_by_key)
 *   by_raw_url[raw_hash % buckets]  -> entry               (next_by_raw_url)
 *
 *   oldest -> entry <-> entry <-> entry <- newest          (newer, older)
 *   evicted first                   used or put last
 *
 * An entry is one allocation; its value and its raw URL are others, charged to it as well:
 *
 *   +--------------------+----------------+-----+
 *   | struct cache_entry | noted versions | key |
 *   +--------------------+----------------+-----+
 *
 * Invariants:
 * C1  An entry is in one chain of by_key, in the list of use, and, if it has a raw URL, in one
 *     chain of by_raw_url. No two entries have the same key; two may have the same raw URL.
 * C2  stats.bytes is the size of the chains plus the `bytes` of all entries; stats.entries is their
 *     number; newest and oldest are NULL exactly when it is 0.
 * C3  After each call stats.bytes is at most bytes_max, unless there is at most one entry.
 * C4  An entry is returned only while the epoch and every noted version are what they were when it
 *     was put, and from_s <= now < until_s.
 * C5  An entry is put only if the generation, read again after its versions were noted, is still
 *     that of its build token.
 * C6  `last` is NULL, or the newest entry: that which was returned or put last.
 */
#include "http/message/response_cache.h"

#include "base/crypto.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    ENTRY_PART = 2, /* a new entry takes at most this part of bytes_max */
    BYTES_PER_BUCKET = 2048,
    BUCKETS_MIN = 64,
    BUCKETS_MAX = 1 << 18,
    RAW_URL_BYTES_MAX = 512, /* a longer URL is found by its key only */
};

/* The version of a dependency when the entry was put. */
struct noted_version {
    uint32_t index, version;
};

struct cache_entry {
    struct cache_entry *next_by_key, *next_by_raw_url;
    struct cache_entry *newer, *older;
    uint64_t hash, raw_hash;
    size_t key_len, bytes;
    char *raw_url; /* NULL for none */
    struct cacheable cacheable;
    int64_t from_s, until_s;
    uint32_t epoch, noted_len;
    struct noted_version noted[]; /* followed by the key */
};

struct response_cache {
    const struct versions *versions;
    unsigned char secret[HASH_KEY_BYTES]; /* so that no client can choose keys of one chain */
    size_t bytes_max, chains_bytes;
    size_t buckets; /* a power of two */
    struct cache_entry **by_key, **by_raw_url;
    struct cache_entry *newest, *oldest, *last;
    struct response_cache_stats stats;
};

enum status response_cache_open(size_t bytes, const struct versions *versions,
                                struct response_cache **cache)
{
    size_t buckets = BUCKETS_MIN;
    while (buckets < BUCKETS_MAX && buckets * BYTES_PER_BUCKET < bytes)
        buckets *= 2;
    assert((buckets & (buckets - 1)) == 0); /* a mask finds the chain of a hash */
    struct response_cache *opened = calloc(1, sizeof *opened);
    struct cache_entry **chains = calloc(2 * buckets, sizeof(struct cache_entry *));
    if (!opened || !chains || random_fill(opened->secret, sizeof opened->secret) != STATUS_OK) {
        free(chains);
        free(opened);
        return STATUS_NO_MEMORY;
    }
    opened->versions = versions;
    opened->buckets = buckets;
    opened->by_key = chains;
    opened->by_raw_url = chains + buckets;
    opened->chains_bytes = 2 * buckets * sizeof(struct cache_entry *);
    opened->stats.bytes = opened->chains_bytes;
    opened->bytes_max = bytes;
    *cache = opened;
    return STATUS_OK;
}

static void unlink_use(struct response_cache *cache, struct cache_entry *entry)
{
    assert(cache->newest && cache->oldest); /* C2 */
    if (entry->newer)
        entry->newer->older = entry->older;
    else
        cache->newest = entry->older;
    if (entry->older)
        entry->older->newer = entry->newer;
    else
        cache->oldest = entry->newer;
}

static void link_newest(struct response_cache *cache, struct cache_entry *entry)
{
    assert(!cache->newest || !cache->newest->newer); /* C1 */
    entry->newer = NULL;
    entry->older = cache->newest;
    if (cache->newest)
        cache->newest->newer = entry;
    else
        cache->oldest = entry;
    cache->newest = entry;
    cache->last = entry; /* C6 */
}

/* Sets how many bytes an entry is charged with. */
static void charge(struct response_cache *cache, struct cache_entry *entry, size_t bytes)
{
    assert(cache->stats.bytes >= cache->chains_bytes + entry->bytes); /* C2 */
    cache->stats.bytes += bytes - entry->bytes;
    entry->bytes = bytes;
}

static void remove_raw_url(struct response_cache *cache, struct cache_entry *entry)
{
    if (!entry->raw_url)
        return;
    struct cache_entry **link = &cache->by_raw_url[entry->raw_hash & (cache->buckets - 1)];
    while (*link != entry) {
        assert(*link); /* C1 */
        link = &(*link)->next_by_raw_url;
    }
    *link = entry->next_by_raw_url;
    assert(entry->bytes > strlen(entry->raw_url)); /* C2 */
    charge(cache, entry, entry->bytes - strlen(entry->raw_url) - 1);
    free(entry->raw_url);
    entry->raw_url = NULL;
}

/* An entry whose raw URL is too long, or can't be allocated, has none. */
static void add_raw_url(struct response_cache *cache, struct cache_entry *entry,
                        const char *raw_url)
{
    size_t len = strlen(raw_url);
    assert(!entry->raw_url); /* C1 */
    if (len > RAW_URL_BYTES_MAX || !(entry->raw_url = strdup(raw_url)))
        return;
    entry->raw_hash = hash_keyed(cache->secret, raw_url, len);
    struct cache_entry **chain = &cache->by_raw_url[entry->raw_hash & (cache->buckets - 1)];
    entry->next_by_raw_url = *chain;
    *chain = entry;
    charge(cache, entry, entry->bytes + len + 1);
}

static void evict(struct response_cache *cache, struct cache_entry *entry)
{
    struct cache_entry **link = &cache->by_key[entry->hash & (cache->buckets - 1)];
    while (*link != entry) {
        assert(*link); /* C1 */
        link = &(*link)->next_by_key;
    }
    *link = entry->next_by_key;
    remove_raw_url(cache, entry);
    unlink_use(cache, entry);
    charge(cache, entry, 0);
    cache->stats.entries--;
    if (cache->last == entry)
        cache->last = NULL;
    assert((cache->stats.entries == 0) == (cache->newest == NULL)); /* C2 */
    entry->cacheable.release(entry->cacheable.value);
    free(entry);
}

/* Evicts the entries that were not used for longest until the others fit; the newest stays. */
static void make_room(struct response_cache *cache)
{
    while (cache->stats.bytes > cache->bytes_max && cache->oldest != cache->newest)
        evict(cache, cache->oldest);
    assert(cache->stats.bytes <= cache->bytes_max || cache->stats.entries <= 1); /* C3 */
}

void response_cache_close(struct response_cache *cache)
{
    if (!cache)
        return;
    while (cache->oldest)
        evict(cache, cache->oldest);
    assert(cache->stats.entries == 0 && cache->stats.bytes == cache->chains_bytes); /* C2 */
    free(cache->by_key);
    free(cache);
}

struct build_token response_cache_begin(const struct response_cache *cache, int64_t now_s)
{
    assert(cache->stats.bytes >= cache->chains_bytes); /* C2 */
    return (struct build_token){
        .generation = versions_generation(cache->versions), .now_s = now_s, .is_cacheable = true};
}

static unsigned char *key_of(struct cache_entry *entry)
{
    assert(entry->noted_len <= DEPENDENCIES_MAX && entry->key_len > 0);
    return (unsigned char *)(entry->noted + entry->noted_len);
}

static struct cache_entry *find(struct response_cache *cache, uint64_t hash, const void *key,
                                size_t key_len)
{
    struct cache_entry *entry = cache->by_key[hash & (cache->buckets - 1)];
    while (entry && (entry->hash != hash || entry->key_len != key_len ||
                     memcmp(key_of(entry), key, key_len) != 0))
        entry = entry->next_by_key;
    assert(!entry || cache->stats.entries > 0); /* C2 */
    return entry;
}

/* An entry with its key and the versions of its dependencies, in no chain yet. NULL when it would
 * take too much of the cache, or without memory. */
static struct cache_entry *make_entry(const struct response_cache *cache, const void *key,
                                      size_t key_len, const struct dependencies *dependencies,
                                      size_t value_bytes, size_t *bytes)
{
    assert(dependencies->len >= 0 && dependencies->len <= DEPENDENCIES_MAX);
    size_t own = sizeof(struct cache_entry) +
                 (size_t)dependencies->len * sizeof(struct noted_version) + key_len;
    if (value_bytes + own > cache->bytes_max / ENTRY_PART)
        return NULL;
    struct cache_entry *entry = calloc(1, own);
    if (!entry)
        return NULL;
    for (int i = 0; i < dependencies->len; i++) {
        uint32_t index = version_index(dependencies->list[i].topic, dependencies->list[i].id);
        assert(index < VERSIONS); /* checked here, and not at each hit */
        entry->noted[i] = (struct noted_version){index, versions_at(cache->versions, index)};
    }
    entry->noted_len = (uint32_t)dependencies->len;
    entry->epoch = versions_epoch(cache->versions);
    entry->until_s = dependencies->until_s;
    entry->hash = hash_keyed(cache->secret, key, key_len);
    entry->key_len = key_len;
    memcpy(key_of(entry), key, key_len);
    *bytes = value_bytes + own;
    return entry;
}

bool response_cache_put(struct response_cache *cache, const struct build_token *build_token,
                        const void *key, size_t key_len, const char *raw_url,
                        const struct dependencies *dependencies, const struct cacheable *cacheable)
{
    size_t bytes;
    assert(key_len > 0 && key_len <= RESPONSE_CACHE_KEY_BYTES_MAX);
    struct cache_entry *entry =
        build_token->is_cacheable
            ? make_entry(cache, key, key_len, dependencies, cacheable->bytes, &bytes)
            : NULL;
    if (!entry)
        return false;
    /* The versions were noted first: a change that came before them has moved the generation. C5 */
    if (versions_generation(cache->versions) != build_token->generation) {
        free(entry);
        return false;
    }
    struct cache_entry *previous = find(cache, entry->hash, key, key_len);
    if (previous)
        evict(cache, previous); /* C1 */
    entry->cacheable = *cacheable;
    entry->from_s = build_token->now_s;
    struct cache_entry **chain = &cache->by_key[entry->hash & (cache->buckets - 1)];
    entry->next_by_key = *chain;
    *chain = entry;
    link_newest(cache, entry);
    charge(cache, entry, bytes);
    cache->stats.entries++;
    if (raw_url)
        add_raw_url(cache, entry, raw_url);
    make_room(cache);
    assert(cache->last == entry && cache->newest == entry); /* C3, C6 */
    return true;
}

/* C4 */
static bool is_valid(const struct response_cache *cache, const struct cache_entry *entry,
                     int64_t now_s)
{
    assert(entry->noted_len <= DEPENDENCIES_MAX);
    if (now_s < entry->from_s || now_s >= entry->until_s ||
        entry->epoch != versions_epoch(cache->versions))
        return false;
    for (uint32_t i = 0; i < entry->noted_len; i++) {
        if (versions_at(cache->versions, entry->noted[i].index) != entry->noted[i].version)
            return false;
    }
    return true;
}

static void *use(struct response_cache *cache, struct cache_entry *entry)
{
    if (entry != cache->newest) {
        unlink_use(cache, entry);
        link_newest(cache, entry);
    }
    cache->last = entry;
    assert(cache->last == cache->newest); /* C6 */
    cache->stats.hits++;
    return entry->cacheable.value;
}

void *response_cache_get(struct response_cache *cache, const void *key, size_t key_len,
                         int64_t now_s)
{
    assert(key_len > 0 && key_len <= RESPONSE_CACHE_KEY_BYTES_MAX);
    struct cache_entry *entry = find(cache, hash_keyed(cache->secret, key, key_len), key, key_len);
    if (!entry) {
        cache->stats.misses++;
        return NULL;
    }
    if (is_valid(cache, entry, now_s))
        return use(cache, entry);
    cache->stats.stale++;
    evict(cache, entry);
    return NULL;
}

void *response_cache_get_raw(struct response_cache *cache, const char *raw_url, int64_t now_s)
{
    size_t len = strlen(raw_url);
    if (!cache->newest || len > RAW_URL_BYTES_MAX)
        return NULL;
    assert(cache->oldest); /* C2 */
    uint64_t hash = hash_keyed(cache->secret, raw_url, len);
    struct cache_entry *entry = cache->by_raw_url[hash & (cache->buckets - 1)];
    while (entry && (entry->raw_hash != hash || strcmp(entry->raw_url, raw_url) != 0))
        entry = entry->next_by_raw_url;
    return entry && is_valid(cache, entry, now_s) ? use(cache, entry) : NULL;
}

void response_cache_grow(struct response_cache *cache, size_t bytes)
{
    struct cache_entry *entry = cache->last;
    if (!entry)
        return;
    assert(entry == cache->newest); /* C6 */
    charge(cache, entry, entry->bytes + bytes);
    make_room(cache);
}

void response_cache_set_raw_url(struct response_cache *cache, const char *raw_url)
{
    struct cache_entry *entry = cache->last;
    if (!entry || (entry->raw_url && strlen(entry->raw_url) <= strlen(raw_url)))
        return;
    assert(entry == cache->newest); /* C6 */
    remove_raw_url(cache, entry);
    add_raw_url(cache, entry, raw_url);
    make_room(cache);
}

void response_cache_add_stats(const struct response_cache *cache, struct response_cache_stats *to)
{
    if (!cache)
        return;
    assert((cache->stats.entries == 0) == (cache->oldest == NULL)); /* C2 */
    to->hits += cache->stats.hits;
    to->stale += cache->stats.stale;
    to->misses += cache->stats.misses;
    to->entries += cache->stats.entries;
    to->bytes += cache->stats.bytes;
}
