/* Requests to serve() about the small paper, without a socket. */
#ifndef KHOBOR_TESTS_SERVE_REQUESTS_H
#define KHOBOR_TESTS_SERVE_REQUESTS_H

#include "http/serve/serve.h"
#include "serving.h"

static struct serving serving;

static inline int set_up(void **state)
{
    (void)state;
    serving_open(&serving);
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    serving_close(&serving);
    return 0;
}

static inline void ask(enum method method, const char *target, struct response *response)
{
    serving_ask(&serving, method, target, response);
}

static inline json_t *document_of(const struct response *response)
{
    size_t len;
    assert_non_null(response->representation);
    const char *body = representation_body(response->representation, ENCODING_IDENTITY, &len);
    json_t *document = json_loadb(body, len, 0, NULL);
    check_true("JSON", document != NULL);
    return document;
}

#endif
