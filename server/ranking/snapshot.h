/* The rankings that readers see: snapshots made by the writer thread, immutable, with a count of
 * references, and the place from which every thread takes the newest. */
#ifndef KHOBOR_RANKING_SNAPSHOT_H
#define KHOBOR_RANKING_SNAPSHOT_H

#include "base/status.h"
#include "ranking/candidates.h"
#include "ranking/window.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The charts of the paper or of a section. */
struct ranked_list {
    int64_t section_id; /* 0: the whole paper */
    size_t lens[CHART__MAX];
    struct ranked ranked[CHART__MAX][RANKED_MAX];
};

struct snapshot {
    int64_t as_of; /* when its counts last changed; of a stored hour, that hour; 0: never */
    size_t references;
    struct snapshot *previous; /* the last stored hour; NULL when there is none */
    size_t lists_len;
    struct ranked_list lists[]; /* the whole paper's first */
};

/* A snapshot with one reference and `lists_len` empty lists, which the caller puts or frees; NULL
 * without memory. */
struct snapshot *snapshot_new(size_t lists_len);

/* A section's chart (0: the whole paper's), best first; borrowed. *len is 0 for a section without
 * views. */
const struct ranked *snapshot_best(const struct snapshot *snapshot, int chart, int64_t section_id,
                                   size_t *len);

/* Whether the most read of 24 hours in the whole paper, filled up from wider windows, have another
 * order among the first `places` in the two snapshots, whichever one article is left out; or
 * whether the snapshots have different previous hours. */
bool snapshot_order_differs(const struct snapshot *left, const struct snapshot *right,
                            size_t places);

/* Holds the newest snapshot. All functions below may be called from any thread. */
struct published_ranking;

/* With an empty snapshot. STATUS_NO_MEMORY. */
enum status published_ranking_open(struct published_ranking **published) MUST_CHECK;

/* When no reader has a reference any more. `published` may be NULL. */
void published_ranking_close(struct published_ranking *published);

/* Publishes a snapshot, whose only reference it takes over, in place of the last one. */
void published_ranking_put(struct published_ranking *published, struct snapshot *snapshot);

/* Takes over the only reference to the last stored hour, which becomes `previous` of every snapshot
 * that is put from now on. */
void published_ranking_put_previous(struct published_ranking *published, struct snapshot *previous);

/* A reference to the newest snapshot, never NULL; the caller returns it with
 * published_ranking_unref. */
const struct snapshot *published_ranking_ref(struct published_ranking *published);
void published_ranking_unref(struct published_ranking *published, const struct snapshot *snapshot);

#endif
