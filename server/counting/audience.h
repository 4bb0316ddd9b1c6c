/* Decides whether a view is a reader's, the same reader's again, or a program's.
 *
 * Combines agents (known programs), visitors (visits a short time ago) and quota (views an address
 * may have counted).
 */
#ifndef KHOBOR_COUNTING_AUDIENCE_H
#define KHOBOR_COUNTING_AUDIENCE_H

#include "base/config.h"
#include "base/status.h"
#include "counting/verdict.h"
#include "counting/visitors.h"

#include <stdbool.h>
#include <stdint.h>

struct audience;

/* Opens it with the settings of `popularity`. STATUS_NO_MEMORY; STATUS_FAILED when the system gives
 * no random numbers. The caller closes it. */
enum status audience_open(const struct config *config, struct audience **audience) MUST_CHECK;

/* `audience` may be NULL. */
void audience_close(struct audience *audience);

/* A view that a client wants counted. */
struct view_attempt {
    struct visit visit; /* the agent may be NULL, which is taken for a program's */
    bool is_unread;     /* the request itself says that nobody reads: a prefetch, another site */
    bool is_uncapped;   /* the address is this machine's own or a trusted proxy's */
};

/* Classifies a view and remembers the visit. STATUS_TOO_MANY when a reader's view is over the cap
 * of its address: *retry_s is then the number of seconds until it has room. `now_ms` is from the
 * steady clock. Any thread. */
enum status audience_classify(struct audience *audience, const struct view_attempt *attempt,
                              int64_t now_ms, enum verdict *verdict, int64_t *retry_s) MUST_CHECK;

/* Forgets the visit of a view that was classified as VERDICT_COUNTED and could not be counted, so
 * that the reader's next try is no repeat. Any thread. */
void audience_forget(struct audience *audience, const struct view_attempt *attempt);

#endif
