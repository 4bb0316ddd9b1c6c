/* Restores: puts a backup in the place of the database, which stays under a dated name. */
#ifndef KHOBOR_TRANSFER_RESTORE_H
#define KHOBOR_TRANSFER_RESTORE_H

#include "base/config.h"
#include "base/status.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct restore_result {
    char parked[PATH_MAX]; /* the name that the old database has now; "": there was none */
    int64_t views;         /* that waited in the journal next to the file */
};

/* Puts a copy of the file `path` in the place of the configuration's database. A WAL and a journal
 * next to the file are a part of it, unless it is the database itself: then its file is taken as it
 * is, without them. `verify` reads all of the copy and compares indexes with tables; otherwise each
 * page is read. STATUS_BUSY when a server or another process uses the database or the file;
 * STATUS_UNUSABLE when the file is damaged or not Khobor's; others when it can't be copied. With a
 * fault: then the database is as it was, or the next start completes the restore
 * (db/replacement.h). */
enum status restore_run(const struct config *config, const char *path, bool verify, int64_t now_s,
                        struct restore_result *result, struct fault *fault) MUST_CHECK;

#endif
