/* What a serving thread works with: its own connection, and what all threads share. */
#ifndef KHOBOR_HTTP_DESK_H
#define KHOBOR_HTTP_DESK_H

#include "base/address.h"
#include "base/config.h"
#include "language/words.h"
#include "popularity/audience.h"
#include "popularity/counts.h"
#include "popularity/snapshot.h"
#include "render/stage.h"
#include "store/db.h"
#include "store/known.h"

#include <stdatomic.h>

/* Borrowed, and outliving every desk. */
struct desk_shared {
    const struct config *config;
    const struct words *words;
    struct showcase *showcase;
    struct counts *counts;
    struct audience *audience;
    struct networks proxies; /* http.trusted_proxies */
    struct stage *stage;
    atomic_llong version;   /* of the paper: another one when articles changed */
    atomic_bool storing;    /* views could be stored when this was last tried */
    atomic_bool journaling; /* views are in the journal before they are answered */
};

struct desk {
    struct desk_shared *shared;
    struct db *db;       /* the thread's own, */
    struct known *known; /* and this too */
};

#endif
