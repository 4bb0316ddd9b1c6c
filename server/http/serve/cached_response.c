#include "http/serve/cached_response.h"

#include "http/message/freshness.h"
#include "http/message/negotiate.h"
#include "http/message/policy.h"

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

struct cached_response *cached_response_new(const struct route *route,
                                            struct representation *representation, const char *link,
                                            const char *tags)
{
    struct cached_response *made = calloc(1, sizeof *made);
    if (!made) {
        representation_unref(representation);
        return NULL;
    }
    made->route = route;
    made->representation = representation;
    made->freshness = route->freshness;
    if (copy(link, &made->link) && copy(tags, &made->tags))
        return made;
    cached_response_free(made);
    return NULL;
}

void cached_response_free(void *freeing)
{
    struct cached_response *cached = freeing;
    for (int encoding = 0; encoding < ENCODING__MAX; encoding++) {
        struct prepared_response *prepared = &cached->prepared[encoding];
        if (prepared->handle)
            prepared->free(prepared->handle);
    }
    representation_unref(cached->representation);
    free(cached->link);
    free(cached->tags);
    free(cached);
}

size_t cached_response_bytes(const struct cached_response *cached)
{
    size_t bytes = sizeof *cached + representation_bytes(cached->representation);
    bytes += cached->link ? strlen(cached->link) : 0;
    return bytes + (cached->tags ? strlen(cached->tags) : 0);
}

/* Which form a request gets: its encoding, and whether the client has it. */
static bool choose_form(const struct request *request, const struct cached_response *cached,
                        enum encoding *encoding)
{
    *encoding = representation_is_worth_encoding(cached->representation)
                    ? accepted_encoding(request->accept_encoding)
                    : ENCODING_IDENTITY;
    return cached->freshness != FRESH_NEVER &&
           matches_tag(request->if_none_match, cached->representation, *encoding, encoding);
}

static void write_fields(struct exchange *exchange, const struct cached_response *cached)
{
    struct response *response = exchange->response;
    const struct config *config = exchange->worker->shared->config;
    if (cached->link)
        response_header(response, "Link", cached->link);
    if (cached->tags)
        response_header(response, tags_field(config), cached->tags);
    add_freshness(config, cached->freshness, response);
    add_cors(exchange->worker, response);
    if (representation_media(cached->representation) == MEDIA_HTML)
        add_page_safety(response);
    if (cached->freshness == FRESH_NEVER)
        return;
    response_header(response, "ETag",
                    representation_tag(cached->representation, response->encoding));
    response_header(response, "Vary", "Accept-Encoding");
}

size_t cached_response_send(struct exchange *exchange, struct cached_response *cached)
{
    size_t len, bytes = representation_bytes(cached->representation);
    enum encoding encoding;
    struct response *response = exchange->response;
    bool has_it = choose_form(exchange->request, cached, &encoding);
    struct prepared_response *prepared = &cached->prepared[encoding];
    /* A body that can't be encoded goes out as it is. A 304 goes with its representation, too: the
     * library sends no body then, but its length, which is the only one that may stand there (RFC
     * 9110 §8.6). */
    if (!prepared->handle && !representation_body(cached->representation, encoding, &len)) {
        encoding = ENCODING_IDENTITY;
        prepared = &cached->prepared[encoding];
    }
    if (prepared->handle) {
        response_reuse(response, has_it ? 304 : 200, prepared);
        return 0;
    }
    response_begin(response, has_it ? 304 : 200);
    response->prepared = prepared;
    response->encoding = encoding;
    response->representation = representation_ref(cached->representation);
    write_fields(exchange, cached);
    return representation_bytes(cached->representation) - bytes + RESPONSE_BYTES;
}
