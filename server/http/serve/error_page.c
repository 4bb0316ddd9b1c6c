/* Responses that say what went wrong. Programs get a problem document; a browser outside the API
 * gets the theme's error page. Where the database can't be read, the page is shown without what
 * comes from it, and where the theme fails too, the browser gets a problem document as well. */
#include "http/serve/error_page.h"

#include "base/json.h"
#include "base/log.h"
#include "http/message/client.h"
#include "http/message/headers.h"
#include "http/message/negotiate.h"
#include "http/route/routes.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    RETRY_AFTER_S = 5,
    PAGE_BYTES_MAX = 64 * 1024,
    PROBLEM_BYTES_MAX = 8192,
};

/* The errors that are sent: the reason phrase (RFC 9110 §15), and the texts of the error page. The
 * last row is for all other statuses. */
static const struct error_row {
    int http_status;
    const char *phrase;
    enum label title, text;
} error_rows[] = {
    {400, "Bad Request", LABEL_BAD_REQUEST, LABEL_BAD_REQUEST_TEXT},
    {404, "Not Found", LABEL_NOT_FOUND, LABEL_NOT_FOUND_TEXT},
    {405, "Method Not Allowed", LABEL_METHOD, LABEL_METHOD_TEXT},
    {406, "Not Acceptable", LABEL_FAILURE, LABEL_FAILURE_TEXT},
    {410, "Gone", LABEL_GONE, LABEL_GONE_TEXT},
    {413, "Content Too Large", LABEL_FAILURE, LABEL_FAILURE_TEXT},
    {429, "Too Many Requests", LABEL_FAILURE, LABEL_FAILURE_TEXT},
    {500, "Internal Server Error", LABEL_FAILURE, LABEL_FAILURE_TEXT},
    {503, "Service Unavailable", LABEL_FAILURE, LABEL_FAILURE_TEXT},
    {0, "Error", LABEL_FAILURE, LABEL_FAILURE_TEXT},
};

static const struct error_row *find_error(int http_status)
{
    const struct error_row *row = error_rows;
    assert(http_status >= 400 && http_status < 600);
    while (row->http_status != http_status && row->http_status != 0)
        row++;
    return row;
}

/* The header fields of every error. `retry_s` 0 stands for RETRY_AFTER_S. */
static void add_error_headers(const struct worker *worker, int http_status, int64_t retry_s,
                              struct response *response)
{
    response_header(response, "Cache-Control", "no-store");
    if (http_status == 503 || http_status == 429) {
        char seconds[24];
        snprintf(seconds, sizeof seconds, "%" PRId64, retry_s > 0 ? retry_s : RETRY_AFTER_S);
        response_header(response, "Retry-After", seconds);
    }
    headers_add_cors(worker->shared->config, response);
}

/* Makes a problem document: {type, title, status, detail, parameter}. */
static enum status make_problem(int http_status, const struct fault *fault,
                                struct representation **representation)
{
    struct buf body;
    json_t *problem = json_pack("{s:s, s:s, s:i}", "type", "about:blank", "title",
                                find_error(http_status)->phrase, "status", http_status);
    if (problem && fault && fault->text[0])
        json_object_set_new(
            problem, "detail",
            json_sprintf("%s%s%s", fault->field, fault->field[0] ? " " : "", fault->text));
    if (problem && fault && fault->field[0])
        json_object_set_new(problem, "parameter", json_string(fault->field));
    if (!problem)
        return STATUS_NO_MEMORY;
    buf_init(&body, PROBLEM_BYTES_MAX);
    json_render(problem, &body);
    json_decref(problem);
    return representation_make(MEDIA_PROBLEM, 0, &body, representation);
}

void respond_problem(const struct worker *worker, int http_status, const struct fault *fault,
                     struct response *response)
{
    response_begin(response, http_status);
    if (make_problem(http_status, fault, &response->representation) != STATUS_OK)
        log_write(LOG_ERROR, "no memory for the body of a response with status %d", http_status);
    add_error_headers(worker, http_status, fault ? fault->retry_s : 0, response);
}

static enum status render_error(const struct context *context, struct theme_current *theme_current,
                                const json_t *document, struct representation **representation)
{
    struct theme *theme = theme_current_ref(theme_current);
    const struct presentation how = {MEDIA_HTML, "error.html"};
    const struct presented_document presented = {.document = document, .path = "/"};
    enum status status = representation_render(context, theme, &how, &presented, representation);
    theme_unref(theme);
    return status;
}

/* The error page in the frame of all pages; without the sections where the database can't be read.
 */
static enum status make_page(const struct exchange *exchange, int http_status,
                             struct representation **representation)
{
    const struct worker_shared *shared = exchange->worker->shared;
    const struct words *words = shared->words;
    struct db *db = exchange->worker->db;
    struct context context = {
        .db = db, .config = shared->config, .words = words, .now_s = exchange->now_s};
    const struct error_row *row = find_error(http_status);
    json_t *document =
        json_pack("{s:i, s:s, s:s}", "status", http_status, "title", words_label(words, row->title),
                  "text", words_label(words, row->text));
    if (!document)
        return STATUS_NO_MEMORY;
    enum status status = db_begin_read(db);
    if (status == STATUS_OK)
        status = render_error(&context, shared->theme_current, document, representation);
    db_end_transaction(db);
    if (status != STATUS_OK) {
        context.db = NULL;
        status = render_error(&context, shared->theme_current, document, representation);
    }
    json_decref(document);
    return status;
}

/* A client that names text/html, as browsers do, gets a page; but the API and other JSON documents
 * are for programs. */
static bool wants_page(const struct exchange *exchange)
{
    const char *target = exchange->request->target;
    const struct route *route = exchange->route;
    bool is_api = strncmp(target, "/api", 4) == 0 && (target[4] == '/' || target[4] == '\0');
    if (is_api || (route && route->show.media == MEDIA_JSON))
        return false;
    return names_type(exchange->request->accept, "text/html");
}

static void respond_page(struct exchange *exchange, int http_status,
                         struct representation *representation)
{
    assert(representation_media(representation) == MEDIA_HTML);
    response_begin(exchange->response, http_status);
    exchange->response->representation = representation;
    add_error_headers(exchange->worker, http_status, 0, exchange->response);
    headers_add_page_security(exchange->response);
}

void respond_error(struct exchange *exchange, int http_status, const struct fault *fault)
{
    struct representation *representation;
    if (wants_page(exchange) && make_page(exchange, http_status, &representation) == STATUS_OK)
        respond_page(exchange, http_status, representation);
    else
        respond_problem(exchange->worker, http_status, fault, exchange->response);
}

void respond_status(struct exchange *exchange, enum status status, const struct fault *fault)
{
    static const int http_statuses[STATUS__MAX] = {
        [STATUS_ABSENT] = 404,   [STATUS_GONE] = 410, [STATUS_INVALID] = 400,
        [STATUS_TOO_MANY] = 429, [STATUS_BUSY] = 503, [STATUS_FULL] = 503,
    };
    assert(status > STATUS_OK && status < STATUS__MAX);
    /* No client can do anything about any other status. */
    respond_error(exchange, http_statuses[status] ? http_statuses[status] : 500, fault);
}

bool error_page_shows_theme(const struct exchange *exchange, struct fault *fault)
{
    static const char *const homes[] = {"127.0.0.1", "localhost", "[::1]"};
    const struct worker_shared *shared = exchange->worker->shared;
    const char *host = strstr(shared->config->site.url, "://") + 3;
    bool is_home = false;
    assert(exchange->route);
    /* The server runs with site.develop, the client is on this machine, and the site's address is
     * this machine's. The proxy of a published site may be on this machine, too, but the site has
     * another address then. */
    if (!exchange->route->show.template || !theme_current_is_broken(shared->theme_current) ||
        strcmp(shared->config->site.develop, "on") != 0)
        return false;
    for (size_t i = 0; i < sizeof homes / sizeof homes[0]; i++) {
        size_t len = strlen(homes[i]);
        is_home |= strncmp(host, homes[i], len) == 0 && (host[len] == ':' || host[len] == '\0');
    }
    return is_home && client_is_local(exchange->request) &&
           theme_current_fault(shared->theme_current, fault);
}

/* Uses a template that is built in, and therefore never broken. */
void respond_broken_theme(struct exchange *exchange, const struct fault *fault)
{
    struct representation *representation;
    struct buf body;
    const struct theme *theme = theme_current_built_in(exchange->worker->shared->theme_current);
    json_t *document = json_pack("{s:s, s:s}", "field", fault->field, "text", fault->text);
    const json_t *contexts[] = {theme_context(theme), document};
    buf_init(&body, PAGE_BYTES_MAX);
    template_render(theme_template(theme, "broken.html"), contexts, document ? 2 : 1, &body);
    json_decref(document);
    if (representation_make(MEDIA_HTML, 0, &body, &representation) == STATUS_OK)
        respond_page(exchange, 500, representation);
    else
        respond_problem(exchange->worker, 500, fault, exchange->response);
}
