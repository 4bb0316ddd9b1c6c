#include "http/server.h"

#include "base/clock.h"
#include "http/framing.h"
#include "http/freshness.h"
#include "http/peer.h"
#include "http/refusal.h"
#include "http/serve.h"

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
struct thread {
    _Alignas(64) struct server *server;
    const struct desk *desk;
    struct MHD_Daemon *daemon;
    pthread_t id;
    bool runs;
    atomic_bool drains;   /* lets nobody in any more */
    atomic_int under_way; /* requests */
};

struct server {
    struct thread threads[SERVER_THREADS_MAX];
    const struct config *config;
    struct connections *connections;
    int threads_len;
    int listener; /* the socket that all share */
    atomic_int phase;
};

int server_threads(const struct config *config)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int64_t threads = config->http.threads ? config->http.threads : cores;
    return threads < 1 ? 1 : threads > SERVER_THREADS_MAX ? SERVER_THREADS_MAX : (int)threads;
}

/* A request's header, being read. */
struct header {
    struct framing framing;
    struct request *request;
};

static enum MHD_Result take_field(void *context, enum MHD_ValueKind kind, const char *name,
                                  size_t name_len, const char *value, size_t value_len)
{
    struct header *header = context;
    (void)kind;
    framing_look(&header->framing, name, name_len, value, value_len);
    if (value)
        request_take_field(header->request, name, name_len, value);
    return MHD_YES;
}

/* Reads the header; NULL, or why the request is refused. */
static const char *read_header(struct MHD_Connection *connection, struct incoming *incoming)
{
    struct header header = {.framing = {.hosts = 0}, .request = &incoming->request};
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, take_field, &header);
    return framing_fault(&header.framing);
}

static int64_t announced_length(struct MHD_Connection *connection)
{
    const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
    return length ? strtoll(length, NULL, 10) : 0;
}

static void free_rep(void *rep)
{
    rep_unref(rep);
}

static void free_response(void *response)
{
    MHD_destroy_response(response);
}

/* The library's response for a reply; the representation's reference goes with it. */
static struct MHD_Response *response_of(struct reply *reply)
{
    size_t len;
    const void *body = reply->rep ? rep_body(reply->rep, reply->encoding, &len) : NULL;
    if (!body)
        return MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
        len, (void *)body, free_rep, reply->rep);
    if (!response)
        return NULL;
    MHD_add_response_header(response, "Content-Type", rep_type(reply->rep));
    if (encoding_name(reply->encoding))
        MHD_add_response_header(response, "Content-Encoding", encoding_name(reply->encoding));
    reply->rep = NULL;
    return response;
}

static struct MHD_Response *make_response(struct reply *reply, bool close_after)
{
    struct MHD_Response *response = response_of(reply);
    for (int i = 0; response && i < reply->headers_len; i++)
        MHD_add_response_header(response, reply->headers[i].name, reply_value(reply, i));
    if (response && close_after)
        MHD_add_response_header(response, "Connection", "close");
    return response;
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, struct reply *reply,
                                  bool close_after)
{
    struct prepared *prepared = reply->prepared;
    if (prepared && prepared->response)
        return MHD_queue_response(connection, (unsigned)reply->status, prepared->response);
    struct MHD_Response *response = make_response(reply, close_after);
    enum MHD_Result result = MHD_NO;
    if (response)
        result = MHD_queue_response(connection, (unsigned)reply->status, response);
    if (response && prepared)
        *prepared = (struct prepared){.response = response, .free = free_response};
    else if (response)
        MHD_destroy_response(response);
    reply_release(reply);
    return result;
}

static enum MHD_Result send_problem(const struct thread *thread, struct MHD_Connection *connection,
                                    int http_status, const char *detail)
{
    struct reply reply;
    struct fault fault;
    fault_set(&fault, STATUS_INVALID, "", "%s", detail);
    refuse_with_problem(thread->desk, http_status, &fault, &reply);
    return send_reply(connection, &reply, true);
}

static enum MHD_Result send_too_large(const struct thread *thread,
                                      struct MHD_Connection *connection)
{
    return send_problem(thread, connection, 413, "the body is longer than this server takes");
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

static enum MHD_Result answer(const struct thread *thread, struct MHD_Connection *connection,
                              struct peer *peer, const char *method)
{
    struct reply reply;
    struct request *request = &peer->incoming.request;
    request->method = method_of(method);
    request->is_head = strcmp(method, "HEAD") == 0;
    request->target = peer->target;
    request->peer = peer->address;
    request->at_ms = clock_steady_ms();
    serve(thread->desk, request, clock_now_s(), &reply);
    return send_reply(connection, &reply, false);
}

/* Called with the headers, with each piece of a body, and at the end. */
static enum MHD_Result take(void *context, struct MHD_Connection *connection, const char *url,
                            const char *method, const char *version, const char *body,
                            size_t *body_len, void **request)
{
    const struct thread *thread = context;
    struct peer *peer = *request;
    struct incoming *incoming = peer ? &peer->incoming : NULL;
    int64_t most = thread->server->config->http.body_bytes;
    (void)url; /* it was cut at a %00; the whole target is the peer's */
    (void)version;
    (void)body;
    if (!incoming)
        return MHD_NO;
    if (!incoming->begun) {
        incoming->begun = true;
        const char *fault = read_header(connection, incoming);
        if (fault)
            return send_problem(thread, connection, 400, fault);
        return announced_length(connection) > most ? send_too_large(thread, connection) : MHD_YES;
    }
    if (*body_len > 0) {
        incoming->body_bytes += (int64_t)*body_len;
        *body_len = 0;
        return incoming->body_bytes > most + DISCARDED_BYTES_MAX ? MHD_NO : MHD_YES;
    }
    if (incoming->body_bytes > most)
        return send_too_large(thread, connection);
    return answer(thread, connection, peer, method);
}

static struct peer *peer_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

/* Whether a target leaves the connection's memory room for an answer. */
static bool leaves_room(const char *target, const struct config *config)
{
    int64_t memory = config->http.header_bytes;
    int64_t need = (int64_t)strlen(target) + ANSWER_BYTES + (int64_t)tags_bytes_max(config);
    for (const char *at = target; (at = strchr(at, '&')); at++)
        need += PARAMETER_BYTES;
    return need <= memory;
}

static void hang_up(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    shutdown(fd->connect_fd, SHUT_RDWR);
}

/* The target as it stands in the request line, before the library decodes or cuts it. */
static void *begin_request(void *context, const char *target, struct MHD_Connection *connection)
{
    const struct thread *thread = context;
    struct peer *peer = peer_of(connection);
    if (!peer || !peer_begin(peer, target))
        return NULL;
    /* Where there is no room for an answer, the library never gives one, nor ends the connection.
     */
    if (!leaves_room(target, thread->server->config))
        hang_up(connection);
    return peer;
}

/* Tells of the end of those requests only that came as far as take(); of the others the peer knows
 * when the next begins. */
static void end_request(void *context, struct MHD_Connection *connection, void **request,
                        enum MHD_RequestTerminationCode how)
{
    struct peer *peer = peer_of(connection);
    (void)context;
    (void)how;
    *request = NULL;
    if (peer)
        peer_end(peer);
}

static struct peer *open_peer(struct thread *thread, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *socket =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return peer_open(thread->server->connections, &thread->under_way, fd->connect_fd,
                     socket ? socket->client_addr : NULL);
}

static void notice_connection(void *context, struct MHD_Connection *connection,
                              void **socket_context, enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *socket_context = open_peer(context, connection);
        return;
    }
    if (*socket_context)
        peer_close(*socket_context);
    *socket_context = NULL;
}

/* Targets stay as they came: they are decoded once, piece by piece, in http/request.c. */
static size_t leave_escaped(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
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

static void stop_accepting(struct thread *thread)
{
    MHD_socket fd = MHD_quiesce_daemon(thread->daemon);
    if (fd != MHD_INVALID_SOCKET)
        close(fd);
    atomic_store(&thread->drains, true);
}

/* A serving thread. It is ours and not the library's because of how that waits: given 128 events at
 * once, it waits for more before it looks at them, as long as it may (0.9.75, MHD_epoll). That is
 * until a connection times out, or WAIT_MS. */
static void *run(void *context)
{
    struct thread *thread = context;
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

static bool start_thread(struct server *server, struct thread *thread)
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

enum status server_start(const struct config *config, int fd, const struct desk *desks,
                         int desks_len, struct connections *connections, struct server **server,
                         struct fault *fault)
{
    struct server *started = aligned_alloc(_Alignof(struct server), sizeof *started);
    if (!started) {
        close(fd);
        return fault_set(fault, STATUS_NO_MEMORY, "http.threads", "out of memory");
    }
    *started = (struct server){
        .config = config, .connections = connections, .threads_len = desks_len, .listener = fd};
    bool all = true;
    for (int i = 0; i < desks_len && all; i++) {
        started->threads[i] = (struct thread){.server = started, .desk = &desks[i]};
        all = start_thread(started, &started->threads[i]);
    }
    if (!all) {
        server_stop(started, 0);
        return fault_set(fault, STATUS_FAILED, "http.threads", "the HTTP server can't be started");
    }
    *server = started;
    return STATUS_OK;
}

static int requests_under_way(struct server *server)
{
    int requests = 0;
    for (int i = 0; i < server->threads_len; i++)
        requests += atomic_load_explicit(&server->threads[i].under_way, memory_order_acquire);
    return requests;
}

static bool all_drain(struct server *server)
{
    for (int i = 0; i < server->threads_len; i++) {
        if (server->threads[i].runs && !atomic_load(&server->threads[i].drains))
            return false;
    }
    return true;
}

void server_stop(struct server *server, int64_t grace_ms)
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
