/* Lines of the import format, read and parsed on a thread of their own, handed out in order:
 * parsing costs as much as storing, and the two can go on side by side. */
#ifndef KHOBOR_STORE_INTAKE_H
#define KHOBOR_STORE_INTAKE_H

#include "base/lines.h"
#include "base/status.h"
#include "store/record.h"

#include <stdint.h>

struct intake;

/* A line as it came. */
struct intake_line {
    int64_t number;
    int64_t offset, size; /* how far the file was read, and its size; 0 when it has none */
    /* STATUS_OK: `record` holds it. STATUS_INVALID: `fault` says why not. STATUS_ABSENT: it is
     * blank. Else the file can't be read any further, and `fault` says why. */
    enum status status;
    struct fault fault;
    struct record record;
};

/* Starts reading; `lines` and `rules` must outlive it. */
enum status intake_open(struct lines *lines, const struct record_rules *rules,
                        struct intake **intake) MUST_CHECK;

/* Ends the thread, wherever it is, and frees what was not handed out. */
void intake_close(struct intake *intake);

/* Hands out the next line, which lives until the next call. STATUS_ABSENT behind the last,
 * STATUS_BUSY when none came within `wait_ms`. */
enum status intake_next(struct intake *intake, int64_t wait_ms,
                        struct intake_line **line) MUST_CHECK;

#endif
