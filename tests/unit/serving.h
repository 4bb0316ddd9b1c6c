/* A worker that serves requests about the small paper, without a socket. */
#ifndef KHOBOR_TESTS_SERVING_H
#define KHOBOR_TESTS_SERVING_H

#include "edition.h"
#include "http/route/routes.h"
#include "http/serve/serve.h"

struct serving {
    struct edition edition;
    struct worker_shared shared;
    struct worker worker;
};

static inline void serving_open(struct serving *serving)
{
    struct fault fault = {.field = ""};
    edition_open(&serving->edition);
    serving->shared = (struct worker_shared){
        .config = &serving->edition.paper.config,
        .words = serving->edition.context.words,
        .published = serving->edition.published,
        .versions = transaction_versions(serving->edition.paper.transaction)};
    check_status("views", pending_views_open(3, &serving->shared.views), STATUS_OK);
    check_status("visitors", audience_open(serving->shared.config, &serving->shared.audience),
                 STATUS_OK);
    check_done("theme",
               theme_current_open("", route_templates, &serving->shared.theme_current, &fault),
               &fault);
    serving->worker =
        (struct worker){.shared = &serving->shared, .db = paper_reader(&serving->edition.paper)};
    check_status("scheduler", scheduler_open(serving->shared.versions, &serving->shared.scheduler),
                 STATUS_OK);
    check_status("worker", worker_open(&serving->worker, 4 * 1024 * 1024), STATUS_OK);
}

static inline void serving_close(struct serving *serving)
{
    db_close(serving->worker.db);
    worker_close(&serving->worker);
    scheduler_close(serving->shared.scheduler);
    audience_close(serving->shared.audience);
    pending_views_close(serving->shared.views);
    theme_current_close(serving->shared.theme_current);
    edition_close(&serving->edition);
}

static inline void serving_ask(const struct serving *serving, enum method method,
                               const char *target, struct response *response)
{
    /* Each request comes from another reader. */
    static int64_t readers;
    char agent[64];
    snprintf(agent, sizeof agent, "Mozilla/5.0 Firefox/120.0 reader-%lld", (long long)++readers);
    const struct request request = {.method = method, .target = target, .agent = agent};
    serve(&serving->worker, &request, PAPER_NOW, response);
}

static inline const char *reply_field(const struct response *response, const char *name)
{
    for (int i = 0; i < response->headers_len; i++) {
        if (strcmp(response->headers[i].name, name) == 0)
            return response_value(response, i);
    }
    return NULL;
}

/* The body of a response as text. */
static inline const char *reply_text(const struct response *response)
{
    size_t len;
    assert_non_null(response->representation);
    return representation_body(response->representation, ENCODING_IDENTITY, &len);
}

#endif
