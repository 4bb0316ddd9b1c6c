/* Runs libmicrohttpd: one of its daemons a serving thread, without threads of its own, all on
 * duplicates of one listening socket. It calls back with the target (begin_request), the header and
 * the body (receive), and the end of a request; serve() makes the response.
 *
 *   SERVING --daemon_stop--> DRAINING --no request under way, or grace over--> ENDING
 *   accepts                  accepts nothing, finishes requests                threads return
 *
 * Invariants:
 * D1  `phase` only moves forward, and only daemon_stop moves it.
 * D2  A thread's `requests` is changed by that thread alone. It is at least 0, and 0 once all its
 *     connections are closed.
 * D3  After start_thread a thread's MHD daemon and worker are used by that thread alone.
 * D4  A prepared response is made and freed by the thread whose worker has it, and its handle is
 *     set at most once.
 */
#include "http/wire/daemon.h"

#include "base/clock.h"
#include "http/message/headers.h"
#include "http/serve/error_page.h"
#include "http/serve/serve.h"
#include "http/wire/connection.h"

#include <assert.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    DISCARDED_BYTES_MAX = 1024 * 1024, /* of a body that is too long, before the connection ends */
    DRAIN_STEP_MS = 10,
    PARAMETER_BYTES = 80,       /* what the library allocates for each parameter of a query */
    RESPONSE_HEAD_BYTES = 1024, /* what the head of a response needs */
    OTHER_DESCRIPTORS = 40,     /* for the database, its files and the threads */
    WAIT_MS_MAX = 100,          /* for an event on any connection */
};

enum phase {
    SERVING,
    DRAINING,
    ENDING,
};

/* One serving thread, on cache lines of its own. */
struct serving_thread {
    _Alignas(64) struct daemon *daemon;
    const struct worker *worker;
    struct MHD_Daemon *mhd;
    pthread_t id;
    bool is_running;         /* it was created, and has to be joined */
    atomic_bool is_draining; /* it accepts no connections any more */
    atomic_int requests;     /* under way */
};

struct daemon {
    struct serving_thread threads[DAEMON_THREADS_MAX];
    const struct config *config;
    struct connection_limits *limits;
    int64_t response_bytes; /* of a connection's memory, for the head of a response */
    int threads_len;
    int listener; /* the listening socket, of which each thread has a duplicate */
    atomic_int phase;
};

int daemon_threads(const struct config *config)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int64_t threads = config->http.threads ? config->http.threads : cores;
    return threads < 1 ? 1 : threads > DAEMON_THREADS_MAX ? DAEMON_THREADS_MAX : (int)threads;
}

static enum MHD_Result take_field(void *arg, enum MHD_ValueKind kind, const char *name,
                                  size_t name_len, const char *value, size_t value_len)
{
    struct incoming *incoming = arg;
    (void)kind;
    framing_add(&incoming->framing, name, name_len, value, value_len);
    if (value)
        request_take_field(&incoming->request, name, name_len, value);
    return MHD_YES;
}

static void unref_representation(void *representation)
{
    representation_unref(representation);
}

static void free_response(void *handle)
{
    MHD_destroy_response(handle);
}

static bool add_header(struct MHD_Response *handle, const char *name, const char *value)
{
    return MHD_add_response_header(handle, name, value) == MHD_YES;
}

/* The library's object for a response; it takes over the reference to the representation. NULL
 * without memory, also for one header field: a response that lacks one is not sent, nor cached. */
static struct MHD_Response *make_response(struct response *response, bool close_after)
{
    size_t len;
    struct representation *representation = response->representation;
    const void *body =
        representation ? representation_body(representation, response->encoding, &len) : NULL;
    struct MHD_Response *handle =
        body ? MHD_create_response_from_buffer_with_free_callback_cls(
                   len, (void *)body, unref_representation, representation)
             : MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
    if (!handle)
        return NULL;
    bool added = buf_status(&response->values) == STATUS_OK;
    if (body) {
        response->representation = NULL;
        added = added && add_header(handle, "Content-Type", representation_type(representation)) &&
                (!encoding_name(response->encoding) ||
                 add_header(handle, "Content-Encoding", encoding_name(response->encoding)));
    }
    for (int i = 0; i < response->headers_len && added; i++)
        added = add_header(handle, response->headers[i].name, response_value(response, i));
    if (close_after && added)
        added = add_header(handle, "Connection", "close");
    if (added)
        return handle;
    MHD_destroy_response(handle); /* which unrefs the representation */
    return NULL;
}

/* Sends a response, and releases it unless it was prepared. A response that is prepared for later
 * clients is stored once it is made. */
static enum MHD_Result send_response(struct MHD_Connection *mhd, struct response *response,
                                     bool close_after)
{
    struct prepared_response *prepared = response->prepared;
    if (prepared && prepared->handle)
        return MHD_queue_response(mhd, (unsigned)response->status, prepared->handle);
    struct MHD_Response *handle = make_response(response, close_after);
    enum MHD_Result result = MHD_NO;
    if (handle)
        result = MHD_queue_response(mhd, (unsigned)response->status, handle);
    assert(!prepared || !prepared->handle); /* D4 */
    if (handle && prepared)
        *prepared = (struct prepared_response){.handle = handle, .free = free_response};
    else if (handle)
        MHD_destroy_response(handle);
    response_release(response);
    return result;
}

static enum MHD_Result send_problem(const struct serving_thread *thread, struct MHD_Connection *mhd,
                                    struct connection *connection, int http_status,
                                    const char *detail)
{
    struct response response;
    struct fault fault;
    connection_begin_response(connection);
    fault_set(&fault, STATUS_INVALID, "", "%s", detail);
    respond_problem(thread->worker, http_status, &fault, &response);
    return send_response(mhd, &response, true);
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

static enum MHD_Result respond(const struct serving_thread *thread, struct MHD_Connection *mhd,
                               struct connection *connection, const char *method)
{
    struct response response;
    struct request *request = &connection->incoming.request;
    assert(connection->incoming.is_under_way && connection->incoming.is_header_read);
    connection_begin_response(connection);
    request->method = method_of(method);
    request->is_head = strcmp(method, "HEAD") == 0;
    request->target = connection->target;
    request->peer = connection->address;
    request->at_ms = clock_steady_ms();
    serve(thread->worker, request, clock_now_s(), &response);
    return send_response(mhd, &response, false);
}

/* The library calls this with the header, with each piece of a body, and at the end. */
static enum MHD_Result receive(void *arg, struct MHD_Connection *mhd, const char *url,
                               const char *method, const char *version, const char *body,
                               size_t *body_len, void **request)
{
    const struct serving_thread *thread = arg;
    struct connection *connection = *request;
    struct incoming *incoming = connection ? &connection->incoming : NULL;
    int64_t body_bytes_max = thread->daemon->config->http.body_bytes;
    (void)url; /* cut at a %00; the connection has the whole target */
    (void)version;
    (void)body;
    if (!incoming)
        return MHD_NO;
    if (!incoming->is_header_read) {
        incoming->is_header_read = true;
        MHD_get_connection_values_n(mhd, MHD_HEADER_KIND, take_field, incoming);
        const char *fault = framing_fault(&incoming->framing);
        const char *length = MHD_lookup_connection_value(mhd, MHD_HEADER_KIND, "Content-Length");
        if (fault)
            return send_problem(thread, mhd, connection, 400, fault);
        if (!length || strtoll(length, NULL, 10) <= body_bytes_max)
            return MHD_YES;
    } else if (*body_len > 0) {
        incoming->body_bytes += (int64_t)*body_len;
        *body_len = 0;
        return incoming->body_bytes > body_bytes_max + DISCARDED_BYTES_MAX ? MHD_NO : MHD_YES;
    } else if (incoming->body_bytes <= body_bytes_max) {
        return respond(thread, mhd, connection, method);
    }
    return send_problem(thread, mhd, connection, 413, "the body is longer than this server takes");
}

static struct connection *connection_of(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

/* Stores the target of the request line, before the library decodes or cuts it. */
static void *begin_request(void *arg, const char *target, struct MHD_Connection *mhd)
{
    const struct serving_thread *thread = arg;
    const struct config *config = thread->daemon->config;
    struct connection *connection = connection_of(mhd);
    if (!connection || !connection_begin_request(connection, target))
        return NULL;
    int64_t need = (int64_t)strlen(target) + thread->daemon->response_bytes;
    for (const char *at = target; (at = strchr(at, '&')); at++)
        need += PARAMETER_BYTES;
    /* The response and the request share the connection's memory. Without room for a response the
     * library would send none, and not close the connection. */
    if (need > config->http.header_bytes) {
        const union MHD_ConnectionInfo *fd =
            MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
        shutdown(fd->connect_fd, SHUT_RDWR);
    }
    return connection;
}

/* Called only for requests that got as far as receive(); any other request ends when the next one
 * of its connection begins, or when the connection is closed. */
static void end_request(void *arg, struct MHD_Connection *mhd, void **request,
                        enum MHD_RequestTerminationCode how)
{
    struct connection *connection = connection_of(mhd);
    (void)arg;
    (void)how;
    *request = NULL;
    if (connection)
        connection_end_request(connection);
}

static void notice_connection(void *arg, struct MHD_Connection *mhd, void **socket_context,
                              enum MHD_ConnectionNotificationCode code)
{
    struct serving_thread *thread = arg;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        assert(!*socket_context);
        /* libmicrohttpd 1.0 returns both facts in the same variable. */
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
        int fd = info->connect_fd;
        info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
        *socket_context = connection_open(thread->daemon->limits, &thread->requests, fd,
                                          info ? info->client_addr : NULL);
        return;
    }
    if (*socket_context)
        connection_close(*socket_context);
    *socket_context = NULL;
}

/* Keeps the library from decoding targets: target_parse does that, part by part. */
static size_t leave_encoded(void *arg, struct MHD_Connection *mhd, char *text)
{
    (void)arg;
    (void)mhd;
    return strlen(text);
}

/* The connections that the settings allow, but not more than there are descriptors for: without one
 * the library would try to accept again and again. */
static int64_t connections_max(const struct config *config)
{
    struct rlimit limit;
    int64_t connections = config->http.connections;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
        (int64_t)limit.rlim_cur - OTHER_DESCRIPTORS < connections)
        connections = (int64_t)limit.rlim_cur - OTHER_DESCRIPTORS;
    return connections > 0 ? connections : 1;
}

/* A serving thread. The library's own threads wait too long: after 128 events at once they wait for
 * more before they look at them (0.9.75, MHD_epoll), until a connection times out. Here that is
 * WAIT_MS_MAX at most. */
static void *run_thread(void *arg)
{
    struct serving_thread *thread = arg;
    int phase;
    while ((phase = atomic_load(&thread->daemon->phase)) != ENDING) {
        if (phase == DRAINING && !atomic_load(&thread->is_draining)) {
            MHD_socket fd = MHD_quiesce_daemon(thread->mhd);
            if (fd != MHD_INVALID_SOCKET)
                close(fd);
            atomic_store(&thread->is_draining, true);
        }
        assert(phase >= SERVING && phase <= DRAINING); /* D1 */
        if (MHD_run_wait(thread->mhd, WAIT_MS_MAX) != MHD_YES)
            clock_sleep_ms(DRAIN_STEP_MS);
    }
    MHD_stop_daemon(thread->mhd);
    return NULL;
}

static bool start_thread(struct daemon *daemon, struct serving_thread *thread)
{
    const struct config *config = daemon->config;
    int64_t share = (connections_max(config) + daemon->threads_len - 1) / daemon->threads_len;
    /* The library closes the descriptor that it is given, so each thread needs a duplicate. */
    assert(share >= 1 && !thread->mhd);
    int own_fd = dup(daemon->listener);
    if (own_fd < 0)
        return false;
    thread->mhd = MHD_start_daemon(
        MHD_USE_EPOLL, 0, NULL, NULL, receive, thread, MHD_OPTION_LISTEN_SOCKET, own_fd,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)share, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)config->http.idle_timeout_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)config->http.header_bytes, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_URI_LOG_CALLBACK, begin_request, thread,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_encoded, NULL, MHD_OPTION_NOTIFY_COMPLETED, end_request,
        thread, MHD_OPTION_NOTIFY_CONNECTION, notice_connection, thread, MHD_OPTION_END);
    if (!thread->mhd) {
        close(own_fd);
        return false;
    }
    thread->is_running = pthread_create(&thread->id, NULL, run_thread, thread) == 0;
    if (!thread->is_running)
        MHD_stop_daemon(thread->mhd);
    return thread->is_running;
}

enum status daemon_start(const struct config *config, int fd, const struct worker *workers,
                         int workers_len, struct connection_limits *limits, struct daemon **daemon,
                         struct fault *fault)
{
    struct daemon *started = aligned_alloc(_Alignof(struct daemon), sizeof *started);
    if (!started) {
        close(fd);
        return fault_set(fault, STATUS_NO_MEMORY, "http.threads", "out of memory");
    }
    assert(workers_len >= 1 && workers_len <= DAEMON_THREADS_MAX);
    *started = (struct daemon){
        .config = config,
        .limits = limits,
        .response_bytes = RESPONSE_HEAD_BYTES + (int64_t)headers_tags(config).value_max,
        .threads_len = workers_len,
        .listener = fd,
    };
    bool is_started = true;
    for (int i = 0; i < workers_len && is_started; i++) {
        started->threads[i] = (struct serving_thread){.daemon = started, .worker = &workers[i]};
        is_started = start_thread(started, &started->threads[i]);
    }
    if (!is_started) {
        daemon_stop(started, 0);
        return fault_set(fault, STATUS_FAILED, "http.threads", "the HTTP server can't be started");
    }
    *daemon = started;
    return STATUS_OK;
}

/* Whether no thread accepts connections, and none has a request under way. */
static bool is_drained(struct daemon *daemon)
{
    for (int i = 0; i < daemon->threads_len; i++) {
        struct serving_thread *thread = &daemon->threads[i];
        int requests = atomic_load_explicit(&thread->requests, memory_order_acquire);
        assert(requests >= 0); /* D2 */
        if (requests > 0 || (thread->is_running && !atomic_load(&thread->is_draining)))
            return false;
    }
    return true;
}

void daemon_stop(struct daemon *daemon, int64_t grace_ms)
{
    int64_t deadline_ms = clock_steady_ms() + grace_ms;
    assert(atomic_load(&daemon->phase) == SERVING); /* D1 */
    atomic_store(&daemon->phase, DRAINING);
    shutdown(daemon->listener, SHUT_RDWR); /* wakes all threads */
    while (!is_drained(daemon) && clock_steady_ms() < deadline_ms)
        clock_sleep_ms(DRAIN_STEP_MS);
    atomic_store(&daemon->phase, ENDING);
    for (int i = 0; i < daemon->threads_len; i++) {
        if (daemon->threads[i].is_running)
            pthread_join(daemon->threads[i].id, NULL);
        assert(atomic_load(&daemon->threads[i].requests) == 0); /* D2 */
    }
    close(daemon->listener);
    free(daemon);
}
