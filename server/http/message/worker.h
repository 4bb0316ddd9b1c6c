/* A worker is what one serving thread works with: it has its own database connection, caches and
 * request memory; all threads share the rest. An exchange is one request that it serves. */
#ifndef KHOBOR_HTTP_MESSAGE_WORKER_H
#define KHOBOR_HTTP_MESSAGE_WORKER_H

#include "base/address.h"
#include "base/config.h"
#include "counting/audience.h"
#include "counting/pending_views.h"
#include "db/sqlite.h"
#include "db/versions.h"
#include "freshness/scheduler.h"
#include "http/message/health.h"
#include "http/message/request.h"
#include "http/message/response.h"
#include "http/message/response_cache.h"
#include "language/words.h"
#include "ranking/snapshot.h"
#include "render/theme_current.h"
#include "store/visibility.h"

/* What all threads use. Every pointer is borrowed and outlives all workers. */
struct worker_shared {
    const struct config *config;
    const struct words *words;
    struct published_ranking *published;
    struct pending_views *views;
    struct audience *audience;
    struct networks proxies; /* http.trusted_proxies */
    struct theme_current *theme_current;
    struct versions *versions;
    struct scheduler *scheduler;
    struct health health;
};

/* Memory of the request that the thread serves; each request reuses it. */
struct request_memory {
    struct target target;
    struct buf key; /* of the response in the cache; at most RESPONSE_CACHE_KEY_BYTES_MAX */
    struct dependencies dependencies;
    struct build_token build_token;
    struct prepared_response counted; /* the response to every view that was counted */
};

/* Used by one thread. `shared` and `db` belong to the caller. */
struct worker {
    struct worker_shared *shared;
    struct db *db;
    struct visibility_cache *visibility;
    struct response_cache *cache;
    struct request_memory *memory;
};

struct route;

/* One request on its way through a serving thread: what has been read of it, and the response.
 * Everything is borrowed. Used by the worker's thread alone, while serve() runs. */
struct exchange {
    const struct worker *worker;
    const struct request *request;
    int64_t now_s;               /* the time of the whole exchange */
    const struct target *target; /* filled when the request's target has been parsed */
    const struct route *route;   /* NULL until one is found */
    struct response *response;
};

/* Opens the caches, of `cache_bytes` for responses, and the request memory. The caller has set
 * `shared` and `db`. STATUS_NO_MEMORY; worker_close is to be called in every case. */
enum status worker_open(struct worker *worker, size_t cache_bytes) MUST_CHECK;

/* Closes them; all responses that were prepared for the worker must have been sent. */
void worker_close(struct worker *worker);

#endif
