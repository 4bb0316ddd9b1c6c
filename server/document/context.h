/* The read-only context that every document is built in: one consistent view of the paper. */
#ifndef KHOBOR_DOCUMENT_CONTEXT_H
#define KHOBOR_DOCUMENT_CONTEXT_H

#include "base/config.h"
#include "db/sqlite.h"
#include "language/words.h"
#include "ranking/snapshot.h"

#include <stdint.h>

/* A set of fields of one of document/fields.h's tables: bit n is the table's row n. */
typedef uint32_t field_set;
#define FIELDS_ALL UINT32_MAX

struct dependencies;

/* Everything is borrowed for one request. The caller holds a read transaction on `db`, so that all
 * statements of a document read the same state. */
struct context {
    struct db *db; /* the calling thread's connection; NULL only for the page of an error */
    const struct config *config;
    const struct words *words; /* of the site's language */
    const struct snapshot *ranking;
    int64_t now_s;
    struct dependencies *dependencies; /* see document/dependencies.h; NULL: not cached */
    field_set card_fields;             /* the fields of a card unless the client chooses */
};

#endif
