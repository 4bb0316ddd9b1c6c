/* Each route is reached by its method and path, and by no other. */
#include "route_table.h"

static void each_route_is_reached_by_its_method(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(routes); i++) {
        unsigned methods;
        struct target target = {.storage = NULL};
        const char *name = routes[i].target;
        parse(name, &target);
        const struct route *route = route_find(&target, routes[i].method, &methods);
        check_true(name, route != NULL);
        check_true(name, route->handle == routes[i].handle);
        check_number(name, route->method, routes[i].method);
        check_number(name, route->parameters, routes[i].parameters);
        check_number(name, route->limit, routes[i].limit);
        check_number(name, route->freshness, routes[i].freshness);
        check_number(name, route->show.media, routes[i].show.media);
        check_text(name, route->show.template, routes[i].show.template);
        check_text(name, first_name(route, &target), routes[i].name);
        target_release(&target);
    }
}

static void other_methods_get_the_set_of_those_known(void **state)
{
    (void)state;
    static const enum method all[] = {METHOD_GET, METHOD_POST, METHOD_OPTIONS, METHOD_OTHER};
    for (size_t i = 0; i < COUNT(routes); i++) {
        for (size_t j = 0; j < COUNT(all); j++) {
            unsigned methods = 99;
            struct target target = {.storage = NULL};
            if (all[j] == routes[i].method)
                continue;
            parse(routes[i].target, &target);
            assert_null(route_find(&target, all[j], &methods));
            check_number(routes[i].target, methods, routes[i].method);
            target_release(&target);
        }
    }
}

static void a_query_changes_no_route(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(routes); i++) {
        unsigned methods;
        struct buf text;
        struct target target = {.storage = NULL};
        buf_init(&text, 1024);
        buf_format(&text, "http://khobor.example%s?limit=5&a=/b", routes[i].target);
        parse(buf_string(&text), &target);
        const struct route *route = route_find(&target, routes[i].method, &methods);
        check_true(routes[i].target, route && route->handle == routes[i].handle);
        target_release(&target);
        buf_release(&text);
    }
}

static const char *const unknown[] = {
    "//",
    "/api",
    "/api/",
    "/api/v1",
    "/api/v1/",
    "/api/v2/site",
    "/api/v1/Site",
    "/api/v1/sit",
    "/api/v1/sites",
    "/api/v1/site/",
    "/api/v1/site/a",
    "/api//v1/site",
    "//api/v1/site",
    "/api/v1/articles/",
    "/api/v1/articles//related",
    "/api/v1/articles//views",
    "/api/v1/articles/66/",
    "/api/v1/articles/66/comments",
    "/api/v1/articles/66/related/",
    "/api/v1/articles/66/related/a",
    "/api/v1/articles/66/views/",
    "/api/v1/sections/",
    "/api/v1/sections/national/",
    "/api/v1/sections/national/latest",
    "/api/v1/latest/national",
    "/api/v1/most-read/",
    "/api/v1/mostread",
    "/api/v1/most_read",
    "/api/v1%2Fsite",
    "/api/./v1/site",
    "/x/../api/v1/site",
    "/healthz/",
    "/readyz/a",
    "/1/2/3/4/5/6/7/8",
    "/1/2/3/4/5/6/7/8/9",
    "/api/v1/articles/66/related/1/2/3/4/5/6",
    "/api/v1/{article}",
    "/latest/",
    "/latest/1",
    "/search",
    "/metrics",
    "/national/",
    "/national/66/slug/",
    "/assets/abc",
    "/sitemaps",
};

static void other_paths_have_no_route(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(unknown); i++) {
        for (int method = METHOD_GET; method <= METHOD_OTHER; method *= 2) {
            unsigned methods = 99;
            struct target target = {.storage = NULL};
            parse(unknown[i], &target);
            check_true(unknown[i], !route_find(&target, (enum method)method, &methods));
            check_number(unknown[i], methods, 0);
            target_release(&target);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_route_is_reached_by_its_method),
        cmocka_unit_test(other_methods_get_the_set_of_those_known),
        cmocka_unit_test(a_query_changes_no_route),
        cmocka_unit_test(other_paths_have_no_route),
    };
    return cmocka_run_group_tests_name("http/route", tests, NULL, NULL);
}
