/* The cache of one serving thread: values that were built from the database, and are used again
 * until something that they depend on changes.
 *
 * Nothing is shared between threads: a lookup takes no lock, allocates nothing and reads no
 * database. An entry is valid while the versions of its dependencies stay the same (db/versions.h);
 * a lookup by key evicts an entry that is not.
 *
 * The cache is bounded in bytes; all memory of an entry counts. The entries that were not used for
 * longest are evicted first. An entry has a key, which says what it is, and may have a raw URL: the
 * target of one request for it, byte by byte, by which most requests are served before they are
 * parsed.
 */
#ifndef KHOBOR_HTTP_MESSAGE_RESPONSE_CACHE_H
#define KHOBOR_HTTP_MESSAGE_RESPONSE_CACHE_H

#include "base/status.h"
#include "db/versions.h"
#include "document/dependencies.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    RESPONSE_CACHE_KEY_BYTES_MAX = 1024
};

struct response_cache;

/* Opens a cache of at most `bytes`; 0 caches nothing. `versions` must outlive the cache.
 * STATUS_NO_MEMORY. */
enum status response_cache_open(size_t bytes, const struct versions *versions,
                                struct response_cache **cache) MUST_CHECK;

/* Releases all entries. NULL is allowed. */
void response_cache_close(struct response_cache *cache);

/* A value to be cached. The cache calls `release` once, when the entry is evicted. */
struct cacheable {
    void *value;
    void (*release)(void *value);
    size_t bytes; /* of memory that the value takes */
};

/* The generation counter and the time, read before an entry is built. If the generation has moved
 * when the entry is complete, the entry may mix old and new data and is not cached. */
struct build_token {
    uint64_t generation;
    int64_t now_s;
    bool is_cacheable; /* true at first; false: the entry must not be cached */
};

/* To be called before anything is read for an entry. */
struct build_token response_cache_begin(const struct response_cache *cache, int64_t now_s);

/* Caches a value that was built since `build_token` was taken, in place of an entry with the same
 * key. `key_len` is 1 to RESPONSE_CACHE_KEY_BYTES_MAX; `raw_url` may be NULL. False, and the value
 * still belongs to the caller, when the token says that it must not be cached, when it would take
 * more than half of the cache, or without memory. */
bool response_cache_put(struct response_cache *cache, const struct build_token *build_token,
                        const void *key, size_t key_len, const char *raw_url,
                        const struct dependencies *dependencies, const struct cacheable *cacheable);

/* The value with a key, or with a raw URL, if it is valid at `now_s`; NULL otherwise. The pointer
 * is good until the next call on the cache other than response_cache_grow and
 * response_cache_set_raw_url. */
void *response_cache_get(struct response_cache *cache, const void *key, size_t key_len,
                         int64_t now_s);
void *response_cache_get_raw(struct response_cache *cache, const char *raw_url, int64_t now_s);

/* Charges the entry that was returned or put last with more bytes. Other entries may be evicted
 * for it, itself not. Does nothing when that entry has been evicted. */
void response_cache_grow(struct response_cache *cache, size_t bytes);

/* Gives the entry that was returned or put last another raw URL, if that is shorter than its own.
 */
void response_cache_set_raw_url(struct response_cache *cache, const char *raw_url);

struct response_cache_stats {
    uint64_t hits, stale, misses; /* lookups; a raw URL that is not found counts as nothing */
    size_t entries, bytes;
};

/* Adds the figures of a cache to `to`; NULL adds nothing. */
void response_cache_add_stats(const struct response_cache *cache, struct response_cache_stats *to);

#endif
