/* The status of each kind of request, and what a refusal says. */
#include "serve_requests.h"

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
static void check_refusal(const char *name, const struct response *response)
{
    check_text(name, reply_field(response, "Cache-Control"), "no-store");
    check_text(name, reply_field(response, "ETag"), NULL);
    json_t *problem = document_of(response);
    check_text(name, representation_type(response->representation), "application/problem+json");
    check_number(name, json_integer_value(json_object_get(problem, "status")), response->status);
    check_true(name, json_is_string(json_object_get(problem, "title")));
    check_true(name, json_is_string(json_object_get(problem, "detail")));
    json_decref(problem);
}

/* Every reply can be sent: it says how long it may be kept, and an error is a problem. */
static void every_request_has_its_status(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(requests); i++) {
        struct response response;
        char name[128];
        ask(requests[i].method, requests[i].target, &response);
        snprintf(name, sizeof name, "%d %s", (int)requests[i].method, requests[i].target);
        check_number(name, response.status, requests[i].status);
        if (response.status >= 400) {
            check_refusal(name, &response);
        } else if (response.status == 200) {
            check_text(name, representation_type(response.representation), "application/json");
            check_true(name, reply_field(&response, "Cache-Control") != NULL);
            json_decref(document_of(&response));
        }
        response_release(&response);
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
        struct response response;
        ask(METHOD_GET, cases[i].target, &response);
        json_t *problem = document_of(&response);
        check_text(cases[i].target, json_string_value(json_object_get(problem, "parameter")),
                   cases[i].parameter);
        json_decref(problem);
        response_release(&response);
    }
}

static void a_path_tells_its_methods(void **state)
{
    (void)state;
    struct response response;
    ask(METHOD_POST, "/api/v1/site", &response);
    check_text("405", reply_field(&response, "Allow"), "GET, HEAD, OPTIONS");
    response_release(&response);
    ask(METHOD_GET, "/api/v1/articles/1/views", &response);
    check_text("405", reply_field(&response, "Allow"), "POST, OPTIONS");
    response_release(&response);
    ask(METHOD_OPTIONS, "/api/v1/articles/1/views", &response);
    check_text("204", reply_field(&response, "Allow"), "POST, OPTIONS");
    check_true("no body", response.representation == NULL);
    response_release(&response);
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
    struct random random = random_seeded(21);
    for (int i = 0; i < 20000; i++) {
        struct response response;
        char target[400] = "/api/v1/";
        for (int64_t times = random_below(&random, 10); times > 0; times--)
            strcat(target, pieces[random_below(&random, COUNT(pieces))]);
        ask((enum method)(1 << random_below(&random, 4)), target, &response);
        check_true(target, response.status == 503 || response.status < 500);
        check_true(target, response.status == 204 || response.representation);
        response_release(&response);
    }
}

/* The clock of a machine without a battery, or one that an operator has mistyped: year -5, 0, 999,
 * 10000 and 30000. Between two of them it jumps back. */
static void no_clock_ends_the_process(void **state)
{
    (void)state;
    static const int64_t clocks[] = {
        PAPER_NOW, -INT64_C(62325000000), -INT64_C(62135596801), -INT64_C(30641760000),
        0,         INT64_C(253402300800), INT64_C(884541340800), PAPER_NOW - 86400,
        PAPER_NOW,
    };
    static const char *const pages[] = {
        "/",
        "/latest",
        "/most-read",
        "/world",
        "/world/2/a-2",
        "/feed.xml",
        "/atom.xml",
        "/sitemap.xml",
        "/feed.json",
        "/archive/2024-04-16",
        "/tag/Tax",
        "/author/W1",
        "/world/feed.xml",
        "/news-sitemap.xml",
        "/nothing/here",
        "/sitemaps/1.xml",
        "/api/v1/front",
        "/api/v1/trending",
        "/api/v1/archive/9999-12-31",
        "/api/v1/archive/1000-01-01",
        "/api/v1/most-read?at=2024-04-16T12:00:00Z",
    };
    for (size_t i = 0; i < COUNT(clocks) * (COUNT(pages) + COUNT(requests)); i++) {
        size_t which = i / COUNT(clocks);
        struct request request = {.method = METHOD_GET, .agent = "Mozilla/5.0"};
        struct response response;
        request.target =
            which < COUNT(pages) ? pages[which] : requests[which - COUNT(pages)].target;
        if (which >= COUNT(pages))
            request.method = requests[which - COUNT(pages)].method;
        serve(&serving.worker, &request, clocks[i % COUNT(clocks)], &response);
        check_true(request.target, response.status >= 200 && response.status <= 503);
        if (!response.prepared || !response.prepared->handle)
            response_release(&response);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_request_has_its_status),
        cmocka_unit_test(a_fault_names_its_parameter),
        cmocka_unit_test(a_path_tells_its_methods),
        cmocka_unit_test(random_targets_have_an_answer),
        cmocka_unit_test(no_clock_ends_the_process),
    };
    return cmocka_run_group_tests_name("http/request_status", tests, set_up, tear_down);
}
