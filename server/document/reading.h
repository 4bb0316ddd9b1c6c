/* What a document is made from: one moment's view of the paper. */
#ifndef KHOBOR_DOCUMENT_READING_H
#define KHOBOR_DOCUMENT_READING_H

#include "base/config.h"
#include "language/words.h"
#include "popularity/snapshot.h"
#include "store/db.h"

#include <stdint.h>

/* Everything is borrowed; `db` is the calling thread's own connection. */
struct reading {
    struct db *db;
    const struct config *config;
    const struct words *words; /* of the site's language */
    const struct snapshot *ranking;
    int64_t now_s;
};

#endif
