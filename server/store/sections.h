/* Sections, the parts that a paper is divided into, as readers meet them. */
#ifndef KHOBOR_STORE_SECTIONS_H
#define KHOBOR_STORE_SECTIONS_H

#include "base/status.h"
#include "db/sqlite.h"

#include <stddef.h>
#include <stdint.h>

enum {
    SECTIONS_MAX = 200
};

/* A stored section. The texts are borrowed from its row. */
struct section {
    int64_t id;
    const char *slug, *name;
    int64_t position; /* sections are in the order of their positions */
};

/* Finds a section by its slug in any spelling; `slug` may be any bytes. STATUS_ABSENT: none. The
 * texts live until section_find is called again on the same connection. */
enum status section_find(struct db *db, const char *slug, size_t len,
                         struct section *section) MUST_CHECK;

/* Calls `take` for each section in the paper's order; the texts live until it returns. A section
 * whose slug or name is damaged is logged and left out. The first status other than STATUS_OK that
 * `take` returns ends the loop and is returned. */
enum status sections_each(struct db *db, enum status (*take)(void *arg, const struct section *),
                          void *arg) MUST_CHECK;

#endif
