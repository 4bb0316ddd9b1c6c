/* Counts views. The request says where a view comes from, counting/audience.h decides whether it
 * counts, and pending_views holds it until the writer thread stores it. */
#include "http/route/views.h"

#include "http/message/client.h"
#include "http/route/read.h"

#include <assert.h>

/* Counts a view. If `can_refuse`, a view over the cap of its address is STATUS_TOO_MANY; otherwise
 * it is counted as a program's. */
static enum status count_view(const struct worker *worker, const struct request *request,
                              int64_t article_id, int64_t now_s, bool can_refuse, int64_t *retry_s)
{
    const struct worker_shared *shared = worker->shared;
    struct address address;
    enum verdict verdict;
    bool is_certain = client_address(request, &shared->proxies, &address);
    bool is_own = address_is_loopback(&address) || networks_have(&shared->proxies, &address);
    const struct view_attempt attempt = {
        .visit = {.address = address, .agent = request->agent, .article_id = article_id},
        .is_unread =
            client_is_prefetching(request) || client_is_cross_site(request, shared->config),
        .is_uncapped = is_certain && is_own,
    };
    enum status status =
        audience_classify(shared->audience, &attempt, request->at_ms, &verdict, retry_s);
    if (status != STATUS_OK && can_refuse)
        return status;
    if (status != STATUS_OK)
        verdict = VERDICT_BOT;
    status = pending_views_add(shared->views, article_id, verdict, now_s);
    /* A visit that could not be counted is forgotten, so that the next attempt may count. */
    if (status != STATUS_OK && verdict == VERDICT_COUNTED)
        audience_forget(shared->audience, &attempt);
    return status;
}

enum status handle_view(const struct handler_call *call)
{
    int64_t id, retry_s;
    const struct worker *worker = call->worker;
    const struct context *context = call->context;
    enum status status = read_article_id(call, call->parameters->names[0], &id);
    if (status == STATUS_OK)
        status = visibility_cache_check(worker->visibility, context->db,
                                        version_of(worker->shared->versions, TOPIC_CARD, id), id,
                                        context->now_s);
    if (status != STATUS_OK)
        return read_article_fault(call, status);
    if (health_has(&worker->shared->health, PROBLEM_FILE))
        return fault_set(call->fault, STATUS_FULL, "",
                         "views can't be counted now; try again later");
    status = count_view(worker, call->parameters->request, id, context->now_s, true, &retry_s);
    if (status == STATUS_TOO_MANY) {
        fault_set(call->fault, status, "",
                  "this address had more views counted than it may in an hour");
        call->fault->retry_s = retry_s;
    } else if (status == STATUS_FULL) {
        fault_set(call->fault, status, "", "views can't be counted now; try again later");
    }
    return status;
}

void count_read_as_view(const struct worker *worker, const struct request *request,
                        int64_t article_id, int64_t now_s)
{
    int64_t retry_s;
    enum status status = count_view(worker, request, article_id, now_s, false, &retry_s);
    (void)status; /* the reader gets the article although the view is lost */
}
