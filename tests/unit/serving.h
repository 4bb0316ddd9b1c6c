/* A desk that answers requests about the small paper, without a socket. */
#ifndef KHOBOR_TESTS_SERVING_H
#define KHOBOR_TESTS_SERVING_H

#include "edition.h"
#include "http/route.h"
#include "http/serve.h"

struct serving {
    struct edition edition;
    struct desk_shared shared;
    struct desk desk;
};

static inline void serving_open(struct serving *serving)
{
    struct fault fault = {.field = ""};
    edition_open(&serving->edition);
    serving->shared =
        (struct desk_shared){.config = &serving->edition.paper.config,
                             .words = serving->edition.reading.words,
                             .showcase = serving->edition.showcase,
                             .versions = writing_versions(serving->edition.paper.writing)};
    atomic_init(&serving->shared.storing, true);
    atomic_init(&serving->shared.journaling, true);
    check_status("counts", counts_open(3, &serving->shared.counts), STATUS_OK);
    check_status("audience", audience_open(serving->shared.config, &serving->shared.audience),
                 STATUS_OK);
    check_done("stage", stage_open("", route_templates, &serving->shared.stage, &fault), &fault);
    serving->desk =
        (struct desk){.shared = &serving->shared, .db = paper_reader(&serving->edition.paper)};
    check_status("appearances",
                 appearances_open(serving->shared.versions, &serving->shared.appearances),
                 STATUS_OK);
    check_status("desk", desk_open(&serving->desk, 4 * 1024 * 1024), STATUS_OK);
}

static inline void serving_close(struct serving *serving)
{
    db_close(serving->desk.db);
    desk_close(&serving->desk);
    appearances_close(serving->shared.appearances);
    audience_close(serving->shared.audience);
    counts_close(serving->shared.counts);
    stage_close(serving->shared.stage);
    edition_close(&serving->edition);
}

static inline void serving_ask(const struct serving *serving, enum method method,
                               const char *target, struct reply *reply)
{
    /* Each a reader of his own. */
    static int64_t readers;
    char agent[64];
    snprintf(agent, sizeof agent, "Mozilla/5.0 Firefox/120.0 reader-%lld", (long long)++readers);
    const struct request request = {.method = method, .target = target, .agent = agent};
    serve(&serving->desk, &request, PAPER_NOW, reply);
}

static inline const char *reply_field(const struct reply *reply, const char *name)
{
    for (int i = 0; i < reply->headers_len; i++) {
        if (strcmp(reply->headers[i].name, name) == 0)
            return reply_value(reply, i);
    }
    return NULL;
}

/* A reply's body as a text. */
static inline const char *reply_text(const struct reply *reply)
{
    size_t len;
    assert_non_null(reply->rep);
    return rep_body(reply->rep, ENCODING_IDENTITY, &len);
}

#endif
