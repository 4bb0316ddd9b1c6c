#include "http/wire/daemon.h"

#include "base/clock.h"
#include "http/message/headers.h"
#include "http/serve/error_page.h"
#include "http/serve/serve.h"
#include "http/wire/connection.h"
#include "http/wire/framing.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    DISCARDED_BYTES_MAX = 1024 * 1024, /* of a body that is too long, before we hang up */
    DRAIN_STEP_MS = 10,
    PARAMETER_BYTES = 80, /* what the library keeps for each parameter */
    ANSWER_BYTES = 1024,  /* what an answer's head needs */
    OTHER_FILES = 40,     /* descriptors kept for the database and the threads */
    WAIT_MS = 100,        /* at most, for anything to happen */
};

/* What the threads are to do. */
enum phase {
    SERVING,
    DRAINING, /* nobody new is let in */
    ENDING,
};

/* One serving thread, on lines of memory of its own. */
struct serving_thread {
    _Alignas(64) struct daemon *server;
    const struct worker *worker;
    struct MHD_Daemon *daemon;
    pthread_t id;
    bool runs;
    atomic_bool drains;   /* lets nobody in any more */
    atomic_int under_way; /* requests */
};

struct daemon {
    struct serving_thread threads[DAEMON_THREADS_MAX];
    const struct config *config;
    struct connection_limits *limits;
    int threads_len;
    int listener; /* the socket that all share */
    atomic_int phase;
};

int daemon_threads(const struct config *config)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int64_t threads = config->http.threads ? config->http.threads : cores;
    return threads < 1 ? 1 : threads > DAEMON_THREADS_MAX ? DAEMON_THREADS_MAX : (int)threads;
}

/* A request's header, being read. */
struct header {
    struct framing framing;
    struct request *request;
};

static enum MHD_Result take_field(void *arg, enum MHD_ValueKind kind, const char *name,
                                  size_t name_len, const char *value, size_t value_len)
{
    struct header *header = arg;
    (void)kind;
    framing_look(&header->framing, name, name_len, value, value_len);
    if (value)
        request_take_field(header->request, name, name_len, value);
    return MHD_YES;
}

/* Reads the header; NULL, or why the request is refused. */
static const char *read_header(struct MHD_Connection *mhd, struct incoming *incoming)
{
    struct header header = {.framing = {.hosts = 0}, .request = &incoming->request};
    MHD_get_connection_values_n(mhd, MHD_HEADER_KIND, take_field, &header);
    return framing_fault(&header.framing);
}

static int64_t announced_length(struct MHD_Connection *mhd)
{
    const char *length = MHD_lookup_connection_value(mhd, MHD_HEADER_KIND, "Content-Length");
    return length ? strtoll(length, NULL, 10) : 0;
}

static void free_rep(void *representation)
{
    representation_unref(representation);
}

static void free_response(void *handle)
{
    MHD_destroy_response(handle);
}

/* The library's handle for a reply; the representation's reference goes with it. */
static struct MHD_Response *response_of(struct response *response)
{
    size_t len;
    const void *body = response->representation
                           ? representation_body(response->representation, response->encoding, &len)
                           : NULL;
    if (!body)
        return MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
    struct MHD_Response *handle = MHD_create_response_from_buffer_with_free_callback_cls(
        len, (void *)body, free_rep, response->representation);
    if (!handle)
        return NULL;
    MHD_add_response_header(handle, "Content-Type", representation_type(response->representation));
    if (encoding_name(response->encoding))
        MHD_add_response_header(handle, "Content-Encoding", encoding_name(response->encoding));
    response->representation = NULL;
    return handle;
}

static struct MHD_Response *make_response(struct response *response, bool close_after)
{
    struct MHD_Response *handle = response_of(response);
    for (int i = 0; handle && i < response->headers_len; i++)
        MHD_add_response_header(handle, response->headers[i].name, response_value(response, i));
    if (handle && close_after)
        MHD_add_response_header(handle, "Connection", "close");
    return handle;
}

static enum MHD_Result send_reply(struct MHD_Connection *mhd, struct response *response,
                                  bool close_after)
{
    struct prepared_response *prepared = response->prepared;
    if (prepared && prepared->handle)
        return MHD_queue_response(mhd, (unsigned)response->status, prepared->handle);
    struct MHD_Response *handle = make_response(response, close_after);
    enum MHD_Result result = MHD_NO;
    if (handle)
        result = MHD_queue_response(mhd, (unsigned)response->status, handle);
    if (handle && prepared)
        *prepared = (struct prepared_response){.handle = handle, .free = free_response};
    else if (handle)
        MHD_destroy_response(handle);
    response_release(response);
    return result;
}

static enum MHD_Result send_problem(const struct serving_thread *thread, struct MHD_Connection *mhd,
                                    int http_status, const char *detail)
{
    struct response response;
    struct fault fault;
    fault_set(&fault, STATUS_INVALID, "", "%s", detail);
    respond_problem(thread->worker, http_status, &fault, &response);
    return send_reply(mhd, &response, true);
}

static enum MHD_Result send_too_large(const struct serving_thread *thread,
                                      struct MHD_Connection *mhd)
{
    return send_problem(thread, mhd, 413, "the body is longer than this server takes");
}

static enum method method_of(const char *name)
{
    static const struct {
        const char *name;
        enum method method;
    } methods[] = {{"GET", METHOD_GET},
                   {"HEAD", METHOD_GET},
                   {"POST", METHOD_POST},
                   {"OPTIONS", METHOD_OPTIONS}};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (strcmp(methods[i].name, name) == 0)
            return methods[i].method;
    }
    return METHOD_OTHER;
}

static enum MHD_Result cached(const struct serving_thread *thread, struct MHD_Connection *mhd,
                              struct connection *connection, const char *method)
{
    struct response response;
    struct request *request = &connection->incoming.request;
    request->method = method_of(method);
    request->is_head = strcmp(method, "HEAD") == 0;
    request->target = connection->target;
    request->peer = connection->address;
    request->at_ms = clock_steady_ms();
    serve(thread->worker, request, clock_now_s(), &response);
    return send_reply(mhd, &response, false);
}

/* Called with the headers, with each piece of a body, and at the end. */
static enum MHD_Result take(void *arg, struct MHD_Connection *mhd, const char *url,
                            const char *method, const char *version, const char *body,
                            size_t *body_len, void **request)
{
    const struct serving_thread *thread = arg;
    struct connection *connection = *request;
    struct incoming *incoming = connection ? &connection->incoming : NULL;
    int64_t most = thread->server->config->http.body_bytes;
    (void)url; /* it was cut at a %00; the whole target is the peer's */
    (void)version;
    (void)body;
    if (!incoming)
        return MHD_NO;
    if (!incoming->begun) {
        incoming->begun = true;
        const char *fault = read_header(mhd, incoming);
        if (fault)
            return send_problem(thread, mhd, 400, fault);
        return announced_length(mhd) > most ? send_too_large(thread, mhd) : MHD_YES;
    }
    if (*body_len > 0) {
        incoming->body_bytes += (int64_t)*body_len;
        *body_len = 0;
        return incoming->body_bytes > most + DISCARDED_BYTES_MAX ? MHD_NO : MHD_YES;
    }
    if (incoming->body_bytes > most)
        return send_too_large(thread, mhd);
    return cached(thread, mhd, connection, method);
}

static struct connection *peer_of(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

/* Whether a target leaves the mhd's memory room for an answer. */
static bool leaves_room(const char *target, const struct config *config)
{
    int64_t memory = config->http.header_bytes;
    int64_t need = (int64_t)strlen(target) + ANSWER_BYTES + (int64_t)headers_tags(config).value_max;
    for (const char *at = target; (at = strchr(at, '&')); at++)
        need += PARAMETER_BYTES;
    return need <= memory;
}

static void hang_up(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    shutdown(fd->connect_fd, SHUT_RDWR);
}

/* The target as it stands in the request line, before the library decodes or cuts it. */
static void *begin_request(void *arg, const char *target, struct MHD_Connection *mhd)
{
    const struct serving_thread *thread = arg;
    struct connection *connection = peer_of(mhd);
    if (!connection || !connection_begin_request(connection, target))
        return NULL;
    /* Where there is no room for an answer, the library never gives one, nor ends the mhd.
     */
    if (!leaves_room(target, thread->server->config))
        hang_up(mhd);
    return connection;
}

/* Tells of the end of those requests only that came as far as take(); of the others the peer knows
 * when the next begins. */
static void end_request(void *arg, struct MHD_Connection *mhd, void **request,
                        enum MHD_RequestTerminationCode how)
{
    struct connection *connection = peer_of(mhd);
    (void)arg;
    (void)how;
    *request = NULL;
    if (connection)
        connection_end_request(connection);
}

static struct connection *open_peer(struct serving_thread *thread, struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *socket =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return connection_open(thread->server->limits, &thread->under_way, fd->connect_fd,
                           socket ? socket->client_addr : NULL);
}

static void notice_connection(void *arg, struct MHD_Connection *mhd, void **socket_context,
                              enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *socket_context = open_peer(arg, mhd);
        return;
    }
    if (*socket_context)
        connection_close(*socket_context);
    *socket_context = NULL;
}

/* Targets stay as they came: they are decoded once, piece by piece, in http/request.c. */
static size_t leave_escaped(void *arg, struct MHD_Connection *mhd, char *text)
{
    (void)arg;
    (void)mhd;
    return strlen(text);
}

/* As many as the settings say, but not more than there are descriptors for: without one the library
 * would try to accept again and again. */
static int64_t connections_allowed(const struct config *config)
{
    struct rlimit limit;
    int64_t most = config->http.connections;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && (int64_t)limit.rlim_cur - OTHER_FILES < most)
        most = (int64_t)limit.rlim_cur - OTHER_FILES;
    return most > 0 ? most : 1;
}

static void stop_accepting(struct serving_thread *thread)
{
    MHD_socket fd = MHD_quiesce_daemon(thread->daemon);
    if (fd != MHD_INVALID_SOCKET)
        close(fd);
    atomic_store(&thread->drains, true);
}

/* A serving thread. It is ours and not the library's because of how that waits: given 128 events at
 * once, it waits for more before it looks at them, as long as it may (0.9.75, MHD_epoll). That is
 * until a mhd times out, or WAIT_MS. */
static void *run(void *arg)
{
    struct serving_thread *thread = arg;
    int phase;
    while ((phase = atomic_load(&thread->server->phase)) != ENDING) {
        if (phase == DRAINING && !atomic_load(&thread->drains))
            stop_accepting(thread);
        if (MHD_run_wait(thread->daemon, WAIT_MS) != MHD_YES)
            clock_sleep_ms(DRAIN_STEP_MS);
    }
    MHD_stop_daemon(thread->daemon);
    return NULL;
}

static bool start_thread(struct daemon *server, struct serving_thread *thread)
{
    const struct config *config = server->config;
    int64_t share = (connections_allowed(config) + server->threads_len - 1) / server->threads_len;
    /* Each daemon closes its own duplicate: two that were given one descriptor would close it
     * twice. */
    int own_fd = dup(server->listener);
    if (own_fd < 0)
        return false;
    thread->daemon = MHD_start_daemon(
        MHD_USE_EPOLL, 0, NULL, NULL, take, thread, MHD_OPTION_LISTEN_SOCKET, own_fd,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)share, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)config->http.idle_timeout_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)config->http.header_bytes, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_URI_LOG_CALLBACK, begin_request, thread,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL, MHD_OPTION_NOTIFY_COMPLETED, end_request,
        thread, MHD_OPTION_NOTIFY_CONNECTION, notice_connection, thread, MHD_OPTION_END);
    if (!thread->daemon) {
        close(own_fd);
        return false;
    }
    thread->runs = pthread_create(&thread->id, NULL, run, thread) == 0;
    if (!thread->runs)
        MHD_stop_daemon(thread->daemon);
    return thread->runs;
}

enum status daemon_start(const struct config *config, int fd, const struct worker *workers,
                         int workers_len, struct connection_limits *limits, struct daemon **server,
                         struct fault *fault)
{
    struct daemon *started = aligned_alloc(_Alignof(struct daemon), sizeof *started);
    if (!started) {
        close(fd);
        return fault_set(fault, STATUS_NO_MEMORY, "http.threads", "out of memory");
    }
    *started = (struct daemon){
        .config = config, .limits = limits, .threads_len = workers_len, .listener = fd};
    bool all = true;
    for (int i = 0; i < workers_len && all; i++) {
        started->threads[i] = (struct serving_thread){.server = started, .worker = &workers[i]};
        all = start_thread(started, &started->threads[i]);
    }
    if (!all) {
        daemon_stop(started, 0);
        return fault_set(fault, STATUS_FAILED, "http.threads", "the HTTP server can't be started");
    }
    *server = started;
    return STATUS_OK;
}

static int requests_under_way(struct daemon *server)
{
    int requests = 0;
    for (int i = 0; i < server->threads_len; i++)
        requests += atomic_load_explicit(&server->threads[i].under_way, memory_order_acquire);
    return requests;
}

static bool all_drain(struct daemon *server)
{
    for (int i = 0; i < server->threads_len; i++) {
        if (server->threads[i].runs && !atomic_load(&server->threads[i].drains))
            return false;
    }
    return true;
}

void daemon_stop(struct daemon *server, int64_t grace_ms)
{
    int64_t deadline_ms = clock_steady_ms() + grace_ms;
    atomic_store(&server->phase, DRAINING);
    shutdown(server->listener, SHUT_RDWR); /* wakes them all */
    while ((!all_drain(server) || requests_under_way(server) > 0) &&
           clock_steady_ms() < deadline_ms)
        clock_sleep_ms(DRAIN_STEP_MS);
    atomic_store(&server->phase, ENDING);
    for (int i = 0; i < server->threads_len; i++) {
        if (server->threads[i].runs)
            pthread_join(server->threads[i].id, NULL);
    }
    close(server->listener);
    free(server);
}
