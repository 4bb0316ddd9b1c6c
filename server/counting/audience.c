/* Decides what a view counts as: first agents (is it a program?), then visitors (was the same
 * reader at this article a short time ago?), then quota (has the address reached its cap?). A view
 * that the quota refuses leaves no visit, so that the reader can try again. */
#include "counting/audience.h"

#include "base/crypto.h"
#include "counting/agents.h"
#include "counting/quota.h"

#include <stdlib.h>

enum {
    MINUTE_S = 60
};

struct audience {
    struct agents *agents;
    struct visitors *visitors;
    struct quota *quota;
};

enum status audience_open(const struct config *config, struct audience **audience)
{
    struct audience *opened = calloc(1, sizeof *opened);
    if (!opened)
        return STATUS_NO_MEMORY;
    enum status status = agents_open(&opened->agents);
    unsigned char salt[HASH_KEY_BYTES];
    if (status == STATUS_OK)
        status = random_fill(salt, sizeof salt);
    if (status == STATUS_OK)
        status =
            visitors_open(config->popularity.visitors,
                          config->popularity.revisit_minutes * MINUTE_S, salt, &opened->visitors);
    if (status == STATUS_OK)
        status = quota_open(config->popularity.address_cap, &opened->quota);
    if (status != STATUS_OK) {
        audience_close(opened);
        return status;
    }
    *audience = opened;
    return STATUS_OK;
}

void audience_close(struct audience *audience)
{
    if (!audience)
        return;
    quota_close(audience->quota);
    visitors_close(audience->visitors);
    agents_close(audience->agents);
    free(audience);
}

enum status audience_classify(struct audience *audience, const struct view_attempt *attempt,
                              int64_t now_ms, enum verdict *verdict, int64_t *retry_s)
{
    const struct visit *visit = &attempt->visit;
    if (attempt->is_unread || agents_is_bot(audience->agents, visit->agent)) {
        *verdict = VERDICT_BOT;
        return STATUS_OK;
    }
    if (!visitors_enter(audience->visitors, visit, now_ms)) {
        *verdict = VERDICT_REPEATED;
        return STATUS_OK;
    }
    if (!attempt->is_uncapped && !quota_take(audience->quota, &visit->address, now_ms, retry_s)) {
        visitors_leave(audience->visitors, visit);
        return STATUS_TOO_MANY;
    }
    *verdict = VERDICT_COUNTED;
    return STATUS_OK;
}

void audience_forget(struct audience *audience, const struct view_attempt *attempt)
{
    visitors_leave(audience->visitors, &attempt->visit);
}
