/* Sections: the parts a paper is divided into. */
#ifndef KHOBOR_STORE_SECTIONS_H
#define KHOBOR_STORE_SECTIONS_H

#include "base/status.h"
#include "db/sqlite.h"
#include "db/versions.h"

#include <stddef.h>
#include <stdint.h>

enum {
    SECTIONS_MAX = 200,
    SECTION_NAME_BYTES = 256,
};

/* One section; the texts are borrowed from the row and live until the next step. */
struct section {
    int64_t id;
    const char *slug, *name;
    int64_t position;
};

/* Finds a section by a slug in any spelling. STATUS_ABSENT when there is none; the texts live until
 * the same query is asked again. */
enum status section_find(struct db *db, const char *slug, size_t len,
                         struct section *section) MUST_CHECK;

/* Calls `take` for each section in the paper's order, at most SECTIONS_MAX; stops on an error. */
enum status sections_each(struct db *db, enum status (*take)(void *arg, const struct section *),
                          void *arg) MUST_CHECK;

/* Stores a section under its slug's key; in a transaction. A position of 0 keeps the place it has,
 * or puts a new one last. STATUS_INVALID when another spelling of the slug is stored, or the paper
 * would have over SECTIONS_MAX. */
enum status section_save(struct db *db, struct change_set *changes, const struct section *section,
                         const char *slug_key, enum saved *saved, struct fault *fault) MUST_CHECK;

#endif
