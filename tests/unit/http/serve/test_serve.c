/* Responses without a socket: headers, encodings, conditions, and what a view counts. */
#include "serve_requests.h"

#include <zlib.h>

static void ask_as(const struct request *request, struct response *response)
{
    serve(&serving.worker, request, PAPER_NOW, response);
}

static void a_page_has_caching_headers(void **state)
{
    (void)state;
    struct response response;
    ask(METHOD_GET, "/api/v1/articles/1", &response);
    check_text("an article", reply_field(&response, "Cache-Control"), "public, max-age=10");
    check_text("an article", reply_field(&response, "Vary"), "Accept-Encoding");
    check_true("its tag", strncmp(reply_field(&response, "ETag"), "\"r1-", 4) == 0);
    response_release(&response);
    ask(METHOD_GET, "/api/v1/most-read", &response);
    check_text("counts", reply_field(&response, "Cache-Control"), "public, max-age=1");
    response_release(&response);
    ask(METHOD_GET, "/healthz", &response);
    check_text("health", reply_field(&response, "Cache-Control"), "no-store");
    check_text("health", reply_field(&response, "ETag"), NULL);
    response_release(&response);
    serving.edition.paper.config.http.max_age_s = 0;
    ask(METHOD_GET, "/api/v1/most-read", &response);
    check_text("no time at all", reply_field(&response, "Cache-Control"), "public, max-age=0");
    response_release(&response);
    serving.edition.paper.config.http.max_age_s = 10;
}

static void a_known_tag_is_answered_304(void **state)
{
    (void)state;
    static const char *const encodings[] = {NULL, "gzip", "br", "gzip, br"};
    for (size_t i = 0; i < COUNT(encodings); i++) {
        struct response first, second, other;
        struct request request = {
            .method = METHOD_GET, .target = "/api/v1/articles", .accept_encoding = encodings[i]};
        ask_as(&request, &first);
        check_number("first", first.status, 200);
        request.if_none_match = reply_field(&first, "ETag");
        ask_as(&request, &second);
        check_number("second", second.status, 304);
        check_text("the tag", reply_field(&second, "ETag"), request.if_none_match);
        check_text("kept as long", reply_field(&second, "Cache-Control"), "public, max-age=10");
        request.target = "/api/v1/articles?limit=1";
        ask_as(&request, &other);
        check_number("another page", other.status, 200);
        response_release(&first);
        response_release(&second);
        response_release(&other);
    }
    struct response response;
    ask_as(&(struct request){.method = METHOD_GET, .target = "/healthz", .if_none_match = "*"},
           &response);
    check_number("what is never kept", response.status, 200);
    response_release(&response);
}

/* gzip's bytes are what the plain ones were; the tag says which. */
static void a_body_comes_in_the_encoding_that_was_asked(void **state)
{
    (void)state;
    struct response plain, gzip;
    size_t plain_len, gzip_len;
    ask(METHOD_GET, "/api/v1/articles", &plain);
    ask_as(&(struct request){.method = METHOD_GET,
                             .target = "/api/v1/articles",
                             .accept_encoding = "gzip"},
           &gzip);
    check_number("plain", plain.encoding, ENCODING_IDENTITY);
    check_number("gzip", gzip.encoding, ENCODING_GZIP);
    const char *tag = reply_field(&gzip, "ETag");
    check_text("tag", tag + strlen(tag) - 4, "-gz\"");
    const char *body = representation_body(plain.representation, ENCODING_IDENTITY, &plain_len);
    const char *bytes = representation_body(gzip.representation, ENCODING_GZIP, &gzip_len);
    unsigned char out[200000];
    z_stream stream = {.next_in = (z_const Bytef *)(uintptr_t)bytes,
                       .avail_in = (uInt)gzip_len,
                       .next_out = out,
                       .avail_out = sizeof out};
    assert_int_equal(inflateInit2(&stream, 31), Z_OK);
    check_number("inflate", inflate(&stream, Z_FINISH), Z_STREAM_END);
    check_number("length", (int64_t)stream.total_out, (int64_t)plain_len);
    check_true("bytes", memcmp(out, body, plain_len) == 0);
    inflateEnd(&stream);
    response_release(&plain);
    response_release(&gzip);
    struct response small;
    ask_as(&(struct request){.method = METHOD_GET,
                             .target = "/api/v1/articles?tag=nobody",
                             .accept_encoding = "gzip, br"},
           &small);
    check_number("a small body", small.encoding, ENCODING_IDENTITY);
    response_release(&small);
}

static void who_takes_no_json_is_told_so(void **state)
{
    (void)state;
    struct response response;
    ask_as(&(struct request){.method = METHOD_GET, .target = "/api/v1/site", .accept = "text/html"},
           &response);
    check_number("406", response.status, 406);
    response_release(&response);
    ask_as(&(struct request){.method = METHOD_POST,
                             .target = "/api/v1/articles/1/views",
                             .accept = "text/html"},
           &response);
    check_number("nothing is sent", response.status, 204);
    response_release(&response);
    size_t len;
    pending_views_batch(serving.shared.views, &len);
    pending_views_stored(serving.shared.views);
}

static void scripts_of_an_origin_may_read(void **state)
{
    (void)state;
    struct response response;
    ask(METHOD_GET, "/api/v1/site", &response);
    check_text("by default none", reply_field(&response, "Access-Control-Allow-Origin"), NULL);
    response_release(&response);
    strcpy(serving.edition.paper.config.http.cors_origin, "https://khobor.example");
    static const char *const targets[] = {"/api/v1/site", "/nowhere", "/api/v1/articles?limit=0"};
    for (size_t i = 0; i < COUNT(targets); i++) {
        ask(METHOD_GET, targets[i], &response);
        check_text(targets[i], reply_field(&response, "Access-Control-Allow-Origin"),
                   "https://khobor.example");
        check_holds(targets[i], reply_field(&response, "Access-Control-Expose-Headers"), "ETag");
        response_release(&response);
    }
    ask(METHOD_OPTIONS, "/api/v1/articles/1/views", &response);
    check_text("preflight", reply_field(&response, "Access-Control-Allow-Methods"),
               "POST, OPTIONS");
    check_holds("preflight", reply_field(&response, "Access-Control-Allow-Headers"),
                "If-None-Match");
    response_release(&response);
    serving.edition.paper.config.http.cors_origin[0] = '\0';
}

static void a_view_is_counted_until_there_is_no_room(void **state)
{
    (void)state;
    static const struct {
        const char *target;
        int status;
    } cases[] = {
        {"/api/v1/articles/1/views", 204},  {"/api/v1/articles/a-1/views", 204},
        {"/api/v1/articles/18/views", 404}, {"/api/v1/articles/19/views", 410},
        {"/api/v1/articles/20/views", 404}, {"/api/v1/articles/99/views", 404},
        {"/api/v1/articles/2/views", 204},  {"/api/v1/articles/3/views", 204},
        {"/api/v1/articles/4/views", 503},  {"/api/v1/articles/1/views", 204},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct response response;
        ask(METHOD_POST, cases[i].target, &response);
        check_number(cases[i].target, response.status, cases[i].status);
        check_text(cases[i].target, reply_field(&response, "Cache-Control"), "no-store");
        check_number(cases[i].target, reply_field(&response, "Retry-After") != NULL,
                     response.status == 503);
        response_release(&response);
    }
    size_t len;
    const struct pending_count *batch = pending_views_batch(serving.shared.views, &len);
    int64_t views = 0;
    for (size_t i = 0; i < len; i++)
        views += batch[i].views[VERDICT_COUNTED];
    check_number("articles", (int64_t)len, 3);
    check_number("views", views, 5);
    pending_views_stored(serving.shared.views);
}

static void a_next_page_stands_in_a_link_too(void **state)
{
    (void)state;
    char target[512] = "/api/v1/articles?section=%E0%A6%A6%E0%A7%87%E0%A6%B6&limit=2&fields=id";
    int64_t expected = 17;
    for (int page = 0; page < 5; page++) {
        struct response response;
        char link[600];
        ask(METHOD_GET, target, &response);
        check_number("page", response.status, 200);
        json_t *document = document_of(&response);
        const json_t *items = json_object_get(document, "items");
        for (size_t i = 0; i < json_array_size(items); i++, expected -= 2)
            check_number("id", json_integer_value(json_object_get(json_array_get(items, i), "id")),
                         expected);
        const char *next = json_string_value(json_object_get(document, "next"));
        if (page == 4) {
            check_text("the last has none", next, NULL);
            check_text("the last has none", reply_field(&response, "Link"), NULL);
        } else {
            assert_non_null(next);
            snprintf(link, sizeof link, "<%s>; rel=\"next\"", next);
            check_text("link", reply_field(&response, "Link"), link);
            snprintf(target, sizeof target, "%s", next);
        }
        json_decref(document);
        response_release(&response);
    }
    check_number("all were seen", expected, -1);
}

static void it_is_not_ready_when_views_can_not_be_stored(void **state)
{
    (void)state;
    struct response response;
    health_set(&serving.shared.health, PROBLEM_STORING, true, NULL);
    ask(METHOD_GET, "/readyz", &response);
    check_number("not ready", response.status, 503);
    check_true("try again", reply_field(&response, "Retry-After") != NULL);
    response_release(&response);
    ask(METHOD_GET, "/healthz", &response);
    check_number("healthy", response.status, 200);
    response_release(&response);
    health_set(&serving.shared.health, PROBLEM_STORING, false, NULL);
}

/* A request leaves no transaction open behind it: the next one sees what was written since. */
static void each_request_sees_the_newest(void **state)
{
    (void)state;
    struct response response;
    ask(METHOD_GET, "/api/v1/articles/new-one", &response);
    check_number("not yet", response.status, 404);
    response_release(&response);
    paper_import(
        &serving.edition.paper,
        "{\"type\":\"article\",\"slug\":\"new-one\",\"section\":\"empty\",\"headline\":\"H\","
        "\"body\":\"\",\"published_at\":\"2022-08-15T11:30:00+06:00\"}\n");
    ask(METHOD_GET, "/api/v1/articles/new-one", &response);
    check_number("now", response.status, 200);
    response_release(&response);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_has_caching_headers),
        cmocka_unit_test(a_known_tag_is_answered_304),
        cmocka_unit_test(a_body_comes_in_the_encoding_that_was_asked),
        cmocka_unit_test(who_takes_no_json_is_told_so),
        cmocka_unit_test(scripts_of_an_origin_may_read),
        cmocka_unit_test(a_view_is_counted_until_there_is_no_room),
        cmocka_unit_test(a_next_page_stands_in_a_link_too),
        cmocka_unit_test(it_is_not_ready_when_views_can_not_be_stored),
        cmocka_unit_test(each_request_sees_the_newest),
    };
    return cmocka_run_group_tests_name("http/serve", tests, set_up, tear_down);
}
