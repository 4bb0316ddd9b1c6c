/* loop ANSWER [THREADS]: the minimum that any server does: one epoll loop a processor, which looks
 * for the end of a request's header and sends the bytes of the file.
 *
 * It understands neither methods nor bodies, so it is no web server: it measures the part of the
 * kernel. Connections stay open; requests may be pipelined.
 */
#include "peer.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    EVENTS = 128, /* of one epoll_wait */
    READ_BYTES = 16384
};

struct connection {
    int fd;
    int matched;    /* bytes of the empty line that ends a header, at the end of what was read */
    uint64_t owed;  /* responses that are not completely sent */
    size_t at;      /* bytes sent of the first of them */
    bool is_choked; /* waits until the socket is writable */
};

struct thread {
    const struct answer *answer;
    int listen_fd, epoll_fd;
};

static void drop(struct connection *connection)
{
    close(connection->fd);
    free(connection);
}

static bool watch(const struct thread *thread, struct connection *connection, int how)
{
    struct epoll_event event = {.events = connection->is_choked ? EPOLLOUT : EPOLLIN,
                                .data.ptr = connection};
    return epoll_ctl(thread->epoll_fd, how, connection->fd, &event) == 0;
}

/* Sends as much as the socket takes; false when the connection is broken. */
static bool send_owed(const struct thread *thread, struct connection *connection)
{
    const struct answer *answer = thread->answer;
    bool was_choked = connection->is_choked;
    connection->is_choked = false;
    while (connection->owed > 0 && !connection->is_choked) {
        ssize_t sent = send(connection->fd, answer->bytes + connection->at,
                            answer->len - connection->at, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        connection->is_choked = sent < 0 && errno == EAGAIN;
        connection->at += sent > 0 ? (size_t)sent : 0;
        if (connection->at == answer->len) {
            connection->at = 0;
            connection->owed--;
        }
    }
    return was_choked == connection->is_choked || watch(thread, connection, EPOLL_CTL_MOD);
}

/* Reads once; false when the connection has ended. */
static bool receive(struct connection *connection)
{
    char piece[READ_BYTES];
    ssize_t got = recv(connection->fd, piece, sizeof piece, 0);
    if (got <= 0)
        return got < 0 && (errno == EAGAIN || errno == EINTR);
    connection->owed += count_header_ends(&connection->matched, piece, (size_t)got);
    return true;
}

static void accept_all(const struct thread *thread)
{
    for (;;) {
        int fd = accept4(thread->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return;
        struct connection *connection = calloc(1, sizeof *connection);
        if (!connection) {
            close(fd);
            continue;
        }
        connection->fd = fd;
        if (!watch(thread, connection, EPOLL_CTL_ADD))
            drop(connection);
    }
}

static void *work(void *context)
{
    const struct thread *thread = context;
    struct epoll_event events[EVENTS];
    for (;;) {
        int len = epoll_wait(thread->epoll_fd, events, EVENTS, -1);
        for (int i = 0; i < len; i++) {
            struct connection *connection = events[i].data.ptr;
            if (!connection)
                accept_all(thread);
            else if (!(connection->is_choked || receive(connection)) ||
                     !send_owed(thread, connection))
                drop(connection);
        }
    }
    return NULL;
}

static bool start_thread(struct thread *thread, const struct answer *answer, int fd)
{
    pthread_t id;
    struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.ptr = NULL};
    thread->answer = answer;
    thread->listen_fd = fd;
    thread->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    return thread->epoll_fd >= 0 && epoll_ctl(thread->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0 &&
           pthread_create(&id, NULL, work, thread) == 0;
}

int main(int argc, char **argv)
{
    struct answer answer;
    int port = 0;
    int threads_len = threads_wanted(argc > 2 ? argv[2] : NULL);
    if (argc < 2 || argc > 3 || threads_len == 0)
        give_up("loop", "usage: loop ANSWER [THREADS]");
    if (!answer_load(argv[1], &answer))
        give_up("loop", "the file holds no answer");
    hold_signals();
    int fd = listen_on_loopback(&port, false);
    struct thread *threads = calloc((size_t)threads_len, sizeof *threads);
    if (fd < 0 || !threads)
        give_up("loop", "can't listen");
    for (int i = 0; i < threads_len; i++) {
        if (!start_thread(&threads[i], &answer, fd))
            give_up("loop", "can't start a thread");
    }
    wait_for_end(port);
    return 0; /* which ends the threads */
}
