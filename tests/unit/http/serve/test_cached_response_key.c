/* Cache keys: a response has one key however a request for it is written, and no other response has
 * that key. */
#include "http/serve/cached_response.h"

#include "check.h"
#include "store/lists.h"

/* The key of a GET of a target, made as http/serve/serve.c makes it; false for a response that is
 * not cached, and a failure for a target that is refused. */
static bool key_of(const char *text, struct buf *key)
{
    unsigned methods;
    struct fault fault = {.field = ""};
    struct target target = {.storage = NULL};
    check_done(text, target_parse(text, &target, &fault), &fault);
    const struct route *route = route_find(&target, METHOD_GET, &methods);
    check_true(text, route != NULL);
    struct parameters parameters = {
        .window = WINDOW_24H,
        .at = INT64_MIN,
        .list = {.from_at = INT64_MIN,
                 .before = position_newest(1713247200),
                 .limit = route->limit,
                 .limit_is_fixed = !(route->parameters & PARAMETER_LIMIT)}};
    route_names(route, &target, parameters.names);
    check_done(text, parameters_read(&target, route->parameters, &parameters, &fault), &fault);
    buf_init(key, RESPONSE_CACHE_KEY_BYTES_MAX);
    bool is_cached = cached_response_key(route, &target, &parameters, key);
    target_release(&target);
    return is_cached;
}

static bool have_one_key(const char *first, const char *second)
{
    struct buf a, b;
    check_true(first, key_of(first, &a));
    check_true(second, key_of(second, &b));
    bool same = a.len == b.len && memcmp(a.bytes, b.bytes, a.len) == 0;
    buf_release(&a);
    buf_release(&b);
    return same;
}

static void what_means_the_same_has_one_key(void **state)
{
    static const struct {
        const char *name, *first, *second;
    } cases[] = {
        {"order of parameters", "/api/v1/articles?section=a&tag=b",
         "/api/v1/articles?tag=b&section=a"},
        {"order of three", "/api/v1/most-read?limit=3&section=a&window=1h",
         "/api/v1/most-read?window=1h&limit=3&section=a"},
        {"unknown parameters", "/api/v1/articles", "/api/v1/articles?utm_source=x&fbclid=y"},
        {"another route's parameter", "/api/v1/articles", "/api/v1/articles?window=1h"},
        {"a page's", "/", "/?limit=3&cursor=x"},
        {"an empty query", "/api/v1/articles", "/api/v1/articles?"},
        {"the default limit", "/api/v1/articles", "/api/v1/articles?limit=20"},
        {"the default limit of another", "/api/v1/sections", "/api/v1/sections?limit=5"},
        {"the default window", "/api/v1/most-read", "/api/v1/most-read?window=24h"},
        {"zeros before a number", "/api/v1/articles?limit=5", "/api/v1/articles?limit=05"},
        {"percent codes in a path", "/api/v1/articles/a-1", "/api/v1/articles/%61-%31"},
        {"case of percent codes", "/api/v1/tags/%e0%a6%95", "/api/v1/tags/%E0%A6%95"},
        {"percent codes in a query", "/api/v1/articles?tag=ab", "/api/v1/articles?tag=%61b"},
        {"absolute form", "/api/v1/site", "http://khobor.example/api/v1/site"},
        {"order of includes", "/api/v1/articles/1?include=site,latest",
         "/api/v1/articles/1?include=latest,site"},
        {"an include twice", "/api/v1/articles/1?include=site",
         "/api/v1/articles/1?include=site,site"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        check_true(cases[i].name, have_one_key(cases[i].first, cases[i].second));
}

static void what_differs_has_another_key(void **state)
{
    static const struct {
        const char *name, *first, *second;
    } cases[] = {
        {"routes of the same document", "/api/v1/latest", "/api/v1/articles"},
        {"JSON and a page", "/latest", "/api/v1/latest"},
        {"two feeds", "/feed.xml", "/atom.xml"},
        {"the paper's feed and a section's", "/feed.xml", "/a/feed.xml"},
        {"articles", "/api/v1/articles/1", "/api/v1/articles/2"},
        {"id and slug", "/api/v1/articles/1", "/api/v1/articles/a-1"},
        {"an article and what is related", "/api/v1/articles/1", "/api/v1/articles/1/related"},
        {"includes", "/api/v1/articles/1?include=site", "/api/v1/articles/1?include=latest"},
        {"with and without", "/api/v1/articles/1", "/api/v1/articles/1?include=site"},
        {"limits", "/api/v1/articles?limit=2", "/api/v1/articles?limit=3"},
        {"windows", "/api/v1/most-read?window=1h", "/api/v1/most-read?window=6h"},
        {"a section's", "/api/v1/articles", "/api/v1/articles?section=a"},
        {"a section and a tag", "/api/v1/articles?section=a", "/api/v1/articles?tag=a"},
        {"sections", "/api/v1/articles?section=a", "/api/v1/articles?section=b"},
        {"tags", "/api/v1/articles?tag=a", "/api/v1/articles?tag=b"},
        {"authors", "/api/v1/articles?author=a", "/api/v1/articles?author=b"},
        {"a tag and an author", "/api/v1/articles?tag=a", "/api/v1/articles?author=a"},
        {"values in other places", "/api/v1/articles?section=a&tag=b",
         "/api/v1/articles?section=b&tag=a"},
        {"values that run together", "/api/v1/articles?section=ab&tag=c",
         "/api/v1/articles?section=a&tag=bc"},
        {"case of a name", "/api/v1/tags/Tax", "/api/v1/tags/tax"},
        {"a slash in a segment", "/a%2F1", "/a/1"},
        {"slashes in a segment", "/a/1%2Fb", "/a/1/b"},
        {"segments that run together", "/ab/1/c", "/a/b1/c"},
        {"a plus sign and a space", "/api/v1/articles?tag=a+b", "/api/v1/articles?tag=a%20b"},
        {"days", "/api/v1/archive/2024-04-16", "/api/v1/archive/2024-04-17"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        check_true(cases[i].name, !have_one_key(cases[i].first, cases[i].second));
}

/* A target that ends in so many letters. */
static void put_long(const char *before, size_t letters, char text[4096])
{
    size_t len = strlen(before);
    memcpy(text, before, len);
    memset(text + len, 'a', letters);
    text[len + letters] = '\0';
}

static void what_has_ever_new_values_is_not_cached(void **state)
{
    static const struct {
        const char *target;
        bool is_cached;
    } cases[] = {
        {"/api/v1/articles?cursor=1713247200.5", false},
        {"/api/v1/articles?fields=id", false},
        {"/api/v1/articles?from=2024-04-16", false},
        {"/api/v1/articles?to=2024-04-16", false},
        {"/api/v1/most-read?at=2024-04-16T12:00:00%2B06:00", false},
        {"/latest?cursor=1713247200.5", false},
        {"/latest?fields=id", true}, /* a page has none */
        {"/api/v1/site?from=2024-04-16", true},
        {"/healthz", false},
        {"/readyz", false},
        {"/api/v1/articles?section=a&tag=b&author=c&limit=100", true},
    };
    (void)state;
    struct buf key;
    char text[4096];
    for (size_t i = 0; i < COUNT(cases); i++) {
        check_number(cases[i].target, key_of(cases[i].target, &key), cases[i].is_cached);
        buf_release(&key);
    }
    put_long("/api/v1/tags/", 900, text);
    check_true("a long one", key_of(text, &key));
    buf_release(&key);
    put_long("/api/v1/tags/", 1100, text);
    check_true("one that is too long", !key_of(text, &key));
    buf_release(&key);
}

/* The previous content of the buffer is not part of the key. */
static void a_key_is_written_over_the_one_before(void **state)
{
    (void)state;
    struct buf key, again;
    unsigned methods;
    struct fault fault;
    struct target target = {.storage = NULL};
    struct parameters parameters = {.window = WINDOW_24H};
    check_status("target", target_parse("/api/v1/site", &target, &fault), STATUS_OK);
    const struct route *route = route_find(&target, METHOD_GET, &methods);
    buf_init(&key, RESPONSE_CACHE_KEY_BYTES_MAX);
    buf_init(&again, RESPONSE_CACHE_KEY_BYTES_MAX);
    buf_text(&again, "what was asked before");
    check_true("cached", cached_response_key(route, &target, &parameters, &key));
    check_true("cached", cached_response_key(route, &target, &parameters, &again));
    check_true("the same", key.len == again.len && memcmp(key.bytes, again.bytes, key.len) == 0);
    buf_release(&key);
    buf_release(&again);
    target_release(&target);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_means_the_same_has_one_key),
        cmocka_unit_test(what_differs_has_another_key),
        cmocka_unit_test(what_has_ever_new_values_is_not_cached),
        cmocka_unit_test(a_key_is_written_over_the_one_before),
    };
    return cmocka_run_group_tests_name("http/serve/cached_response_key", tests, NULL, NULL);
}
