/* Counts views. The request says where a view comes from, counting/audience.h decides whether it
 * counts, and pending_views holds it until the writer thread stores it. */
#include "http/route/views.h"

#include "http/message/client.h"
#include "http/route/read.h"

#include <assert.h>

static struct view_attempt attempt_of(const struct worker *worker, const struct request *request,
                                      int64_t article_id)
{
    const struct worker_shared *shared = worker->shared;
    struct address address;
    bool is_certain = client_address(request, &shared->proxies, &address);
    bool is_own = address_is_loopback(&address) || networks_have(&shared->proxies, &address);
    return (struct view_attempt){
        .visit = {.address = address, .agent = request->agent, .article_id = article_id},
        .is_unread =
            client_is_prefetching(request) || client_is_cross_site(request, shared->config),
        .is_uncapped = is_certain && is_own,
    };
}

/* A visit that could not be counted is forgotten, so that the next attempt may count. */
static enum status add_view(const struct worker *worker, const struct view_attempt *attempt,
                            enum verdict verdict, int64_t now_s)
{
    const struct worker_shared *shared = worker->shared;
    enum status status =
        pending_views_add(shared->views, attempt->visit.article_id, verdict, now_s);
    if (status != STATUS_OK && verdict == VERDICT_COUNTED)
        audience_forget(shared->audience, attempt);
    return status;
}

static enum status count_view(const struct worker *worker, const struct request *request,
                              int64_t article_id, int64_t now_s, struct fault *fault)
{
    enum verdict verdict;
    int64_t retry_s;
    const struct view_attempt attempt = attempt_of(worker, request, article_id);
    enum status status =
        audience_classify(worker->shared->audience, &attempt, request->at_ms, &verdict, &retry_s);
    if (status == STATUS_TOO_MANY) {
        fault_set(fault, status, "", "this address had more views counted than it may in an hour");
        fault->retry_s = retry_s;
        return status;
    }
    if (status == STATUS_OK)
        status = add_view(worker, &attempt, verdict, now_s);
    if (status == STATUS_FULL)
        return fault_set(fault, status, "", "views can't be counted now; try again later");
    return status;
}

enum status handle_view(const struct worker *worker, const struct context *context,
                        const struct parameters *parameters, struct handler_result *result,
                        struct fault *fault)
{
    (void)result;
    int64_t id;
    assert(parameters->names[0]);
    enum status status = read_article_id(context, parameters->names[0], &id, fault);
    if (status == STATUS_OK)
        status = visibility_cache_check(worker->visibility, context->db,
                                        version_of(worker->shared->versions, TOPIC_CARD, id), id,
                                        context->now_s);
    if (status != STATUS_OK)
        return read_article_fault(status, fault);
    return count_view(worker, parameters->request, id, context->now_s, fault);
}

void count_read_as_view(const struct worker *worker, const struct request *request,
                        int64_t article_id, int64_t now_s)
{
    enum verdict verdict;
    int64_t retry_s;
    const struct view_attempt attempt = attempt_of(worker, request, article_id);
    if (audience_classify(worker->shared->audience, &attempt, request->at_ms, &verdict, &retry_s) !=
        STATUS_OK)
        verdict = VERDICT_BOT;
    enum status status = add_view(worker, &attempt, verdict, now_s);
    (void)status; /* the reader gets the article although the view is lost */
}
