#include "http/serve.h"

#include "base/log.h"
#include "document/url.h"
#include "http/negotiate.h"
#include "http/problem.h"
#include "http/route.h"
#include "render/json.h"

#include <inttypes.h>
#include <string.h>

enum {
    VALUES_BYTES_MAX = 64 * 1024,
    BODY_BYTES_MAX = 64 * 1024 * 1024,
    RETRY_AFTER_S = 5,
    LINK_BYTES_MAX = 4096, /* headers share their memory with the request's */
};

/* A request on its way: what was read of it, and the reply being made. */
struct exchange {
    const struct desk *desk;
    const struct request *request;
    int64_t now_s;
    struct target target;
    struct reply *reply;
};

static void add_cors(const struct desk *desk, struct reply *reply)
{
    const char *origin = desk->shared->config->http.cors_origin;
    if (origin[0] == '\0')
        return;
    reply_header(reply, "Access-Control-Allow-Origin", origin);
    reply_header(reply, "Access-Control-Expose-Headers", "ETag, Link");
}

void serve_problem(const struct desk *desk, int http_status, const struct fault *fault,
                   struct reply *reply)
{
    reply_begin(reply, http_status);
    if (problem_make(http_status, fault, &reply->rep) != STATUS_OK)
        log_write(LOG_ERROR, "no memory to say why a request was answered %d", http_status);
    reply_header(reply, "Cache-Control", "no-store");
    if (http_status == 503 || http_status == 429) {
        char seconds[16];
        snprintf(seconds, sizeof seconds, "%d", RETRY_AFTER_S);
        reply_header(reply, "Retry-After", seconds);
    }
    add_cors(desk, reply);
}

static void refuse(struct exchange *exchange, int http_status, const struct fault *fault)
{
    serve_problem(exchange->desk, http_status, fault, exchange->reply);
}

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

static void answer_unknown(struct exchange *exchange, unsigned methods)
{
    struct fault fault;
    if (methods == 0) {
        fault_set(&fault, STATUS_ABSENT, "", "nothing is at this address");
        refuse(exchange, 404, &fault);
        return;
    }
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
    snprintf(value, sizeof value, "public, max-age=%" PRId64, max_age_s);
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
    if (freshness == FRESH_NEVER) {
        reply->rep = rep;
        return;
    }
    rep_tag(rep, encoding, tag);
    reply_header(reply, "ETag", tag);
    reply_header(reply, "Vary", "Accept-Encoding");
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
    buf_init(&link, VALUES_BYTES_MAX / 2);
    buf_format(&link, "<%s>; rel=\"next\"", next);
    if (link.len <= LINK_BYTES_MAX)
        reply_header(exchange->reply, "Link", buf_string(&link));
    buf_release(&link);
}

static void answer_found(struct exchange *exchange, const struct route *route, struct found *found)
{
    struct rep *rep;
    struct buf body;
    reply_begin(exchange->reply, 204);
    if (!found->document) {
        add_freshness(exchange, route->freshness);
        add_cors(exchange->desk, exchange->reply);
        return;
    }
    buf_init(&body, BODY_BYTES_MAX);
    json_render(found->document, &body);
    add_next(exchange, found->document);
    json_decref(found->document);
    if (rep_make("application/json", found->revision, &body, &rep) == STATUS_OK) {
        answer_rep(exchange, rep, route->freshness);
        return;
    }
    log_write(LOG_ERROR, "no memory for a reply");
    reply_release(exchange->reply);
    refuse(exchange, 500, NULL);
}

/* Runs a handler on one moment's view of the paper: one read transaction, one snapshot. */
static enum status handle(struct exchange *exchange, const struct route *route,
                          const struct ask *ask, struct found *found, struct fault *fault)
{
    const struct desk_shared *shared = exchange->desk->shared;
    struct db *db = exchange->desk->db;
    struct reading reading = {
        .db = db, .config = shared->config, .words = shared->words, .now_s = exchange->now_s};
    enum status status = query_run(db_query(db, SQL_READ_BEGIN));
    if (status != STATUS_OK)
        return status;
    reading.ranking = showcase_ref(shared->showcase);
    status = route->handle(exchange->desk, &reading, ask, found, fault);
    showcase_release(shared->showcase, reading.ranking);
    db_end_transaction(db);
    return status;
}

static void answer_route(struct exchange *exchange, const struct route *route)
{
    struct fault fault = {.field = ""};
    struct found found = {.document = NULL};
    struct buf path;
    buf_init(&path, VALUES_BYTES_MAX);
    for (int i = 0; i < exchange->target.segments_len; i++) {
        buf_char(&path, '/');
        url_encode(exchange->target.segments[i], &path);
    }
    struct ask ask = {
        .name = route_name(route, &exchange->target),
        .window = WINDOW_24H,
        .list = {.path = buf_string(&path),
                 .from_at = INT64_MIN,
                 .before = position_newest(exchange->now_s),
                 .limit = route->limit,
                 .fields = FIELDS_ALL},
    };
    enum status status = ask_read(&exchange->target, route->parameters, &ask, &fault);
    if (status == STATUS_OK)
        status = handle(exchange, route, &ask, &found, &fault);
    if (status == STATUS_OK)
        answer_found(exchange, route, &found);
    else
        refuse(exchange, problem_http_status(status), &fault);
    buf_release(&path);
}

/* JSON is all there is; who can't take it is told so. */
static bool is_acceptable(const struct request *request)
{
    return accepts_type(request->accept, "application/json");
}

void serve(const struct desk *desk, const struct request *request, int64_t now_s,
           struct reply *reply)
{
    struct exchange exchange = {.desk = desk, .request = request, .now_s = now_s, .reply = reply};
    struct fault fault;
    unsigned methods;
    if (request->method == METHOD_OPTIONS && strcmp(request->target, "*") == 0) {
        answer_options(&exchange, METHOD_GET | METHOD_POST);
        return;
    }
    enum status status = target_parse(request->target, &exchange.target, &fault);
    if (status != STATUS_OK) {
        refuse(&exchange, problem_http_status(status), &fault);
        target_release(&exchange.target);
        return;
    }
    const struct route *route = route_find(&exchange.target, request->method, &methods);
    if (!route && request->method == METHOD_OPTIONS && methods)
        answer_options(&exchange, methods);
    else if (!route)
        answer_unknown(&exchange, methods);
    else if (route->method == METHOD_GET && !is_acceptable(request)) {
        fault_set(&fault, STATUS_INVALID, "Accept", "must allow application/json");
        refuse(&exchange, 406, &fault);
    } else
        answer_route(&exchange, route);
    target_release(&exchange.target);
}
