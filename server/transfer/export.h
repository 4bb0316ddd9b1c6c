/* Exports the whole paper as lines of the import format (docs/API.md): sections, articles in the
 * order of their ids, views, redirects. Imported into an empty database and exported again, they
 * give the same bytes and the same ids. */
#ifndef KHOBOR_TRANSFER_EXPORT_H
#define KHOBOR_TRANSFER_EXPORT_H

#include "base/status.h"
#include "db/sqlite.h"

#include <stdio.h>

/* Writes one snapshot of the database to `file`, which the caller closes. STATUS_FULL, with errno
 * set, when the file can't be written. */
enum status export_run(struct db *db, FILE *file) MUST_CHECK;

#endif
