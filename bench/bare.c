/* bare ANSWER [THREADS [OPTION…]]: the minimum that a program on libmicrohttpd does.
 *
 * It sends the response in the file for every GET, and a 204 for every POST (that of the file, if
 * it is a 204). It has one single-threaded daemon a processor, on duplicates of one listening
 * socket, with the same options as Khobor. Each daemon has a response of its own, because a shared
 * one costs a lock.
 *
 * An OPTION, NAME or NAME=NUMBER, changes something from what Khobor has: see `options` below.
 */
#include "peer.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    IDLE_TIMEOUT_S = 30,  /* this and the next are defaults of Khobor's settings */
    HEADER_BYTES = 32768, /* memory of a connection */
    OTHER_FILES = 40,
    WAIT_MS = 100, /* the longest wait of a thread of our own */
    CHOICES_MAX = 8
};

enum kind {
    KIND_FLAG,   /* of the daemon */
    KIND_NUMBER, /* an option of the daemon */
    KIND_SOCKET, /* an option of the listening socket, which connections may inherit */
    KIND_BACKLOG,
    KIND_WAY
};

/* How the daemons are arranged. */
enum way {
    WAY_EPOLL_SHARED = 0, /* as in Khobor */
    WAY_POLL = 1,
    WAY_THREAD_EACH = 2, /* a thread for each connection */
    WAY_POOL = 4,        /* one daemon with the library's own pool of threads */
    WAY_OWN_SOCKETS = 8, /* a listening socket for each daemon, on one port */
    WAY_EXCLUSIVE = 16,  /* a new connection wakes one thread only */
    WAY_EXTERNAL = 32    /* threads of this program drive the daemons */
};

static const struct option {
    const char *name;
    enum kind kind;
    int what, level;
} options[] = {
    {"turbo", KIND_FLAG, MHD_USE_TURBO, 0},
    {"no-date", KIND_FLAG, MHD_USE_SUPPRESS_DATE_NO_CLOCK, 0},
    {"memory", KIND_NUMBER, MHD_OPTION_CONNECTION_MEMORY_LIMIT, 0},
    {"increment", KIND_NUMBER, MHD_OPTION_CONNECTION_MEMORY_INCREMENT, 0},
    {"nodelay", KIND_SOCKET, TCP_NODELAY, IPPROTO_TCP},
    {"quickack", KIND_SOCKET, TCP_QUICKACK, IPPROTO_TCP},
    {"defer-accept", KIND_SOCKET, TCP_DEFER_ACCEPT, IPPROTO_TCP},
    {"fastopen", KIND_SOCKET, TCP_FASTOPEN, IPPROTO_TCP},
    {"busy-poll", KIND_SOCKET, SO_BUSY_POLL, SOL_SOCKET},
    {"receive-buffer", KIND_SOCKET, SO_RCVBUF, SOL_SOCKET},
    {"send-buffer", KIND_SOCKET, SO_SNDBUF, SOL_SOCKET},
    {"backlog", KIND_BACKLOG, 0, 0},
    {"poll", KIND_WAY, WAY_POLL, 0},
    {"thread-each", KIND_WAY, WAY_THREAD_EACH, 0},
    {"pool", KIND_WAY, WAY_POOL, 0},
    {"own-sockets", KIND_WAY, WAY_OWN_SOCKETS, 0},
    {"exclusive", KIND_WAY, WAY_EXCLUSIVE, 0},
    {"external", KIND_WAY, WAY_EXTERNAL, 0},
};

struct choice {
    const struct option *option;
    int value;
};

struct setup {
    struct choice choices[CHOICES_MAX];
    int choices_len;
    int threads_len;
    unsigned ways;
};

struct thread {
    struct MHD_Daemon *daemon;
    struct MHD_Response *response, *empty;
    unsigned status;
};

/* Header fields that the library writes itself. */
static bool is_own_header(const char *name)
{
    return strcasecmp(name, "Date") == 0 || strcasecmp(name, "Connection") == 0 ||
           strcasecmp(name, "Content-Length") == 0;
}

/* The library gives a 304 the length of the body that it stands for. */
static struct MHD_Response *make_empty_response(const struct answer *answer)
{
    const char *length = answer_header(answer, "Content-Length");
    size_t len = length ? strtoul(length, NULL, 10) : 0;
    void *body = calloc(len + 1, 1);
    return body ? MHD_create_response_from_buffer(len, body, MHD_RESPMEM_MUST_FREE) : NULL;
}

static struct MHD_Response *make_response(const struct answer *answer)
{
    struct MHD_Response *response =
        answer->status == MHD_HTTP_NOT_MODIFIED
            ? make_empty_response(answer)
            : MHD_create_response_from_buffer(answer->body_len, (void *)answer->body,
                                              MHD_RESPMEM_PERSISTENT);
    for (int i = 0; response && i < answer->headers_len; i++) {
        const struct header *header = &answer->headers[i];
        if (!is_own_header(header->name))
            MHD_add_response_header(response, header->name, header->value);
    }
    return response;
}

static enum MHD_Result take(void *context, struct MHD_Connection *connection, const char *url,
                            const char *method, const char *version, const char *body,
                            size_t *body_len, void **request)
{
    static const int seen;
    const struct thread *thread = context;
    (void)url;
    (void)version;
    (void)body;
    /* A response at the first call, before the body is read, would close the connection. */
    if (!*request) {
        *request = (void *)&seen;
        return MHD_YES;
    }
    *body_len = 0;
    if (strcmp(method, "POST") == 0 && thread->status != MHD_HTTP_NO_CONTENT)
        return MHD_queue_response(connection, MHD_HTTP_NO_CONTENT, thread->empty);
    return MHD_queue_response(connection, thread->status, thread->response);
}

static unsigned connections_allowed(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur <= OTHER_FILES)
        return 1;
    return (unsigned)(limit.rlim_cur - OTHER_FILES);
}

/* Reads NAME or NAME=NUMBER; false when there is no such option. */
static bool choose(struct setup *setup, const char *text)
{
    size_t len = strcspn(text, "=");
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        const struct option *option = &options[i];
        if (strlen(option->name) != len || strncmp(option->name, text, len) != 0 ||
            setup->choices_len == CHOICES_MAX)
            continue;
        int value = text[len] == '=' ? (int)strtol(text + len + 1, NULL, 10) : 1;
        setup->choices[setup->choices_len++] = (struct choice){option, value};
        if (option->kind == KIND_WAY)
            setup->ways |= (unsigned)option->what;
        return true;
    }
    return false;
}

/* A listening socket with the chosen options; listening again changes its backlog. */
static int open_socket(const struct setup *setup, int *port)
{
    int fd = listen_on_loopback(port, setup->ways & WAY_OWN_SOCKETS);
    for (int i = 0; i < setup->choices_len; i++) {
        const struct choice *choice = &setup->choices[i];
        const struct option *option = choice->option;
        if ((option->kind == KIND_SOCKET &&
             setsockopt(fd, option->level, option->what, &choice->value, sizeof choice->value)) ||
            (option->kind == KIND_BACKLOG && listen(fd, choice->value)))
            give_up("bare", "the kernel does not take an option of the socket");
    }
    return fd;
}

static unsigned flags_of(const struct setup *setup)
{
    unsigned flags = MHD_USE_EPOLL;
    if (setup->ways & (WAY_POLL | WAY_THREAD_EACH))
        flags = MHD_USE_POLL;
    if (setup->ways & WAY_THREAD_EACH)
        flags |= MHD_USE_THREAD_PER_CONNECTION;
    if (!(setup->ways & WAY_EXTERNAL))
        flags |= MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ITC;
    for (int i = 0; i < setup->choices_len; i++) {
        if (setup->choices[i].option->kind == KIND_FLAG)
            flags |= (unsigned)setup->choices[i].option->what;
    }
    return flags;
}

/* The options of the daemon that were chosen. */
static void list_items(const struct setup *setup, struct MHD_OptionItem items[CHOICES_MAX + 2])
{
    int len = 0;
    for (int i = 0; i < setup->choices_len; i++) {
        const struct choice *choice = &setup->choices[i];
        if (choice->option->kind == KIND_NUMBER)
            items[len++] =
                (struct MHD_OptionItem){(enum MHD_OPTION)choice->option->what, choice->value, NULL};
    }
    if (setup->ways & WAY_POOL)
        items[len++] =
            (struct MHD_OptionItem){MHD_OPTION_THREAD_POOL_SIZE, setup->threads_len, NULL};
    items[len] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
}

/* Makes a new connection wake one daemon only. The library has no option for it, so its listening
 * socket is removed from its epoll set and added with EPOLLEXCLUSIVE. */
static bool make_exclusive(struct MHD_Daemon *daemon, int fd)
{
    const union MHD_DaemonInfo *set = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.ptr = daemon};
    return set && epoll_ctl(set->epoll_fd, EPOLL_CTL_DEL, fd, NULL) == 0 &&
           epoll_ctl(set->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

static void *drive(void *daemon)
{
    enum MHD_Result result = MHD_YES;
    while (result == MHD_YES)
        result = MHD_run_wait(daemon, WAIT_MS);
    return NULL;
}

static bool start_thread(struct thread *thread, const struct setup *setup,
                         const struct answer *answer, int fd)
{
    struct MHD_OptionItem items[CHOICES_MAX + 2];
    pthread_t id;
    list_items(setup, items);
    thread->status = (unsigned)answer->status;
    thread->response = make_response(answer);
    thread->empty = MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
    int own_fd = dup(fd);
    if (!thread->response || !thread->empty || own_fd < 0)
        return false;
    thread->daemon = MHD_start_daemon(
        flags_of(setup), 0, NULL, NULL, take, thread, MHD_OPTION_LISTEN_SOCKET, own_fd,
        MHD_OPTION_CONNECTION_LIMIT, connections_allowed(), MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_TIMEOUT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADER_BYTES,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_ARRAY,
        items, MHD_OPTION_END);
    if (!thread->daemon)
        return false;
    if (setup->ways & WAY_EXCLUSIVE && !make_exclusive(thread->daemon, own_fd))
        return false;
    return !(setup->ways & WAY_EXTERNAL) || pthread_create(&id, NULL, drive, thread->daemon) == 0;
}

/* How many daemons there are. */
static int daemons_wanted(const struct setup *setup)
{
    return (setup->ways & (WAY_POOL | WAY_THREAD_EACH)) ? 1 : setup->threads_len;
}

int main(int argc, char **argv)
{
    struct answer answer;
    int port = 0;
    struct setup setup = {.threads_len = threads_wanted(argc > 2 ? argv[2] : NULL)};
    if (argc < 2 || setup.threads_len == 0)
        give_up("bare", "usage: bare ANSWER [THREADS [OPTION…]]");
    for (int i = 3; i < argc; i++) {
        if (!choose(&setup, argv[i]))
            give_up("bare", "there is no such option");
    }
    if (!answer_load(argv[1], &answer))
        give_up("bare", "the file holds no answer");
    hold_signals();
    int fd = open_socket(&setup, &port), daemons_len = daemons_wanted(&setup);
    struct thread *threads = calloc((size_t)daemons_len, sizeof *threads);
    if (fd < 0 || !threads)
        give_up("bare", "can't listen");
    for (int i = 0; i < daemons_len; i++) {
        int own_fd = i > 0 && setup.ways & WAY_OWN_SOCKETS ? open_socket(&setup, &port) : fd;
        if (own_fd < 0 || !start_thread(&threads[i], &setup, &answer, own_fd))
            give_up("bare", "can't start a daemon");
        if (own_fd != fd)
            close(own_fd);
    }
    close(fd);
    wait_for_end(port);
    for (int i = 0; i < daemons_len && !(setup.ways & WAY_EXTERNAL); i++)
        MHD_stop_daemon(threads[i].daemon);
    return 0; /* which also ends its threads */
}
