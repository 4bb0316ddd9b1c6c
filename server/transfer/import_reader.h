/* Reads and parses the lines of an import on a thread of its own, and hands them out in order.
 * Parsing costs as much as storing, and the two run in parallel: an import of 5 KB articles took
 * 0.8 of the time of one thread, with 1.05 of its CPU time. */
#ifndef KHOBOR_TRANSFER_IMPORT_READER_H
#define KHOBOR_TRANSFER_IMPORT_READER_H

#include "base/lines.h"
#include "base/status.h"
#include "transfer/import_line.h"

#include <stdint.h>

struct import_reader;

/* A line that was read, good or bad. */
struct import_reader_line {
    int64_t number;       /* 1 is the first of the file */
    int64_t offset, size; /* bytes of the file that were read, and in it; 0 when it has no size */
    /* STATUS_OK: `line` is valid. STATUS_INVALID: `fault` says what is wrong with the line.
     * STATUS_ABSENT: the line is blank. Anything else: the file can't be read any further, and
     * `fault` says why. */
    enum status status;
    struct fault fault;
    struct import_line line;
};

/* Starts the thread; `lines` and `rules` must outlive the reader. */
enum status import_reader_open(struct lines *lines, const struct import_rules *rules,
                               struct import_reader **reader) MUST_CHECK;

/* Ends the thread, even in a read that waits for a pipe, and frees every line. */
void import_reader_close(struct import_reader *reader);

/* Hands out the next line, which lives until the next call; for one thread. STATUS_ABSENT after the
 * last line, STATUS_BUSY when none arrived within `wait_ms`. */
enum status import_reader_next(struct import_reader *reader, int64_t wait_ms,
                               struct import_reader_line **line) MUST_CHECK;

#endif
