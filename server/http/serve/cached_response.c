/* Builds, keys and sends a response that can be cached. The header fields that are the same for all
 * clients are written once, when a variant is first sent; the HTTP library then keeps them in its
 * own response. What differs between clients is only the variant and the status, 200 or 304. */
#include "http/serve/cached_response.h"

#include "document/dependencies.h"
#include "http/message/headers.h"
#include "http/message/negotiate.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    LIBRARY_RESPONSE_BYTES = 1536, /* about what the library's response takes, with its fields */
    /* Requests with ever new values of these would evict what many clients request. */
    UNCACHED = PARAMETER_CURSOR | PARAMETER_FIELDS | PARAMETER_FROM | PARAMETER_TO | PARAMETER_AT,
};

/* Appends a text with its NUL, which no text contains: two texts never run together. */
static void add_text(struct buf *key, const char *text)
{
    buf_add(key, text ? text : "", (text ? strlen(text) : 0) + 1);
}

bool cached_response_key(const struct route *route, const struct target *target,
                         const struct parameters *parameters, struct buf *key)
{
    const unsigned numbers[] = {(unsigned)parameters->list.limit, parameters->window,
                                parameters->include};
    if (route->freshness == FRESH_NEVER || route->method != METHOD_GET ||
        (parameters->given & UNCACHED))
        return false;
    uintptr_t row = (uintptr_t)route;
    buf_clear(key);
    buf_add(key, &row, sizeof row);
    for (int i = 0; i < target->segments_len; i++)
        add_text(key, target->segments[i]);
    buf_add(key, numbers, sizeof numbers);
    add_text(key, parameters->list.section);
    add_text(key, parameters->list.tag);
    add_text(key, parameters->list.author);
    assert(key->failed || key->len > sizeof row + sizeof numbers);
    return buf_status(key) == STATUS_OK;
}

/* Moves the content of a buffer, which is released, into *text; false without memory. */
static bool take_text(struct buf *from, char **text)
{
    *text = buf_status(from) == STATUS_OK ? strdup(buf_string(from)) : NULL;
    buf_release(from);
    return *text != NULL;
}

/* *link is the next page of a list as a Link (RFC 8288); NULL when there is none, or its address is
 * too long for a header field. False without memory. */
static bool make_link(const json_t *document, char **link)
{
    static const char parts[] = "<>; rel=\"next\"";
    struct buf text;
    const char *next = json_string_value(json_object_get(document, "next"));
    *link = NULL;
    if (!next || strlen(next) + sizeof parts > RESPONSE_ADDRESS_BYTES_MAX)
        return true;
    buf_init(&text, RESPONSE_ADDRESS_BYTES_MAX);
    buf_format(&text, "<%s>; rel=\"next\"", next);
    return take_text(&text, link);
}

/* *tags are the dependencies of the response, by which a cache outside can be purged; the tag of
 * the whole paper where they are too many for the field; NULL when the setting is off. False when
 * they can't be written. */
static bool make_tags(const struct worker *worker, char **tags)
{
    struct buf text;
    const struct tags_header header = headers_tags(worker->shared->config);
    *tags = NULL;
    if (!header.name)
        return true;
    struct dependencies dependencies = worker->memory->dependencies;
    buf_init(&text, header.value_max);
    if (dependencies_write(&dependencies, worker->db, header.separator, &text) != STATUS_OK) {
        buf_clear(&text);
        dependencies_widen(&dependencies);
        if (dependencies_write(&dependencies, worker->db, header.separator, &text) != STATUS_OK) {
            buf_release(&text);
            return false;
        }
    }
    return take_text(&text, tags);
}

struct cached_response *cached_response_new(const struct exchange *exchange,
                                            struct handler_result *result)
{
    struct cached_response *made = calloc(1, sizeof *made);
    struct representation *representation = result->representation;
    assert(exchange->route && representation);
    result->representation = NULL;
    if (!made) {
        representation_unref(representation);
        return NULL;
    }
    made->route = exchange->route;
    made->representation = representation;
    made->freshness = result->is_immutable ? FRESH_IMMUTABLE : exchange->route->freshness;
    made->read_id = result->read_id;
    if (make_link(result->document, &made->link) && make_tags(exchange->worker, &made->tags))
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
    assert(!cached->prepared[ENCODING_IDENTITY].handle); /* nothing was sent yet */
    size_t bytes = sizeof *cached + representation_bytes(cached->representation);
    bytes += cached->link ? strlen(cached->link) : 0;
    return bytes + (cached->tags ? strlen(cached->tags) : 0);
}

static void add_headers(struct exchange *exchange, const struct cached_response *cached)
{
    struct response *response = exchange->response;
    const struct config *config = exchange->worker->shared->config;
    if (cached->link)
        response_header(response, "Link", cached->link);
    if (cached->tags && cached->tags[0]) /* made from nothing: the library refuses an empty field */
        response_header(response, headers_tags(config).name, cached->tags);
    headers_add_cache_control(config, cached->freshness, response);
    headers_add_cors(config, response);
    if (representation_media(cached->representation) == MEDIA_HTML)
        headers_add_page_security(response);
    if (cached->freshness == FRESH_NEVER)
        return;
    response_header(response, "ETag",
                    representation_tag(cached->representation, response->encoding));
    response_header(response, "Vary", "Accept-Encoding");
}

size_t cached_response_send(struct exchange *exchange, struct cached_response *cached)
{
    size_t len, bytes_before = 0;
    const struct request *request = exchange->request;
    struct response *response = exchange->response;
    enum encoding encoding = representation_is_worth_encoding(cached->representation)
                                 ? accepted_encoding(request->accept_encoding)
                                 : ENCODING_IDENTITY;
    bool has_it = cached->freshness != FRESH_NEVER &&
                  matches_tag(request->if_none_match, cached->representation, encoding, &encoding);
    int status = has_it ? 304 : 200;
    struct prepared_response *prepared = &cached->prepared[encoding];
    /* A body that can't be encoded is sent in identity. A 304 is sent with its representation, too:
     * the library leaves the body out but sends its length, which is the only length that is
     * allowed there (RFC 9110 §8.6). */
    if (!prepared->handle) {
        bytes_before = representation_bytes(cached->representation);
        if (!representation_body(cached->representation, encoding, &len))
            encoding = ENCODING_IDENTITY;
        prepared = &cached->prepared[encoding];
    }
    assert(prepared == &cached->prepared[encoding]);
    if (prepared->handle) {
        response_reuse(response, status, prepared);
        return 0;
    }
    response_begin(response, status);
    response->prepared = prepared;
    response->encoding = encoding;
    response->representation = representation_ref(cached->representation);
    add_headers(exchange, cached);
    size_t bytes = representation_bytes(cached->representation);
    assert(bytes >= bytes_before); /* encodings are only added */
    return bytes - bytes_before + LIBRARY_RESPONSE_BYTES;
}
