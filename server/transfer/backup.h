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

/* Opens a copy, brings it to this version's schema if it is older, gives it a journal number of its
 * own, checks it, and closes it: as one file that is on the disk. `verify` as above. */
enum status backup_finish(const char *path, bool verify, struct fault *fault) MUST_CHECK;

#endif
