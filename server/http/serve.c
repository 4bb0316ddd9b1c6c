#include "http/serve.h"

#include "base/log.h"
#include "document/sources.h"
#include "document/url.h"
#include "http/answer.h"
#include "http/freshness.h"
#include "http/key.h"
#include "http/methods.h"
#include "http/moved.h"
#include "http/negotiate.h"
#include "http/policy.h"
#include "http/problem.h"
#include "http/refusal.h"
#include "http/represent.h"
#include "http/themer.h"
#include "http/viewing.h"

#include <string.h>

enum {
    PATH_BYTES_MAX = 64 * 1024,
};

static void answer_moved(struct exchange *exchange, const struct buf *location)
{
    struct reply *reply = exchange->reply;
    reply_begin(reply, 301);
    reply_header(reply, "Location", buf_string(location));
    add_freshness(exchange->desk->shared->config, FRESH_USUAL, reply);
    add_cors(exchange->desk, reply);
}

/* A moment's view of the paper: one read transaction, one snapshot of the rankings. What is posted
 * needs neither. */
static enum status begin_reading(const struct exchange *exchange, struct reading *reading)
{
    bool is_reading = exchange->request->method == METHOD_GET;
    const struct desk_shared *shared = exchange->desk->shared;
    struct work *work = exchange->desk->work;
    *reading = (struct reading){.db = exchange->desk->db,
                                .config = shared->config,
                                .words = shared->words,
                                .now_s = exchange->now_s,
                                .sources = &work->sources,
                                .card_fields = FIELDS_CARD};
    sources_init(&work->sources);
    work->making = cache_begin(exchange->desk->cache, exchange->now_s);
    work->making.keeps = !appearances_are_ahead(shared->appearances, exchange->now_s);
    if (!is_reading)
        return STATUS_OK;
    enum status status = query_run(db_query(reading->db, SQL_READ_BEGIN));
    if (status == STATUS_OK)
        reading->ranking = showcase_ref(shared->showcase);
    return status;
}

static void end_reading(const struct exchange *exchange, const struct reading *reading)
{
    if (!reading->ranking)
        return;
    showcase_release(exchange->desk->shared->showcase, reading->ranking);
    db_end_transaction(reading->db);
}

/* Where an address that is not a document's own leads; `location` has where a handler knows it to
 * be, or nothing. What an editor wrote down goes first. */
static enum status look_elsewhere(const struct exchange *exchange, const struct reading *reading,
                                  struct buf *location)
{
    struct buf listed;
    buf_init(&listed, PATH_BYTES_MAX);
    enum status status = moved_by_redirect(reading, exchange->request, &listed);
    if (status == STATUS_OK) {
        buf_clear(location);
        buf_text(location, buf_string(&listed));
    } else if (status == STATUS_ABSENT) {
        if (location->len == 0)
            status = moved_by_slash(exchange->target, location);
        else
            status = STATUS_OK;
        if (status == STATUS_OK)
            moved_put_query(exchange->request, location);
    }
    buf_release(&listed);
    return status;
}

static enum status represent_found(const struct exchange *exchange, const struct reading *reading,
                                   const struct route *route, const struct ask *ask,
                                   struct found *found)
{
    const struct shown shown = {.document = found->document,
                                .revision = found->revision,
                                .path = ask->list.path,
                                .paged = ask->paged};
    if (!route->show.template)
        return represent(reading, NULL, &route->show, &shown, &found->rep);
    source_note(reading, TOPIC_THEME, 0);
    struct theme *theme = stage_theme(exchange->desk->shared->stage);
    enum status status = represent(reading, theme, &route->show, &shown, &found->rep);
    theme_unref(theme);
    return status;
}

/* Runs a handler and makes its document a representation. */
static enum status handle(const struct exchange *exchange, const struct route *route,
                          const struct ask *ask, struct found *found, struct fault *fault)
{
    struct reading reading;
    enum status status = begin_reading(exchange, &reading);
    if (status != STATUS_OK)
        return status;
    bool is_page = route->show.media == MEDIA_HTML;
    if (route->show.template)
        reading.card_fields = FIELDS_ALL;
    status = route->handle(exchange->desk, &reading, ask, found, fault);
    if (is_page && (status == STATUS_ABSENT || found->location.len > 0)) {
        enum status elsewhere = look_elsewhere(exchange, &reading, &found->location);
        status = elsewhere == STATUS_ABSENT ? status : elsewhere;
    }
    if (status == STATUS_OK && found->document && found->location.len == 0)
        status = represent_found(exchange, &reading, route, ask, found);
    end_reading(exchange, &reading);
    return status;
}

/* Sends an answer that is kept, and counts what it takes by then. */
static void send_kept(struct exchange *exchange, struct answer *answer)
{
    size_t bytes = answer_send(exchange, answer);
    if (bytes > 0)
        cache_grow(exchange->desk->cache, bytes);
}

/* An article that is read over the API counts as viewed, where the settings want it, wherever its
 * answer comes from. */
static void count_read(const struct exchange *exchange, const struct answer *answer)
{
    const struct desk *desk = exchange->desk;
    if (answer->read_id && !exchange->request->is_head &&
        strcmp(desk->shared->config->popularity.count_reads, "on") == 0)
        viewing_count_read(desk, exchange->request, answer->read_id, exchange->now_s);
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
static const char *write_tags(const struct desk *desk, struct buf *tags)
{
    const struct config *config = desk->shared->config;
    const char *separator = tags_separator(config);
    if (!tags_field(config))
        return NULL;
    struct sources wide = desk->work->sources;
    if (sources_write(&wide, desk->db, separator, tags) == STATUS_OK)
        return buf_string(tags);
    buf_clear(tags);
    sources_widen(&wide);
    return sources_write(&wide, desk->db, separator, tags) == STATUS_OK ? buf_string(tags) : NULL;
}

static struct answer *make_answer(const struct exchange *exchange, const struct route *route,
                                  struct found *found)
{
    struct buf link, tags;
    buf_init(&link, REPLY_ADDRESS_BYTES_MAX);
    buf_init(&tags, tags_bytes_max(exchange->desk->shared->config));
    const char *link_value = write_link(found->document, &link);
    const char *tags_value = write_tags(exchange->desk, &tags);
    struct answer *answer = answer_make(route, found->rep, link_value, tags_value);
    found->rep = NULL;
    buf_release(&link);
    buf_release(&tags);
    if (answer && found->is_lasting)
        answer->freshness = FRESH_LASTING;
    if (answer)
        answer->read_id = found->read_id;
    return answer;
}

/* Keeps an answer for the next who asks, if it may be kept. */
static bool keep(const struct exchange *exchange, struct answer *answer)
{
    const struct desk *desk = exchange->desk;
    struct work *work = desk->work;
    const struct keepable keepable = {
        .thing = answer, .release = answer_free, .bytes = answer_bytes(answer)};
    return work->key.len > 0 &&
           cache_keep(desk->cache, &work->making, work->key.bytes, work->key.len,
                      exchange->request->target, &work->sources, &keepable);
}

/* 204, the one answer without a representation: a view was counted. */
static void answer_counted(struct exchange *exchange, const struct route *route)
{
    struct reply *reply = exchange->reply;
    struct prepared *counted = &exchange->desk->work->counted;
    if (counted->response) {
        reply_prepared(reply, 204, counted);
        return;
    }
    reply_begin(reply, 204);
    add_freshness(exchange->desk->shared->config, route->freshness, reply);
    add_cors(exchange->desk, reply);
    reply->prepared = counted;
}

static void answer_found(struct exchange *exchange, const struct route *route, struct found *found)
{
    if (found->location.len > 0) {
        answer_moved(exchange, &found->location);
        return;
    }
    if (!found->rep) {
        answer_counted(exchange, route);
        return;
    }
    struct answer *answer = make_answer(exchange, route, found);
    if (!answer) {
        refuse(exchange, problem_http_status(STATUS_NO_MEMORY), NULL);
        return;
    }
    count_read(exchange, answer);
    if (!found->is_stray && keep(exchange, answer)) {
        send_kept(exchange, answer);
        return;
    }
    answer_send(exchange, answer);
    exchange->reply->prepared = NULL;
    answer_free(answer);
}

/* Makes the answer that nobody kept. */
static void answer_anew(struct exchange *exchange, const struct route *route, struct ask *ask)
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
    ask->list.path = buf_string(&path);
    enum status status = handle(exchange, route, ask, &found, &fault);
    if (status == STATUS_OK)
        answer_found(exchange, route, &found);
    else
        refuse(exchange, problem_http_status(status), &fault);
    json_decref(found.document);
    rep_unref(found.rep);
    buf_release(&found.location);
    buf_release(&path);
}

static void answer_route(struct exchange *exchange, const struct route *route)
{
    struct fault fault;
    const struct desk *desk = exchange->desk;
    struct work *work = desk->work;
    struct ask ask = {
        .request = exchange->request,
        .window = WINDOW_24H,
        .at = INSTANT_NONE,
        .list = {.from_at = INT64_MIN,
                 .before = position_newest(exchange->now_s),
                 .limit = route->limit,
                 .limit_is_fixed = !(route->parameters & PARAMETER_LIMIT),
                 .fields = route->show.template ? FIELDS_ALL : FIELDS_CARD},
    };
    route_names(route, exchange->target, ask.names);
    enum status status = ask_read(exchange->target, route->parameters, &ask, &fault);
    if (status != STATUS_OK) {
        refuse(exchange, problem_http_status(status), &fault);
        return;
    }
    bool is_kept = key_write(route, exchange->target, &ask, &work->key);
    if (!is_kept)
        buf_clear(&work->key);
    struct answer *kept =
        is_kept ? cache_find(desk->cache, work->key.bytes, work->key.len, exchange->now_s) : NULL;
    if (!kept) {
        answer_anew(exchange, route, &ask);
        return;
    }
    count_read(exchange, kept);
    cache_respell(desk->cache, exchange->request->target);
    send_kept(exchange, kept);
}

/* An address that no route has may have been another system's. */
static void answer_elsewhere(struct exchange *exchange)
{
    struct fault fault;
    struct buf location;
    struct reading reading;
    buf_init(&location, PATH_BYTES_MAX);
    enum status status = begin_reading(exchange, &reading);
    if (status == STATUS_OK) {
        status = look_elsewhere(exchange, &reading, &location);
        end_reading(exchange, &reading);
    }
    fault_set(&fault, status, "",
              status == STATUS_GONE ? "the article was withdrawn" : "nothing is at this address");
    if (status == STATUS_OK)
        answer_moved(exchange, &location);
    else
        refuse(exchange, problem_http_status(status), &fault);
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
static void answer(struct exchange *exchange)
{
    unsigned methods;
    struct fault fault;
    const struct request *request = exchange->request;
    const struct route *route = route_find(exchange->target, request->method, &methods);
    exchange->route = route;
    if (!route && request->method == METHOD_OPTIONS && methods)
        answer_options(exchange, methods);
    else if (!route && methods)
        refuse_method(exchange, methods);
    else if (!route && (request->method != METHOD_GET || route_is_api(exchange->target))) {
        fault_set(&fault, STATUS_ABSENT, "", "nothing is at this address");
        refuse(exchange, 404, &fault);
    } else if (!route)
        answer_elsewhere(exchange);
    else if (!is_acceptable(request, route)) {
        fault_set(&fault, STATUS_INVALID, "Accept", "must allow application/json");
        refuse(exchange, 406, &fault);
    } else if (themer_meets_fault(exchange, route, &fault))
        refuse_broken_theme(exchange, &fault);
    else
        answer_route(exchange, route);
}

/* Answers a request that is written, byte by byte, as one was whose answer is kept; false when
 * there is none. */
static bool answer_spelled(struct exchange *exchange)
{
    const struct desk *desk = exchange->desk;
    const struct request *request = exchange->request;
    if (request->method != METHOD_GET || stage_is_broken(desk->shared->stage))
        return false;
    struct answer *kept = cache_find_spelled(desk->cache, request->target, exchange->now_s);
    if (!kept || !is_acceptable(request, kept->route))
        return false;
    count_read(exchange, kept);
    send_kept(exchange, kept);
    return true;
}

void serve(const struct desk *desk, const struct request *request, int64_t now_s,
           struct reply *reply)
{
    struct target *target = &desk->work->target;
    struct exchange exchange = {
        .desk = desk, .request = request, .now_s = now_s, .target = target, .reply = reply};
    struct fault fault;
    if (appearances_show(desk->shared->appearances, desk->db, now_s) != STATUS_OK) {
        refuse(&exchange, problem_http_status(STATUS_BUSY), NULL);
        return;
    }
    if (answer_spelled(&exchange))
        return;
    if (request->method == METHOD_OPTIONS && strcmp(request->target, "*") == 0) {
        answer_options(&exchange, METHOD_GET | METHOD_POST);
        return;
    }
    enum status status = target_parse(request->target, target, &fault);
    if (status == STATUS_OK)
        answer(&exchange);
    else
        refuse(&exchange, problem_http_status(status), &fault);
}
