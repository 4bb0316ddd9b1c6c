#include "http/serve.h"

#include "base/log.h"
#include "document/row.h"
#include "document/url.h"
#include "http/exchange.h"
#include "http/moved.h"
#include "http/negotiate.h"
#include "http/policy.h"
#include "http/problem.h"
#include "http/reader.h"
#include "http/refusal.h"
#include "http/represent.h"
#include "http/route.h"
#include "store/articles.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    PATH_BYTES_MAX = 64 * 1024,
    LASTING_S = 365 * 24 * 3600,
};

/* "GET, HEAD, OPTIONS" of a set of methods. */
static void add_allow(struct reply *reply, const char *name, unsigned methods)
{
    struct buf allow;
    buf_init(&allow, 64);
    if (methods & METHOD_GET)
        buf_text(&allow, "GET, HEAD, ");
    if (methods & METHOD_POST)
        buf_text(&allow, "POST, ");
    buf_text(&allow, "OPTIONS");
    reply_header(reply, name, buf_string(&allow));
    buf_release(&allow);
}

/* OPTIONS says what may be done with a path, and is a browser's question before a cross-origin
 * request (Fetch standard, CORS-preflight). */
static void answer_options(struct exchange *exchange, unsigned methods)
{
    struct reply *reply = exchange->reply;
    reply_begin(reply, 204);
    add_allow(reply, "Allow", methods);
    add_cors(exchange->desk, reply);
    if (exchange->desk->shared->config->http.cors_origin[0] == '\0')
        return;
    add_allow(reply, "Access-Control-Allow-Methods", methods);
    reply_header(reply, "Access-Control-Allow-Headers", "Accept, Content-Type, If-None-Match");
    reply_header(reply, "Access-Control-Max-Age", "86400");
}

static void refuse_method(struct exchange *exchange, unsigned methods)
{
    struct fault fault;
    fault_set(&fault, STATUS_INVALID, "", "this address does not take that method");
    refuse(exchange, 405, &fault);
    add_allow(exchange->reply, "Allow", methods);
}

static void add_freshness(struct exchange *exchange, enum freshness freshness)
{
    char value[48];
    int64_t max_age_s = exchange->desk->shared->config->http.max_age_s;
    if (freshness == FRESH_NEVER) {
        reply_header(exchange->reply, "Cache-Control", "no-store");
        return;
    }
    if (freshness == FRESH_BRIEF && max_age_s > 1)
        max_age_s = 1;
    if (freshness == FRESH_LASTING)
        max_age_s = LASTING_S;
    snprintf(value, sizeof value, "public, max-age=%" PRId64 "%s", max_age_s,
             freshness == FRESH_LASTING ? ", immutable" : "");
    reply_header(exchange->reply, "Cache-Control", value);
}

/* Sends `rep`, or says that the client has it. */
static void answer_rep(struct exchange *exchange, struct rep *rep, enum freshness freshness)
{
    struct reply *reply = exchange->reply;
    char tag[REP_TAG_BYTES];
    enum encoding encoding = ENCODING_IDENTITY;
    if (rep_is_worth_encoding(rep))
        encoding = accepted_encoding(exchange->request->accept_encoding);
    bool cached = freshness != FRESH_NEVER &&
                  matches_tag(exchange->request->if_none_match, rep, encoding, &encoding);
    reply->status = cached ? 304 : 200;
    reply->encoding = encoding;
    add_freshness(exchange, freshness);
    add_cors(exchange->desk, reply);
    if (rep_media(rep) == MEDIA_HTML)
        add_page_safety(reply);
    if (freshness != FRESH_NEVER) {
        rep_tag(rep, encoding, tag);
        reply_header(reply, "ETag", tag);
        reply_header(reply, "Vary", "Accept-Encoding");
    }
    /* A 304 goes with its representation too: the library sends no body then, but its length, which
     * is the only one that may stand there (RFC 9110 §8.6). */
    reply->rep = rep;
}

/* A list's next page as a Link (RFC 8288). */
static void add_next(struct exchange *exchange, const json_t *document)
{
    const char *next = json_string_value(json_object_get(document, "next"));
    struct buf link;
    if (!next)
        return;
    buf_init(&link, PATH_BYTES_MAX / 2);
    buf_format(&link, "<%s>; rel=\"next\"", next);
    if (link.len <= REPLY_ADDRESS_BYTES_MAX)
        reply_header(exchange->reply, "Link", buf_string(&link));
    buf_release(&link);
}

static void answer_moved(struct exchange *exchange, const struct buf *location)
{
    reply_begin(exchange->reply, 301);
    reply_header(exchange->reply, "Location", buf_string(location));
    add_freshness(exchange, FRESH_USUAL);
    add_cors(exchange->desk, exchange->reply);
}

static void answer_found(struct exchange *exchange, const struct route *route, struct found *found)
{
    if (found->location.len > 0) {
        answer_moved(exchange, &found->location);
        return;
    }
    reply_begin(exchange->reply, 204);
    add_next(exchange, found->document);
    if (found->rep) {
        answer_rep(exchange, found->rep, found->is_lasting ? FRESH_LASTING : route->freshness);
        found->rep = NULL;
        return;
    }
    add_freshness(exchange, route->freshness);
    add_cors(exchange->desk, exchange->reply);
}

/* A moment's view of the paper: one read transaction, one snapshot of the rankings. What is posted
 * needs neither. */
static enum status begin_reading(const struct exchange *exchange, struct reading *reading)
{
    bool is_reading = exchange->request->method == METHOD_GET;
    const struct desk_shared *shared = exchange->desk->shared;
    *reading = (struct reading){.db = exchange->desk->db,
                                .config = shared->config,
                                .words = shared->words,
                                .now_s = exchange->now_s,
                                .card_fields = FIELDS_CARD};
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
            status = moved_by_slash(&exchange->target, location);
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

static void answer_route(struct exchange *exchange, const struct route *route)
{
    struct buf path;
    struct fault fault = {.field = ""};
    struct found found = {.document = NULL};
    buf_init(&path, PATH_BYTES_MAX);
    buf_init(&found.location, PATH_BYTES_MAX);
    for (int i = 0; i < exchange->target.segments_len; i++) {
        buf_char(&path, '/');
        url_encode(exchange->target.segments[i], &path);
    }
    struct ask ask = {
        .request = exchange->request,
        .window = WINDOW_24H,
        .at = INSTANT_NONE,
        .list = {.path = buf_string(&path),
                 .from_at = INT64_MIN,
                 .before = position_newest(exchange->now_s),
                 .limit = route->limit,
                 .limit_is_fixed = !(route->parameters & PARAMETER_LIMIT),
                 .fields = route->show.template ? FIELDS_ALL : FIELDS_CARD},
    };
    route_names(route, &exchange->target, ask.names);
    enum status status = ask_read(&exchange->target, route->parameters, &ask, &fault);
    if (status == STATUS_OK)
        status = handle(exchange, route, &ask, &found, &fault);
    if (status == STATUS_OK)
        answer_found(exchange, route, &found);
    else
        refuse(exchange, problem_http_status(status), &fault);
    json_decref(found.document);
    rep_unref(found.rep);
    buf_release(&found.location);
    buf_release(&path);
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

/* Whether it is somebody at work on a theme who asks: on the machine itself, of a paper whose
 * address is this machine's. A published paper has another, and its proxy's requests come from here
 * too. */
static bool is_themers(const struct exchange *exchange)
{
    static const char *const homes[] = {"127.0.0.1", "localhost", "[::1]"};
    const char *host = strstr(exchange->desk->shared->config->site.url, "://") + 3;
    for (size_t i = 0; i < sizeof homes / sizeof homes[0]; i++) {
        size_t len = strlen(homes[i]);
        if (strncmp(host, homes[i], len) == 0 && (host[len] == ':' || host[len] == '\0'))
            return reader_is_here(exchange->request);
    }
    return false;
}

/* The answer to a request whose path is known, or belongs to nobody. */
static void answer(struct exchange *exchange)
{
    unsigned methods;
    struct fault fault;
    const struct request *request = exchange->request;
    const struct route *route = route_find(&exchange->target, request->method, &methods);
    exchange->route = route;
    if (!route && request->method == METHOD_OPTIONS && methods)
        answer_options(exchange, methods);
    else if (!route && methods)
        refuse_method(exchange, methods);
    else if (!route && (request->method != METHOD_GET || route_is_api(&exchange->target))) {
        fault_set(&fault, STATUS_ABSENT, "", "nothing is at this address");
        refuse(exchange, 404, &fault);
    } else if (!route)
        answer_elsewhere(exchange);
    else if (!is_acceptable(request, route)) {
        fault_set(&fault, STATUS_INVALID, "Accept", "must allow application/json");
        refuse(exchange, 406, &fault);
    } else if (route->show.template && is_themers(exchange) &&
               stage_fault(exchange->desk->shared->stage, &fault))
        refuse_broken_theme(exchange, &fault);
    else
        answer_route(exchange, route);
}

void serve(const struct desk *desk, const struct request *request, int64_t now_s,
           struct reply *reply)
{
    struct exchange exchange = {.desk = desk, .request = request, .now_s = now_s, .reply = reply};
    struct fault fault;
    if (request->method == METHOD_OPTIONS && strcmp(request->target, "*") == 0) {
        answer_options(&exchange, METHOD_GET | METHOD_POST);
        return;
    }
    enum status status = target_parse(request->target, &exchange.target, &fault);
    if (status == STATUS_OK)
        answer(&exchange);
    else
        refuse(&exchange, problem_http_status(status), &fault);
    target_release(&exchange.target);
}
