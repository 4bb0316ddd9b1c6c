/* Turns a request into a response, in these steps:
 *
 *   1  publish what is due       an article whose time has come moves the versions of what shows it
 *   2  look up the raw URL       was the same URL, byte by byte, requested before? -> send it
 *   3  parse the target          into path segments and parameters
 *   4  find the route            OPTIONS, 404, 405, 406 and a broken theme end here
 *   5  read the parameters       that the route knows
 *   6  look up the cache key     is the response cached under another URL? -> send it
 *   7  build                     in one read transaction: handler, redirects, representation
 *   8  put and send              into the cache, unless something has changed since step 7 began
 *
 * A response passes through these stages:
 *
 *   document           JSON that a handler makes from the database (in struct handler_result)
 *   representation     the bytes of a document, with media type, entity tag and encodings
 *   cached_response    a representation with its route, Link and tags, as the thread's cache has it
 *   response           what one client gets: status, header fields, one encoding
 *   prepared_response  the HTTP library's own object for a response, reused for later clients
 */
#include "http/serve/serve.h"

#include "base/arena.h"
#include "document/dependencies.h"
#include "document/url.h"
#include "http/message/headers.h"
#include "http/message/negotiate.h"
#include "http/route/redirects.h"
#include "http/route/views.h"
#include "http/serve/cached_response.h"
#include "http/serve/error_page.h"

#include <assert.h>
#include <string.h>

enum {
    PATH_BYTES_MAX = 64 * 1024
};

/* Whether the client takes what the route gives. Only the API insists on that: to a reader who
 * followed a link any page is better than none (RFC 9110 §12.4.1). */
static bool is_acceptable(const struct request *request, const struct route *route)
{
    return route->method != METHOD_GET || route->show.media != MEDIA_JSON ||
           accepts_type(request->accept, "application/json");
}

/* Counts the view of an article that is read over the API, where `popularity.count_reads` is on;
 * a response from the cache counts, too. */
static void count_read(const struct exchange *exchange, const struct cached_response *cached)
{
    const struct worker *worker = exchange->worker;
    if (cached->read_id > 0 && !exchange->request->is_head &&
        strcmp(worker->shared->config->popularity.count_reads, "on") == 0)
        count_read_as_view(worker, exchange->request, cached->read_id, exchange->now_s);
}

/* Sends the response that was found in the cache or put there last, and charges to the cache what
 * it has grown by. */
static void send_cached(struct exchange *exchange, struct cached_response *cached)
{
    size_t bytes = cached_response_send(exchange, cached);
    if (bytes > 0)
        response_cache_grow(exchange->worker->cache, bytes);
}

/* Step 2. A broken theme has to be noticed in step 4, so nothing is sent from here then. */
static bool respond_from_raw_url(struct exchange *exchange)
{
    const struct worker *worker = exchange->worker;
    const struct request *request = exchange->request;
    if (request->method != METHOD_GET || theme_current_is_broken(worker->shared->theme_current))
        return false;
    struct cached_response *cached =
        response_cache_get_raw(worker->cache, request->target, exchange->now_s);
    if (!cached || !is_acceptable(request, cached->route))
        return false;
    count_read(exchange, cached);
    send_cached(exchange, cached);
    assert(exchange->response->status == 200 || exchange->response->status == 304);
    return true;
}

/* OPTIONS tells the methods of an address, and is a browser's question before a cross-origin
 * request (Fetch standard, CORS-preflight). */
static void respond_options(struct exchange *exchange, unsigned methods)
{
    struct response *response = exchange->response;
    const struct config *config = exchange->worker->shared->config;
    response_begin(response, 204);
    headers_add_methods(response, "Allow", methods);
    headers_add_cors(config, response);
    if (config->http.cors_origin[0] == '\0')
        return;
    headers_add_methods(response, "Access-Control-Allow-Methods", methods);
    response_header(response, "Access-Control-Allow-Headers",
                    "Accept, Content-Type, If-None-Match");
    response_header(response, "Access-Control-Max-Age", "86400");
}

/* Step 4. Sets exchange->route. True when that was enough to respond. Without a route a GET outside
 * the API goes on: the address may be an old one that is redirected. */
static bool respond_from_route(struct exchange *exchange, struct fault *fault)
{
    unsigned methods;
    const struct request *request = exchange->request;
    const struct route *route = route_find(exchange->target, request->method, &methods);
    exchange->route = route;
    if (!route && request->method == METHOD_OPTIONS && methods) {
        respond_options(exchange, methods);
    } else if (!route && methods) {
        fault_set(fault, STATUS_INVALID, "", "this address does not take that method");
        respond_error(exchange, 405, fault);
        headers_add_methods(exchange->response, "Allow", methods);
    } else if (!route) {
        fault_set(fault, STATUS_ABSENT, "", "nothing is at this address");
        if (request->method == METHOD_GET && !route_is_api(exchange->target))
            return false;
        respond_error(exchange, 404, fault);
    } else if (!is_acceptable(request, route)) {
        fault_set(fault, STATUS_INVALID, "Accept", "must allow application/json");
        respond_error(exchange, 406, fault);
    } else if (error_page_shows_theme(exchange, fault)) {
        respond_broken_theme(exchange, fault);
    } else {
        return false;
    }
    return true;
}

/* Step 5. */
static enum status read_parameters(const struct exchange *exchange, struct parameters *parameters,
                                   struct fault *fault)
{
    const struct route *route = exchange->route;
    *parameters = (struct parameters){
        .request = exchange->request,
        .window = WINDOW_24H,
        .at = INSTANT_NONE,
        .list = {.from_at = INT64_MIN,
                 .before = position_newest(exchange->now_s),
                 .limit = route->limit,
                 .limit_is_fixed = !(route->parameters & PARAMETER_LIMIT),
                 .fields = route->show.template ? FIELDS_ALL : FIELDS_CARD},
    };
    route_names(route, exchange->target, parameters->names);
    return parameters_read(exchange->target, route->parameters, parameters, fault);
}

/* Step 6. A response that is found also gets this URL as its raw URL, where that is shorter. */
static bool respond_from_key(struct exchange *exchange, const struct buf *key)
{
    struct response_cache *cache = exchange->worker->cache;
    struct cached_response *cached =
        response_cache_get(cache, key->bytes, key->len, exchange->now_s);
    if (!cached)
        return false;
    assert(cached->route == exchange->route); /* the key begins with the route */
    count_read(exchange, cached);
    response_cache_set_raw_url(cache, exchange->request->target);
    send_cached(exchange, cached);
    return true;
}

/* Begins one consistent view of the database and the rankings. A POST needs neither a transaction
 * nor the rankings. */
static enum status begin_reading(const struct exchange *exchange, struct context *context)
{
    const struct worker_shared *shared = exchange->worker->shared;
    const struct route *route = exchange->route;
    struct request_memory *memory = exchange->worker->memory;
    *context =
        (struct context){.db = exchange->worker->db,
                         .config = shared->config,
                         .words = shared->words,
                         .now_s = exchange->now_s,
                         .dependencies = &memory->dependencies,
                         .card_fields = route && route->show.template ? FIELDS_ALL : FIELDS_CARD};
    dependencies_init(&memory->dependencies);
    /* The token is taken before anything is read. */
    memory->build_token = response_cache_begin(exchange->worker->cache, exchange->now_s);
    memory->build_token.is_cacheable = !scheduler_is_ahead(shared->scheduler, exchange->now_s);
    assert(!context->ranking);
    if (exchange->request->method != METHOD_GET)
        return STATUS_OK;
    enum status status = db_begin_read(context->db);
    if (status == STATUS_OK)
        context->ranking = published_ranking_ref(shared->published);
    return status;
}

static void end_reading(const struct exchange *exchange, const struct context *context)
{
    if (!context->ranking)
        return;
    assert(exchange->request->method == METHOD_GET);
    published_ranking_unref(exchange->worker->shared->published, context->ranking);
    db_end_transaction(context->db);
}

static enum status render(const struct exchange *exchange, const struct context *context,
                          const struct parameters *parameters, struct handler_result *result)
{
    struct theme *theme = NULL;
    assert(result->document && !result->representation && result->location.len == 0);
    const struct presentation *how = &exchange->route->show;
    const struct presented_document presented = {.document = result->document,
                                                 .revision = result->revision,
                                                 .path = parameters->list.path,
                                                 .paged = parameters->paged};
    if (how->template) {
        dependency_note(context, TOPIC_THEME, 0);
        theme = theme_current_ref(exchange->worker->shared->theme_current);
    }
    enum status status =
        representation_render(context, theme, how, &presented, &result->representation);
    theme_unref(theme);
    return status;
}

/* Step 7. Without a route only a redirect can be found. */
static enum status build(const struct exchange *exchange, struct parameters *parameters,
                         struct handler_result *result, struct fault *fault)
{
    struct buf path;
    struct context context;
    const struct route *route = exchange->route;
    enum status status = begin_reading(exchange, &context);
    if (status != STATUS_OK)
        return status;
    buf_init(&path, PATH_BYTES_MAX);
    for (int i = 0; i < exchange->target->segments_len; i++) {
        buf_char(&path, '/');
        url_encode(exchange->target->segments[i], &path);
    }
    parameters->list.path = buf_string(&path);
    const struct handler_call call = {exchange->worker, &context, parameters, result, fault};
    status = route ? route->handle(&call) : STATUS_ABSENT;
    bool may_redirect = !route || route->show.media == MEDIA_HTML;
    if (may_redirect && (status == STATUS_ABSENT || result->location.len > 0)) {
        enum status redirect =
            redirects_resolve(&context, exchange->request, exchange->target, &result->location);
        status = redirect == STATUS_ABSENT ? status : redirect;
    }
    if (status == STATUS_OK && buf_status(&result->location) != STATUS_OK)
        status = STATUS_NO_MEMORY;
    if (!route && status == STATUS_GONE)
        fault_set(fault, status, "", "the article was withdrawn");
    if (status == STATUS_OK && result->document && result->location.len == 0)
        status = render(exchange, &context, parameters, result);
    end_reading(exchange, &context);
    buf_release(&path);
    return status;
}

static void respond_redirect(struct exchange *exchange, const struct buf *location)
{
    struct response *response = exchange->response;
    const struct config *config = exchange->worker->shared->config;
    assert(location->bytes[0] == '/'); /* never to another site */
    response_begin(response, 301);
    response_header(response, "Location", buf_string(location));
    headers_add_cache_control(config, FRESH_USUAL, response);
    headers_add_cors(config, response);
}

/* A view was counted: 204, the same for all clients, and without a representation. */
static void respond_counted(struct exchange *exchange)
{
    struct response *response = exchange->response;
    const struct config *config = exchange->worker->shared->config;
    struct prepared_response *counted = &exchange->worker->memory->counted;
    assert(exchange->route->method == METHOD_POST);
    if (counted->handle) {
        response_reuse(response, 204, counted);
        return;
    }
    response_begin(response, 204);
    headers_add_cache_control(config, exchange->route->freshness, response);
    headers_add_cors(config, response);
    response->prepared = counted;
}

/* Step 8, from what the handler found. `has_key` says that the worker has the cache key. */
static enum status respond_result(struct exchange *exchange, struct handler_result *result,
                                  bool has_key)
{
    if (result->location.len > 0) {
        respond_redirect(exchange, &result->location);
        return STATUS_OK;
    }
    if (!result->representation) {
        respond_counted(exchange);
        return STATUS_OK;
    }
    assert(exchange->route && exchange->request->method == METHOD_GET);
    struct cached_response *cached = cached_response_new(exchange, result);
    if (!cached)
        return STATUS_NO_MEMORY;
    count_read(exchange, cached);
    const struct request_memory *memory = exchange->worker->memory;
    const struct cacheable cacheable = {
        .value = cached, .release = cached_response_free, .bytes = cached_response_bytes(cached)};
    if (has_key && !result->is_misaddressed &&
        response_cache_put(exchange->worker->cache, &memory->build_token, memory->key.bytes,
                           memory->key.len, exchange->request->target, &memory->dependencies,
                           &cacheable)) {
        send_cached(exchange, cached);
        return STATUS_OK;
    }
    cached_response_send(exchange, cached);
    exchange->response->prepared = NULL; /* it is freed with `cached` */
    cached_response_free(cached);
    return STATUS_OK;
}

/* Steps 5 to 8 of a request whose route, or lack of one, is known. */
static enum status respond_from_document(struct exchange *exchange, struct fault *fault)
{
    struct parameters parameters;
    struct handler_result result = {.document = NULL};
    struct buf *key = &exchange->worker->memory->key;
    bool has_key = false;
    enum status status = STATUS_OK;
    if (exchange->route) {
        status = read_parameters(exchange, &parameters, fault); /* 5 */
        if (status != STATUS_OK)
            return status;
        has_key = cached_response_key(exchange->route, exchange->target, &parameters, key);
        if (has_key && respond_from_key(exchange, key)) /* 6 */
            return STATUS_OK;
    }
    buf_init(&result.location, PATH_BYTES_MAX);
    (void)arena_take_failure();
    status = build(exchange, &parameters, &result, fault); /* 7 */
    if (arena_take_failure()) /* what was made may lack a part */
        status = STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        status = respond_result(exchange, &result, has_key); /* 8 */
    json_decref(result.document);
    representation_unref(result.representation);
    buf_release(&result.location);
    return status;
}

void serve(const struct worker *worker, const struct request *request, int64_t now_s,
           struct response *response)
{
    struct target *target = &worker->memory->target;
    struct exchange exchange = {.worker = worker,
                                .request = request,
                                .now_s = now_s,
                                .target = target,
                                .response = response};
    if (scheduler_publish_due(worker->shared->scheduler, worker->db, now_s) != STATUS_OK) { /* 1 */
        respond_status(&exchange, STATUS_BUSY, NULL);
        return;
    }
    if (respond_from_raw_url(&exchange)) /* 2 */
        return;
    if (request->method == METHOD_OPTIONS && strcmp(request->target, "*") == 0) {
        respond_options(&exchange, METHOD_GET | METHOD_POST);
        return;
    }
    struct fault fault = {.field = ""};
    enum status status = target_parse(request->target, target, &fault); /* 3 */
    if (status == STATUS_OK && respond_from_route(&exchange, &fault))   /* 4 */
        return;
    if (status == STATUS_OK)
        status = respond_from_document(&exchange, &fault); /* 5 to 8 */
    if (status != STATUS_OK)
        respond_status(&exchange, status, &fault);
}
