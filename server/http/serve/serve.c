#include "http/serve/serve.h"

#include "base/log.h"
#include "document/dependencies.h"
#include "document/url.h"
#include "http/message/freshness.h"
#include "http/message/negotiate.h"
#include "http/message/policy.h"
#include "http/message/problem.h"
#include "http/route/redirects.h"
#include "http/route/views.h"
#include "http/serve/cached_response.h"
#include "http/serve/error_page.h"
#include "http/serve/key.h"
#include "http/serve/methods.h"
#include "http/serve/represent.h"
#include "http/serve/themer.h"

#include <string.h>

enum {
    PATH_BYTES_MAX = 64 * 1024,
};

static void answer_moved(struct exchange *exchange, const struct buf *location)
{
    struct response *response = exchange->response;
    response_begin(response, 301);
    response_header(response, "Location", buf_string(location));
    add_freshness(exchange->worker->shared->config, FRESH_USUAL, response);
    add_cors(exchange->worker, response);
}

/* A moment's view of the paper: one read transaction, one snapshot of the rankings. What is posted
 * needs neither. */
static enum status begin_reading(const struct exchange *exchange, struct context *context)
{
    bool is_reading = exchange->request->method == METHOD_GET;
    const struct worker_shared *shared = exchange->worker->shared;
    struct work *work = exchange->worker->work;
    *context = (struct context){.db = exchange->worker->db,
                                .config = shared->config,
                                .words = shared->words,
                                .now_s = exchange->now_s,
                                .dependencies = &work->dependencies,
                                .card_fields = FIELDS_CARD};
    dependencies_init(&work->dependencies);
    work->build_token = response_cache_begin(exchange->worker->cache, exchange->now_s);
    work->build_token.keeps = !scheduler_is_ahead(shared->scheduler, exchange->now_s);
    if (!is_reading)
        return STATUS_OK;
    enum status status = query_run(db_query(context->db, SQL_READ_BEGIN));
    if (status == STATUS_OK)
        context->ranking = published_ranking_ref(shared->published);
    return status;
}

static void end_reading(const struct exchange *exchange, const struct context *context)
{
    if (!context->ranking)
        return;
    published_ranking_unref(exchange->worker->shared->published, context->ranking);
    db_end_transaction(context->db);
}

/* Where an address that is not a document's own leads; `location` has where a handler knows it to
 * be, or nothing. What an editor wrote down goes first. */
static enum status look_elsewhere(const struct exchange *exchange, const struct context *context,
                                  struct buf *location)
{
    struct buf listed;
    buf_init(&listed, PATH_BYTES_MAX);
    enum status status = redirects_find(context, exchange->request, &listed);
    if (status == STATUS_OK) {
        buf_clear(location);
        buf_text(location, buf_string(&listed));
    } else if (status == STATUS_ABSENT) {
        if (location->len == 0)
            status = redirects_without_slash(exchange->target, location);
        else
            status = STATUS_OK;
        if (status == STATUS_OK)
            redirects_append_query(exchange->request, location);
    }
    buf_release(&listed);
    return status;
}

static enum status represent_found(const struct exchange *exchange, const struct context *context,
                                   const struct route *route, const struct parameters *parameters,
                                   struct found *found)
{
    const struct presented shown = {.document = found->document,
                                    .revision = found->revision,
                                    .path = parameters->list.path,
                                    .paged = parameters->paged};
    if (!route->show.template)
        return represent_document(context, NULL, &route->show, &shown, &found->representation);
    dependency_note(context, TOPIC_THEME, 0);
    struct theme *theme = theme_current_ref(exchange->worker->shared->theme_current);
    enum status status =
        represent_document(context, theme, &route->show, &shown, &found->representation);
    theme_unref(theme);
    return status;
}

/* Runs a handler and makes its document a representation. */
static enum status handle(const struct exchange *exchange, const struct route *route,
                          const struct parameters *parameters, struct found *found,
                          struct fault *fault)
{
    struct context context;
    enum status status = begin_reading(exchange, &context);
    if (status != STATUS_OK)
        return status;
    bool is_page = route->show.media == MEDIA_HTML;
    if (route->show.template)
        context.card_fields = FIELDS_ALL;
    status = route->handle(exchange->worker, &context, parameters, found, fault);
    if (is_page && (status == STATUS_ABSENT || found->location.len > 0)) {
        enum status elsewhere = look_elsewhere(exchange, &context, &found->location);
        status = elsewhere == STATUS_ABSENT ? status : elsewhere;
    }
    if (status == STATUS_OK && found->document && found->location.len == 0)
        status = represent_found(exchange, &context, route, parameters, found);
    end_reading(exchange, &context);
    return status;
}

/* Sends an answer that is kept, and counts what it takes by then. */
static void send_kept(struct exchange *exchange, struct cached_response *cached)
{
    size_t bytes = cached_response_send(exchange, cached);
    if (bytes > 0)
        response_cache_grow(exchange->worker->cache, bytes);
}

/* An article that is read over the API counts as viewed, where the settings want it, wherever its
 * answer comes from. */
static void count_read(const struct exchange *exchange, const struct cached_response *cached)
{
    const struct worker *worker = exchange->worker;
    if (cached->read_id && !exchange->request->is_head &&
        strcmp(worker->shared->config->popularity.count_reads, "on") == 0)
        count_read_as_view(worker, exchange->request, cached->read_id, exchange->now_s);
}

/* A list's next page as a Link (RFC 8288), unless it is too long for a header. */
static const char *write_link(const json_t *document, struct buf *link)
{
    const char *next = json_string_value(json_object_get(document, "next"));
    if (!next)
        return NULL;
    buf_format(link, "<%s>; rel=\"next\"", next);
    return buf_status(link) == STATUS_OK ? buf_string(link) : NULL;
}

/* What the answer is made from, by the words that a cache outside may be told; where they are too
 * many for a header, the whole paper. */
static const char *write_tags(const struct worker *worker, struct buf *tags)
{
    const struct config *config = worker->shared->config;
    const char *separator = tags_separator(config);
    if (!tags_field(config))
        return NULL;
    struct dependencies wide = worker->work->dependencies;
    if (dependencies_write(&wide, worker->db, separator, tags) == STATUS_OK)
        return buf_string(tags);
    buf_clear(tags);
    dependencies_widen(&wide);
    return dependencies_write(&wide, worker->db, separator, tags) == STATUS_OK ? buf_string(tags)
                                                                               : NULL;
}

static struct cached_response *make_answer(const struct exchange *exchange,
                                           const struct route *route, struct found *found)
{
    struct buf link, tags;
    buf_init(&link, RESPONSE_ADDRESS_BYTES_MAX);
    buf_init(&tags, tags_bytes_max(exchange->worker->shared->config));
    const char *link_value = write_link(found->document, &link);
    const char *tags_value = write_tags(exchange->worker, &tags);
    struct cached_response *cached =
        cached_response_new(route, found->representation, link_value, tags_value);
    found->representation = NULL;
    buf_release(&link);
    buf_release(&tags);
    if (cached && found->is_immutable)
        cached->freshness = FRESH_IMMUTABLE;
    if (cached)
        cached->read_id = found->read_id;
    return cached;
}

/* Keeps an answer for the next who asks, if it may be kept. */
static bool keep(const struct exchange *exchange, struct cached_response *cached)
{
    const struct worker *worker = exchange->worker;
    struct work *work = worker->work;
    const struct cacheable keepable = {
        .thing = cached, .release = cached_response_free, .bytes = cached_response_bytes(cached)};
    return work->key.len > 0 &&
           response_cache_put(worker->cache, &work->build_token, work->key.bytes, work->key.len,
                              exchange->request->target, &work->dependencies, &keepable);
}

/* 204, the one answer without a representation: a view was counted. */
static void answer_counted(struct exchange *exchange, const struct route *route)
{
    struct response *response = exchange->response;
    struct prepared_response *counted = &exchange->worker->work->counted;
    if (counted->handle) {
        response_reuse(response, 204, counted);
        return;
    }
    response_begin(response, 204);
    add_freshness(exchange->worker->shared->config, route->freshness, response);
    add_cors(exchange->worker, response);
    response->prepared = counted;
}

static void answer_found(struct exchange *exchange, const struct route *route, struct found *found)
{
    if (found->location.len > 0) {
        answer_moved(exchange, &found->location);
        return;
    }
    if (!found->representation) {
        answer_counted(exchange, route);
        return;
    }
    struct cached_response *cached = make_answer(exchange, route, found);
    if (!cached) {
        respond_error(exchange, problem_http_status(STATUS_NO_MEMORY), NULL);
        return;
    }
    count_read(exchange, cached);
    if (!found->is_misaddressed && keep(exchange, cached)) {
        send_kept(exchange, cached);
        return;
    }
    cached_response_send(exchange, cached);
    exchange->response->prepared = NULL;
    cached_response_free(cached);
}

/* Makes the answer that nobody kept. */
static void answer_anew(struct exchange *exchange, const struct route *route,
                        struct parameters *parameters)
{
    struct buf path;
    struct fault fault = {.field = ""};
    struct found found = {.document = NULL};
    buf_init(&path, PATH_BYTES_MAX);
    buf_init(&found.location, PATH_BYTES_MAX);
    for (int i = 0; i < exchange->target->segments_len; i++) {
        buf_char(&path, '/');
        url_encode(exchange->target->segments[i], &path);
    }
    parameters->list.path = buf_string(&path);
    enum status status = handle(exchange, route, parameters, &found, &fault);
    if (status == STATUS_OK)
        answer_found(exchange, route, &found);
    else
        respond_error(exchange, problem_http_status(status), &fault);
    json_decref(found.document);
    representation_unref(found.representation);
    buf_release(&found.location);
    buf_release(&path);
}

static void answer_route(struct exchange *exchange, const struct route *route)
{
    struct fault fault;
    const struct worker *worker = exchange->worker;
    struct work *work = worker->work;
    struct parameters parameters = {
        .request = exchange->request,
        .window = WINDOW_24H,
        .at = INSTANT_NONE,
        .list = {.from_at = INT64_MIN,
                 .before = position_newest(exchange->now_s),
                 .limit = route->limit,
                 .limit_is_fixed = !(route->parameters & PARAMETER_LIMIT),
                 .fields = route->show.template ? FIELDS_ALL : FIELDS_CARD},
    };
    route_names(route, exchange->target, parameters.names);
    enum status status = parameters_read(exchange->target, route->parameters, &parameters, &fault);
    if (status != STATUS_OK) {
        respond_error(exchange, problem_http_status(status), &fault);
        return;
    }
    bool is_kept = key_write(route, exchange->target, &parameters, &work->key);
    if (!is_kept)
        buf_clear(&work->key);
    struct cached_response *kept =
        is_kept ? response_cache_get(worker->cache, work->key.bytes, work->key.len, exchange->now_s)
                : NULL;
    if (!kept) {
        answer_anew(exchange, route, &parameters);
        return;
    }
    count_read(exchange, kept);
    response_cache_set_raw_url(worker->cache, exchange->request->target);
    send_kept(exchange, kept);
}

/* An address that no route has may have been another system's. */
static void answer_elsewhere(struct exchange *exchange)
{
    struct fault fault;
    struct buf location;
    struct context context;
    buf_init(&location, PATH_BYTES_MAX);
    enum status status = begin_reading(exchange, &context);
    if (status == STATUS_OK) {
        status = look_elsewhere(exchange, &context, &location);
        end_reading(exchange, &context);
    }
    fault_set(&fault, status, "",
              status == STATUS_GONE ? "the article was withdrawn" : "nothing is at this address");
    if (status == STATUS_OK)
        answer_moved(exchange, &location);
    else
        respond_error(exchange, problem_http_status(status), &fault);
    buf_release(&location);
}

/* Who can't take the API's JSON is told so. A page is sent whatever was asked for: to somebody who
 * followed a link it is better than nothing (RFC 9110 §12.4.1). */
static bool is_acceptable(const struct request *request, const struct route *route)
{
    return route->method != METHOD_GET || route->show.media != MEDIA_JSON ||
           accepts_type(request->accept, "application/json");
}

/* The answer to a request whose path is known, or belongs to nobody. */
static void cached(struct exchange *exchange)
{
    unsigned methods;
    struct fault fault;
    const struct request *request = exchange->request;
    const struct route *route = route_find(exchange->target, request->method, &methods);
    exchange->route = route;
    if (!route && request->method == METHOD_OPTIONS && methods)
        respond_options(exchange, methods);
    else if (!route && methods)
        respond_method_not_allowed(exchange, methods);
    else if (!route && (request->method != METHOD_GET || route_is_api(exchange->target))) {
        fault_set(&fault, STATUS_ABSENT, "", "nothing is at this address");
        respond_error(exchange, 404, &fault);
    } else if (!route)
        answer_elsewhere(exchange);
    else if (!is_acceptable(request, route)) {
        fault_set(&fault, STATUS_INVALID, "Accept", "must allow application/json");
        respond_error(exchange, 406, &fault);
    } else if (themer_meets_fault(exchange, route, &fault))
        respond_broken_theme(exchange, &fault);
    else
        answer_route(exchange, route);
}

/* Answers a request that is written, byte by byte, as one was whose answer is kept; false when
 * there is none. */
static bool answer_spelled(struct exchange *exchange)
{
    const struct worker *worker = exchange->worker;
    const struct request *request = exchange->request;
    if (request->method != METHOD_GET || theme_current_is_broken(worker->shared->theme_current))
        return false;
    struct cached_response *kept =
        response_cache_get_raw(worker->cache, request->target, exchange->now_s);
    if (!kept || !is_acceptable(request, kept->route))
        return false;
    count_read(exchange, kept);
    send_kept(exchange, kept);
    return true;
}

void serve(const struct worker *worker, const struct request *request, int64_t now_s,
           struct response *response)
{
    struct target *target = &worker->work->target;
    struct exchange exchange = {.worker = worker,
                                .request = request,
                                .now_s = now_s,
                                .target = target,
                                .response = response};
    struct fault fault;
    if (scheduler_publish_due(worker->shared->scheduler, worker->db, now_s) != STATUS_OK) {
        respond_error(&exchange, problem_http_status(STATUS_BUSY), NULL);
        return;
    }
    if (answer_spelled(&exchange))
        return;
    if (request->method == METHOD_OPTIONS && strcmp(request->target, "*") == 0) {
        respond_options(&exchange, METHOD_GET | METHOD_POST);
        return;
    }
    enum status status = target_parse(request->target, target, &fault);
    if (status == STATUS_OK)
        cached(&exchange);
    else
        respond_error(&exchange, problem_http_status(status), &fault);
}
