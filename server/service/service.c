#include "service/service.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "db/locks.h"
#include "db/writer.h"
#include "http/route/routes.h"
#include "http/wire/connection_limits.h"
#include "http/wire/daemon.h"
#include "http/wire/listen.h"
#include "service/housekeeping.h"
#include "service/journal_monitor.h"

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
    DRAIN_MS = 2000, /* for requests under way when we are told to stop */
    LOCK_MS = 1000,  /* a tick that finds another process writing comes again soon */
};

/* In the order in which the parts are opened; they are closed in the reverse one. */
struct service {
    const struct config *config;
    struct theme_current *theme_current;
    int serve_lock;
    struct transaction *transaction; /* the writer's, once that runs */
    struct versions *versions;       /* writing's */
    struct scheduler *scheduler;
    struct published_ranking *published;
    struct pending_views *counts;
    struct audience *audience;
    struct journal_monitor journaling;
    struct ranking *ranking;
    struct housekeeping tick;
    struct writer *writer;
    struct job tick_job;
    atomic_bool ticking; /* the job is queued or running */
    struct worker_shared shared;
    struct worker workers[DAEMON_THREADS_MAX];
    int workers_len;
    struct connection_limits *limits;
    struct daemon *server;
    int signals;
    char address[LISTEN_ADDRESS_BYTES];
};

/* The signals that end us are read as data, so that no thread is interrupted by them. */
static int block_signals(void)
{
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    return signalfd(-1, &stop, SFD_CLOEXEC);
}

/* A broken connection, or a file over its limit, is an error of the call that met it. */
static void ignore_signals(void)
{
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

static void raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static enum status run_tick(struct transaction *transaction, void *arg)
{
    struct service *app = arg;
    return housekeeping_run(&app->tick, transaction, clock_now_s());
}

static void tick_done(void *arg, enum status status)
{
    struct service *app = arg;
    (void)status; /* the tick has logged it */
    atomic_store(&app->ticking, false);
}

static void post_tick(struct service *app)
{
    if (atomic_exchange(&app->ticking, true))
        return;
    app->tick_job = (struct job){.run = run_tick, .done = tick_done, .arg = app};
    if (writer_post(app->writer, &app->tick_job) != STATUS_OK)
        atomic_store(&app->ticking, false);
}

static enum status open_store(struct service *app, struct fault *fault)
{
    const struct config *config = app->config;
    enum status status = db_check_path(config->store.database, fault);
    if (status == STATUS_OK)
        status = lock_serve(config->store.database, &app->serve_lock, fault);
    if (status == STATUS_OK)
        status = transaction_open(config, &app->transaction, NULL, fault);
    return status;
}

static enum status open_popularity(struct service *app, struct fault *fault)
{
    const struct ranking_rules rules = {
        .max_age_s = app->config->popularity.max_age_days * DAY_S,
        .half_life_s = app->config->popularity.half_life_h * HOUR_S,
        .trending_least = app->config->popularity.trending_views,
        .beside = (size_t)app->config->lists.most_read,
    };
    enum status status = published_ranking_open(&app->published);
    if (status == STATUS_OK)
        status = pending_views_open((size_t)app->config->popularity.pending_views, &app->counts);
    if (status == STATUS_OK)
        status = audience_open(app->config, &app->audience);
    if (status == STATUS_OK)
        status = ranking_open(app->published, &rules, &app->ranking);
    if (status != STATUS_OK)
        return fault_set(fault, status, "popularity", "out of memory");
    app->tick = (struct housekeeping){.counts = app->counts,
                                      .sync = {.ranking = app->ranking},
                                      .storing = &app->shared.storing,
                                      .history_s = app->config->popularity.history_days * DAY_S};
    status = housekeeping_load(&app->tick, app->transaction, clock_now_s());
    if (status != STATUS_OK)
        return fault_set(fault, status, "database", "the counts can't be read: %s",
                         status_text(status));
    return STATUS_OK;
}

static enum status open_journal(struct service *app, struct fault *fault)
{
    (void)fault;
    journal_monitor_open(&app->journaling, app->config, &app->tick, app->counts,
                         &app->shared.journaling);
    return STATUS_OK;
}

/* From the first thread on, which inherits it; until then a signal may simply end the process. */
static enum status open_signals(struct service *app, struct fault *fault)
{
    app->signals = block_signals();
    if (app->signals < 0)
        return fault_set(fault, STATUS_FAILED, "", "no descriptor is left for signals");
    return STATUS_OK;
}

static enum status open_writer(struct service *app, struct fault *fault)
{
    transaction_set_timeout(app->transaction, LOCK_MS);
    app->versions = transaction_versions(app->transaction);
    enum status status = writer_open(app->transaction, (int)app->config->store.queue, &app->writer);
    if (status != STATUS_OK)
        return fault_set(fault, status, "store.queue", "the writer can't be started: %s",
                         status_text(status));
    app->transaction = NULL;
    return STATUS_OK;
}

static enum status open_stage(struct service *app, struct fault *fault)
{
    return theme_current_open(app->config->site.theme, route_templates, &app->theme_current, fault);
}

static enum status open_proxies(struct service *app, struct fault *fault)
{
    return networks_parse(app->config->http.trusted_proxies, "http.trusted_proxies",
                          &app->shared.proxies, fault);
}

/* Where other processes can't say at once what they changed, nothing is kept: it would be stale. */
static size_t cache_room(const struct service *app)
{
    size_t bytes = (size_t)app->config->http.cache_kb * 1024;
    if (versions_are_shared(app->versions) || bytes == 0)
        return bytes;
    log_write(LOG_WARNING, "no answers are kept: each is made anew");
    return 0;
}

static enum status open_desks(struct service *app, struct fault *fault)
{
    const struct config *config = app->config;
    app->shared.config = config;
    app->shared.words = words_of(config->site.language);
    app->shared.published = app->published;
    app->shared.counts = app->counts;
    app->shared.audience = app->audience;
    app->shared.theme_current = app->theme_current;
    app->shared.versions = app->versions;
    if (scheduler_open(app->versions, &app->scheduler) != STATUS_OK)
        return fault_set(fault, STATUS_NO_MEMORY, "", "out of memory");
    app->shared.scheduler = app->scheduler;
    int threads = daemon_threads(config);
    size_t cache_bytes = cache_room(app) / (size_t)threads;
    for (int i = 0; i < threads; i++) {
        struct db *db;
        enum status status =
            db_open(config->store.database, DB_READER, (int)config->store.cache_kb, &db, fault);
        if (status != STATUS_OK)
            return status;
        struct worker *worker = &app->workers[app->workers_len++];
        *worker = (struct worker){.shared = &app->shared, .db = db};
        if (worker_open(worker, cache_bytes) != STATUS_OK)
            return fault_set(fault, STATUS_NO_MEMORY, "http.threads", "out of memory");
        status = db_prepare(db);
        if (status != STATUS_OK)
            return fault_set(fault, status, "database", "the statements can't be prepared");
    }
    return STATUS_OK;
}

static enum status open_server(struct service *app, struct fault *fault)
{
    int fd;
    const struct config *config = app->config;
    enum status status = connection_limits_open(
        config->http.connections_per_address, config->http.request_timeout_s * 1000, &app->limits);
    if (status != STATUS_OK)
        return fault_set(fault, status, "http.connections", "out of memory");
    status = listen_open(config, &fd, app->address, fault);
    if (status != STATUS_OK)
        return status;
    return daemon_start(config, fd, app->workers, app->workers_len, app->limits, &app->server,
                        fault);
}

static enum status app_open(struct service *app, struct fault *fault)
{
    static enum status (*const steps[])(struct service *, struct fault *) = {
        open_stage,  open_store,   open_popularity, open_journal, open_signals,
        open_writer, open_proxies, open_desks,      open_server,
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && status == STATUS_OK; i++)
        status = steps[i](app, fault);
    return status;
}

static void log_caches(const struct service *app)
{
    struct response_cache_stats all = {.hits = 0};
    for (int i = 0; i < app->workers_len; i++)
        response_cache_add_stats(app->workers[i].cache, &all);
    log_write(LOG_INFO,
              "the cache had %zu answers in %zu bytes of %" PRId64 ": %" PRIu64 " hits, %" PRIu64
              " stale, %" PRIu64 " misses",
              all.things, all.bytes, app->config->http.cache_kb * 1024, all.hits, all.stale,
              all.misses);
}

/* Every part that was opened, whatever came of the next one; *lost gets the number of views that
 * could not be stored. */
static void app_close(struct service *app, int64_t *lost)
{
    if (app->server) {
        daemon_stop(app->server, DRAIN_MS);
        log_caches(app);
    }
    /* Readers first: the connection that is closed last takes the WAL with it. */
    for (int i = 0; i < app->workers_len; i++) {
        db_close(app->workers[i].db);
        worker_close(&app->workers[i]);
    }
    scheduler_close(app->scheduler);
    if (app->writer) {
        /* Two: the first may have a batch to do that failed before. */
        struct job last[2] = {{.run = run_tick, .arg = app}, {.run = run_tick, .arg = app}};
        for (size_t i = 0; i < sizeof last / sizeof last[0]; i++) {
            if (writer_post(app->writer, &last[i]) != STATUS_OK)
                log_write(LOG_ERROR, "too many writes wait for the last views to be stored");
        }
        writer_close(app->writer);
    }
    *lost = app->counts ? pending_views_unjournaled(app->counts) : 0;
    connection_limits_close(app->limits);
    transaction_close(app->transaction);
    ranking_close(app->ranking);
    pending_views_close(app->counts);
    audience_close(app->audience);
    journal_monitor_close(&app->journaling);
    published_ranking_close(app->published);
    theme_current_close(app->theme_current);
    if (app->serve_lock >= 0)
        close(app->serve_lock);
}

static void tick(struct service *app)
{
    journal_monitor_watch(&app->journaling);
    connection_limits_expire(app->limits, clock_steady_ms());
    if (theme_current_watch(app->theme_current))
        versions_invalidate(app->versions, TOPIC_THEME, 0);
    post_tick(app);
}

static void sync_journal(struct service *app)
{
    journal_monitor_sync(&app->journaling);
}

/* What is done again and again, each in its own time. */
struct turn {
    void (*run)(struct service *app);
    int64_t every_ms; /* 0: never */
    int64_t due_ms;
};

/* Runs what is due; returns how long nothing else is. */
static int64_t run_due(struct service *app, struct turn *turns, size_t len)
{
    int64_t wait_ms = HOUSEKEEPING_MS;
    for (size_t i = 0; i < len; i++) {
        struct turn *turn = &turns[i];
        if (turn->every_ms == 0)
            continue;
        int64_t now_ms = clock_steady_ms();
        if (now_ms >= turn->due_ms) {
            turn->run(app);
            turn->due_ms = now_ms + turn->every_ms;
        }
        if (turn->due_ms - now_ms < wait_ms)
            wait_ms = turn->due_ms - now_ms;
    }
    return wait_ms;
}

/* Ticks until a signal comes. */
static void run(struct service *app)
{
    struct pollfd wait = {.fd = app->signals, .events = POLLIN};
    struct turn turns[] = {
        {.run = tick, .every_ms = HOUSEKEEPING_MS},
        {.run = sync_journal, .every_ms = app->config->popularity.sync_ms},
    };
    while (poll(&wait, 1, (int)run_due(app, turns, sizeof turns / sizeof turns[0])) == 0)
        continue;
    log_write(LOG_INFO, "stopping");
}

enum status service_run(const struct config *config, struct fault *fault)
{
    struct service *app = calloc(1, sizeof *app);
    if (!app)
        return fault_set(fault, STATUS_NO_MEMORY, "", "out of memory");
    app->config = config;
    app->serve_lock = -1;
    app->signals = -1;
    atomic_init(&app->shared.storing, true);
    atomic_init(&app->shared.journaling, true);
    ignore_signals();
    raise_file_limit();
    hash_prepare();
    enum status status = app_open(app, fault);
    if (status == STATUS_OK) {
        printf("khobor: listening on http://%s\n", app->address);
        fflush(stdout);
        run(app);
    }
    int64_t lost;
    app_close(app, &lost);
    if (lost > 0)
        status = fault_set(fault, STATUS_FAILED, "database",
                           "%" PRId64 " views could not be stored in the end and are lost", lost);
    if (app->signals >= 0)
        close(app->signals);
    free(app);
    return status;
}
