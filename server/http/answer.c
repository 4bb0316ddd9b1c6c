#include "http/answer.h"

#include "http/freshness.h"
#include "http/negotiate.h"
#include "http/policy.h"

#include <stdlib.h>
#include <string.h>

enum {
    RESPONSE_BYTES = 1536, /* what the library's response takes, about, with its header fields */
};

static bool copy(const char *text, char **to)
{
    *to = text ? strdup(text) : NULL;
    return !text || *to;
}

struct answer *answer_make(const struct route *route, struct rep *rep, const char *link,
                           const char *tags)
{
    struct answer *made = calloc(1, sizeof *made);
    if (!made) {
        rep_unref(rep);
        return NULL;
    }
    made->route = route;
    made->rep = rep;
    made->freshness = route->freshness;
    if (copy(link, &made->link) && copy(tags, &made->tags))
        return made;
    answer_free(made);
    return NULL;
}

void answer_free(void *freeing)
{
    struct answer *answer = freeing;
    for (int encoding = 0; encoding < ENCODING__MAX; encoding++) {
        struct prepared *prepared = &answer->prepared[encoding];
        if (prepared->response)
            prepared->free(prepared->response);
    }
    rep_unref(answer->rep);
    free(answer->link);
    free(answer->tags);
    free(answer);
}

size_t answer_bytes(const struct answer *answer)
{
    size_t bytes = sizeof *answer + rep_bytes(answer->rep);
    bytes += answer->link ? strlen(answer->link) : 0;
    return bytes + (answer->tags ? strlen(answer->tags) : 0);
}

/* Which form a request gets: its encoding, and whether the client has it. */
static bool choose_form(const struct request *request, const struct answer *answer,
                        enum encoding *encoding)
{
    *encoding = rep_is_worth_encoding(answer->rep) ? accepted_encoding(request->accept_encoding)
                                                   : ENCODING_IDENTITY;
    return answer->freshness != FRESH_NEVER &&
           matches_tag(request->if_none_match, answer->rep, *encoding, encoding);
}

static void write_fields(struct exchange *exchange, const struct answer *answer)
{
    struct reply *reply = exchange->reply;
    const struct config *config = exchange->desk->shared->config;
    if (answer->link)
        reply_header(reply, "Link", answer->link);
    if (answer->tags)
        reply_header(reply, tags_field(config), answer->tags);
    add_freshness(config, answer->freshness, reply);
    add_cors(exchange->desk, reply);
    if (rep_media(answer->rep) == MEDIA_HTML)
        add_page_safety(reply);
    if (answer->freshness == FRESH_NEVER)
        return;
    reply_header(reply, "ETag", rep_tag(answer->rep, reply->encoding));
    reply_header(reply, "Vary", "Accept-Encoding");
}

size_t answer_send(struct exchange *exchange, struct answer *answer)
{
    size_t len, bytes = rep_bytes(answer->rep);
    enum encoding encoding;
    struct reply *reply = exchange->reply;
    bool has_it = choose_form(exchange->request, answer, &encoding);
    struct prepared *prepared = &answer->prepared[encoding];
    /* A body that can't be encoded goes out as it is. A 304 goes with its representation, too: the
     * library sends no body then, but its length, which is the only one that may stand there (RFC
     * 9110 §8.6). */
    if (!prepared->response && !rep_body(answer->rep, encoding, &len)) {
        encoding = ENCODING_IDENTITY;
        prepared = &answer->prepared[encoding];
    }
    if (prepared->response) {
        reply_prepared(reply, has_it ? 304 : 200, prepared);
        return 0;
    }
    reply_begin(reply, has_it ? 304 : 200);
    reply->prepared = prepared;
    reply->encoding = encoding;
    reply->rep = rep_ref(answer->rep);
    write_fields(exchange, answer);
    return rep_bytes(answer->rep) - bytes + RESPONSE_BYTES;
}
