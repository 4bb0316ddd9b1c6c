/* knock PORT REQUEST SECONDS CONNECTIONS: asks for answers without a body, as wrk would: each
 * connection asks anew as soon as it was answered. REQUEST is a file with the bytes to send.
 *
 * It is there for the 304: it may announce the length of the body that it stands for (RFC 9110
 * §8.6), and wrk waits for that body. Prints the same line of figures that lua/report.lua does.
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
    LATENCY_US_MAX = 2000000 /* what takes longer counts as this */
};

struct connection {
    int fd;
    int matched;
    int64_t asked_us;
};

struct tally {
    uint64_t requests, bytes, refused, broken;
    uint32_t *latencies; /* how many answers took so many µs */
};

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int connect_to(long port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    return -1;
}

/* A request is small enough to go out at once. */
static bool ask(struct connection *connection, const char *request, size_t len)
{
    connection->asked_us = now_us();
    return send(connection->fd, request, len, MSG_NOSIGNAL) == (ssize_t)len;
}

static bool open_all(struct connection *connections, int count, long port, int epoll_fd)
{
    for (int i = 0; i < count; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[i]};
        connections[i].fd = connect_to(port);
        if (connections[i].fd < 0 ||
            epoll_ctl(epoll_fd, EPOLL_CTL_ADD, connections[i].fd, &event) != 0)
            return false;
    }
    return true;
}

/* Takes what came: whether it completes an answer; false in *goes_on at the connection's end. */
static bool is_answered(struct connection *connection, struct tally *tally, bool *goes_on)
{
    char piece[READ_BYTES];
    ssize_t got = recv(connection->fd, piece, sizeof piece, MSG_DONTWAIT);
    *goes_on = got > 0 || (got < 0 && errno == EAGAIN);
    if (got <= 0)
        return false;
    tally->bytes += (uint64_t)got;
    /* "HTTP/1.1 4": an error's status. */
    if (connection->matched == 0 && got > 9 && piece[9] >= '4')
        tally->refused++;
    if (count_header_ends(&connection->matched, piece, (size_t)got) == 0)
        return false;
    int64_t took_us = now_us() - connection->asked_us;
    tally->latencies[took_us < LATENCY_US_MAX ? took_us : LATENCY_US_MAX]++;
    tally->requests++;
    return true;
}

static void run(int epoll_fd, const char *request, size_t len, int64_t end_us, struct tally *tally)
{
    struct epoll_event events[EVENTS];
    while (now_us() < end_us) {
        int count = epoll_wait(epoll_fd, events, EVENTS, 100);
        for (int i = 0; i < count; i++) {
            struct connection *connection = events[i].data.ptr;
            bool goes_on;
            if (is_answered(connection, tally, &goes_on))
                goes_on = ask(connection, request, len);
            if (!goes_on) {
                tally->broken++;
                close(connection->fd);
            }
        }
    }
}

/* The latency that `part` of all answers did not exceed. */
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
           "\"p99_us\": %d, \"max_us\": %d, \"refused\": %llu, \"broken\": %llu, \"late\": 0}\n",
           (unsigned long long)tally->requests, (long long)wall_us,
           (unsigned long long)tally->bytes, percentile_us(tally, 0.5), percentile_us(tally, 0.99),
           percentile_us(tally, 1), (unsigned long long)tally->refused,
           (unsigned long long)tally->broken);
}

int main(int argc, char **argv)
{
    if (argc != 5)
        give_up("knock", "usage: knock PORT REQUEST SECONDS CONNECTIONS");
    long port = strtol(argv[1], NULL, 10), seconds = strtol(argv[3], NULL, 10);
    long count = strtol(argv[4], NULL, 10);
    size_t len;
    char *request = file_read(argv[2], &len);
    if (!request || port < 1 || port > UINT16_MAX || seconds < 1 || count < 1 ||
        count > CONNECTIONS_MAX)
        give_up("knock", "a number is out of its bounds, or the request can't be read");
    struct connection *connections = calloc((size_t)count, sizeof *connections);
    struct tally tally = {.latencies = calloc(LATENCY_US_MAX + 1, sizeof *tally.latencies)};
    int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (!connections || !tally.latencies || epoll_fd < 0 ||
        !open_all(connections, (int)count, port, epoll_fd))
        give_up("knock", "can't connect");
    int64_t begin_us = now_us();
    for (long i = 0; i < count; i++) {
        if (!ask(&connections[i], request, len))
            give_up("knock", "can't ask");
    }
    run(epoll_fd, request, len, begin_us + seconds * 1000000, &tally);
    report(&tally, now_us() - begin_us);
    return 0;
}
