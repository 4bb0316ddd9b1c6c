/* bare ANSWER [THREADS]: the least that a program on libmicrohttpd does.
 *
 * Answers every GET with the answer in the file, and every POST with a 204: the file's own, if that
 * is one. One single-threaded daemon a processor on a duplicate of one listening socket, with the
 * options that Khobor's server gives them. Each daemon has a response of its own: one that all
 * share costs a lock, and this is to be the fastest.
 */
#include "peer.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    IDLE_TIMEOUT_S = 30,  /* these two are the defaults of Khobor's settings */
    HEADER_BYTES = 32768, /* memory of a connection */
    OTHER_FILES = 40
};

struct thread {
    struct MHD_Daemon *daemon;
    struct MHD_Response *response, *empty;
    unsigned status;
};

/* What the library writes by itself. */
static bool is_own_header(const char *name)
{
    return strcasecmp(name, "Date") == 0 || strcasecmp(name, "Connection") == 0 ||
           strcasecmp(name, "Content-Length") == 0;
}

/* The library announces a 304's length as that of the body it does not send. */
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
    /* To answer at the first call, before a body was read, would end the connection. */
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

static bool start_thread(struct thread *thread, const struct answer *answer, int fd)
{
    thread->status = (unsigned)answer->status;
    thread->response = make_response(answer);
    thread->empty = MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
    int own_fd = dup(fd);
    if (!thread->response || !thread->empty || own_fd < 0)
        return false;
    thread->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC, 0, NULL, NULL, take, thread,
        MHD_OPTION_LISTEN_SOCKET, own_fd, MHD_OPTION_CONNECTION_LIMIT, connections_allowed(),
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_TIMEOUT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)HEADER_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
        MHD_OPTION_END);
    return thread->daemon != NULL;
}

int main(int argc, char **argv)
{
    struct answer answer;
    int port;
    int threads_len = threads_wanted(argc > 2 ? argv[2] : NULL);
    if (argc < 2 || argc > 3 || threads_len == 0)
        give_up("bare", "usage: bare ANSWER [THREADS]");
    if (!answer_load(argv[1], &answer))
        give_up("bare", "the file holds no answer");
    hold_signals();
    int fd = listen_on_loopback(&port);
    struct thread *threads = calloc((size_t)threads_len, sizeof *threads);
    if (fd < 0 || !threads)
        give_up("bare", "can't listen");
    for (int i = 0; i < threads_len; i++) {
        if (!start_thread(&threads[i], &answer, fd))
            give_up("bare", "can't start a daemon");
    }
    close(fd);
    wait_for_end(port);
    for (int i = 0; i < threads_len; i++)
        MHD_stop_daemon(threads[i].daemon);
    return 0;
}
