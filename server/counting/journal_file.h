/* The file of the journal of views: cells of 32 bytes after a header. journal_file.c has the
 * layout; view_journal gives the cells their meaning. */
#ifndef KHOBOR_COUNTING_JOURNAL_FILE_H
#define KHOBOR_COUNTING_JOURNAL_FILE_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    JOURNAL_CAPACITY_MAX = 16777216, /* cells; the largest that the settings allow */
};

struct journal_cell {
    int64_t number;
    int64_t at;
    int64_t what;
    uint64_t check;
};

/* Used by one thread, but for journal_file_write. */
struct journal_file {
    int fd;               /* -1: closed */
    const char *database; /* the path, borrowed */
    int64_t id;           /* of the database's journal */
    int64_t capacity;     /* in cells; 0 until there is a header */
};

/* Opens NAME-views of the database, creating it if need be, and reads its header. file->capacity is
 * what the header says, or 0 when it is damaged or another database's. *is_whole: the file's size
 * is what goes with that. A header that claims more cells than the file has, and than `capacity`,
 * is damaged. STATUS_INVALID: something else has the name, or another server uses the file. Other
 * errors: it can't be used. With a fault. The caller closes the file. */
enum status journal_file_open(const char *database, int64_t id, int64_t capacity,
                              struct journal_file *file, bool *is_whole,
                              struct fault *fault) MUST_CHECK;
/* The same for a process that only reads it while another may use it; it creates nothing.
 * STATUS_ABSENT: there is none of this database. */
enum status journal_file_open_reading(const char *database, int64_t id,
                                      struct journal_file *file) MUST_CHECK;
void journal_file_close(struct journal_file *file);

/* Makes it a file with room for `capacity` cells; `empties` removes those it has. On the disk when
 * it returns. STATUS_FULL with a fault. */
enum status journal_file_make(struct journal_file *file, int64_t capacity, bool empties,
                              struct fault *fault) MUST_CHECK;

/* Reads cells; those that can't be read are all zero. */
void journal_file_read(const struct journal_file *file, int64_t place, size_t count,
                       struct journal_cell *cells);

/* Writes a cell, so that a kill of the process does not lose it. Any thread. */
bool journal_file_write(const struct journal_file *file, int64_t place,
                        const struct journal_cell *cell);

/* Brings it to the disk. */
enum status journal_file_sync(const struct journal_file *file) MUST_CHECK;

/* Looks whether the file still has its name, its size and its header, and makes it again if not:
 * then *is_new is set, and all cells are to be written again. With a fault. */
enum status journal_file_check(struct journal_file *file, bool *is_new,
                               struct fault *fault) MUST_CHECK;

#endif
