#include "http/serve/error_page.h"

#include "base/log.h"
#include "http/message/negotiate.h"
#include "http/message/policy.h"
#include "http/message/problem.h"
#include "http/serve/represent.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    RETRY_AFTER_S = 5,
    PAGE_BYTES_MAX = 64 * 1024,
};

/* What an error's page says, by status; the last row is for all others. */
static const struct {
    int http_status;
    enum label title, text;
} pages[] = {
    {400, LABEL_BAD_REQUEST, LABEL_BAD_REQUEST_TEXT}, {404, LABEL_NOT_FOUND, LABEL_NOT_FOUND_TEXT},
    {405, LABEL_METHOD, LABEL_METHOD_TEXT},           {410, LABEL_GONE, LABEL_GONE_TEXT},
    {0, LABEL_FAILURE, LABEL_FAILURE_TEXT},
};

/* What every refusal has. */
static void add_refusal(const struct worker *worker, int http_status, int64_t retry_s,
                        struct response *response)
{
    response_header(response, "Cache-Control", "no-store");
    if (http_status == 503 || http_status == 429) {
        char seconds[24];
        snprintf(seconds, sizeof seconds, "%" PRId64, retry_s > 0 ? retry_s : RETRY_AFTER_S);
        response_header(response, "Retry-After", seconds);
    }
    add_cors(worker, response);
}

void respond_problem(const struct worker *worker, int http_status, const struct fault *fault,
                     struct response *response)
{
    response_begin(response, http_status);
    if (problem_make(http_status, fault, &response->representation) != STATUS_OK)
        log_write(LOG_ERROR, "no memory to say why a request was answered %d", http_status);
    add_refusal(worker, http_status, fault ? fault->retry_s : 0, response);
}

static json_t *error_document(const struct words *words, int http_status)
{
    size_t i = 0;
    while (pages[i].http_status != http_status && pages[i].http_status != 0)
        i++;
    return json_pack("{s:i, s:s, s:s}", "status", http_status, "title",
                     words_label(words, pages[i].title), "text", words_label(words, pages[i].text));
}

static enum status show_error(const struct context *context, struct theme_current *theme_current,
                              const json_t *document, struct representation **representation)
{
    struct theme *theme = theme_current_ref(theme_current);
    const struct presentation show = {MEDIA_HTML, "error.html"};
    const struct presented shown = {.document = document, .path = "/"};
    enum status status = represent_document(context, theme, &show, &shown, representation);
    theme_unref(theme);
    return status;
}

/* The page of an error with the paper around it; where that can't be read, without its sections. */
static enum status error_page(const struct exchange *exchange, int http_status,
                              struct representation **representation)
{
    const struct worker_shared *shared = exchange->worker->shared;
    struct db *db = exchange->worker->db;
    struct context context = {
        .db = db, .config = shared->config, .words = shared->words, .now_s = exchange->now_s};
    json_t *document = error_document(shared->words, http_status);
    if (!document)
        return STATUS_NO_MEMORY;
    enum status status = query_run(db_query(db, SQL_READ_BEGIN));
    if (status == STATUS_OK)
        status = show_error(&context, shared->theme_current, document, representation);
    db_end_transaction(db);
    if (status != STATUS_OK) {
        context.db = NULL;
        status = show_error(&context, shared->theme_current, document, representation);
    }
    json_decref(document);
    return status;
}

/* Who names HTML gets a page, as a browser does; but the API, and documents, are for programs. */
static bool wants_page(const struct exchange *exchange)
{
    const char *target = exchange->request->target;
    const struct route *route = exchange->route;
    bool is_api = strncmp(target, "/api", 4) == 0 && (target[4] == '/' || target[4] == '\0');
    if (is_api || (route && route->show.media == MEDIA_JSON))
        return false;
    return names_type(exchange->request->accept, "text/html");
}

static void answer_page(struct exchange *exchange, int http_status,
                        struct representation *representation)
{
    response_begin(exchange->response, http_status);
    exchange->response->representation = representation;
    add_refusal(exchange->worker, http_status, 0, exchange->response);
    add_page_safety(exchange->response);
}

void respond_error(struct exchange *exchange, int http_status, const struct fault *fault)
{
    struct representation *representation;
    if (wants_page(exchange) && error_page(exchange, http_status, &representation) == STATUS_OK)
        answer_page(exchange, http_status, representation);
    else
        respond_problem(exchange->worker, http_status, fault, exchange->response);
}

/* By a template that is built in, and so never broken. */
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
        answer_page(exchange, 500, representation);
    else
        respond_problem(exchange->worker, 500, fault, exchange->response);
}
