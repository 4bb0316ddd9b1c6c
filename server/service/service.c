/* A running server: opens its parts in order, runs the periodic work until a signal arrives, and
 * closes the parts in the reverse order. */
#include "service/service.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "db/database_file.h"
#include "db/locks.h"
#include "db/writer.h"
#include "http/route/routes.h"
#include "http/wire/connection_limits.h"
#include "http/wire/daemon.h"
#include "http/wire/listen.h"
#include "newsroom/save_section.h"
#include "service/housekeeping.h"
#include "service/sandbox.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
    DRAIN_MS = 2000, /* for requests under way at a stop */
    RETRY_MS = 10,   /* after a wait that failed */
    LOCK_MS = 1000,  /* a housekeeping run that finds another process writing is tried again soon */
};

/* Grouped by the part that opens it, in the order of the table `parts`. */
struct service {
    const struct config *config;
    struct worker_shared shared; /* what all workers use; borrowed from the parts */

    struct theme_current *theme_current;

    int serve_lock;
    struct transaction *transaction; /* NULL once the writer has it */
    struct versions *versions;       /* the transaction's */

    struct published_ranking *published;
    struct pending_views *views;
    struct audience *audience;
    struct ranking *ranking;
    struct housekeeping housekeeping;

    int signals;

    struct writer *writer;
    struct job run_job;
    atomic_bool is_run_posted; /* run_job is queued or running */
    int64_t lost_views;        /* that could not be stored at the end */

    struct scheduler *scheduler;
    struct worker workers[DAEMON_THREADS_MAX];
    int workers_len;

    struct connection_limits *limits;
    struct daemon *daemon;
    char address[LISTEN_ADDRESS_BYTES];
};

static enum status open_theme(struct service *service, struct fault *fault)
{
    return theme_current_open(service->config->site.theme, route_templates, &service->theme_current,
                              fault);
}

static void close_theme(struct service *service)
{
    theme_current_close(service->theme_current);
}

static enum status open_database(struct service *service, struct fault *fault)
{
    const struct config *config = service->config;
    enum status status = database_file_check_path(config->store.database, fault);
    if (status == STATUS_OK)
        status = lock_serve(config->store.database, &service->serve_lock, fault);
    if (status == STATUS_OK)
        status = transaction_open_served(config, &service->transaction, fault);
    if (status != STATUS_OK)
        return status;
    service->versions = transaction_versions(service->transaction);
    status = section_warn_reserved(transaction_db(service->transaction));
    if (status != STATUS_OK)
        log_write(LOG_ERROR, "the sections can't be read: %s", status_text(status));
    return STATUS_OK; /* what is not damaged is served */
}

static void close_database(struct service *service)
{
    transaction_close(service->transaction);
    if (service->serve_lock >= 0)
        close(service->serve_lock);
}

static enum status open_popularity(struct service *service, struct fault *fault)
{
    const struct config *config = service->config;
    const struct ranking_rules rules = {
        .max_age_s = config->popularity.max_age_days * DAY_S,
        .half_life_s = config->popularity.half_life_h * HOUR_S,
        .trending_least = config->popularity.trending_views,
        .beside = (size_t)config->lists.most_read,
    };
    enum status status = published_ranking_open(&service->published);
    if (status == STATUS_OK)
        status = pending_views_open((size_t)config->popularity.pending_views, &service->views);
    if (status == STATUS_OK)
        status = audience_open(config, &service->audience);
    if (status == STATUS_OK)
        status = ranking_open(service->published, &rules, &service->ranking);
    if (status != STATUS_OK)
        return fault_set(fault, status, "popularity", "out of memory");
    service->housekeeping =
        (struct housekeeping){.views = service->views,
                              .sync = {.ranking = service->ranking},
                              .health = &service->shared.health,
                              .history_s = config->popularity.history_days * DAY_S};
    status = housekeeping_load(&service->housekeeping, service->transaction, clock_now_s());
    if (status != STATUS_OK)
        return fault_set(fault, status, "database", "the views can't be read: %s",
                         status_text(status));
    return STATUS_OK;
}

static void close_popularity(struct service *service)
{
    ranking_close(service->ranking);
    audience_close(service->audience);
    pending_views_close(service->views);
    published_ranking_close(service->published);
}

static enum status open_journal(struct service *service, struct fault *fault)
{
    return housekeeping_open_journal(&service->housekeeping, service->config, fault);
}

static void close_journal(struct service *service)
{
    housekeeping_close_journal(&service->housekeeping);
}

/* Signals are read as data, so that they interrupt no thread: SIGTERM and SIGINT end the process,
 * SIGHUP reads the theme again, SIGUSR1 and SIGUSR2 do nothing. Until this they end it at once. */
static enum status open_signals(struct service *service, struct fault *fault)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        sigaddset(&set, numbers[i]);
    sigprocmask(SIG_BLOCK, &set, NULL);
    service->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (service->signals < 0)
        return fault_set(fault, STATUS_FAILED, "", "no file descriptor is left for signals");
    return STATUS_OK;
}

/* They stay blocked, so that a second signal does not cut the stop short. */
static void close_signals(struct service *service)
{
    if (service->signals >= 0)
        close(service->signals);
}

static enum status open_writer(struct service *service, struct fault *fault)
{
    sandbox_limit_files(service->config); /* every thread inherits it, and this is the first */
    transaction_set_timeout(service->transaction, LOCK_MS);
    enum status status =
        writer_open(service->transaction, (int)service->config->store.queue, &service->writer);
    if (status != STATUS_OK)
        return fault_set(fault, status, "store.queue", "the writer can't be started: %s",
                         status_text(status));
    service->transaction = NULL;
    return STATUS_OK;
}

static enum status run_housekeeping(struct transaction *transaction, void *arg)
{
    struct service *service = arg;
    return housekeeping_run(&service->housekeeping, transaction, clock_now_s());
}

/* Stores the last views. Two runs, because the first may store a batch that failed before. */
static void close_writer(struct service *service)
{
    struct job last[2] = {{.run = run_housekeeping, .arg = service},
                          {.run = run_housekeeping, .arg = service}};
    if (!service->writer)
        return;
    for (size_t i = 0; i < sizeof last / sizeof last[0]; i++) {
        if (writer_post(service->writer, &last[i]) != STATUS_OK)
            log_write(LOG_ERROR, "the last views can't be stored: the writer's queue is full");
    }
    writer_close(service->writer);
    assert(!atomic_load(&service->is_run_posted)); /* its job is a part of `service` */
    service->lost_views = pending_views_unjournaled(service->views);
}

/* Without a way to learn at once what other processes changed, cached responses could be stale. */
static size_t cache_bytes(const struct service *service)
{
    size_t bytes = (size_t)service->config->http.cache_kb * 1024;
    if (versions_are_shared(service->versions) || bytes == 0)
        return bytes;
    log_write(LOG_WARNING, "responses are not cached: changes by other processes are seen late");
    return 0;
}

static enum status open_worker(struct service *service, size_t bytes, struct fault *fault)
{
    struct db *db;
    const struct config *config = service->config;
    assert(service->workers_len < DAEMON_THREADS_MAX);
    enum status status =
        db_open(config->store.database, DB_READER, (int)config->store.cache_kb, &db, fault);
    if (status != STATUS_OK)
        return status;
    struct worker *worker = &service->workers[service->workers_len++];
    *worker = (struct worker){.shared = &service->shared, .db = db};
    if (worker_open(worker, bytes) != STATUS_OK)
        return fault_set(fault, STATUS_NO_MEMORY, "http.threads", "out of memory");
    return db_prepare(db, fault);
}

static enum status open_workers(struct service *service, struct fault *fault)
{
    struct worker_shared *shared = &service->shared;
    int threads = daemon_threads(service->config);
    enum status status = networks_parse(service->config->http.trusted_proxies,
                                        "http.trusted_proxies", &shared->proxies, fault);
    if (status != STATUS_OK)
        return status;
    if (scheduler_open(service->versions, &service->scheduler) != STATUS_OK)
        return fault_set(fault, STATUS_NO_MEMORY, "", "out of memory");
    shared->config = service->config;
    shared->words = words_of(service->config->site.language);
    shared->published = service->published;
    shared->views = service->views;
    shared->audience = service->audience;
    shared->theme_current = service->theme_current;
    shared->versions = service->versions;
    shared->scheduler = service->scheduler;
    size_t bytes = cache_bytes(service) / (size_t)threads;
    for (int i = 0; i < threads && status == STATUS_OK; i++)
        status = open_worker(service, bytes, fault);
    return status;
}

static void close_workers(struct service *service)
{
    for (int i = 0; i < service->workers_len; i++) {
        db_close(service->workers[i].db);
        worker_close(&service->workers[i]);
    }
    scheduler_close(service->scheduler);
}

static enum status open_daemon(struct service *service, struct fault *fault)
{
    int fd;
    const struct config *config = service->config;
    enum status status =
        connection_limits_open(config->http.connections_per_address,
                               config->http.request_timeout_s * 1000, &service->limits);
    if (status != STATUS_OK)
        return fault_set(fault, status, "http.connections", "out of memory");
    status = listen_open(config, &fd, service->address, fault);
    if (status != STATUS_OK)
        return status;
    return daemon_start(config, fd, service->workers, service->workers_len, service->limits,
                        &service->daemon, fault);
}

static void log_caches(const struct service *service)
{
    struct response_cache_stats all = {.hits = 0};
    for (int i = 0; i < service->workers_len; i++)
        response_cache_add_stats(service->workers[i].cache, &all);
    log_write(LOG_INFO,
              "the cache had %zu responses in %zu bytes of %" PRId64 ": %" PRIu64 " hits, %" PRIu64
              " stale, %" PRIu64 " misses",
              all.entries, all.bytes, service->config->http.cache_kb * 1024, all.hits, all.stale,
              all.misses);
}

static void close_daemon(struct service *service)
{
    if (service->daemon) {
        daemon_stop(service->daemon, DRAIN_MS);
        log_caches(service);
    }
    connection_limits_close(service->limits);
}

/* The parts, opened from the first row to the last and closed from the last to the first. A part
 * uses only parts above it. A part whose opening failed is closed, too, so closing accepts what is
 * half open. At a stop the daemon ends first, so that no request is under way; then the workers
 * close their connections, because the connection that is closed last, the writer's, moves the WAL
 * into the database; then the writer stores the last views. */
static const struct part {
    enum status (*open)(struct service *service, struct fault *fault);
    void (*close)(struct service *service);
} parts[] = {
    {open_theme, close_theme},
    {open_database, close_database},     /* the lock against a second server; the connection */
    {open_popularity, close_popularity}, /* who reads, views that wait, rankings */
    {open_journal, close_journal},       /* knows from the database what of it is stored */
    {open_signals, close_signals},       /* before the first thread, which inherits the mask */
    {open_writer, close_writer},         /* owns the connection from here on */
    {open_workers, close_workers},       /* a connection and a cache for each serving thread */
    {open_daemon, close_daemon},         /* accepts requests */
};

enum {
    PARTS = sizeof parts / sizeof parts[0]
};

static void note_run_done(void *arg, enum status status)
{
    struct service *service = arg;
    (void)status; /* the run has logged it */
    atomic_store(&service->is_run_posted, false);
}

static void do_every_half_second(struct service *service)
{
    connection_limits_expire(service->limits, clock_steady_ms());
    if (strcmp(service->config->site.develop, "on") == 0 &&
        theme_current_watch(service->theme_current))
        versions_invalidate(service->versions, TOPIC_THEME, 0);
    if (atomic_exchange(&service->is_run_posted, true))
        return; /* the writer is late */
    service->run_job = (struct job){.run = run_housekeeping, .done = note_run_done, .arg = service};
    if (writer_post(service->writer, &service->run_job) != STATUS_OK)
        atomic_store(&service->is_run_posted, false);
}

static void sync_journal(struct service *service)
{
    housekeeping_sync_journal(&service->housekeeping);
}

struct periodic_work {
    void (*run)(struct service *service);
    int64_t every_ms; /* 0: never */
    int64_t due_ms;   /* of the steady clock */
};

/* Runs what is due; returns for how many milliseconds nothing else is. */
static int64_t run_due(struct service *service, struct periodic_work *works, size_t len)
{
    int64_t wait_ms = HOUSEKEEPING_MS;
    for (size_t i = 0; i < len; i++) {
        struct periodic_work *work = &works[i];
        if (work->every_ms == 0)
            continue;
        int64_t now_ms = clock_steady_ms();
        if (now_ms >= work->due_ms) {
            work->run(service);
            work->due_ms = now_ms + work->every_ms;
        }
        if (work->due_ms - now_ms < wait_ms)
            wait_ms = work->due_ms - now_ms;
    }
    assert(wait_ms > 0 && wait_ms <= HOUSEKEEPING_MS);
    return wait_ms;
}

/* Takes the signals that have arrived; true when one of them ends the server. */
static bool take_signals(struct service *service)
{
    struct signalfd_siginfo signal;
    while (read(service->signals, &signal, sizeof signal) == (ssize_t)sizeof signal) {
        if (signal.ssi_signo == SIGTERM || signal.ssi_signo == SIGINT)
            return true;
        if (signal.ssi_signo == SIGHUP && theme_current_watch(service->theme_current))
            versions_invalidate(service->versions, TOPIC_THEME, 0);
    }
    return false;
}

static void run_until_signal(struct service *service)
{
    struct pollfd wait = {.fd = service->signals, .events = POLLIN};
    struct periodic_work works[] = {
        {.run = do_every_half_second, .every_ms = HOUSEKEEPING_MS},
        {.run = sync_journal, .every_ms = service->config->popularity.sync_ms},
    };
    do {
        int64_t wait_ms = run_due(service, works, sizeof works / sizeof works[0]);
        if (poll(&wait, 1, (int)wait_ms) < 0 && errno != EINTR)
            clock_sleep_ms(RETRY_MS); /* no memory: what is due is done all the same */
    } while (!take_signals(service));
    log_write(LOG_INFO, "stopping");
}

/* What the whole process needs before any part. */
static void prepare_process(void)
{
    struct rlimit limit;
    /* A broken connection, or a file over its limit, is an error of the call that met it. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    hash_prepare();
}

enum status service_run(const struct config *config, struct fault *fault)
{
    struct service *service = calloc(1, sizeof *service);
    if (!service)
        return fault_set(fault, STATUS_NO_MEMORY, "", "out of memory");
    service->config = config;
    service->serve_lock = -1;
    service->signals = -1;
    prepare_process();
    enum status status = STATUS_OK;
    size_t opened = 0;
    while (opened < PARTS && status == STATUS_OK)
        status = parts[opened++].open(service, fault);
    if (status == STATUS_OK) {
        sandbox_limit_calls(config);
        log_print(stdout, "khobor: listening on http://%s", service->address);
        fflush(stdout);
        run_until_signal(service);
    }
    while (opened > 0)
        parts[--opened].close(service);
    if (service->lost_views > 0)
        status = fault_set(fault, STATUS_FAILED, "database",
                           "%" PRId64 " views could not be stored in the end and are lost",
                           service->lost_views);
    free(service);
    return status;
}
