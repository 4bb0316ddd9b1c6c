#include "http/viewing.h"

#include "http/reader.h"

static void approach_from(const struct desk *desk, const struct request *request,
                          int64_t article_id, struct approach *approach)
{
    const struct desk_shared *shared = desk->shared;
    struct address address;
    bool clear = reader_address(request, &shared->proxies, &address);
    *approach = (struct approach){
        .visit = {.address = address, .agent = request->agent, .article_id = article_id},
        .is_unread =
            reader_is_yet_to_come(request) || reader_is_on_another_site(request, shared->config),
        .is_uncapped =
            clear && (address_is_loopback(&address) || networks_have(&shared->proxies, &address)),
    };
}

static enum status count(const struct desk *desk, const struct approach *approach,
                         enum verdict verdict, int64_t now_s)
{
    const struct desk_shared *shared = desk->shared;
    enum status status = counts_add(shared->counts, approach->visit.article_id, verdict, now_s);
    if (status != STATUS_OK && verdict == VERDICT_COUNTED)
        audience_dismiss(shared->audience, approach);
    return status;
}

enum status viewing_count(const struct desk *desk, const struct request *request,
                          int64_t article_id, int64_t now_s, struct fault *fault)
{
    struct approach approach;
    enum verdict verdict;
    int64_t retry_s;
    approach_from(desk, request, article_id, &approach);
    enum status status =
        audience_admit(desk->shared->audience, &approach, request->at_ms, &verdict, &retry_s);
    if (status == STATUS_TOO_MANY) {
        fault_set(fault, status, "", "this address had more views counted than it may in an hour");
        fault->retry_s = retry_s;
        return status;
    }
    if (status == STATUS_OK)
        status = count(desk, &approach, verdict, now_s);
    if (status == STATUS_FULL)
        return fault_set(fault, status, "", "views can't be counted now; try again later");
    return status;
}

void viewing_count_read(const struct desk *desk, const struct request *request, int64_t article_id,
                        int64_t now_s)
{
    struct approach approach;
    enum verdict verdict;
    int64_t retry_s;
    approach_from(desk, request, article_id, &approach);
    if (audience_admit(desk->shared->audience, &approach, request->at_ms, &verdict, &retry_s) !=
        STATUS_OK)
        verdict = VERDICT_BOT;
    enum status status = count(desk, &approach, verdict, now_s);
    (void)status; /* what can't be counted is read all the same */
}
