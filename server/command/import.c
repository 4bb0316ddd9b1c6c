/* `khobor import`: reports bad lines, draws a progress bar on a terminal, and lets SIGINT and
 * SIGTERM end the import between two lines. */
#include "command/command.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "http/route/routes.h"
#include "transfer/import.h"

#include <assert.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

enum {
    BAR_MS = 200,
    BAR_CELLS = 24,
    BAR_BYTES = 80,       /* of each of the two texts with numbers */
    CACHE_KB = 24 * 1024, /* slugs arrive in no order, so their index should stay in memory */
};

static volatile sig_atomic_t stop; /* tidy: signal */

/* What an import reports to the person who started it. */
struct report {
    const char *name;           /* of the file that is read */
    int64_t began_ms, drawn_ms; /* drawn_ms: 0 until the bar was drawn */
    bool has_bar;
};

static void request_stop(int signal_number)
{
    (void)signal_number;
    stop = 1;
}

/* Without SA_RESTART, so that a signal also ends a read that waits for a pipe. A file over its size
 * limit is an error of the write. */
static void handle_signals(void)
{
    struct sigaction action = {.sa_handler = request_stop};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGPIPE, &action, NULL); /* nobody reads what is said */
    signal(SIGXFSZ, SIG_IGN);
}

static void wipe_bar(struct report *report)
{
    if (report->has_bar && report->drawn_ms > 0)
        fputs("\r\033[K", stderr);
}

static void on_fault(void *arg, int64_t line, const struct fault *fault)
{
    struct report *report = arg;
    wipe_bar(report);
    log_print(stderr, "khobor: %s:%" PRId64 ": %s%s%s", report->name, line, fault->field,
              fault->field[0] ? ": " : "", fault->text);
}

static void on_progress(void *arg, const struct import_counts *counts)
{
    struct report *report = arg;
    if (!report->has_bar)
        return;
    int64_t now_ms = clock_steady_ms(), spent_ms = now_ms - report->began_ms;
    assert(spent_ms >= 0 && report->drawn_ms <= now_ms);
    if (now_ms - report->drawn_ms < BAR_MS || spent_ms == 0)
        return;
    report->drawn_ms = now_ms;
    char text[BAR_BYTES];
    snprintf(text, sizeof text, "\r\033[K%" PRId64 " lines  %" PRId64 "/s", counts->lines,
             counts->lines * 1000 / spent_ms);
    fputs(text, stderr);
    /* "[####----]  0:12 left" if the size of the file is known. */
    int64_t offset = counts->offset, size = counts->size;
    if (size > 0 && offset > 0) {
        int cells = (int)(offset * BAR_CELLS / size);
        int64_t left_s =
            (int64_t)((double)spent_ms * (double)(size - offset) / (double)offset / 1000);
        fputs("  [", stderr);
        for (int i = 0; i < BAR_CELLS; i++)
            fputc(i < cells ? '#' : '-', stderr);
        snprintf(text, sizeof text, "]  %" PRId64 ":%02" PRId64 " left", left_s / 60, left_s % 60);
        fputs(text, stderr);
    }
    fflush(stderr);
}

static void print_summary(const struct invocation *invocation, const struct report *report,
                          const struct import_counts *counts)
{
    assert(counts->added + counts->changed + counts->unchanged + counts->faults <= counts->lines);
    double spent_s = (double)(clock_steady_ms() - report->began_ms) / 1000;
    log_print(stdout,
              "%" PRId64 " lines in %.1f s: %" PRId64 " new, %" PRId64 " changed, %" PRId64
              " unchanged, %" PRId64 " bad%s",
              counts->lines, spent_s, counts->added, counts->changed, counts->unchanged,
              counts->faults, invocation->flags & FLAG_DRY_RUN ? "; nothing was stored" : "");
}

/* Says why an import ended early, and what of it is stored. */
static int complain_unfinished(const struct invocation *invocation, const struct report *report,
                               const struct import_counts *counts, const struct fault *fault)
{
    assert(counts->committed <= counts->lines);
    if ((invocation->flags & (FLAG_STRICT | FLAG_DRY_RUN)) || counts->committed == 0)
        log_print(stderr, "khobor: %s: %s%sat line %" PRId64 "; nothing was stored", report->name,
                  fault->text, fault->text[0] ? " " : "", counts->lines);
    else
        log_print(stderr, "khobor: %s: %s at line %" PRId64 "; lines 1 to %" PRId64 " are stored",
                  report->name, fault->text, counts->lines, counts->committed);
    return EXIT_COULD_NOT;
}

static int import_lines(const struct invocation *invocation, struct lines *lines,
                        struct report *report)
{
    int64_t now_s = clock_now_s();
    bool is_demo = (invocation->flags & FLAG_DEMO) != 0;
    assert(is_demo == !invocation->argument);
    struct fault fault = {.field = ""};
    struct import_counts counts;
    struct transaction *transaction;
    struct import_options options = {
        .route_words = route_reserved,
        .rules = {.language = invocation->config->site.language,
                  .shift_s = is_demo ? instant_floor(now_s, HOUR_S) - EMBEDDED_DEMO_AT : 0},
        .now_s = now_s,
        .strict = (invocation->flags & FLAG_STRICT) != 0,
        .dry_run = (invocation->flags & FLAG_DRY_RUN) != 0,
        .stop = &stop,
        .on_fault = on_fault,
        .on_progress = on_progress,
        .arg = report,
    };
    struct config config = *invocation->config;
    if (config.store.cache_kb < CACHE_KB)
        config.store.cache_kb = CACHE_KB;
    if (transaction_open(&config, &transaction, NULL, &fault) != STATUS_OK)
        return complain(&fault);
    enum status status = import_run(transaction, lines, &options, &counts, &fault);
    transaction_close(transaction);
    wipe_bar(report);
    if (status == STATUS_INVALID)
        fault = (struct fault){.text = "stopped"};
    if (status != STATUS_OK)
        return complain_unfinished(invocation, report, &counts, &fault);
    print_summary(invocation, report, &counts);
    return counts.faults > 0 ? EXIT_COULD_NOT : EXIT_DONE;
}

int command_import(const struct invocation *invocation)
{
    const char *path = invocation->argument;
    bool is_demo = (invocation->flags & FLAG_DEMO) != 0;
    struct report report = {.name = is_demo ? embedded_demo.name : path,
                            .began_ms = clock_steady_ms(),
                            .has_bar = isatty(STDERR_FILENO) == 1};
    struct fault fault;
    struct lines lines;
    struct input *input = NULL;
    if (is_demo == (path != NULL)) {
        log_print(stderr, "khobor: import: give either FILE or --demo; see `khobor import --help`");
        return EXIT_USAGE;
    }
    handle_signals();
    assert(report.name); /* each report begins with it */
    if (is_demo) {
        lines_open_memory(&lines, embedded_demo.begin,
                          (size_t)(embedded_demo.end - embedded_demo.begin));
    } else {
        enum status status = input_open(path, &input, &fault);
        if (status != STATUS_OK)
            return complain(&fault);
        status = lines_open(&lines, input, IMPORT_LINE_BYTES_MAX);
        if (status != STATUS_OK) {
            input_close(input);
            fault_set(&fault, status, "", "%s: can't be read: %s", path, status_text(status));
            return complain(&fault);
        }
    }
    int exit_status = import_lines(invocation, &lines, &report);
    lines_close(&lines);
    input_close(input);
    return exit_status;
}
