/* What one serving thread keeps of what it made, so that it need not be made again.
 *
 * Nothing is shared between threads: finding takes no lock, allocates nothing, and asks no
 * database. Something kept holds for as long as the versions of all that it was made from stay
 * where they were (store/versions.h); one that no longer does is dropped when it is asked for.
 *
 * Bounded in bytes, everything counted that is kept with a thing; whatever was not asked for
 * longest goes first. A thing has a key, which says what it is, and may have a spelling: one way in
 * which it was asked for, byte by byte, so that most are found before their request is understood.
 */
#ifndef KHOBOR_HTTP_MESSAGE_RESPONSE_CACHE_H
#define KHOBOR_HTTP_MESSAGE_RESPONSE_CACHE_H

#include "base/status.h"
#include "db/versions.h"
#include "document/dependencies.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct response_cache;

enum {
    RESPONSE_CACHE_KEY_BYTES_MAX = 1024
};

/* `bytes` 0 keeps nothing. `versions` must outlive the cache. */
enum status response_cache_open(size_t bytes, const struct versions *versions,
                                struct response_cache **cache) MUST_CHECK;
void response_cache_close(struct response_cache *cache);

/* A thing to be kept, handed over by its owner: `release` frees it when it goes. */
struct cacheable {
    void *value;
    void (*release)(void *value);
    size_t bytes; /* that it takes */
};

/* When the making of a thing began: what is committed while it is made must not hide. */
struct build_token {
    uint64_t generation;
    int64_t now_s;
    bool is_cacheable; /* true at first; false: the entry must not be cached */
};

/* To be called before anything is read. */
struct build_token response_cache_begin(const struct response_cache *cache, int64_t now_s);

/* Keeps a thing that was made from `sources`; false, and nothing is taken over, when something was
 * changed meanwhile, or when it would take more than its part of the room. What was kept under the
 * key before goes. `spelling` may be NULL. */
bool response_cache_put(struct response_cache *cache, const struct build_token *build_token,
                        const void *key, size_t key_len, const char *spelling,
                        const struct dependencies *dependencies, const struct cacheable *keepable);

/* The thing under a key, or of a spelling, if it holds at `now_s`; NULL otherwise. It stays until
 * the cache is used again. */
void *response_cache_get(struct response_cache *cache, const void *key, size_t key_len,
                         int64_t now_s);
void *response_cache_get_raw(struct response_cache *cache, const char *spelling, int64_t now_s);

/* Says that the thing that was found or kept last takes more bytes than before. Others may go for
 * it, itself not. */
void response_cache_grow(struct response_cache *cache, size_t bytes);

/* Gives the thing that was found last another spelling, if it is shorter than the one it has. */
void response_cache_set_raw_url(struct response_cache *cache, const char *spelling);

/* What came of it. */
struct response_cache_stats {
    uint64_t hits, stale, misses; /* of response_cache_get and response_cache_get_raw together */
    size_t things, bytes;
};

/* Adds a cache's figures until now; those of a NULL are nothing. */
void response_cache_add_stats(const struct response_cache *cache, struct response_cache_stats *to);

#endif
