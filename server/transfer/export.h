/* Writes the whole paper as lines of the import format: sections, articles in id order, views,
 * redirects. Imported into a new database and exported again it gives the same bytes and ids. */
#ifndef KHOBOR_TRANSFER_EXPORT_H
#define KHOBOR_TRANSFER_EXPORT_H

#include "base/status.h"
#include "db/sqlite.h"

#include <stdio.h>

/* Writes to `file`, from one moment's view of the database. STATUS_FULL when the file takes no
 * more. The caller closes the file. */
enum status export_run(struct db *db, FILE *file) MUST_CHECK;

#endif
