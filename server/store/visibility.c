/* A direct-mapped table: the low bits of an article's id choose its slot. An entry holds while the
 * version of its article is the one it was read under. It stores facts rather than a verdict, so
 * that a scheduled article becomes visible by the clock alone.
 */
#include "store/visibility.h"

#include "store/articles.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    SLOTS = 8192, /* 320 KiB */
};

static_assert((SLOTS & (SLOTS - 1)) == 0, "a mask chooses the slot");

/* `exists` is false for an id that no article has: that is cached, too. All zero is an empty slot;
 * it also answers rightly for id 0, which no article has. */
struct visibility_entry {
    int64_t id, version;
    int64_t listed_at;
    bool exists, withdrawn;
};

struct visibility_cache {
    struct visibility_entry entries[SLOTS];
};

int64_t article_listed_at(const char *status, int64_t published_at)
{
    bool is_listed = strcmp(status, "published") == 0 || strcmp(status, "scheduled") == 0;
    return is_listed ? published_at : INSTANT_NONE;
}

enum status article_visibility(bool is_withdrawn, int64_t listed_at, int64_t now_s)
{
    if (is_withdrawn)
        return STATUS_GONE;
    return listed_at != INSTANT_NONE && listed_at <= now_s ? STATUS_OK : STATUS_ABSENT;
}

enum status visibility_cache_open(struct visibility_cache **cache)
{
    struct visibility_cache *opened = calloc(1, sizeof *opened);
    if (!opened)
        return STATUS_NO_MEMORY;
    *cache = opened;
    return STATUS_OK;
}

void visibility_cache_close(struct visibility_cache *cache)
{
    free(cache);
}

static enum status load(struct db *db, int64_t version, int64_t id, struct visibility_entry *entry)
{
    struct article_standing standing = {.listed_at = INSTANT_NONE};
    enum status status = article_standing(db, id, &standing);
    if (status != STATUS_OK && status != STATUS_ABSENT)
        return status;
    *entry = (struct visibility_entry){.id = id,
                                       .version = version,
                                       .listed_at = standing.listed_at,
                                       .exists = status == STATUS_OK,
                                       .withdrawn = standing.withdrawn};
    assert(entry->exists || entry->listed_at == INSTANT_NONE);
    return STATUS_OK;
}

enum status visibility_cache_check(struct visibility_cache *cache, struct db *db, int64_t version,
                                   int64_t id, int64_t now_s)
{
    struct visibility_entry *entry = &cache->entries[(uint64_t)id & (SLOTS - 1)];
    if (entry->id != id || entry->version != version) {
        enum status status = load(db, version, id, entry);
        if (status != STATUS_OK)
            return status;
    }
    assert(entry->id == id && entry->version == version);
    return entry->exists ? article_visibility(entry->withdrawn, entry->listed_at, now_s)
                         : STATUS_ABSENT;
}
