/* The file of versions, mapped: its layout, and what takes its place when it is lost. Only
 * db/versions uses it. */
#ifndef KHOBOR_DB_VERSIONS_FILE_H
#define KHOBOR_DB_VERSIONS_FILE_H

#include "base/status.h"
#include "db/versions.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The file NAME-versions, in the byte order of the machine, all zero when it is new:
 *
 *   offset  bytes          field
 *        0  4              layout      LAYOUT; 0 until the first process claims the file
 *        4  4              begun       commits that were begun
 *        8  4              ended       commits that were ended
 *       12  4              epoch       moves when everything may have changed
 *       16  4              generation  moves before any version or the epoch does
 *       20  4              identity    a random number, set once
 *       24  8              next_due_s  when the next scheduled article appears, or earlier
 *       32  32             unused; the versions begin on a cache line of their own
 *       64  4 * VERSIONS   versions */
struct versions_file {
    atomic_uint layout;
    atomic_uint begun, ended;
    atomic_uint epoch;
    atomic_uint generation;
    atomic_uint identity;
    atomic_llong next_due_s;
    unsigned char padding[32];
    atomic_uint versions[VERSIONS];
};

_Static_assert(sizeof(atomic_uint) == 4 && sizeof(atomic_llong) == 8 && ATOMIC_INT_LOCK_FREE == 2 &&
                   ATOMIC_LLONG_LOCK_FREE == 2,
               "processes share atomic numbers, so these must need no lock");
_Static_assert(offsetof(struct versions_file, next_due_s) == 24 &&
                   offsetof(struct versions_file, versions) == 64 &&
                   sizeof(struct versions_file) == 64 + 4 * VERSIONS,
               "the layout is the one above");
/* Which file is mapped. */
struct file_identity {
    dev_t device;
    ino_t inode;
    unsigned number; /* the field `identity` */
};

struct versions_mapping {
    struct versions_file *file; /* never moves, whatever is mapped there */
    const char *database;
    struct file_identity identity;
    atomic_bool is_shared; /* false: private memory */
    atomic_bool is_replacing;
    atomic_uint next_epoch; /* V7 */
};

/* Maps the file, or private memory if it can't be used, which is logged. Parameters and statuses of
 * versions_open. */
enum status versions_file_open(struct versions_mapping *mapping, const char *database,
                               bool may_replace, struct fault *fault) MUST_CHECK;
void versions_file_close(struct versions_mapping *mapping);

/* Puts memory in the place of a file that has another name or other contents than it had. */
void versions_file_check(struct versions_mapping *mapping);

/* Puts a new file in the place of memory. With a fault. */
enum status versions_file_renew(struct versions_mapping *mapping, struct fault *fault) MUST_CHECK;

#endif
