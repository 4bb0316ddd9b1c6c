/* Reads lines of the import format into the database, in batches that let other writers in. */
#ifndef KHOBOR_TRANSFER_IMPORT_H
#define KHOBOR_TRANSFER_IMPORT_H

#include "base/lines.h"
#include "base/status.h"
#include "db/transaction.h"
#include "transfer/import_line.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* How far an import came. */
struct import_counts {
    int64_t lines;     /* read, of any kind */
    int64_t committed; /* the last line of the last batch that was stored */
    int64_t added, changed, unchanged;
    int64_t faults;
    int64_t offset, size; /* bytes of the file read, and in it; 0 when that is not known */
};

struct import_options {
    struct import_rules rules;
    const char *const *route_words; /* see section_save */
    int64_t now_s;
    bool strict;                       /* the first bad line ends it and nothing stays */
    bool dry_run;                      /* everything is tried and nothing stays */
    const volatile sig_atomic_t *stop; /* not 0: stop behind the current line */
    /* Called for each bad line, and now and then for a bar. */
    void (*on_fault)(void *arg, int64_t line, const struct fault *fault);
    void (*on_progress)(void *arg, const struct import_counts *counts);
    void *arg;
};

/* Imports every line. With `strict` or `dry_run` the whole file is one transaction, which keeps
 * other writers waiting; else a batch is some hundred lines. STATUS_OK when the end was reached,
 * bad lines or not; STATUS_INVALID when `strict` met one; STATUS_BUSY when it was stopped; else
 * what kept it from going on, with a fault: batches before that are stored. */
enum status import_run(struct transaction *transaction, struct lines *lines,
                       const struct import_options *options, struct import_counts *counts,
                       struct fault *fault) MUST_CHECK;

#endif
