#include "http/message/client.h"

#include "check.h"

#include <stdio.h>
#include <string.h>

static struct address address_of(const char *text)
{
    struct address address = {.bytes = {0}};
    check_true(text, address_parse(text, strlen(text), &address));
    return address;
}

static const char proxies_text[] = "127.0.0.1, 10.0.0.0/8";

/* What a proxy says, whose request it is then, and whether the list could be read to there. */
static const struct {
    const char *name, *peer, *x_forwarded_for, *forwarded, *expected;
    bool clear;
} chains[] = {
    {"nothing", "127.0.0.1", NULL, NULL, "127.0.0.1", true},
    {"not a proxy's", "192.0.2.1", "203.0.113.7", "for=203.0.113.7", "192.0.2.1", true},
    {"one", "127.0.0.1", "203.0.113.7", NULL, "203.0.113.7", true},
    {"the last", "127.0.0.1", "1.2.3.4,203.0.113.7", NULL, "203.0.113.7", true},
    {"behind proxies", "127.0.0.1", "203.0.113.7, 10.1.1.1, 10.2.2.2", NULL, "203.0.113.7", true},
    {"only proxies", "127.0.0.1", "10.3.3.3, 10.1.1.1", NULL, "10.3.3.3", true},
    {"spaces and nothing", "127.0.0.1", " , 203.0.113.7 ,\t", NULL, "203.0.113.7", true},
    {"a port", "127.0.0.1", "203.0.113.7:80", NULL, "203.0.113.7", true},
    {"IPv6", "127.0.0.1", "2001:db8::7", NULL, "2001:db8::7", true},
    {"IPv6 with a port", "127.0.0.1", "[2001:db8::7]:80", NULL, "2001:db8::7", true},
    {"an open bracket", "127.0.0.1", "[2001:db8::7", NULL, "127.0.0.1", false},
    {"a word", "127.0.0.1", "unknown", NULL, "127.0.0.1", false},
    {"a word at the end", "127.0.0.1", "203.0.113.7, unknown", NULL, "127.0.0.1", false},
    {"a word behind proxies", "127.0.0.1", "unknown, 10.1.1.1", NULL, "10.1.1.1", false},
    {"empty", "127.0.0.1", "", NULL, "127.0.0.1", true},
    {"a quote swallows nothing", "127.0.0.1", "\"x, 203.0.113.7", NULL, "203.0.113.7", true},
    {"both", "127.0.0.1", "203.0.113.7", "for=1.2.3.4", "203.0.113.7", true},
    {"RFC 7239", "127.0.0.1", NULL, "for=203.0.113.7", "203.0.113.7", true},
    {"other pairs", "127.0.0.1", NULL, "by=_x;FOR=203.0.113.7; proto=http", "203.0.113.7", true},
    {"quoted", "127.0.0.1", NULL, "for=\"[2001:db8::7]:80\"", "2001:db8::7", true},
    {"the last", "127.0.0.1", NULL, "for=1.2.3.4, for=203.0.113.7, for=10.1.1.1", "203.0.113.7",
     true},
    {"a comma in quotes", "127.0.0.1", NULL, "for=203.0.113.7;host=\"a, for=1.2.3.4\"",
     "203.0.113.7", true},
    {"an open quote", "127.0.0.1", NULL, "for=\"1.2.3.4, for=203.0.113.7", "127.0.0.1", false},
    {"an open quote of a client's", "127.0.0.1", NULL, "for=6.6.6.6;x=\", for=203.0.113.7",
     "127.0.0.1", false},
    {"a quote in quotes", "127.0.0.1", NULL, "for=1.2.3.4;x=\"\\\"\", for=203.0.113.7",
     "203.0.113.7", true},
    {"an empty X", "127.0.0.1", "", "for=203.0.113.7", "203.0.113.7", true},
    {"hidden", "127.0.0.1", NULL, "for=_secret", "127.0.0.1", false},
    {"no for", "127.0.0.1", NULL, "proto=https", "127.0.0.1", false},
};

static void a_request_is_the_last_address_that_is_no_proxy(void **state)
{
    (void)state;
    struct networks proxies;
    struct fault fault = {.field = ""};
    check_done("proxies", networks_parse(proxies_text, "p", &proxies, &fault), &fault);
    for (size_t i = 0; i < COUNT(chains); i++) {
        struct address got;
        const struct request request = {.peer = address_of(chains[i].peer),
                                        .x_forwarded_for = chains[i].x_forwarded_for,
                                        .forwarded = chains[i].forwarded};
        const struct address expected = address_of(chains[i].expected);
        check_number(chains[i].name, client_address(&request, &proxies, &got), chains[i].clear);
        check_true(chains[i].name, memcmp(&got, &expected, sizeof got) == 0);
    }
}

static void a_page_of_another_site_is_known_by_its_headers(void **state)
{
    (void)state;
    static const struct {
        const char *site, *origin, *host, *allowed;
        bool elsewhere;
    } cases[] = {
        {NULL, NULL, "x", "", false},
        {"same-origin", "https://paper.example", "x", "", false},
        {"same-site", "https://www.paper.example", "x", "", false},
        {"none", NULL, "x", "", false},
        {"cross-site", NULL, "x", "", true},
        {"cross-site", "https://evil.example", "x", "", true},
        {"cross-site", "https://evil.example", "evil.example", "", true},
        {"cross-site", "https://app.example", "x", "https://app.example", false},
        {"cross-site", "https://app.example.evil", "x", "https://app.example", true},
        {"cross-site", "https://app", "x", "https://app.example", true},
        {"cross-site", "https://any.example", "x", "*", false},
        {NULL, "https://paper.example", "x", "", false},
        {NULL, "https://paper.example:8443", "x", "", true},
        {NULL, "http://127.0.0.1:8080", "127.0.0.1:8080", "", false},
        {NULL, "http://127.0.0.1:8080", "127.0.0.1:8081", "", true},
        {NULL, "null", "null", "", true},
        {NULL, "", "", "", true},
        {NULL, "https://", "", "", true},
    };
    struct config config;
    config_init(&config);
    snprintf(config.site.url, sizeof config.site.url, "https://paper.example");
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct request request = {
            .sec_fetch_site = cases[i].site, .origin = cases[i].origin, .host = cases[i].host};
        char name[32];
        snprintf(name, sizeof name, "case %zu", i);
        snprintf(config.http.cors_origin, sizeof config.http.cors_origin, "%s", cases[i].allowed);
        check_number(name, client_is_cross_site(&request, &config), cases[i].elsewhere);
    }
}

static void fields_are_taken_by_name_and_lines_joined(void **state)
{
    (void)state;
    struct request request = {.target = "/"};
    static const char *const lines[][2] = {{"USER-agent", "A"}, {"Accept", "text/html"},
                                           {"X-Other", "x"},    {"accept", "image/png"},
                                           {"Accept", "*/*"},   {"Accept-Encodin", "gzip"}};
    for (size_t i = 0; i < COUNT(lines); i++)
        request_take_field(&request, lines[i][0], strlen(lines[i][0]), lines[i][1]);
    check_text("an agent", request.agent, "A");
    check_text("a list", request.accept, "text/html, image/png, */*");
    check_true("no other", !request.accept_encoding && !request.origin);
    request_release(&request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_the_last_address_that_is_no_proxy),
        cmocka_unit_test(a_page_of_another_site_is_known_by_its_headers),
        cmocka_unit_test(fields_are_taken_by_name_and_lines_joined),
    };
    return cmocka_run_group_tests_name("http/reader", tests, NULL, NULL);
}
