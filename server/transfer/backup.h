/* Backups: the whole paper as one database file, taken while it is served. */
#ifndef KHOBOR_TRANSFER_BACKUP_H
#define KHOBOR_TRANSFER_BACKUP_H

#include "base/status.h"
#include "db/sqlite.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct backup_options {
    const char *database; /* the path that `source` was opened with */
    const char *target;   /* a file, or a folder, which gets a file with a dated name */
    int64_t keep;         /* how many dated backups of this database stay in the folder; 0: all */
    bool verify;          /* reads all of the backup */
    int64_t now_s;
};

struct backup_result {
    char path[PATH_MAX];
    int64_t bytes;
    int64_t views;   /* that were in the journal, and not in the database yet */
    int64_t removed; /* older backups */
};

/* Writes a backup that has everything that was acknowledged before the call, and nothing twice. A
 * file that is there already is replaced if it is an earlier backup, when the new one is complete
 * and on the disk. `source` is a connection for reading. STATUS_INVALID: the target can't be used;
 * STATUS_BUSY: another backup to it is under way; other statuses when reading or writing fails.
 * With a fault: then the target is as it was. */
enum status backup_run(struct db *source, const struct backup_options *options,
                       struct backup_result *result, struct fault *fault) MUST_CHECK;

#endif
