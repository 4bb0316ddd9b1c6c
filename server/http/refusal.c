#include "http/refusal.h"

#include "base/log.h"
#include "document/texts.h"
#include "http/negotiate.h"
#include "http/policy.h"
#include "http/problem.h"
#include "http/represent.h"

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
static void add_refusal(const struct desk *desk, int http_status, int64_t retry_s,
                        struct reply *reply)
{
    reply_header(reply, "Cache-Control", "no-store");
    if (http_status == 503 || http_status == 429) {
        char seconds[24];
        snprintf(seconds, sizeof seconds, "%" PRId64, retry_s > 0 ? retry_s : RETRY_AFTER_S);
        reply_header(reply, "Retry-After", seconds);
    }
    add_cors(desk, reply);
}

void refuse_with_problem(const struct desk *desk, int http_status, const struct fault *fault,
                         struct reply *reply)
{
    reply_begin(reply, http_status);
    if (problem_make(http_status, fault, &reply->rep) != STATUS_OK)
        log_write(LOG_ERROR, "no memory to say why a request was answered %d", http_status);
    add_refusal(desk, http_status, fault ? fault->retry_s : 0, reply);
}

static json_t *error_document(const struct words *words, int http_status)
{
    size_t i = 0;
    while (pages[i].http_status != http_status && pages[i].http_status != 0)
        i++;
    return json_pack("{s:i, s:s, s:s}", "status", http_status, "title",
                     words_label(words, pages[i].title), "text", words_label(words, pages[i].text));
}

static enum status show_error(const struct reading *reading, struct stage *stage,
                              const json_t *document, struct rep **rep)
{
    struct theme *theme = stage_theme(stage);
    const struct show show = {MEDIA_HTML, "error.html"};
    const struct shown shown = {.document = document, .path = "/"};
    enum status status = represent(reading, theme, &show, &shown, rep);
    theme_unref(theme);
    return status;
}

/* The page of an error with the paper around it; where that can't be read, without its sections. */
static enum status error_page(const struct exchange *exchange, int http_status, struct rep **rep)
{
    const struct desk_shared *shared = exchange->desk->shared;
    struct db *db = exchange->desk->db;
    struct reading reading = {
        .db = db, .config = shared->config, .words = shared->words, .now_s = exchange->now_s};
    json_t *document = error_document(shared->words, http_status);
    if (!document)
        return STATUS_NO_MEMORY;
    enum status status = query_run(db_query(db, SQL_READ_BEGIN));
    if (status == STATUS_OK)
        status = show_error(&reading, shared->stage, document, rep);
    db_end_transaction(db);
    if (status != STATUS_OK) {
        reading.db = NULL;
        status = show_error(&reading, shared->stage, document, rep);
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

static void answer_page(struct exchange *exchange, int http_status, struct rep *rep)
{
    reply_begin(exchange->reply, http_status);
    exchange->reply->rep = rep;
    add_refusal(exchange->desk, http_status, 0, exchange->reply);
    add_page_safety(exchange->reply);
}

void refuse(struct exchange *exchange, int http_status, const struct fault *fault)
{
    struct rep *rep;
    if (wants_page(exchange) && error_page(exchange, http_status, &rep) == STATUS_OK)
        answer_page(exchange, http_status, rep);
    else
        refuse_with_problem(exchange->desk, http_status, fault, exchange->reply);
}

/* By a template that is built in, and so never broken. */
void refuse_broken_theme(struct exchange *exchange, const struct fault *fault)
{
    struct rep *rep;
    struct buf body;
    const struct theme *theme = stage_built_in(exchange->desk->shared->stage);
    json_t *document = json_pack("{s:s, s:s}", "field", fault->field, "text", fault->text);
    const json_t *contexts[] = {theme_context(theme), document};
    buf_init(&body, PAGE_BYTES_MAX);
    template_render(theme_template(theme, "broken.html"), contexts, document ? 2 : 1, &body);
    json_decref(document);
    if (rep_make(MEDIA_HTML, 0, &body, &rep) == STATUS_OK)
        answer_page(exchange, 500, rep);
    else
        refuse_with_problem(exchange->desk, 500, fault, exchange->reply);
}
