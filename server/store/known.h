/* What one serving thread remembers of articles, so that whether readers may see one is not asked
 * of the database again and again. Bounded; of two articles with one place the later stays. */
#ifndef KHOBOR_STORE_KNOWN_H
#define KHOBOR_STORE_KNOWN_H

#include "base/status.h"
#include "db/sqlite.h"

#include <stdint.h>

struct known;

enum status known_open(struct known **known) MUST_CHECK;
void known_close(struct known *known);

/* As article_visible. `version` is the paper's: what was remembered under another counts no more.
 * It must have been read before, so that what changes afterwards comes with a later one. */
enum status known_visible(struct known *known, struct db *db, int64_t version, int64_t id,
                          int64_t now_s) MUST_CHECK;

#endif
