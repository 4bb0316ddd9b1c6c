/* The rankings as readers see them: made by the writer, immutable, shared by reference. */
#ifndef KHOBOR_RANKING_SNAPSHOT_H
#define KHOBOR_RANKING_SNAPSHOT_H

#include "base/status.h"
#include "ranking/heap.h"
#include "ranking/window.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest list that can be asked for, and one more for the article that is left out of it. */
enum {
    RANKED_MAX = 101
};

/* The charts of a section. */
struct ranked_list {
    int64_t section_id; /* 0: the whole paper */
    size_t lens[CHART__MAX];
    struct ranked ranked[CHART__MAX][RANKED_MAX];
};

struct snapshot {
    int64_t as_of; /* when its counts last changed; of a past hour, that hour; 0: never */
    size_t references;
    struct snapshot *previous; /* the last stored hour; NULL when there is none */
    size_t lists_len;
    struct ranked_list lists[]; /* the whole paper's first */
};

/* A snapshot with one reference and room for `lists_len` empty lists, to be put or freed; NULL
 * without memory. */
struct snapshot *snapshot_new(size_t lists_len);

/* A section's best in a chart, best first; an empty list for a section that nobody read. */
const struct ranked *snapshot_best(const struct snapshot *snapshot, int chart, int64_t section_id,
                                   size_t *len);

/* Whether the most read of 24 hours in the whole paper, filled up from wider windows, have another
 * order among the first `places`, whichever one article is left out; or other places before. */
bool snapshot_order_differs(const struct snapshot *left, const struct snapshot *right,
                            size_t places);

/* Where the newest snapshot stands. */
struct published_ranking;

enum status published_ranking_open(struct published_ranking **published) MUST_CHECK;
void published_ranking_close(struct published_ranking *published);

/* Puts a snapshot (with one reference, which is handed over) in the place of the last. */
void published_ranking_put(struct published_ranking *published, struct snapshot *snapshot);

/* Says what the last stored hour was (with one reference, which is handed over): the `previous` of
 * every snapshot that is put from now on. */
void published_ranking_put_previous(struct published_ranking *published, struct snapshot *previous);

/* The newest snapshot, never NULL; to be given back with published_ranking_unref. From any thread.
 */
const struct snapshot *published_ranking_ref(struct published_ranking *published);
void published_ranking_unref(struct published_ranking *published, const struct snapshot *snapshot);

#endif
