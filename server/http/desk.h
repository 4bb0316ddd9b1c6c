/* What a serving thread works with: its own connection, and what all threads share. */
#ifndef KHOBOR_HTTP_DESK_H
#define KHOBOR_HTTP_DESK_H

#include "base/address.h"
#include "base/config.h"
#include "http/cache.h"
#include "http/reply.h"
#include "http/request.h"
#include "language/words.h"
#include "popularity/audience.h"
#include "popularity/counts.h"
#include "popularity/snapshot.h"
#include "render/stage.h"
#include "store/appearances.h"
#include "store/db.h"
#include "store/known.h"
#include "store/versions.h"

#include <stdatomic.h>

/* Borrowed, and outliving every desk. */
struct desk_shared {
    const struct config *config;
    const struct words *words;
    struct showcase *showcase;
    struct counts *counts;
    struct audience *audience;
    struct networks proxies; /* http.trusted_proxies */
    struct stage *stage;
    struct versions *versions;
    struct appearances *appearances;
    atomic_bool storing;    /* views could be stored when this was last tried */
    atomic_bool journaling; /* views are in the journal before they are answered */
};

/* The request under way, and memory that one after the other uses. */
struct work {
    struct target target;
    struct buf key;
    struct sources sources;
    struct making making;
    struct prepared counted; /* the answer to a view, always the same */
};

/* All but `shared` is the thread's own. */
struct desk {
    struct desk_shared *shared;
    struct db *db;
    struct known *known;
    struct cache *cache;
    struct work *work;
};

/* Makes what a desk keeps, of `cache_bytes`; its `shared` and `db` are the caller's. */
enum status desk_open(struct desk *desk, size_t cache_bytes) MUST_CHECK;
void desk_close(struct desk *desk);

#endif
