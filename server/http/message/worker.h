/* What a serving thread works with: its own connection, and what all threads share. */
#ifndef KHOBOR_HTTP_MESSAGE_WORKER_H
#define KHOBOR_HTTP_MESSAGE_WORKER_H

#include "base/address.h"
#include "base/config.h"
#include "counting/audience.h"
#include "counting/pending_views.h"
#include "db/sqlite.h"
#include "db/versions.h"
#include "freshness/scheduler.h"
#include "http/message/request.h"
#include "http/message/response.h"
#include "http/message/response_cache.h"
#include "language/words.h"
#include "ranking/snapshot.h"
#include "render/theme_current.h"
#include "store/visibility_cache.h"

#include <stdatomic.h>

/* Borrowed, and outliving every desk. */
struct worker_shared {
    const struct config *config;
    const struct words *words;
    struct published_ranking *published;
    struct pending_views *counts;
    struct audience *audience;
    struct networks proxies; /* http.trusted_proxies */
    struct theme_current *theme_current;
    struct versions *versions;
    struct scheduler *scheduler;
    atomic_bool storing;    /* views could be stored when this was last tried */
    atomic_bool journaling; /* views are in the journal before they are answered */
};

/* The request under way, and memory that one after the other uses. */
struct work {
    struct target target;
    struct buf key;
    struct dependencies dependencies;
    struct build_token build_token;
    struct prepared_response counted; /* the answer to a view, always the same */
};

/* All but `shared` is the thread's own. */
struct worker {
    struct worker_shared *shared;
    struct db *db;
    struct visibility_cache *visibility;
    struct response_cache *cache;
    struct work *work;
};

/* Makes what a desk keeps, of `cache_bytes`; its `shared` and `db` are the caller's. */
enum status worker_open(struct worker *worker, size_t cache_bytes) MUST_CHECK;
void worker_close(struct worker *worker);

#endif
