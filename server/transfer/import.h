/* Imports lines of the import format into the database, in batches that let other writers in. */
#ifndef KHOBOR_TRANSFER_IMPORT_H
#define KHOBOR_TRANSFER_IMPORT_H

#include "base/lines.h"
#include "base/status.h"
#include "db/transaction.h"
#include "transfer/import_line.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* The progress of an import. */
struct import_counts {
    int64_t lines;     /* the number of the last line that was taken: blank and bad ones count */
    int64_t committed; /* the last line of the last batch that was committed */
    int64_t added, changed, unchanged; /* good lines, by what was stored for them */
    int64_t faults;                    /* bad lines */
    int64_t offset, size; /* bytes of the file read, and in it; 0 when it has no size */
};

struct import_options {
    struct import_rules rules;
    const char *const *route_words; /* as in section_save */
    int64_t now_s;
    bool strict;                       /* the first bad line ends the import; nothing is stored */
    bool dry_run;                      /* every line is checked and saved; nothing is stored */
    const volatile sig_atomic_t *stop; /* NULL, or not 0: stop after the current line */
    /* Called with the number of each bad line. */
    void (*on_fault)(void *arg, int64_t line, const struct fault *fault);
    /* Called after each line, also a bad one. */
    void (*on_progress)(void *arg, const struct import_counts *counts);
    void *arg;
};

/* Imports every line; `counts` and, on an error, `fault` are filled. STATUS_OK when the last line
 * was reached, whether or not there were bad lines; STATUS_INVALID when `strict` met a bad one;
 * STATUS_BUSY when it was stopped or the write lock is held too long; otherwise what kept it from
 * going on. Batches that were committed before an error stay. With `strict` or `dry_run` the whole
 * file is one transaction, which keeps other writers waiting. */
enum status import_run(struct transaction *transaction, struct lines *lines,
                       const struct import_options *options, struct import_counts *counts,
                       struct fault *fault) MUST_CHECK;

#endif
