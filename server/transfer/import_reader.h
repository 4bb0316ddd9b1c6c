/* Lines of the import format, read and parsed on a thread of their own, handed out in order:
 * parsing costs as much as storing, and the two can go on side by side. */
#ifndef KHOBOR_TRANSFER_IMPORT_READER_H
#define KHOBOR_TRANSFER_IMPORT_READER_H

#include "base/lines.h"
#include "base/status.h"
#include "transfer/import_line.h"

#include <stdint.h>

struct import_reader;

/* A line as it came. */
struct import_reader_line {
    int64_t number;
    int64_t offset, size; /* how far the file was read, and its size; 0 when it has none */
    /* STATUS_OK: `record` holds it. STATUS_INVALID: `fault` says why not. STATUS_ABSENT: it is
     * blank. Else the file can't be read any further, and `fault` says why. */
    enum status status;
    struct fault fault;
    struct import_line record;
};

/* Starts reading; `lines` and `rules` must outlive it. */
enum status import_reader_open(struct lines *lines, const struct import_rules *rules,
                               struct import_reader **intake) MUST_CHECK;

/* Ends the thread, wherever it is, and frees what was not handed out. */
void import_reader_close(struct import_reader *intake);

/* Hands out the next line, which lives until the next call. STATUS_ABSENT behind the last,
 * STATUS_BUSY when none came within `wait_ms`. */
enum status import_reader_next(struct import_reader *intake, int64_t wait_ms,
                               struct import_reader_line **line) MUST_CHECK;

#endif
