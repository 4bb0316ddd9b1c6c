/* The names in a route's path, the templates of routes, and the words that no section may have. */
#include "route_table.h"

/* A name is one segment as it was decoded, whatever is in it. */
static void a_name_is_any_segment(void **state)
{
    (void)state;
    static const struct {
        const char *name, *input, *expected;
    } cases[] = {
        {"an id", "/api/v1/articles/66", "66"},
        {"a slug", "/api/v1/articles/a-b_c.d", "a-b_c.d"},
        {"a slash in it", "/api/v1/articles/a%2Fb", "a/b"},
        {"a space", "/api/v1/articles/%20", " "},
        {"dots", "/api/v1/articles/..", ".."},
        {"like another route", "/api/v1/articles/related", "related"},
        {"like a pattern", "/api/v1/articles/%7Barticle%7D", "{article}"},
        {"named like what follows", "/api/v1/articles/related/related", "related"},
        {"a section", "/api/v1/sections/%E0%A6%96", "খ"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        unsigned methods;
        struct target target = {.storage = NULL};
        parse(cases[i].input, &target);
        const struct route *route = route_find(&target, METHOD_GET, &methods);
        check_true(cases[i].name, route != NULL);
        check_text(cases[i].name, first_name(route, &target), cases[i].expected);
        target_release(&target);
    }
}

/* All names of an article's address, in order. */
static void names_come_in_the_patterns_order(void **state)
{
    (void)state;
    unsigned methods;
    struct target target = {.storage = NULL};
    const char *names[PARAMETERS_NAMES_MAX];
    parse("/%E0%A6%A6%E0%A7%87%E0%A6%B6/66/a-b", &target);
    route_names(route_find(&target, METHOD_GET, &methods), &target, names);
    check_text("section", names[0], "দেশ");
    check_text("article", names[1], "66");
    check_text("slug", names[2], "a-b");
    target_release(&target);
}

static bool is_named(const char *name)
{
    for (const char *const *known = route_templates; *known; known++) {
        if (strcmp(*known, name) == 0)
            return true;
    }
    return false;
}

/* What a start checks for is all that a route will need. */
static void every_template_of_a_route_is_listed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(routes); i++) {
        if (routes[i].show.template)
            check_true(routes[i].target, is_named(routes[i].show.template));
    }
    check_true("errors", is_named("error.html") && is_named("broken.html"));
}

static bool is_reserved(const char *segment, size_t len)
{
    for (const char *const *reserved = route_reserved; *reserved; reserved++) {
        if (strlen(*reserved) == len && memcmp(*reserved, segment, len) == 0)
            return true;
    }
    return false;
}

/* A section with such a slug would have its pages where a route is. */
static void the_first_segment_of_every_route_is_reserved(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(routes); i++) {
        unsigned methods;
        struct target target = {.storage = NULL};
        parse(routes[i].target, &target);
        const struct route *route = route_find(&target, routes[i].method, &methods);
        assert_non_null(route);
        if (route->pattern[0] != '{' && route->pattern[0] != '\0')
            check_true(route->pattern, is_reserved(route->pattern, strcspn(route->pattern, "/")));
        target_release(&target);
    }
    check_true("latest", is_reserved("latest", 6));
    check_true("a section of a newspaper", !is_reserved("national", 8));
}

/* Slugs are compared by their keys, which have small letters only. */
static void what_is_reserved_is_written_like_a_key(void **state)
{
    (void)state;
    static const char key[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
    for (const char *const *reserved = route_reserved; *reserved; reserved++) {
        check_true(*reserved, (*reserved)[0] != '\0');
        check_number(*reserved, (int64_t)strspn(*reserved, key), (int64_t)strlen(*reserved));
        for (const char *const *other = route_reserved; other < reserved; other++)
            assert_string_not_equal(*reserved, *other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_any_segment),
        cmocka_unit_test(names_come_in_the_patterns_order),
        cmocka_unit_test(every_template_of_a_route_is_listed),
        cmocka_unit_test(the_first_segment_of_every_route_is_reserved),
        cmocka_unit_test(what_is_reserved_is_written_like_a_key),
    };
    return cmocka_run_group_tests_name("http/path_names", tests, NULL, NULL);
}
