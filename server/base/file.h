/* Whole small files, and what a folder holds. */
#ifndef KHOBOR_BASE_FILE_H
#define KHOBOR_BASE_FILE_H

#include "base/buf.h"
#include "base/status.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

/* Appends a file's bytes, as many as `to` may hold. STATUS_ABSENT with a fault on the path when it
 * can't be read, STATUS_FULL when it is larger. */
enum status file_load(const char *path, struct buf *to, struct fault *fault) MUST_CHECK;

/* Writes the path of a file beside another, PATH-SUFFIX, whichever name that one is called by: a
 * link leads to where the file is, as SQLite follows it. False when it is too long. */
bool file_beside(const char *path, const char *suffix, char beside[PATH_MAX]);

/* A plain file of a folder, and what tells one state of it from another. */
struct file_entry {
    const char *name;
    int64_t size, changed_ns;
};

/* Calls `take` for the plain files of a folder, in the order of their names; hidden ones, and what
 * editors leave beside them (#x#, x~), are left out. STATUS_ABSENT when there is no such folder;
 * else what `take` says first that is not OK. */
enum status folder_each(const char *path, enum status (*take)(void *arg, const struct file_entry *),
                        void *arg) MUST_CHECK;

#endif
