#include "app.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "http/connections.h"
#include "http/listen.h"
#include "http/route.h"
#include "http/server.h"
#include "journaling.h"
#include "store/lock.h"
#include "store/writer.h"
#include "tick.h"

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
    HOUR_S = 3600,
    DAY_S = 24 * HOUR_S,
    LOCK_MS = 1000, /* a tick that finds another process writing comes again soon */
};

/* In the order in which the parts are opened; they are closed in the reverse one. */
struct app {
    const struct config *config;
    struct stage *stage;
    int serve_lock;
    struct writing *writing;   /* the writer's, once that runs */
    struct versions *versions; /* writing's */
    struct appearances *appearances;
    struct showcase *showcase;
    struct counts *counts;
    struct audience *audience;
    struct journaling journaling;
    struct ranking *ranking;
    struct tick tick;
    struct writer *writer;
    struct job tick_job;
    atomic_bool ticking; /* the job is queued or running */
    struct desk_shared shared;
    struct desk desks[SERVER_THREADS_MAX];
    int desks_len;
    struct connections *connections;
    struct server *server;
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

static enum status run_tick(struct writing *writing, void *context)
{
    struct app *app = context;
    return tick_run(&app->tick, writing, clock_now_s());
}

static void tick_done(void *context, enum status status)
{
    struct app *app = context;
    (void)status; /* the tick has logged it */
    atomic_store(&app->ticking, false);
}

static void post_tick(struct app *app)
{
    if (atomic_exchange(&app->ticking, true))
        return;
    app->tick_job = (struct job){.run = run_tick, .done = tick_done, .context = app};
    if (writer_post(app->writer, &app->tick_job) != STATUS_OK)
        atomic_store(&app->ticking, false);
}

static enum status open_store(struct app *app, struct fault *fault)
{
    const struct config *config = app->config;
    enum status status = db_check_path(config->store.database, fault);
    if (status == STATUS_OK)
        status = lock_serve(config->store.database, &app->serve_lock, fault);
    if (status == STATUS_OK)
        status = writing_open(config, &app->writing, NULL, fault);
    return status;
}

static enum status open_popularity(struct app *app, struct fault *fault)
{
    const struct ranking_rules rules = {
        .max_age_s = app->config->popularity.max_age_days * DAY_S,
        .half_life_s = app->config->popularity.half_life_h * HOUR_S,
        .trending_least = app->config->popularity.trending_views,
        .beside = (size_t)app->config->lists.most_read,
    };
    enum status status = showcase_open(&app->showcase);
    if (status == STATUS_OK)
        status = counts_open((size_t)app->config->popularity.pending_views, &app->counts);
    if (status == STATUS_OK)
        status = audience_open(app->config, &app->audience);
    if (status == STATUS_OK)
        status = ranking_open(app->showcase, &rules, &app->ranking);
    if (status != STATUS_OK)
        return fault_set(fault, status, "popularity", "out of memory");
    app->tick = (struct tick){.counts = app->counts,
                              .ranker = {.ranking = app->ranking},
                              .storing = &app->shared.storing,
                              .history_s = app->config->popularity.history_days * DAY_S};
    status = tick_load(&app->tick, app->writing, clock_now_s());
    if (status != STATUS_OK)
        return fault_set(fault, status, "database", "the counts can't be read: %s",
                         status_text(status));
    return STATUS_OK;
}

static enum status open_journal(struct app *app, struct fault *fault)
{
    (void)fault;
    journaling_open(&app->journaling, app->config, &app->tick, app->counts,
                    &app->shared.journaling);
    return STATUS_OK;
}

/* From the first thread on, which inherits it; until then a signal may simply end the process. */
static enum status open_signals(struct app *app, struct fault *fault)
{
    app->signals = block_signals();
    if (app->signals < 0)
        return fault_set(fault, STATUS_FAILED, "", "no descriptor is left for signals");
    return STATUS_OK;
}

static enum status open_writer(struct app *app, struct fault *fault)
{
    writing_set_timeout(app->writing, LOCK_MS);
    app->versions = writing_versions(app->writing);
    enum status status = writer_open(app->writing, (int)app->config->store.queue, &app->writer);
    if (status != STATUS_OK)
        return fault_set(fault, status, "store.queue", "the writer can't be started: %s",
                         status_text(status));
    app->writing = NULL;
    return STATUS_OK;
}

static enum status open_stage(struct app *app, struct fault *fault)
{
    return stage_open(app->config->site.theme, route_templates, &app->stage, fault);
}

static enum status open_proxies(struct app *app, struct fault *fault)
{
    return networks_parse(app->config->http.trusted_proxies, "http.trusted_proxies",
                          &app->shared.proxies, fault);
}

/* Where other processes can't say at once what they changed, nothing is kept: it would be stale. */
static size_t cache_room(const struct app *app)
{
    size_t bytes = (size_t)app->config->http.cache_kb * 1024;
    if (versions_are_shared(app->versions) || bytes == 0)
        return bytes;
    log_write(LOG_WARNING, "no answers are kept: each is made anew");
    return 0;
}

static enum status open_desks(struct app *app, struct fault *fault)
{
    const struct config *config = app->config;
    app->shared.config = config;
    app->shared.words = words_of(config->site.language);
    app->shared.showcase = app->showcase;
    app->shared.counts = app->counts;
    app->shared.audience = app->audience;
    app->shared.stage = app->stage;
    app->shared.versions = app->versions;
    if (appearances_open(app->versions, &app->appearances) != STATUS_OK)
        return fault_set(fault, STATUS_NO_MEMORY, "", "out of memory");
    app->shared.appearances = app->appearances;
    int threads = server_threads(config);
    size_t cache_bytes = cache_room(app) / (size_t)threads;
    for (int i = 0; i < threads; i++) {
        struct db *db;
        enum status status =
            db_open(config->store.database, DB_READER, (int)config->store.cache_kb, &db, fault);
        if (status != STATUS_OK)
            return status;
        struct desk *desk = &app->desks[app->desks_len++];
        *desk = (struct desk){.shared = &app->shared, .db = db};
        if (desk_open(desk, cache_bytes) != STATUS_OK)
            return fault_set(fault, STATUS_NO_MEMORY, "http.threads", "out of memory");
        status = db_prepare(db);
        if (status != STATUS_OK)
            return fault_set(fault, status, "database", "the statements can't be prepared");
    }
    return STATUS_OK;
}

static enum status open_server(struct app *app, struct fault *fault)
{
    int fd;
    const struct config *config = app->config;
    enum status status = connections_open(config->http.connections_per_address,
                                          config->http.request_timeout_s * 1000, &app->connections);
    if (status != STATUS_OK)
        return fault_set(fault, status, "http.connections", "out of memory");
    status = listen_open(config, &fd, app->address, fault);
    if (status != STATUS_OK)
        return status;
    return server_start(config, fd, app->desks, app->desks_len, app->connections, &app->server,
                        fault);
}

static enum status app_open(struct app *app, struct fault *fault)
{
    static enum status (*const steps[])(struct app *, struct fault *) = {
        open_stage,  open_store,   open_popularity, open_journal, open_signals,
        open_writer, open_proxies, open_desks,      open_server,
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && status == STATUS_OK; i++)
        status = steps[i](app, fault);
    return status;
}

static void log_caches(const struct app *app)
{
    struct cache_figures all = {.hits = 0};
    for (int i = 0; i < app->desks_len; i++)
        cache_add_figures(app->desks[i].cache, &all);
    log_write(LOG_INFO,
              "the cache had %zu answers in %zu bytes of %" PRId64 ": %" PRIu64 " hits, %" PRIu64
              " stale, %" PRIu64 " misses",
              all.things, all.bytes, app->config->http.cache_kb * 1024, all.hits, all.stale,
              all.misses);
}

/* Every part that was opened, whatever came of the next one; *lost gets the number of views that
 * could not be stored. */
static void app_close(struct app *app, int64_t *lost)
{
    if (app->server) {
        server_stop(app->server, DRAIN_MS);
        log_caches(app);
    }
    /* Readers first: the connection that is closed last takes the WAL with it. */
    for (int i = 0; i < app->desks_len; i++) {
        db_close(app->desks[i].db);
        desk_close(&app->desks[i]);
    }
    appearances_close(app->appearances);
    if (app->writer) {
        /* Two: the first may have a batch to do that failed before. */
        struct job last[2] = {{.run = run_tick, .context = app}, {.run = run_tick, .context = app}};
        for (size_t i = 0; i < sizeof last / sizeof last[0]; i++) {
            if (writer_post(app->writer, &last[i]) != STATUS_OK)
                log_write(LOG_ERROR, "too many writes wait for the last views to be stored");
        }
        writer_close(app->writer);
    }
    *lost = app->counts ? counts_loose(app->counts) : 0;
    connections_close(app->connections);
    writing_close(app->writing);
    ranking_close(app->ranking);
    counts_close(app->counts);
    audience_close(app->audience);
    journaling_close(&app->journaling);
    showcase_close(app->showcase);
    stage_close(app->stage);
    if (app->serve_lock >= 0)
        close(app->serve_lock);
}

static void tick(struct app *app)
{
    journaling_watch(&app->journaling);
    connections_expire(app->connections, clock_steady_ms());
    if (stage_watch(app->stage))
        versions_move(app->versions, TOPIC_THEME, 0);
    post_tick(app);
}

static void sync_journal(struct app *app)
{
    journaling_sync(&app->journaling);
}

/* What is done again and again, each in its own time. */
struct turn {
    void (*run)(struct app *app);
    int64_t every_ms; /* 0: never */
    int64_t due_ms;
};

/* Runs what is due; returns how long nothing else is. */
static int64_t run_due(struct app *app, struct turn *turns, size_t len)
{
    int64_t wait_ms = TICK_MS;
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
static void run(struct app *app)
{
    struct pollfd wait = {.fd = app->signals, .events = POLLIN};
    struct turn turns[] = {
        {.run = tick, .every_ms = TICK_MS},
        {.run = sync_journal, .every_ms = app->config->popularity.sync_ms},
    };
    while (poll(&wait, 1, (int)run_due(app, turns, sizeof turns / sizeof turns[0])) == 0)
        continue;
    log_write(LOG_INFO, "stopping");
}

enum status app_serve(const struct config *config, struct fault *fault)
{
    struct app *app = calloc(1, sizeof *app);
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
