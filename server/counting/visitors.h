/* Who was at which article lately, so that a reader who comes again and again counts once.
 *
 * A reader is a hash of address, agent and article under a secret that is made anew each day and
 * written nowhere, so that what is held tells nothing of anybody, not even to who has the memory.
 * The memory is bounded: 8 bytes a visit. Where it is full, the oldest visit of a few is forgotten:
 * a repeat may count then, a new reader is never taken for one who was there. That two readers meet
 * in one hash happens to fewer than one visit in 10^10 (8 cells, 39 bits each).
 */
#ifndef KHOBOR_COUNTING_VISITORS_H
#define KHOBOR_COUNTING_VISITORS_H

#include "base/address.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct visitors;

/* One reader at one article. Of an agent the first 512 bytes count. */
struct visit {
    struct address address;
    const char *agent;
    int64_t article_id;
};

/* Remembers up to `room` visits (rounded up to a power of two) for `revisit_s` each; 0 remembers
 * none. Times below are of one clock that only goes forward. */
enum status visitors_open(int64_t room, int64_t revisit_s, struct visitors **visitors) MUST_CHECK;
void visitors_close(struct visitors *visitors);

/* True when the reader was not at the article for `revisit_s`, which begin anew then. From any
 * thread, as is the other. */
bool visitors_enter(struct visitors *visitors, const struct visit *visit, int64_t now_ms);

/* Forgets a visit that visitors_enter let in. */
void visitors_leave(struct visitors *visitors, const struct visit *visit);

#endif
