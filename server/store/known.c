#include "store/known.h"

#include "store/articles.h"

#include <stdbool.h>
#include <stdlib.h>

enum {
    PLACES = 8192, /* a power of two; 320 KiB */
};

struct place {
    int64_t id; /* 0: empty */
    int64_t version;
    int64_t listed_at;
    bool exists, withdrawn;
};

struct known {
    struct place places[PLACES];
};

enum status known_open(struct known **known)
{
    struct known *opened = calloc(1, sizeof *opened);
    if (!opened)
        return STATUS_NO_MEMORY;
    *known = opened;
    return STATUS_OK;
}

void known_close(struct known *known)
{
    free(known);
}

static enum status learn(struct db *db, int64_t version, int64_t id, struct place *place)
{
    struct article_standing standing = {.listed_at = INSTANT_NONE};
    enum status status = article_standing(db, id, &standing);
    if (status != STATUS_OK && status != STATUS_ABSENT)
        return status;
    *place = (struct place){.id = id,
                            .version = version,
                            .listed_at = standing.listed_at,
                            .exists = status == STATUS_OK,
                            .withdrawn = standing.withdrawn};
    return STATUS_OK;
}

enum status known_visible(struct known *known, struct db *db, int64_t version, int64_t id,
                          int64_t now_s)
{
    struct place *place = &known->places[(uint64_t)id & (PLACES - 1)];
    if (place->id != id || place->version != version) {
        enum status status = learn(db, version, id, place);
        if (status != STATUS_OK)
            return status;
    }
    if (place->exists && place->withdrawn)
        return STATUS_GONE;
    bool is_listed = place->listed_at != INSTANT_NONE && place->listed_at <= now_s;
    return place->exists && is_listed ? STATUS_OK : STATUS_ABSENT;
}
