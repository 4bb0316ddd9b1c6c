/* Who reads: whether a view is a reader's, the same reader's again, or a program's.
 *
 * Puts together what is known of programs, of visits, and of how much an address may.
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

/* By the settings of `popularity`. */
enum status audience_open(const struct config *config, struct audience **audience) MUST_CHECK;
void audience_close(struct audience *audience);

/* A view that asks to be counted. */
struct view_attempt {
    struct visit visit; /* its agent may be NULL: a program's */
    bool is_unread;     /* the request itself says that nobody reads */
    bool is_uncapped;   /* its address is this machine's or a proxy's own */
};

/* Says what a view is, and notes the visit. STATUS_TOO_MANY when a reader's view comes over the cap
 * of its address: *retry_s says when to come again. From any thread, as is the other. */
enum status audience_classify(struct audience *audience, const struct view_attempt *approach,
                              int64_t now_ms, enum verdict *verdict, int64_t *retry_s) MUST_CHECK;

/* A view that was to be counted could not be: the reader may come again. */
void audience_forget(struct audience *audience, const struct view_attempt *approach);

#endif
