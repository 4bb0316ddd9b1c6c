/* A worker with a response cache, a second process that imports, and checks of what was a hit. */
#ifndef KHOBOR_TESTS_CACHED_EDITION_H
#define KHOBOR_TESTS_CACHED_EDITION_H

#include "http/message/response_cache.h"
#include "serving.h"

enum {
    NAME_BYTES = 200,
};

static struct serving serving;
static struct paper other; /* what another process opened */

static inline int set_up(void **state)
{
    (void)state;
    struct fault fault = {.field = ""};
    serving_open(&serving);
    other = serving.edition.paper;
    check_done("other", transaction_open(&other.config, &other.transaction, NULL, &fault), &fault);
    other.db = transaction_db(other.transaction);
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    transaction_close(other.transaction);
    serving_close(&serving);
    return 0;
}

static inline struct response_cache_stats figures(void)
{
    struct response_cache_stats got = {.hits = 0};
    response_cache_add_stats(serving.worker.cache, &got);
    return got;
}

/* Whether the response to a target comes from the cache. */
static inline bool is_hit(const char *target)
{
    struct response response;
    uint64_t before = figures().misses + figures().stale;
    serving_ask(&serving, METHOD_GET, target, &response);
    check_number(target, response.status, 200);
    response_release(&response);
    return figures().misses + figures().stale == before;
}

static inline void body_of(const char *target, struct buf *body)
{
    struct response response;
    serving_ask(&serving, METHOD_GET, target, &response);
    check_number(target, response.status, 200);
    buf_init(body, 1024 * 1024);
    buf_text(body, reply_text(&response));
    response_release(&response);
}

static inline void check_body(const char *name, const char *target, const char *has,
                              const char *lacks)
{
    struct buf body;
    body_of(target, &body);
    check_holds(name, buf_string(&body), has);
    check_lacks(name, buf_string(&body), lacks);
    buf_release(&body);
}

#define ARTICLE(slug, section, more)                                                        \
    "{\"type\":\"article\",\"slug\":\"" slug "\",\"section\":\"" section "\",\"headline\":" \
    "\"New one\",\"body\":\"New text\",\"published_at\":\"2024-04-16T11:59:00+06:00\"" more "}\n"

#endif
