/* Requests and replies without a socket. */
#include "http/serve.h"

#include "serving.h"

#include <zlib.h>

static struct serving serving;

static int set_up(void **state)
{
    (void)state;
    serving_open(&serving);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    serving_close(&serving);
    return 0;
}

static void ask_as(const struct request *request, struct reply *reply)
{
    serve(&serving.desk, request, PAPER_NOW, reply);
}

static void ask(enum method method, const char *target, struct reply *reply)
{
    serving_ask(&serving, method, target, reply);
}

static json_t *document_of(const struct reply *reply)
{
    size_t len;
    assert_non_null(reply->rep);
    const char *body = rep_body(reply->rep, ENCODING_IDENTITY, &len);
    json_t *document = json_loadb(body, len, 0, NULL);
    check_true("JSON", document != NULL);
    return document;
}

static const struct {
    const char *target;
    enum method method;
    int status;
} requests[] = {
    {"/api/v1/site", METHOD_GET, 200},
    {"/api/v1/articles", METHOD_GET, 200},
    {"/api/v1/articles?section=world&tag=Tax&author=W1&limit=100", METHOD_GET, 200},
    {"/api/v1/articles?tag=nobody", METHOD_GET, 200},
    {"/api/v1/articles?section=nowhere", METHOD_GET, 404},
    {"/api/v1/articles?section=", METHOD_GET, 400},
    {"/api/v1/articles?limit=0", METHOD_GET, 400},
    {"/api/v1/articles?limit=101", METHOD_GET, 400},
    {"/api/v1/articles?limit=5&limit=6", METHOD_GET, 400},
    {"/api/v1/articles?unknown=1&unknown=2", METHOD_GET, 200},
    {"/api/v1/articles?window=never", METHOD_GET, 200},
    {"/api/v1/articles?from=2024-04-16&to=2024-04-16", METHOD_GET, 200},
    {"/api/v1/articles?from=yesterday", METHOD_GET, 400},
    {"/api/v1/articles?cursor=x", METHOD_GET, 400},
    {"/api/v1/articles?fields=body", METHOD_GET, 400},
    {"/api/v1/articles/1", METHOD_GET, 200},
    {"/api/v1/articles/0001", METHOD_GET, 200},
    {"/api/v1/articles/a-1", METHOD_GET, 200},
    {"/api/v1/articles/a-%31", METHOD_GET, 200},
    {"/api/v1/articles/1?include=related,latest,most_read,site", METHOD_GET, 200},
    {"/api/v1/articles/1?include=comments", METHOD_GET, 400},
    {"/api/v1/articles/1?include=", METHOD_GET, 400},
    {"/api/v1/articles/99", METHOD_GET, 404},
    {"/api/v1/articles/0", METHOD_GET, 404},
    {"/api/v1/articles/99999999999999999999999", METHOD_GET, 404},
    {"/api/v1/articles/18446744073709551617", METHOD_GET, 404},
    {"/api/v1/articles/nothing", METHOD_GET, 404},
    {"/api/v1/articles/-1", METHOD_GET, 404},
    {"/api/v1/articles/%E2%80%8D", METHOD_GET, 404},
    {"/api/v1/articles/18", METHOD_GET, 404},
    {"/api/v1/articles/19", METHOD_GET, 410},
    {"/api/v1/articles/20", METHOD_GET, 404},
    {"/api/v1/articles/1/related", METHOD_GET, 200},
    {"/api/v1/articles/19/related", METHOD_GET, 410},
    {"/api/v1/articles/99/related", METHOD_GET, 404},
    {"/api/v1/sections", METHOD_GET, 200},
    {"/api/v1/sections/world", METHOD_GET, 200},
    {"/api/v1/sections/%E0%A6%A6%E0%A7%87%E0%A6%B6", METHOD_GET, 200},
    {"/api/v1/sections/nowhere", METHOD_GET, 404},
    {"/api/v1/latest", METHOD_GET, 200},
    {"/api/v1/latest?section=world", METHOD_GET, 200},
    {"/api/v1/most-read", METHOD_GET, 200},
    {"/api/v1/most-read?window=7d&section=world", METHOD_GET, 200},
    {"/api/v1/most-read?window=2d", METHOD_GET, 400},
    {"/api/v1/most-read?section=nowhere", METHOD_GET, 404},
    {"/healthz", METHOD_GET, 200},
    {"/readyz", METHOD_GET, 200},
    {"/api", METHOD_GET, 404},
    {"/api/v1", METHOD_GET, 404},
    {"/api/v1/site/", METHOD_GET, 404},
    {"/api/v1/articles/", METHOD_GET, 404},
    {"/api//v1/site", METHOD_GET, 404},
    {"/1/2/3/4/5/6/7/8/9/10", METHOD_GET, 404},
    {"/1/2/3/4", METHOD_POST, 404},
    {"/api/v1/%", METHOD_GET, 400},
    {"/api/v1/articles?tag=%00", METHOD_GET, 400},
    {"khobor.example/", METHOD_GET, 400},
    {"/api/v1/site", METHOD_POST, 405},
    {"/api/v1/site", METHOD_OTHER, 405},
    {"/api/v1/articles/1/views", METHOD_GET, 405},
    {"/nowhere", METHOD_POST, 405},
    {"/nowhere", METHOD_OPTIONS, 204},
    {"/api/v1/site", METHOD_OPTIONS, 204},
    {"*", METHOD_OPTIONS, 204},
    {"http://khobor.example/api/v1/site", METHOD_GET, 200},
};

/* Programs are refused with a problem. */
static void check_refusal(const char *name, const struct reply *reply)
{
    check_text(name, reply_field(reply, "Cache-Control"), "no-store");
    check_text(name, reply_field(reply, "ETag"), NULL);
    json_t *problem = document_of(reply);
    check_text(name, rep_type(reply->rep), "application/problem+json");
    check_number(name, json_integer_value(json_object_get(problem, "status")), reply->status);
    check_true(name, json_is_string(json_object_get(problem, "title")));
    check_true(name, json_is_string(json_object_get(problem, "detail")));
    json_decref(problem);
}

/* Every reply can be sent: it says how long it may be kept, and an error is a problem. */
static void every_request_has_its_status(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(requests); i++) {
        struct reply reply;
        char name[128];
        ask(requests[i].method, requests[i].target, &reply);
        snprintf(name, sizeof name, "%d %s", (int)requests[i].method, requests[i].target);
        check_number(name, reply.status, requests[i].status);
        if (reply.status >= 400) {
            check_refusal(name, &reply);
        } else if (reply.status == 200) {
            check_text(name, rep_type(reply.rep), "application/json");
            check_true(name, reply_field(&reply, "Cache-Control") != NULL);
            json_decref(document_of(&reply));
        }
        reply_release(&reply);
    }
}

static void a_fault_names_its_parameter(void **state)
{
    (void)state;
    static const struct {
        const char *target, *parameter;
    } cases[] = {
        {"/api/v1/articles?limit=ten", "limit"},  {"/api/v1/articles?section=nowhere", "section"},
        {"/api/v1/articles?from=x", "from"},      {"/api/v1/articles?to=x", "to"},
        {"/api/v1/articles?cursor=x", "cursor"},  {"/api/v1/articles?fields=x", "fields"},
        {"/api/v1/most-read?window=x", "window"}, {"/api/v1/articles/1?include=x", "include"},
        {"/api/v1/articles?tag=", "tag"},         {"/api/v1/articles?author=", "author"},
        {"/api/v1/articles/nothing", NULL},       {"/nowhere", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reply reply;
        ask(METHOD_GET, cases[i].target, &reply);
        json_t *problem = document_of(&reply);
        check_text(cases[i].target, json_string_value(json_object_get(problem, "parameter")),
                   cases[i].parameter);
        json_decref(problem);
        reply_release(&reply);
    }
}

static void a_page_has_caching_headers(void **state)
{
    (void)state;
    struct reply reply;
    ask(METHOD_GET, "/api/v1/articles/1", &reply);
    check_text("an article", reply_field(&reply, "Cache-Control"), "public, max-age=10");
    check_text("an article", reply_field(&reply, "Vary"), "Accept-Encoding");
    check_true("its tag", strncmp(reply_field(&reply, "ETag"), "\"r1-", 4) == 0);
    reply_release(&reply);
    ask(METHOD_GET, "/api/v1/most-read", &reply);
    check_text("counts", reply_field(&reply, "Cache-Control"), "public, max-age=1");
    reply_release(&reply);
    ask(METHOD_GET, "/healthz", &reply);
    check_text("health", reply_field(&reply, "Cache-Control"), "no-store");
    check_text("health", reply_field(&reply, "ETag"), NULL);
    reply_release(&reply);
    serving.edition.paper.config.http.max_age_s = 0;
    ask(METHOD_GET, "/api/v1/most-read", &reply);
    check_text("no time at all", reply_field(&reply, "Cache-Control"), "public, max-age=0");
    reply_release(&reply);
    serving.edition.paper.config.http.max_age_s = 10;
}

static void a_known_tag_is_answered_304(void **state)
{
    (void)state;
    static const char *const encodings[] = {NULL, "gzip", "br", "gzip, br"};
    for (size_t i = 0; i < COUNT(encodings); i++) {
        struct reply first, second, other;
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
        reply_release(&first);
        reply_release(&second);
        reply_release(&other);
    }
    struct reply reply;
    ask_as(&(struct request){.method = METHOD_GET, .target = "/healthz", .if_none_match = "*"},
           &reply);
    check_number("what is never kept", reply.status, 200);
    reply_release(&reply);
}

/* gzip's bytes are what the plain ones were; the tag says which. */
static void a_body_comes_in_the_encoding_that_was_asked(void **state)
{
    (void)state;
    struct reply plain, gzip;
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
    const char *body = rep_body(plain.rep, ENCODING_IDENTITY, &plain_len);
    const char *bytes = rep_body(gzip.rep, ENCODING_GZIP, &gzip_len);
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
    reply_release(&plain);
    reply_release(&gzip);
    struct reply small;
    ask_as(&(struct request){.method = METHOD_GET,
                             .target = "/api/v1/articles?tag=nobody",
                             .accept_encoding = "gzip, br"},
           &small);
    check_number("a small body", small.encoding, ENCODING_IDENTITY);
    reply_release(&small);
}

static void who_takes_no_json_is_told_so(void **state)
{
    (void)state;
    struct reply reply;
    ask_as(&(struct request){.method = METHOD_GET, .target = "/api/v1/site", .accept = "text/html"},
           &reply);
    check_number("406", reply.status, 406);
    reply_release(&reply);
    ask_as(&(struct request){.method = METHOD_POST,
                             .target = "/api/v1/articles/1/views",
                             .accept = "text/html"},
           &reply);
    check_number("nothing is sent", reply.status, 204);
    reply_release(&reply);
    size_t len;
    counts_batch(serving.shared.counts, &len);
    counts_stored(serving.shared.counts);
}

static void a_path_tells_its_methods(void **state)
{
    (void)state;
    struct reply reply;
    ask(METHOD_POST, "/api/v1/site", &reply);
    check_text("405", reply_field(&reply, "Allow"), "GET, HEAD, OPTIONS");
    reply_release(&reply);
    ask(METHOD_GET, "/api/v1/articles/1/views", &reply);
    check_text("405", reply_field(&reply, "Allow"), "POST, OPTIONS");
    reply_release(&reply);
    ask(METHOD_OPTIONS, "/api/v1/articles/1/views", &reply);
    check_text("204", reply_field(&reply, "Allow"), "POST, OPTIONS");
    check_true("no body", reply.rep == NULL);
    reply_release(&reply);
}

static void scripts_of_an_origin_may_read(void **state)
{
    (void)state;
    struct reply reply;
    ask(METHOD_GET, "/api/v1/site", &reply);
    check_text("by default none", reply_field(&reply, "Access-Control-Allow-Origin"), NULL);
    reply_release(&reply);
    strcpy(serving.edition.paper.config.http.cors_origin, "https://khobor.example");
    static const char *const targets[] = {"/api/v1/site", "/nowhere", "/api/v1/articles?limit=0"};
    for (size_t i = 0; i < COUNT(targets); i++) {
        ask(METHOD_GET, targets[i], &reply);
        check_text(targets[i], reply_field(&reply, "Access-Control-Allow-Origin"),
                   "https://khobor.example");
        check_holds(targets[i], reply_field(&reply, "Access-Control-Expose-Headers"), "ETag");
        reply_release(&reply);
    }
    ask(METHOD_OPTIONS, "/api/v1/articles/1/views", &reply);
    check_text("preflight", reply_field(&reply, "Access-Control-Allow-Methods"), "POST, OPTIONS");
    check_holds("preflight", reply_field(&reply, "Access-Control-Allow-Headers"), "If-None-Match");
    reply_release(&reply);
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
        struct reply reply;
        ask(METHOD_POST, cases[i].target, &reply);
        check_number(cases[i].target, reply.status, cases[i].status);
        check_text(cases[i].target, reply_field(&reply, "Cache-Control"), "no-store");
        check_number(cases[i].target, reply_field(&reply, "Retry-After") != NULL,
                     reply.status == 503);
        reply_release(&reply);
    }
    size_t len;
    const struct count *batch = counts_batch(serving.shared.counts, &len);
    int64_t views = 0;
    for (size_t i = 0; i < len; i++)
        views += batch[i].views[VERDICT_COUNTED];
    check_number("articles", (int64_t)len, 3);
    check_number("views", views, 5);
    counts_stored(serving.shared.counts);
}

static void a_next_page_stands_in_a_link_too(void **state)
{
    (void)state;
    char target[512] = "/api/v1/articles?section=%E0%A6%A6%E0%A7%87%E0%A6%B6&limit=2&fields=id";
    int64_t expected = 17;
    for (int page = 0; page < 5; page++) {
        struct reply reply;
        char link[600];
        ask(METHOD_GET, target, &reply);
        check_number("page", reply.status, 200);
        json_t *document = document_of(&reply);
        const json_t *items = json_object_get(document, "items");
        for (size_t i = 0; i < json_array_size(items); i++, expected -= 2)
            check_number("id", json_integer_value(json_object_get(json_array_get(items, i), "id")),
                         expected);
        const char *next = json_string_value(json_object_get(document, "next"));
        if (page == 4) {
            check_text("the last has none", next, NULL);
            check_text("the last has none", reply_field(&reply, "Link"), NULL);
        } else {
            assert_non_null(next);
            snprintf(link, sizeof link, "<%s>; rel=\"next\"", next);
            check_text("link", reply_field(&reply, "Link"), link);
            snprintf(target, sizeof target, "%s", next);
        }
        json_decref(document);
        reply_release(&reply);
    }
    check_number("all were seen", expected, -1);
}

static void it_is_not_ready_when_views_can_not_be_stored(void **state)
{
    (void)state;
    struct reply reply;
    atomic_store(&serving.shared.storing, false);
    ask(METHOD_GET, "/readyz", &reply);
    check_number("not ready", reply.status, 503);
    check_true("try again", reply_field(&reply, "Retry-After") != NULL);
    reply_release(&reply);
    ask(METHOD_GET, "/healthz", &reply);
    check_number("healthy", reply.status, 200);
    reply_release(&reply);
    atomic_store(&serving.shared.storing, true);
}

/* A request leaves no transaction open behind it: the next one sees what was written since. */
static void each_request_sees_the_newest(void **state)
{
    (void)state;
    struct reply reply;
    ask(METHOD_GET, "/api/v1/articles/new-one", &reply);
    check_number("not yet", reply.status, 404);
    reply_release(&reply);
    paper_import(
        &serving.edition.paper,
        "{\"type\":\"article\",\"slug\":\"new-one\",\"section\":\"empty\",\"headline\":\"H\","
        "\"body\":\"\",\"published_at\":\"2022-08-15T11:30:00+06:00\"}\n");
    ask(METHOD_GET, "/api/v1/articles/new-one", &reply);
    check_number("now", reply.status, 200);
    reply_release(&reply);
}

/* Whatever a client writes, there is a reply, and it is no 500. */
static void random_targets_have_an_answer(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "/api/v1/",
        "articles",
        "sections",
        "/",
        "?",
        "&",
        "limit=",
        "5",
        "cursor=1.2",
        "tag=",
        "from=2024-04-16",
        "%",
        "%E0%A6%96",
        "%00",
        "views",
        "related",
        "most-read",
        "include=site",
        "fields=id",
        "=",
        ",",
        "world",
        "1",
        "author=W1",
        "section=world",
        "window=1h",
        "\x80",
        "+",
    };
    struct random random = {21};
    for (int i = 0; i < 20000; i++) {
        struct reply reply;
        char target[400] = "/api/v1/";
        for (int64_t times = random_below(&random, 10); times > 0; times--)
            strcat(target, pieces[random_below(&random, COUNT(pieces))]);
        ask((enum method)(1 << random_below(&random, 4)), target, &reply);
        check_true(target, reply.status == 503 || reply.status < 500);
        check_true(target, reply.status == 204 || reply.rep);
        reply_release(&reply);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_request_has_its_status),
        cmocka_unit_test(a_fault_names_its_parameter),
        cmocka_unit_test(a_page_has_caching_headers),
        cmocka_unit_test(a_known_tag_is_answered_304),
        cmocka_unit_test(a_body_comes_in_the_encoding_that_was_asked),
        cmocka_unit_test(who_takes_no_json_is_told_so),
        cmocka_unit_test(a_path_tells_its_methods),
        cmocka_unit_test(scripts_of_an_origin_may_read),
        cmocka_unit_test(a_view_is_counted_until_there_is_no_room),
        cmocka_unit_test(a_next_page_stands_in_a_link_too),
        cmocka_unit_test(it_is_not_ready_when_views_can_not_be_stored),
        cmocka_unit_test(each_request_sees_the_newest),
        cmocka_unit_test(random_targets_have_an_answer),
    };
    return cmocka_run_group_tests_name("http/serve", tests, set_up, tear_down);
}
