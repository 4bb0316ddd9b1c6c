#include "command/command.h"

#include "base/clock.h"
#include "base/embedded.h"
#include "http/route/routes.h"
#include "transfer/import.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

enum {
    BAR_MS = 200,
    BAR_CELLS = 24,
    CACHE_KB = 24 * 1024, /* slugs come in no order: their index should stay in memory */
};

static volatile sig_atomic_t stop; /* tidy: signal */

/* One import as a person follows it. */
struct followed {
    const char *name; /* of what is read */
    int64_t began_ms, drawn_ms;
    bool has_bar;
};

static void ask_to_stop(int signal_number)
{
    (void)signal_number;
    stop = 1;
}

/* Without SA_RESTART, so that a read of a silent pipe ends too. */
static void take_signals(void)
{
    struct sigaction action = {.sa_handler = ask_to_stop};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGXFSZ, SIG_IGN);
}

static void wipe_bar(struct followed *followed)
{
    if (followed->has_bar && followed->drawn_ms > 0)
        fputs("\r\033[K", stderr);
}

static void on_fault(void *arg, int64_t line, const struct fault *fault)
{
    struct followed *followed = arg;
    wipe_bar(followed);
    if (fault->field[0])
        fprintf(stderr, "khobor: %s:%" PRId64 ": %s: %s\n", followed->name, line, fault->field,
                fault->text);
    else
        fprintf(stderr, "khobor: %s:%" PRId64 ": %s\n", followed->name, line, fault->text);
}

/* "[####----]  0:12 left", when the size of what is read is known. */
static void draw_part(const struct import_counts *counts, int64_t spent_ms)
{
    int64_t offset = counts->offset, size = counts->size;
    if (size == 0 || offset == 0)
        return;
    int cells = (int)(offset * BAR_CELLS / size);
    int64_t left_s = (int64_t)((double)spent_ms * (double)(size - offset) / (double)offset / 1000);
    fputs("  [", stderr);
    for (int i = 0; i < BAR_CELLS; i++)
        fputc(i < cells ? '#' : '-', stderr);
    fprintf(stderr, "]  %" PRId64 ":%02" PRId64 " left", left_s / 60, left_s % 60);
}

static void on_progress(void *arg, const struct import_counts *counts)
{
    struct followed *followed = arg;
    if (!followed->has_bar)
        return;
    int64_t now_ms = clock_steady_ms(), spent_ms = now_ms - followed->began_ms;
    if (now_ms - followed->drawn_ms < BAR_MS || spent_ms == 0)
        return;
    followed->drawn_ms = now_ms;
    fprintf(stderr, "\r\033[K%" PRId64 " lines  %" PRId64 "/s", counts->lines,
            counts->lines * 1000 / spent_ms);
    draw_part(counts, spent_ms);
    fflush(stderr);
}

static void print_summary(const struct invocation *invocation, const struct followed *followed,
                          const struct import_counts *counts)
{
    double spent_s = (double)(clock_steady_ms() - followed->began_ms) / 1000;
    printf("%" PRId64 " lines in %.1f s: %" PRId64 " new, %" PRId64 " changed, %" PRId64
           " unchanged, %" PRId64 " bad%s\n",
           counts->lines, spent_s, counts->added, counts->changed, counts->unchanged,
           counts->faults, invocation->flags & FLAG_DRY_RUN ? "; nothing was stored" : "");
}

/* What is left of an import that did not come to its end. */
static int complain_unfinished(const struct invocation *invocation, const struct followed *followed,
                               const struct import_counts *counts, const struct fault *fault)
{
    if (invocation->flags & (FLAG_STRICT | FLAG_DRY_RUN))
        fprintf(stderr, "khobor: %s: %s%sat line %" PRId64 "; nothing was stored\n", followed->name,
                fault->text, fault->text[0] ? " " : "", counts->lines);
    else
        fprintf(stderr, "khobor: %s: %s at line %" PRId64 "; lines 1 to %" PRId64 " are stored\n",
                followed->name, fault->text, counts->lines, counts->committed);
    return EXIT_COULD_NOT;
}

static int64_t hour_of(int64_t at)
{
    return instant_floor(at, HOUR_S);
}

static int import_lines(const struct invocation *invocation, struct lines *lines,
                        struct followed *followed)
{
    int64_t now_s = clock_now_s();
    bool is_demo = (invocation->flags & FLAG_DEMO) != 0;
    struct fault fault = {.field = ""};
    struct import_counts counts;
    struct transaction *transaction;
    struct import_options options = {
        .route_words = route_reserved,
        .rules = {.language = invocation->config->site.language,
                  .shift_s = is_demo ? hour_of(now_s) - EMBEDDED_DEMO_AT : 0},
        .now_s = now_s,
        .strict = (invocation->flags & FLAG_STRICT) != 0,
        .dry_run = (invocation->flags & FLAG_DRY_RUN) != 0,
        .stop = &stop,
        .on_fault = on_fault,
        .on_progress = on_progress,
        .arg = followed,
    };
    struct config config = *invocation->config;
    if (config.store.cache_kb < CACHE_KB)
        config.store.cache_kb = CACHE_KB;
    if (transaction_open(&config, &transaction, NULL, &fault) != STATUS_OK)
        return complain(&fault);
    enum status status = import_run(transaction, lines, &options, &counts, &fault);
    transaction_close(transaction);
    wipe_bar(followed);
    if (status == STATUS_INVALID)
        fault = (struct fault){.text = "stopped"};
    if (status != STATUS_OK)
        return complain_unfinished(invocation, followed, &counts, &fault);
    print_summary(invocation, followed, &counts);
    return counts.faults > 0 ? EXIT_COULD_NOT : EXIT_DONE;
}

static int import_demo(const struct invocation *invocation, struct followed *followed)
{
    struct lines lines;
    followed->name = embedded_demo.name;
    lines_open_memory(&lines, embedded_demo.begin,
                      (size_t)(embedded_demo.end - embedded_demo.begin));
    return import_lines(invocation, &lines, followed);
}

static int import_file(const struct invocation *invocation, struct followed *followed)
{
    struct fault fault;
    struct lines lines;
    struct input *input;
    if (input_open(invocation->argument, &input, &fault) != STATUS_OK)
        return complain(&fault);
    followed->name = invocation->argument;
    int exit_status = EXIT_COULD_NOT;
    if (lines_open(&lines, input, IMPORT_LINE_BYTES_MAX) == STATUS_OK) {
        exit_status = import_lines(invocation, &lines, followed);
        lines_close(&lines);
    }
    input_close(input);
    return exit_status;
}

int command_import(const struct invocation *invocation)
{
    bool is_demo = (invocation->flags & FLAG_DEMO) != 0;
    struct followed followed = {.began_ms = clock_steady_ms(),
                                .has_bar = isatty(STDERR_FILENO) == 1};
    if (is_demo == (invocation->argument != NULL)) {
        fprintf(stderr, "khobor: import: give either FILE or --demo; see `khobor import --help`\n");
        return EXIT_USAGE;
    }
    take_signals();
    return is_demo ? import_demo(invocation, &followed) : import_file(invocation, &followed);
}
