#include "counting/quota.h"

#include "check.h"

#include <string.h>

#define HOUR_MS INT64_C(3600000)

static struct quota *opened(int64_t per_hour)
{
    struct quota *quota;
    check_status("open", quota_open(per_hour, &quota), STATUS_OK);
    return quota;
}

static struct address address_of(const char *text)
{
    struct address address;
    check_true(text, address_parse(text, strlen(text), &address));
    return address;
}

/* How many of `views` at one time are let in. */
static int take(struct quota *quota, const char *from, int views, int64_t now_ms)
{
    int64_t retry_s;
    int taken = 0;
    const struct address address = address_of(from);
    for (int i = 0; i < views; i++)
        taken += quota_take(quota, &address, now_ms, &retry_s);
    return taken;
}

static void an_hours_views_may_come_at_once_and_grow_back_evenly(void **state)
{
    (void)state;
    struct quota *quota = opened(60);
    check_number("at once", take(quota, "203.0.113.7", 100, 5), 60);
    check_number("a second before the next", take(quota, "203.0.113.7", 1, 59000), 0);
    check_number("after a minute", take(quota, "203.0.113.7", 5, 60005), 1);
    check_number("after ten more", take(quota, "203.0.113.7", 100, 11 * 60000 + 5), 10);
    check_number("after hours", take(quota, "203.0.113.7", 100, 9 * HOUR_MS), 60);
    quota_close(quota);
}

static void it_says_when_to_come_again(void **state)
{
    (void)state;
    static const struct {
        int64_t per_hour, at_ms, retry_s;
    } cases[] = {{1, 0, 3600}, {1, HOUR_MS - 500, 1}, {60, 0, 60}, {60, 30500, 30}, {100000, 0, 1}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t retry_s = -1;
        const struct address address = address_of("203.0.113.7");
        struct quota *quota = opened(cases[i].per_hour);
        take(quota, "203.0.113.7", (int)cases[i].per_hour, 0);
        check_true("refused", !quota_take(quota, &address, cases[i].at_ms, &retry_s));
        check_number("again in", retry_s, cases[i].retry_s);
        check_true("then", quota_take(quota, &address, cases[i].at_ms + retry_s * 1000, &retry_s));
        quota_close(quota);
    }
}

static void each_address_has_its_own_and_ipv6_its_64(void **state)
{
    (void)state;
    struct quota *quota = opened(2);
    check_number("one", take(quota, "203.0.113.7", 3, 0), 2);
    check_number("its neighbour", take(quota, "203.0.113.8", 3, 0), 2);
    check_number("the same, mapped", take(quota, "::ffff:203.0.113.7", 3, 0), 0);
    check_number("IPv6", take(quota, "2001:db8::1", 1, 0), 1);
    check_number("the same /64", take(quota, "2001:db8::2", 3, 0), 1);
    check_number("another", take(quota, "2001:db8:0:1::1", 3, 0), 2);
    quota_close(quota);
}

static void without_a_cap_there_is_none(void **state)
{
    (void)state;
    struct quota *quota = opened(0);
    check_number("all", take(quota, "203.0.113.7", 1000, 0), 1000);
    quota_close(quota);
}

/* A million addresses pass; the one that keeps coming is not forgotten for them. */
static void the_memory_is_bounded_and_keeps_who_comes_most(void **state)
{
    (void)state;
    int64_t retry_s;
    int taken = 0;
    struct quota *quota = opened(1000);
    const struct address busy = address_of("203.0.113.7");
    for (int i = 0; i < 1000000; i++) {
        struct address other = address_of("10.0.0.0");
        memcpy(other.bytes + 12, &i, sizeof i);
        check_true("a stranger", quota_take(quota, &other, i / 1000, &retry_s));
        taken += i % 500 == 0 && quota_take(quota, &busy, i / 1000, &retry_s);
    }
    check_at_most("of 2,000 in a second", taken, 1001);
    quota_close(quota);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_hours_views_may_come_at_once_and_grow_back_evenly),
        cmocka_unit_test(it_says_when_to_come_again),
        cmocka_unit_test(each_address_has_its_own_and_ipv6_its_64),
        cmocka_unit_test(without_a_cap_there_is_none),
        cmocka_unit_test(the_memory_is_bounded_and_keeps_who_comes_most),
    };
    return cmocka_run_group_tests_name("counting/quota", tests, NULL, NULL);
}
