/* Which reader was at which article a short time ago, so that a reader who reloads counts once.
 *
 * A visit is a hash of address, agent and article, keyed with a secret that is replaced each day
 * and never written to disk: even a copy of the memory names no reader. The memory is bounded at 8
 * bytes a visit. Where it is full, the oldest of eight visits is forgotten: a repeat may then
 * count, but a new reader is never taken for one who was there. Fewer than one visit in 10^10 meets
 * another's hash (8 cells, 39 bits each).
 */
#ifndef KHOBOR_COUNTING_VISITORS_H
#define KHOBOR_COUNTING_VISITORS_H

#include "base/address.h"
#include "base/crypto.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct visitors;

/* One reader at one article. The first 512 bytes of the agent are compared. */
struct visit {
    struct address address;
    const char *agent;
    int64_t article_id;
};

/* Remembers up to `capacity` visits (rounded up to a power of two) for `revisit_s` each; with 0
 * every visit is new. `salt` is the secret of the first day and is copied; a server takes it from
 * random_fill, a test gives its own so that each run hashes alike. STATUS_NO_MEMORY. The caller
 * closes it. */
enum status visitors_open(int64_t capacity, int64_t revisit_s,
                          const unsigned char salt[HASH_KEY_BYTES],
                          struct visitors **visitors) MUST_CHECK;

/* `visitors` may be NULL. */
void visitors_close(struct visitors *visitors);

/* True when the reader was not at the article for `revisit_s`; the visit is then remembered from
 * now on. `now_ms` is from the steady clock; a value that is behind another thread's counts as that
 * one. Any thread. */
bool visitors_enter(struct visitors *visitors, const struct visit *visit, int64_t now_ms);

/* Forgets a visit for which visitors_enter returned true. Any thread. */
void visitors_leave(struct visitors *visitors, const struct visit *visit);

#endif
