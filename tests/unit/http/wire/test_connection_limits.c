#include "http/wire/connection_limits.h"

#include "check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    LIMIT = 3,
    DEADLINE_MS = 60000,
    NOW_MS = 1000000,
    THREADS = 4,
    TURNS = 2000,
};

/* A client's end and ours. */
struct pair {
    int ours, client;
    struct connection_slot *connection;
};

union any_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un local;
};

static union any_address address_of(const char *text, int port)
{
    union any_address address = {.any.sa_family = AF_UNIX};
    if (inet_pton(AF_INET, text, &address.v4.sin_addr) == 1) {
        address.v4.sin_family = AF_INET;
        address.v4.sin_port = htons((uint16_t)port);
    } else if (strchr(text, ':')) {
        assert_int_equal(inet_pton(AF_INET6, text, &address.v6.sin6_addr), 1);
        address.v6.sin6_family = AF_INET6;
        address.v6.sin6_port = htons((uint16_t)port);
    }
    return address;
}

static struct pair enter(struct connection_limits *connections, const char *text, int64_t now_ms)
{
    int ends[2];
    static const int first_port = 40000;
    union any_address address = address_of(text ? text : "", first_port);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    struct pair pair = {.ours = ends[0], .client = ends[1]};
    address.v4.sin_port = htons((uint16_t)(first_port + ends[0])); /* another one each */
    pair.connection =
        connection_limits_add(connections, pair.ours, text ? &address.any : NULL, now_ms);
    assert_non_null(pair.connection);
    return pair;
}

static void leave(struct connection_limits *connections, struct pair *pair)
{
    connection_limits_remove(connections, pair->connection);
    close(pair->ours);
    close(pair->client);
}

/* A client sees the end of a connection that was shut down, and nothing on one that was not. */
static bool is_open(const struct pair *pair)
{
    char byte;
    return recv(pair->client, &byte, 1, MSG_DONTWAIT) != 0;
}

static struct connection_limits *opened(int64_t per_address)
{
    struct connection_limits *connections;
    check_status("open", connection_limits_open(per_address, DEADLINE_MS, &connections), STATUS_OK);
    return connections;
}

static const struct {
    const char *name;
    const char *address, *other; /* entered in turn */
    int64_t per_address;
    int most; /* that stay open; of 20 */
} limits[] = {
    {"an address", "203.0.113.5", "203.0.113.5", LIMIT, LIMIT},
    {"a limit of one", "203.0.113.5", "203.0.113.5", 1, 1},
    {"two addresses", "203.0.113.5", "203.0.113.6", LIMIT, 2 * LIMIT},
    {"no limit", "203.0.113.5", "203.0.113.5", 0, 20},
    {"IPv6", "2001:db8::5", "2001:db8::5", LIMIT, LIMIT},
    {"two of IPv6", "2001:db8::5", "2001:db8:0:1::5", LIMIT, 2 * LIMIT},
    {"a /64 of IPv6", "2001:db8::5", "2001:db8::ffff:ffff:ffff:ffff", LIMIT, LIMIT},
    {"IPv4 and the same, mapped", "203.0.113.5", "::ffff:203.0.113.5", LIMIT, LIMIT},
    {"loopback", "127.0.0.1", "127.0.0.1", LIMIT, 20},
    {"all of loopback", "127.0.0.1", "127.255.255.254", LIMIT, 20},
    {"loopback of IPv6", "::1", "::1", LIMIT, 20},
    {"loopback, mapped", "::ffff:127.0.0.1", "::ffff:127.0.0.2", LIMIT, 20},
    {"beside loopback", "126.255.255.255", "128.0.0.1", LIMIT, 2 * LIMIT},
    {"beside loopback of IPv6", "::2", "::", LIMIT, LIMIT},
    {"ends like loopback", "2001:db8::1", "fe80::1", LIMIT, 2 * LIMIT},
    {"begins like loopback", "7f00:1::", "7f00:1::", LIMIT, LIMIT},
    {"not an IP address", "", "", LIMIT, 20},
    {"no address", NULL, NULL, LIMIT, 20},
};

static void an_address_has_a_limit(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(limits); i++) {
        struct pair pairs[20];
        int open = 0;
        struct connection_limits *connections = opened(limits[i].per_address);
        for (size_t j = 0; j < COUNT(pairs); j++) {
            pairs[j] = enter(connections, j % 2 ? limits[i].other : limits[i].address, NOW_MS);
            /* The first come stay. */
            check_number(limits[i].name, is_open(&pairs[j]), (int)j < limits[i].most);
        }
        for (size_t j = 0; j < COUNT(pairs); j++)
            open += is_open(&pairs[j]);
        check_number(limits[i].name, open, limits[i].most);
        for (size_t j = 0; j < COUNT(pairs); j++)
            leave(connections, &pairs[j]);
        connection_limits_close(connections);
    }
}

static void who_leaves_makes_room(void **state)
{
    (void)state;
    struct pair pairs[LIMIT];
    struct connection_limits *connections = opened(LIMIT);
    for (int i = 0; i < LIMIT; i++)
        pairs[i] = enter(connections, "203.0.113.5", NOW_MS);
    struct pair refused = enter(connections, "203.0.113.5", NOW_MS);
    check_true("one too many", !is_open(&refused));
    leave(connections, &refused);
    for (int turn = 0; turn < 10; turn++) {
        leave(connections, &pairs[turn % LIMIT]);
        pairs[turn % LIMIT] = enter(connections, "203.0.113.5", NOW_MS);
        check_true("in the place of one that left", is_open(&pairs[turn % LIMIT]));
    }
    struct pair again = enter(connections, "203.0.113.5", NOW_MS);
    check_true("one too many again", !is_open(&again));
    leave(connections, &again);
    for (int i = 0; i < LIMIT; i++)
        leave(connections, &pairs[i]);
    struct pair last = enter(connections, "203.0.113.5", NOW_MS);
    check_true("when all have left", is_open(&last));
    leave(connections, &last);
    connection_limits_close(connections);
}

/* More addresses than there are buckets, so that some share one. */
static void addresses_are_told_apart(void **state)
{
    (void)state;
    enum {
        ADDRESSES = 10000
    };
    static struct connection_slot *entered[ADDRESSES];
    int ends[2];
    struct connection_limits *connections = opened(1);
    for (int i = 0; i < ADDRESSES; i++) {
        struct sockaddr_in address = {.sin_family = AF_INET,
                                      .sin_addr.s_addr = htonl(0xCB007100u + (uint32_t)i)};
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
        entered[i] = connection_limits_add(connections, ends[0],
                                           (const struct sockaddr *)(const void *)&address, NOW_MS);
        assert_non_null(entered[i]);
        struct pair pair = {.client = ends[1]};
        check_true("each has its own count", is_open(&pair));
        close(ends[0]); /* the limit is not looked at again */
        close(ends[1]);
    }
    for (int i = 0; i < ADDRESSES; i++)
        connection_limits_remove(connections, entered[i * 7 % ADDRESSES]);
    connection_limits_close(connections);
}

static void the_deadline_is_counted_from_the_last_completed_request(void **state)
{
    (void)state;
    struct connection_limits *connections = opened(LIMIT);
    struct pair silent = enter(connections, "203.0.113.5", NOW_MS);
    struct pair busy = enter(connections, "127.0.0.1", NOW_MS);
    struct pair late = enter(connections, "203.0.113.6", NOW_MS + 1000);
    check_number("at once", connection_limits_expire(connections, NOW_MS), 0);
    check_number("just before", connection_limits_expire(connections, NOW_MS + DEADLINE_MS - 1), 0);
    check_true("just before", is_open(&silent) && is_open(&busy) && is_open(&late));
    connection_slot_completed(busy.connection, NOW_MS + DEADLINE_MS - 1);
    check_number("one", connection_limits_expire(connections, NOW_MS + DEADLINE_MS), 1);
    check_true("one", !is_open(&silent) && is_open(&busy) && is_open(&late));
    check_number("only once", connection_limits_expire(connections, NOW_MS + DEADLINE_MS), 0);
    check_number("the next", connection_limits_expire(connections, NOW_MS + DEADLINE_MS + 1000), 1);
    check_true("the next", is_open(&busy) && !is_open(&late));
    check_number("loopback too", connection_limits_expire(connections, NOW_MS + 2 * DEADLINE_MS),
                 1);
    check_true("loopback too", !is_open(&busy));
    leave(connections, &late);
    leave(connections, &silent);
    leave(connections, &busy);
    check_number("none", connection_limits_expire(connections, NOW_MS + 10 * DEADLINE_MS), 0);
    connection_limits_close(connections);
}

static void who_was_refused_is_not_expired_again(void **state)
{
    (void)state;
    struct connection_limits *connections = opened(1);
    struct pair first = enter(connections, "203.0.113.5", NOW_MS);
    struct pair refused = enter(connections, "203.0.113.5", NOW_MS);
    check_true("refused", !is_open(&refused));
    check_number("expired", connection_limits_expire(connections, NOW_MS + DEADLINE_MS), 1);
    check_true("expired", !is_open(&first));
    leave(connections, &first);
    leave(connections, &refused);
    connection_limits_close(connections);
}

static void clients_that_left_are_ended(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool closes;      /* both sides; otherwise only the client's own */
        bool is_answered; /* a response is under way */
        bool has_sent;    /* something that was not read */
        int expected[3];  /* ended by the first, second and third sweep */
    } cases[] = {
        {"left", true, false, false, {1, 0, 0}},
        {"left while it was answered", true, true, false, {1, 0, 0}},
        {"has ended its side", false, false, false, {0, 1, 0}},
        {"waits for its response", false, true, false, {0, 0, 0}},
        {"has a request to be read", false, false, true, {0, 0, 0}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct connection_limits *connections = opened(0);
        struct pair other = enter(connections, "203.0.113.5", NOW_MS);
        struct pair pair = enter(connections, "203.0.113.5", NOW_MS);
        connection_slot_answers(pair.connection, cases[i].is_answered);
        check_number(cases[i].name, connection_limits_expire(connections, NOW_MS), 0);
        if (cases[i].has_sent)
            check_number(cases[i].name, send(pair.client, "x", 1, 0), 1);
        if (cases[i].closes)
            close(pair.client);
        else
            shutdown(pair.client, SHUT_WR);
        for (size_t j = 0; j < COUNT(cases[i].expected); j++)
            check_number(cases[i].name, connection_limits_expire(connections, NOW_MS),
                         cases[i].expected[j]);
        check_true(cases[i].name, is_open(&other));
        connection_slot_answers(pair.connection, false);
        check_number("afterwards", connection_limits_expire(connections, NOW_MS), 0);
        check_number("and again", connection_limits_expire(connections, NOW_MS),
                     cases[i].is_answered && !cases[i].closes);
        if (cases[i].closes)
            pair.client = -1;
        leave(connections, &pair);
        leave(connections, &other);
        connection_limits_close(connections);
    }
}

/* More than one call of poll takes. */
static void a_crowd_that_left_is_ended_at_once(void **state)
{
    (void)state;
    enum {
        CROWD = 450, /* two descriptors each, of 1,024 */
    };
    static struct pair pairs[CROWD];
    struct connection_limits *connections = opened(0);
    for (int i = 0; i < CROWD; i++)
        pairs[i] = enter(connections, "203.0.113.5", NOW_MS);
    for (int i = 0; i < CROWD; i += 3)
        close(pairs[i].client);
    check_number("a third", connection_limits_expire(connections, NOW_MS), CROWD / 3);
    check_number("once", connection_limits_expire(connections, NOW_MS), 0);
    for (int i = 0; i < CROWD; i++) {
        if (i % 3 == 0)
            pairs[i].client = -1;
        else
            check_true("stays", is_open(&pairs[i]));
        leave(connections, &pairs[i]);
    }
    connection_limits_close(connections);
}

/* Whichever of several leaves, the others are still found. */
static void the_list_holds_in_any_order_of_leaving(void **state)
{
    (void)state;
    static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (size_t i = 0; i < COUNT(orders); i++) {
        struct pair pairs[3];
        struct connection_limits *connections = opened(0);
        for (int j = 0; j < 3; j++)
            pairs[j] = enter(connections, "203.0.113.5", NOW_MS);
        leave(connections, &pairs[orders[i][0]]);
        check_number("two", connection_limits_expire(connections, NOW_MS + DEADLINE_MS), 2);
        leave(connections, &pairs[orders[i][1]]);
        connection_slot_completed(pairs[orders[i][2]].connection, NOW_MS);
        check_true("the last", !is_open(&pairs[orders[i][2]]));
        leave(connections, &pairs[orders[i][2]]);
        check_number("none", connection_limits_expire(connections, NOW_MS + DEADLINE_MS), 0);
        connection_limits_close(connections);
    }
    connection_limits_close(NULL);
}

struct visitor {
    struct connection_limits *connections;
    const char *address;
    pthread_t thread;
    int refused;
};

static void *come_and_go(void *argument)
{
    struct visitor *visitor = argument;
    union any_address address = address_of(visitor->address, 1);
    for (int i = 0; i < TURNS; i++) {
        int ends[2];
        if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
            return NULL;
        struct pair pair = {.ours = ends[0], .client = ends[1]};
        pair.connection = connection_limits_add(visitor->connections, ends[0], &address.any, i);
        visitor->refused += !is_open(&pair);
        connection_slot_completed(pair.connection, i);
        connection_limits_remove(visitor->connections, pair.connection);
        close(ends[0]);
        close(ends[1]);
    }
    return NULL;
}

static void threads_may_come_and_go_at_once(void **state)
{
    (void)state;
    struct visitor visitors[THREADS];
    struct connection_limits *connections = opened(THREADS);
    for (int i = 0; i < THREADS; i++) {
        visitors[i] = (struct visitor){.connections = connections, .address = "203.0.113.5"};
        assert_int_equal(pthread_create(&visitors[i].thread, NULL, come_and_go, &visitors[i]), 0);
    }
    for (int i = 0; i < 200; i++)
        check_number("expired", connection_limits_expire(connections, 0), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(visitors[i].thread, NULL);
        check_number("refused", visitors[i].refused, 0);
    }
    connection_limits_close(connections);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_has_a_limit),
        cmocka_unit_test(who_leaves_makes_room),
        cmocka_unit_test(addresses_are_told_apart),
        cmocka_unit_test(the_deadline_is_counted_from_the_last_completed_request),
        cmocka_unit_test(who_was_refused_is_not_expired_again),
        cmocka_unit_test(clients_that_left_are_ended),
        cmocka_unit_test(a_crowd_that_left_is_ended_at_once),
        cmocka_unit_test(the_list_holds_in_any_order_of_leaving),
        cmocka_unit_test(threads_may_come_and_go_at_once),
    };
    return cmocka_run_group_tests_name("http/connections", tests, NULL, NULL);
}
