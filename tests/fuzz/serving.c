/* The target "serve": a request to serve() without a socket, over the demo edition. A response from
 * the cache must be what would be built now. */
#include "serving.h"
#include "base/file.h"
#include "base/utf8.h"
#include "fuzz.h"

enum {
    TIMES = 2, /* the second one may be a hit */
};

static struct serving serving;
static struct worker fresh; /* without a cache */

static void import_demo(struct paper *paper)
{
    struct paper_report report;
    struct import_options options = paper_options(&report, PAPER_NOW);
    enum status status =
        paper_import_as(paper, embedded_demo.begin,
                        (size_t)(embedded_demo.end - embedded_demo.begin), &options, &report);
    check_done("the demo edition", status, &report.fault);
    check_text("the demo edition", buf_string(&report.faults), "");
    paper_report_release(&report);
}

static void close_serving(void)
{
    db_close(fresh.db);
    worker_close(&fresh);
    serving_close(&serving);
}

static void open_serving(void)
{
    serving_open(&serving);
    import_demo(&serving.edition.paper);
    fresh = (struct worker){.shared = &serving.shared, .db = paper_reader(&serving.edition.paper)};
    check_status("worker", worker_open(&fresh, 0), STATUS_OK);
    atexit(close_serving);
}

/* Whatever was asked, a response is one of ours, and its fields can't be taken for two. Nobody stores
 * the views here, so a view may find no room. */
static void check_response(const struct request *request, const struct response *response)
{
    bool is_full = request->method == METHOD_POST && response->status == 503;
    if (response->status < 200 || (response->status >= 500 && !is_full)) {
        print_error("%s: status %d\n", request->target, response->status);
        fail();
    }
    for (int i = 0; i < response->headers_len; i++) {
        const char *value = response_value(response, i);
        for (const char *at = value; *at != '\0'; at++)
            check_true(response->headers[i].name, *at >= ' ' && *at < 127);
    }
}

static void check_same(const char *target, const struct response *cached,
                       const struct response *built)
{
    check_number(target, cached->status, built->status);
    check_true(target, !cached->representation == !built->representation);
    check_number(target, cached->encoding, built->encoding);
    if (cached->representation) {
        size_t cached_len, built_len;
        const void *cached_body =
            representation_body(cached->representation, ENCODING_IDENTITY, &cached_len);
        const void *built_body =
            representation_body(built->representation, ENCODING_IDENTITY, &built_len);
        check_true(target,
                   cached_len == built_len && memcmp(cached_body, built_body, built_len) == 0);
    }
    check_number(target, cached->headers_len, built->headers_len);
    for (int i = 0; i < cached->headers_len; i++) {
        check_text(target, cached->headers[i].name, built->headers[i].name);
        check_text(target, response_value(cached, i), response_value(built, i));
    }
}

/* A line "GET /path" (or POST, OPTIONS, other), then lines of header fields. */
static bool read_request(char *bytes, struct request *request)
{
    static const struct {
        const char *name;
        enum method method;
    } methods[] = {{"GET ", METHOD_GET}, {"POST ", METHOD_POST}, {"OPTIONS ", METHOD_OPTIONS}};
    char *rest = bytes, *line = fuzz_line(&rest);
    char *space = strchr(line, ' ');
    *request = (struct request){.method = METHOD_OTHER,
                                .agent = "Mozilla/5.0 Firefox/120.0",
                                .target = space ? space + 1 : line};
    for (size_t i = 0; i < COUNT(methods); i++) {
        if (strncmp(line, methods[i].name, strlen(methods[i].name)) == 0)
            request->method = methods[i].method;
    }
    while (rest) {
        char *name = fuzz_line(&rest), *value = strchr(name, ':');
        if (!value)
            continue;
        *value++ = '\0';
        request_take_field(request, name, strlen(name), value + strspn(value, " "));
    }
    return space != NULL;
}

void fuzz_serve(char *bytes, size_t len)
{
    struct request request;
    struct response cached, built;
    (void)len;
    if (!serving.worker.shared)
        open_serving();
    if (read_request(bytes, &request)) {
        for (int i = 0; i < TIMES; i++) {
            serve(&serving.worker, &request, PAPER_NOW, &cached);
            check_response(&request, &cached);
            if (request.method == METHOD_GET) {
                serve(&fresh, &request, PAPER_NOW, &built);
                check_same(request.target, &cached, &built);
                response_release(&built);
            }
            response_release(&cached);
        }
    }
    request_release(&request);
}
