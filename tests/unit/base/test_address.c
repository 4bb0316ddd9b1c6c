#include "base/address.h"

#include "check.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static struct address address_of(const char *text)
{
    struct address address;
    check_true(text, address_parse(text, strlen(text), &address));
    return address;
}

static void addresses_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_address, is_loopback;
    } cases[] = {
        {"203.0.113.7", true, false},
        {"127.0.0.1", true, true},
        {"127.255.0.9", true, true},
        {"128.0.0.1", true, false},
        {"::1", true, true},
        {"::", true, false},
        {"2001:db8::7", true, false},
        {"::ffff:127.0.0.1", true, true},
        {"::ffff:1.2.3.4", true, false},
        {"", false, false},
        {"1.2.3", false, false},
        {"1.2.3.4 ", false, false},
        {"1.2.3.256", false, false},
        {"01.2.3.4.5", false, false},
        {"[::1]", false, false},
        {"fe80::1%eth0", false, false},
        {"localhost", false, false},
        {"2001:db8:0000:0000:0000:0000:0000:0007:0008:0009", false, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct address address;
        bool is_address = address_parse(cases[i].text, strlen(cases[i].text), &address);
        check_number(cases[i].text, is_address, cases[i].is_address);
        if (is_address)
            check_number(cases[i].text, address_is_loopback(&address), cases[i].is_loopback);
    }
    struct address address;
    check_true("a NUL", !address_parse("1.2.3.4\0", 8, &address));
}

static void an_address_has_one_spelling(void **state)
{
    (void)state;
    const struct address four = address_of("203.0.113.7"), six = address_of("::ffff:203.0.113.7");
    struct address of_socket;
    struct sockaddr_in socket = {.sin_family = AF_INET};
    inet_pton(AF_INET, "203.0.113.7", &socket.sin_addr);
    check_true("a socket's", address_of_socket((struct sockaddr *)&socket, &of_socket));
    assert_memory_equal(&four, &six, sizeof four);
    assert_memory_equal(&four, &of_socket, sizeof four);
    const struct sockaddr local = {.sa_family = AF_UNIX};
    check_true("no IP address", !address_of_socket(&local, &of_socket));
}

static void a_site_is_an_address_or_a_64(void **state)
{
    (void)state;
    static const struct {
        const char *one, *other;
        bool same;
    } cases[] = {
        {"203.0.113.7", "203.0.113.7", true},
        {"203.0.113.7", "203.0.113.8", false},
        {"2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true},
        {"2001:db8:1:2::1", "2001:db8:1:3::1", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct address one = address_of(cases[i].one), other = address_of(cases[i].other);
        address_mask_host(&one);
        address_mask_host(&other);
        check_number(cases[i].other, memcmp(&one, &other, sizeof one) == 0, cases[i].same);
    }
}

static void networks_have_their_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *networks, *address;
        bool has;
    } cases[] = {
        {"", "127.0.0.1", false},
        {"127.0.0.1", "127.0.0.1", true},
        {"127.0.0.1", "127.0.0.2", false},
        {"10.0.0.0/8", "10.255.1.2", true},
        {"10.0.0.0/8", "11.0.0.0", false},
        {" 192.0.2.0/25,\t10.0.0.1 ", "192.0.2.127", true},
        {"192.0.2.0/25", "192.0.2.128", false},
        {"192.0.2.9/31", "192.0.2.8", true},
        {"192.0.2.0/25 10.0.0.1", "10.0.0.1", true},
        {"0.0.0.0/0", "203.0.113.7", true},
        {"0.0.0.0/0", "2001:db8::1", false},
        {"2001:db8::/32", "2001:db8:ffff::1", true},
        {"2001:db8::/33", "2001:db8:8000::1", false},
        {"::1", "::1", true},
        {"::ffff:10.0.0.0/8", "10.1.2.3", true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct networks networks;
        struct fault fault = {.field = ""};
        const struct address address = address_of(cases[i].address);
        check_done(cases[i].networks, networks_parse(cases[i].networks, "n", &networks, &fault),
                   &fault);
        check_number(cases[i].networks, networks_have(&networks, &address), cases[i].has);
    }
}

static void what_is_no_network_is_named(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x",
        "/8",          "::/129",    "example.org", "1.2.3.4;5.6.7.8"};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct networks networks;
        struct fault fault = {.field = ""};
        char text[64];
        snprintf(text, sizeof text, "127.0.0.1, %s", cases[i]);
        check_status(cases[i], networks_parse(text, "http.trusted_proxies", &networks, &fault),
                     STATUS_INVALID);
        check_text(cases[i], fault.field, "http.trusted_proxies");
        check_true(cases[i], strstr(fault.text, cases[i]) != NULL);
    }
}

static void there_are_only_so_many_networks(void **state)
{
    (void)state;
    char text[NETWORKS_MAX * 12 + 12] = "";
    struct networks networks;
    struct fault fault = {.field = ""};
    for (int i = 0; i < NETWORKS_MAX; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "10.0.0.%d,", i);
    check_done("as many as may be", networks_parse(text, "n", &networks, &fault), &fault);
    snprintf(text + strlen(text), sizeof text - strlen(text), "10.0.1.1");
    check_status("one more", networks_parse(text, "n", &networks, &fault), STATUS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_read),
        cmocka_unit_test(an_address_has_one_spelling),
        cmocka_unit_test(a_site_is_an_address_or_a_64),
        cmocka_unit_test(networks_have_their_addresses),
        cmocka_unit_test(what_is_no_network_is_named),
        cmocka_unit_test(there_are_only_so_many_networks),
    };
    return cmocka_run_group_tests_name("base/address", tests, NULL, NULL);
}
