/* Files next to the database, NAME-serve, NAME-versions and so on: opened so that nothing else is
 * ever opened in their place. A symbolic link, a hard link to another file, or a file of the user's
 * that has such a name is refused and stays as it is.
 */
#ifndef KHOBOR_DB_SIDE_FILE_H
#define KHOBOR_DB_SIDE_FILE_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

/* Whether an open file of `size` bytes, not 0, is one that Khobor made. */
typedef bool side_file_check(int fd, int64_t size);

/* Opens NAME-SUFFIX of the database NAME for reading and writing, or creates it, empty, with the
 * database's owner and permissions, so that every process that may write the database may use it.
 * An existing file is taken when it is a regular file without further links, belongs to the
 * database's owner or to this process's user, and is empty or passes `is_ours` (NULL: it must be
 * empty). STATUS_INVALID: something else has the name. STATUS_UNUSABLE: it can't be opened or
 * created. Both with a fault that names the file. The caller closes *fd. */
enum status side_file_open(const char *database, const char *suffix, side_file_check *is_ours,
                           int *fd, struct fault *fault) MUST_CHECK;

/* Puts a new, empty file in the place of NAME-SUFFIX, which stays as it is for those who have it
 * open. Only for the process that has the serve lock. Statuses as above. */
enum status side_file_replace(const char *database, const char *suffix, int *fd,
                              struct fault *fault) MUST_CHECK;

#endif
