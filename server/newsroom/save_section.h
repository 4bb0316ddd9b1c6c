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

/* Stores a section under its slug's key, in a transaction, and marks the change in `changes`.
 * `route_words` are the first path segments that belong to routes, as keys, and end with NULL.
 * STATUS_INVALID with a fault when
 * - the slug is one of route_words: no section can have a page there;
 * - the section is new and its slug is reserved for a later version. A stored section with such a
 *   slug keeps its address and may be saved again;
 * - the key is stored with another spelling of the slug;
 * - the paper would have more than SECTIONS_MAX sections. */
enum status section_save(struct db *db, struct change_set *changes,
                         const struct section_input *section, const char *const *route_words,
                         enum saved *saved, struct fault *fault) MUST_CHECK;

/* Logs a warning for each stored section whose slug is reserved for a later version. */
enum status section_warn_reserved(struct db *db) MUST_CHECK;

#endif
