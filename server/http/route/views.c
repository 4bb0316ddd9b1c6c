#include "http/route/views.h"

#include "http/message/client.h"

static void approach_from(const struct worker *worker, const struct request *request,
                          int64_t article_id, struct view_attempt *approach)
{
    const struct worker_shared *shared = worker->shared;
    struct address address;
    bool clear = client_address(request, &shared->proxies, &address);
    *approach = (struct view_attempt){
        .visit = {.address = address, .agent = request->agent, .article_id = article_id},
        .is_unread =
            client_is_prefetching(request) || client_is_cross_site(request, shared->config),
        .is_uncapped =
            clear && (address_is_loopback(&address) || networks_have(&shared->proxies, &address)),
    };
}

static enum status count(const struct worker *worker, const struct view_attempt *approach,
                         enum verdict verdict, int64_t now_s)
{
    const struct worker_shared *shared = worker->shared;
    enum status status =
        pending_views_add(shared->counts, approach->visit.article_id, verdict, now_s);
    if (status != STATUS_OK && verdict == VERDICT_COUNTED)
        audience_forget(shared->audience, approach);
    return status;
}

enum status count_view(const struct worker *worker, const struct request *request,
                       int64_t article_id, int64_t now_s, struct fault *fault)
{
    struct view_attempt approach;
    enum verdict verdict;
    int64_t retry_s;
    approach_from(worker, request, article_id, &approach);
    enum status status =
        audience_classify(worker->shared->audience, &approach, request->at_ms, &verdict, &retry_s);
    if (status == STATUS_TOO_MANY) {
        fault_set(fault, status, "", "this address had more views counted than it may in an hour");
        fault->retry_s = retry_s;
        return status;
    }
    if (status == STATUS_OK)
        status = count(worker, &approach, verdict, now_s);
    if (status == STATUS_FULL)
        return fault_set(fault, status, "", "views can't be counted now; try again later");
    return status;
}

void count_read_as_view(const struct worker *worker, const struct request *request,
                        int64_t article_id, int64_t now_s)
{
    struct view_attempt approach;
    enum verdict verdict;
    int64_t retry_s;
    approach_from(worker, request, article_id, &approach);
    if (audience_classify(worker->shared->audience, &approach, request->at_ms, &verdict,
                          &retry_s) != STATUS_OK)
        verdict = VERDICT_BOT;
    enum status status = count(worker, &approach, verdict, now_s);
    (void)status; /* what can't be counted is read all the same */
}
