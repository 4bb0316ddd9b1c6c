/* Copies of a paper, taken while it is served. */
#ifndef KHOBOR_TRANSFER_BACKUP_H
#define KHOBOR_TRANSFER_BACKUP_H

#include "base/status.h"
#include "db/sqlite.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    BACKUP_DATE_BYTES = sizeof "2026-12-01T04-05-06Z",
};

struct backup_request {
    const char *database;
    struct db *db;      /* a connection to it that reads */
    const char *target; /* a file, or a folder, in which a file with a dated name is made */
    int64_t keep;       /* of the dated files in the folder, the newest so many stay; 0: all */
    bool verify;        /* read all of the copy, not only its structure */
    int64_t now_s;
};

/* Makes the copy: a whole database of its own, with the views that wait in the journal. `path` gets
 * its name. An older copy of that name is replaced when the new one is complete; anything else of
 * that name is refused (STATUS_INVALID). A fault says what failed; then nothing has changed. */
enum status backup_make(const struct backup_request *request, char path[PATH_MAX],
                        struct fault *fault) MUST_CHECK;

/* A time in UTC, as file names have it. */
void backup_date(int64_t at, char date[BACKUP_DATE_BYTES]);

/* Whether a path, by its name or by a link, is one of the files that Khobor or SQLite uses next to
 * the database; it need not exist. */
bool backup_is_next_to(const char *database, const char *path);

/* Opens a file for a copy that is not complete, and locks it against another process that makes
 * one. A file that is there is taken only if it looks like one that a killed backup or restore
 * left; else STATUS_INVALID. With a fault. */
enum status backup_open_temporary(const char *path, int *fd, struct fault *fault) MUST_CHECK;

/* Removes it with what SQLite has put next to it. */
void backup_remove_temporary(const char *path);

/* Opens the copy at `path`, brings it to this version's schema if it is older, checks it, gives it
 * a journal number of its own, and closes it: as one file that is on the disk. `name` is what
 * faults call it; `verify` as above. */
enum status backup_finish(const char *path, const char *name, bool verify,
                          struct fault *fault) MUST_CHECK;

#endif
