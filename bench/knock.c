/* knock PORT REQUEST SECONDS CONNECTIONS [storm]: a client like wrk for responses without a body.
 * Each connection sends the next request when it has the response. REQUEST is a file with its
 * bytes.
 *
 * It exists for the 304: a 304 may give the length of the body that it stands for (RFC 9110 §8.6),
 * and wrk waits for that body. It prints the same line of figures as lua/report.lua.
 *
 * In a storm all clients connect at once, send one request and hang up; after the last response all
 * connect again. A latency is then the time from the call of connect to the response; a client
 * without one after two seconds is late.
 */
#include "peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECTIONS_MAX = 20000,
    EVENTS = 128,
    READ_BYTES = 16384,
    LATENCY_US_MAX = 2000000 /* a longer latency counts as this; a storm does not wait longer */
};

struct connection {
    int fd;
    int matched;
    int64_t asked_us;
};

/* What all connections share. */
struct knocking {
    struct connection *connections;
    int count;
    long port;
    int epoll_fd;
    const char *request;
    size_t len;
    int64_t end_us;
};

struct tally {
    uint64_t requests, bytes, refused, broken, late;
    uint32_t *latencies; /* how many responses took that many µs */
};

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* A socket that is connected, or connecting if it does not block; -1 on an error. */
static int connect_to(long port, int how)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | how, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) == 0 ||
        errno == EINPROGRESS)
        return fd;
    close(fd);
    return -1;
}

/* A request is small enough to be sent in one call. */
static bool ask(const struct knocking *knocking, const struct connection *connection)
{
    return send(connection->fd, knocking->request, knocking->len, MSG_NOSIGNAL) ==
           (ssize_t)knocking->len;
}

static bool watch(const struct knocking *knocking, struct connection *connection, int how,
                  uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = connection};
    return epoll_ctl(knocking->epoll_fd, how, connection->fd, &event) == 0;
}

/* Begins to connect; with SOCK_NONBLOCK, EPOLLOUT tells when it is connected. */
static bool open_one(const struct knocking *knocking, struct connection *connection, int how)
{
    connection->matched = 0;
    connection->asked_us = now_us();
    connection->fd = connect_to(knocking->port, how);
    return connection->fd >= 0 &&
           watch(knocking, connection, EPOLL_CTL_ADD, how ? EPOLLOUT : EPOLLIN);
}

/* Closes a connection with a reset: the usual close would leave thousands of ports in TIME_WAIT. */
static void hang_up(struct connection *connection)
{
    struct linger at_once = {.l_onoff = 1};
    setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(connection->fd);
    connection->fd = -1;
}

/* Reads: whether that completes a response. *goes_on is false at the end of the connection. */
static bool is_answered(struct connection *connection, struct tally *tally, bool *goes_on)
{
    char piece[READ_BYTES];
    ssize_t got = recv(connection->fd, piece, sizeof piece, MSG_DONTWAIT);
    *goes_on = got > 0 || (got < 0 && errno == EAGAIN);
    if (got <= 0)
        return false;
    tally->bytes += (uint64_t)got;
    /* "HTTP/1.1 4" begins an error. */
    if (connection->matched == 0 && got > 9 && piece[9] >= '4')
        tally->refused++;
    if (count_header_ends(&connection->matched, piece, (size_t)got) == 0)
        return false;
    int64_t took_us = now_us() - connection->asked_us;
    tally->latencies[took_us < LATENCY_US_MAX ? took_us : LATENCY_US_MAX]++;
    tally->requests++;
    return true;
}

static void keep_asking(const struct knocking *knocking, struct tally *tally)
{
    struct epoll_event events[EVENTS];
    while (now_us() < knocking->end_us) {
        int count = epoll_wait(knocking->epoll_fd, events, EVENTS, 100);
        for (int i = 0; i < count; i++) {
            struct connection *connection = events[i].data.ptr;
            bool goes_on;
            if (is_answered(connection, tally, &goes_on)) {
                connection->asked_us = now_us();
                goes_on = ask(knocking, connection);
            }
            if (!goes_on) {
                tally->broken++;
                close(connection->fd);
            }
        }
    }
}

/* Continues a connection of a storm; false when it has its response, or can have none. */
static bool is_under_way(const struct knocking *knocking, struct connection *connection,
                         uint32_t event, struct tally *tally)
{
    bool goes_on = true;
    if (!(event & EPOLLOUT))
        goes_on = !is_answered(connection, tally, &goes_on) && goes_on;
    else if (!ask(knocking, connection) || !watch(knocking, connection, EPOLL_CTL_MOD, EPOLLIN)) {
        tally->broken++;
        goes_on = false;
    }
    if (!goes_on)
        hang_up(connection);
    return goes_on;
}

static void storm_once(const struct knocking *knocking, struct tally *tally)
{
    struct epoll_event events[EVENTS];
    int under_way = 0;
    int64_t end_us = now_us() + LATENCY_US_MAX;
    for (int i = 0; i < knocking->count; i++) {
        if (open_one(knocking, &knocking->connections[i], SOCK_NONBLOCK))
            under_way++;
        else
            tally->broken++;
    }
    while (under_way > 0 && now_us() < end_us) {
        int count = epoll_wait(knocking->epoll_fd, events, EVENTS, 100);
        for (int i = 0; i < count; i++)
            under_way -= !is_under_way(knocking, events[i].data.ptr, events[i].events, tally);
    }
    for (int i = 0; i < knocking->count; i++) {
        if (knocking->connections[i].fd >= 0) {
            tally->late++;
            hang_up(&knocking->connections[i]);
        }
    }
}

/* The latency that `part` of all responses did not exceed. */
static int percentile_us(const struct tally *tally, double part)
{
    double left = (double)tally->requests * part;
    int us = 0;
    while (us < LATENCY_US_MAX && (left -= tally->latencies[us]) > 0)
        us++;
    return us;
}

static void report(const struct tally *tally, int64_t wall_us)
{
    printf("bench {\"requests\": %llu, \"wall_us\": %lld, \"bytes\": %llu, \"p50_us\": %d, "
           "\"p99_us\": %d, \"max_us\": %d, \"refused\": %llu, \"broken\": %llu, "
           "\"late\": %llu}\n",
           (unsigned long long)tally->requests, (long long)wall_us,
           (unsigned long long)tally->bytes, percentile_us(tally, 0.5), percentile_us(tally, 0.99),
           percentile_us(tally, 1), (unsigned long long)tally->refused,
           (unsigned long long)tally->broken, (unsigned long long)tally->late);
}

/* All connect before the first request is sent. */
static void ask_all(const struct knocking *knocking)
{
    for (int i = 0; i < knocking->count; i++) {
        if (!open_one(knocking, &knocking->connections[i], 0))
            give_up("knock", "can't connect");
    }
    for (int i = 0; i < knocking->count; i++) {
        knocking->connections[i].asked_us = now_us();
        if (!ask(knocking, &knocking->connections[i]))
            give_up("knock", "can't ask");
    }
}

int main(int argc, char **argv)
{
    bool is_storm = argc == 6 && strcmp(argv[5], "storm") == 0;
    if (argc != 5 && !is_storm)
        give_up("knock", "usage: knock PORT REQUEST SECONDS CONNECTIONS [storm]");
    long seconds = strtol(argv[3], NULL, 10), count = strtol(argv[4], NULL, 10);
    struct knocking knocking = {.port = strtol(argv[1], NULL, 10), .count = (int)count};
    knocking.request = file_read(argv[2], &knocking.len);
    if (!knocking.request || knocking.port < 1 || knocking.port > UINT16_MAX || seconds < 1 ||
        count < 1 || count > CONNECTIONS_MAX)
        give_up("knock", "a number is out of its bounds, or the request can't be read");
    knocking.connections = calloc((size_t)count, sizeof *knocking.connections);
    struct tally tally = {.latencies = calloc(LATENCY_US_MAX + 1, sizeof *tally.latencies)};
    knocking.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (!knocking.connections || !tally.latencies || knocking.epoll_fd < 0)
        give_up("knock", "can't begin");
    if (!is_storm)
        ask_all(&knocking);
    int64_t begin_us = now_us();
    knocking.end_us = begin_us + seconds * 1000000;
    if (!is_storm)
        keep_asking(&knocking, &tally);
    while (is_storm && now_us() < knocking.end_us)
        storm_once(&knocking, &tally);
    report(&tally, now_us() - begin_us);
    return 0;
}
