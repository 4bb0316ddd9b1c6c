/* What a document is made from: one moment's view of the paper. */
#ifndef KHOBOR_DOCUMENT_CONTEXT_H
#define KHOBOR_DOCUMENT_CONTEXT_H

#include "base/config.h"
#include "db/sqlite.h"
#include "language/words.h"
#include "ranking/snapshot.h"

#include <stdint.h>

/* A set of the fields of a row, by document/row.h's tables: bit n is a table's row n. */
typedef uint32_t field_set;
#define FIELDS_ALL UINT32_MAX

struct dependencies;

/* Everything is borrowed; `db` is the calling thread's own connection. For the page of an error it
 * may be NULL. */
struct context {
    struct db *db;
    const struct config *config;
    const struct words *words; /* of the site's language */
    const struct snapshot *ranking;
    int64_t now_s;
    struct dependencies *dependencies; /* document/sources.h; NULL: nobody keeps what is made */
    field_set card_fields;             /* what a card has where nobody chose */
};

#endif
