/* Saves a section, and decides which slugs a section may have. */
#ifndef KHOBOR_NEWSROOM_SAVE_SECTION_H
#define KHOBOR_NEWSROOM_SAVE_SECTION_H

#include "base/status.h"
#include "db/sqlite.h"
#include "db/versions.h"

#include <stdint.h>

/* A section to save. The texts are borrowed; slug_key is the slug's key (language/text.h). */
struct section_input {
    const char *slug, *slug_key, *name;
    int64_t position; /* 0: the one it has, or after the last for a new section */
};

/* Stores a section under its slug's key and marks the change in `changes`; call it in a
 * transaction. STATUS_INVALID with a fault when the key is stored with another spelling of the
 * slug, when the paper would have more than SECTIONS_MAX sections, or when the slug is reserved. */
enum status section_save(struct db *db, struct change_set *changes,
                         const struct section_input *section, enum saved *saved,
                         struct fault *fault) MUST_CHECK;

#endif
