/* Reading a whole small file, listing a folder, the paths of files next to another, and the files
 * in the binary.
 *
 * A file or folder named *below* a folder is reached through no link that leaves that folder: a
 * link in it to /etc/passwd, or to ../x, can't be opened. Links within the folder are followed
 * where the kernel can check them (openat2, Linux 5.6), and refused elsewhere. The folder itself
 * may be a link. */
#ifndef KHOBOR_BASE_FILE_H
#define KHOBOR_BASE_FILE_H

#include "base/buf.h"
#include "base/status.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Appends the bytes of the file `name`, below `folder`, to `to`. With a fault whose field is the
 * name: STATUS_ABSENT when it can't be opened, STATUS_FULL when `to` has too little room (its max),
 * STATUS_FAILED when it can't be read, STATUS_NO_MEMORY. `to` has part of the file then. */
enum status file_load_below(const char *folder, const char *name, struct buf *to,
                            struct fault *fault) MUST_CHECK;

/* Writes the path PATH-SUFFIX. If PATH is a symbolic link to a file, that file's path is taken, as
 * SQLite does, so that all processes find the same file. False when it is too long. */
bool file_path_with_suffix(const char *path, const char *suffix, char with_suffix[PATH_MAX]);

/* Reads as many of `len` bytes at an offset of an open file as there are; -1 with errno. */
ssize_t file_read_at(int fd, void *to, size_t len, int64_t offset);

/* Writes `len` bytes at an offset; false when not all could be written. */
bool file_write_at(int fd, const void *bytes, size_t len, int64_t offset);

/* A regular file in a folder. When size and time of change are the same, so is its content. */
struct file_entry {
    const char *name;
    int64_t size, changed_ns;
};

/* Brings the names in the folder of the file `path` to the disk; false with errno. */
bool file_sync_folder_of(const char *path) MUST_CHECK;

/* Calls `take` for the regular files of the folder `name`, below `folder`, in the order of their
 * names, except hidden ones and those of editors (#x#, x~), until it returns something else than
 * STATUS_OK, which is then returned. A link counts as what it leads to. The entry is valid during
 * the call. STATUS_ABSENT when there is no such folder, STATUS_UNUSABLE when it is a link that
 * leads out of `folder`. */
enum status folder_each_below(const char *folder, const char *name,
                              enum status (*take)(void *arg, const struct file_entry *),
                              void *arg) MUST_CHECK;

/* Files that tools/embed puts into the binary, so that it needs no other file to run.
 * *end is a NUL, which is not part of the file. */
struct embedded {
    const char *name;
    const char *begin;
    const char *end;
};

/* Each table ends with a row whose name is NULL. */
extern const struct embedded embedded_queries[];    /* sql/query, in the order of enum sql */
extern const struct embedded embedded_migrations[]; /* sql/schema, in the order they are applied */
extern const struct embedded embedded_theme[];      /* static/, "templates/…" and "assets/…" */
extern const struct embedded embedded_demo;         /* sql/demo.ndjson */
extern const struct embedded embedded_bots;         /* config/bots.txt */

/* When the newest article of the demo edition is published: 2024-04-16T12:00:00+06:00. Loading the
 * edition adds to every time in it the whole hours from this instant to the current hour. */
#define EMBEDDED_DEMO_AT INT64_C(1713247200)

#endif
