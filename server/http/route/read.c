/* Handlers of the API: each calls the function that makes its document, with the parameters of the
 * request, and turns the status into a fault that the client can understand. */
#include "http/route/read.h"

#include "document/archive.h"
#include "document/article.h"
#include "document/front.h"
#include "document/most_read.h"
#include "document/related.h"
#include "document/sections.h"
#include "document/site.h"
#include "document/term.h"
#include "http/route/article_cache.h"
#include "ranking/ranking_history.h"
#include "store/articles.h"

#include "store/sections.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool read_is_id(const char *name, int64_t *id)
{
    size_t len = strlen(name);
    if (len == 0 || strspn(name, "0123456789") != len)
        return false;
    *id = len <= 18 ? strtoll(name, NULL, 10) : 0;
    assert(*id >= 0);
    return true;
}

enum status read_article_id(const struct context *context, const char *name, int64_t *id,
                            struct fault *fault)
{
    enum status status =
        read_is_id(name, id) ? STATUS_OK : article_id_of_slug(context->db, name, strlen(name), id);
    if (status == STATUS_ABSENT)
        fault_set(fault, status, "", "there is no such article");
    return status;
}

enum status read_article_fault(enum status status, struct fault *fault)
{
    if (status == STATUS_ABSENT)
        return fault_set(fault, status, "", "there is no such article");
    if (status == STATUS_GONE)
        return fault_set(fault, status, "", "the article was withdrawn");
    return status;
}

enum status read_section_id(const struct context *context, const char *slug, int64_t *id,
                            struct fault *fault)
{
    struct section section;
    *id = 0;
    if (!slug)
        return STATUS_OK;
    enum status status = section_find(context->db, slug, strlen(slug), &section);
    if (status == STATUS_ABSENT)
        return fault_set(
            fault, status, "section",
            "must be the slug of a section, got \"%.60s\"; /api/v1/sections lists them", slug);
    if (status == STATUS_OK)
        *id = section.id;
    return status;
}

enum status handle_site(const struct worker *worker, const struct context *context,
                        const struct parameters *parameters, struct handler_result *result,
                        struct fault *fault)
{
    (void)worker;
    (void)parameters;
    (void)fault;
    return site_document(context, &result->document);
}

enum status handle_texts(const struct worker *worker, const struct context *context,
                         const struct parameters *parameters, struct handler_result *result,
                         struct fault *fault)
{
    (void)worker;
    (void)parameters;
    (void)fault;
    return texts_document(context, &result->document);
}

enum status handle_front(const struct worker *worker, const struct context *context,
                         const struct parameters *parameters, struct handler_result *result,
                         struct fault *fault)
{
    (void)worker;
    (void)parameters;
    (void)fault;
    return front_document(context, &result->document);
}

enum status handle_articles(const struct worker *worker, const struct context *context,
                            const struct parameters *parameters, struct handler_result *result,
                            struct fault *fault)
{
    (void)worker;
    struct list_request list = parameters->list;
    enum status status = read_section_id(context, list.section, &list.section_id, fault);
    return status == STATUS_OK ? list_document(context, &list, &result->document) : status;
}

/* The lists in an article change more often than the article, which is cached without them. */
static enum status compose_article(const struct worker *worker, const struct context *context,
                                   const struct parameters *parameters,
                                   struct handler_result *result)
{
    struct article_core core;
    enum status status = article_cache_get(worker, context, result->read_id, CORE_ARTICLE, &core);
    if (status != STATUS_OK)
        return status;
    status = article_compose(context, &core, parameters->include, &result->document);
    result->revision = core.revision;
    article_core_release(&core);
    return status;
}

enum status handle_article(const struct worker *worker, const struct context *context,
                           const struct parameters *parameters, struct handler_result *result,
                           struct fault *fault)
{
    assert(parameters->names[0]); /* here and below: the route's pattern has a {name} */
    enum status status = read_article_id(context, parameters->names[0], &result->read_id, fault);
    if (status != STATUS_OK)
        return status;
    status = parameters->include ? compose_article(worker, context, parameters, result)
                                 : article_document(context, result->read_id, 0, &result->document,
                                                    &result->revision);
    return read_article_fault(status, fault);
}

enum status handle_related(const struct worker *worker, const struct context *context,
                           const struct parameters *parameters, struct handler_result *result,
                           struct fault *fault)
{
    (void)worker;
    int64_t id;
    assert(parameters->names[0]);
    enum status status = read_article_id(context, parameters->names[0], &id, fault);
    if (status != STATUS_OK)
        return status;
    return read_article_fault(
        related_document(context, id, parameters->list.limit, &result->document), fault);
}

enum status handle_sections(const struct worker *worker, const struct context *context,
                            const struct parameters *parameters, struct handler_result *result,
                            struct fault *fault)
{
    (void)worker;
    (void)fault;
    return sections_document(context, parameters->list.limit, NULL, 0, &result->document);
}

enum status handle_section(const struct worker *worker, const struct context *context,
                           const struct parameters *parameters, struct handler_result *result,
                           struct fault *fault)
{
    (void)worker;
    struct list_request list = parameters->list;
    assert(parameters->names[0]);
    list.section = parameters->names[0];
    enum status status = section_document(context, &list, &result->document);
    if (status == STATUS_ABSENT)
        return fault_set(fault, status, "",
                         "there is no such section; /api/v1/sections lists them");
    return status;
}

/* Sets *ranked to a context with the rankings of the time that was requested. *past is the snapshot
 * of a past hour, to be closed; NULL for the current rankings. */
static enum status find_ranking(const struct context *context, const struct parameters *parameters,
                                int64_t section_id, struct context *ranked, struct snapshot **past,
                                struct fault *fault)
{
    *ranked = *context;
    *past = NULL;
    if (parameters->at == INSTANT_NONE)
        return STATUS_OK;
    if (parameters->at > context->now_s)
        return fault_set(fault, STATUS_INVALID, "at", "must not be later than now");
    enum status status = ranking_history_open(context->db, section_id, parameters->at, past);
    if (status == STATUS_ABSENT)
        return fault_set(fault, status, "at", "is before the first hour whose rankings are kept");
    ranked->ranking = *past;
    return status;
}

typedef enum status ranking_document(const struct context *context,
                                     const struct most_read_request *request, json_t **document);

static enum status find_ranked(const struct context *context, const struct parameters *parameters,
                               ranking_document *make, struct handler_result *result,
                               struct fault *fault)
{
    struct context ranked;
    struct snapshot *past;
    struct most_read_request most_read = {.window = parameters->window,
                                          .section = parameters->list.section,
                                          .limit = parameters->list.limit,
                                          .counts = true};
    enum status status = read_section_id(context, most_read.section, &most_read.section_id, fault);
    if (status == STATUS_OK)
        status = find_ranking(context, parameters, most_read.section_id, &ranked, &past, fault);
    if (status != STATUS_OK)
        return status;
    status = make(&ranked, &most_read, &result->document);
    ranking_history_close(past);
    return status;
}

enum status handle_most_read(const struct worker *worker, const struct context *context,
                             const struct parameters *parameters, struct handler_result *result,
                             struct fault *fault)
{
    (void)worker;
    return find_ranked(context, parameters, most_read_document, result, fault);
}

enum status handle_trending(const struct worker *worker, const struct context *context,
                            const struct parameters *parameters, struct handler_result *result,
                            struct fault *fault)
{
    (void)worker;
    return find_ranked(context, parameters, trending_document, result, fault);
}

enum status handle_archive(const struct worker *worker, const struct context *context,
                           const struct parameters *parameters, struct handler_result *result,
                           struct fault *fault)
{
    struct civil day;
    (void)worker;
    assert(parameters->names[0]);
    enum status status = day_parse(parameters->names[0], strlen(parameters->names[0]), &day);
    if (status == STATUS_OK)
        status = archive_document(context, &day, &parameters->list, &result->document);
    if (status == STATUS_INVALID || status == STATUS_ABSENT)
        return fault_set(
            fault, STATUS_ABSENT, "",
            "there is no such day; a day is written like 2024-04-16 and is not in the future");
    return status;
}

static enum status find_term(const struct context *context, const struct parameters *parameters,
                             enum term_kind kind, struct handler_result *result,
                             struct fault *fault)
{
    assert(parameters->names[0]);
    enum status status =
        term_document(context, kind, parameters->names[0], &parameters->list, &result->document);
    if (status == STATUS_ABSENT)
        return fault_set(fault, status, "", "no article has this %s",
                         kind == TERM_TAG ? "tag" : "author");
    return status;
}

enum status handle_tag(const struct worker *worker, const struct context *context,
                       const struct parameters *parameters, struct handler_result *result,
                       struct fault *fault)
{
    (void)worker;
    return find_term(context, parameters, TERM_TAG, result, fault);
}

enum status handle_author(const struct worker *worker, const struct context *context,
                          const struct parameters *parameters, struct handler_result *result,
                          struct fault *fault)
{
    (void)worker;
    return find_term(context, parameters, TERM_AUTHOR, result, fault);
}

static enum status make_status(const char *word, struct handler_result *result)
{
    result->document = json_pack("{s:s}", "status", word);
    return result->document ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status handle_health(const struct worker *worker, const struct context *context,
                          const struct parameters *parameters, struct handler_result *result,
                          struct fault *fault)
{
    (void)worker;
    (void)context;
    (void)parameters;
    (void)fault;
    return make_status("ok", result);
}

enum status handle_ready(const struct worker *worker, const struct context *context,
                         const struct parameters *parameters, struct handler_result *result,
                         struct fault *fault)
{
    (void)parameters;
    struct article_standing standing;
    enum status status = article_standing(context->db, 1, &standing);
    if (status != STATUS_OK && status != STATUS_ABSENT)
        return fault_set(fault, STATUS_BUSY, "", "the database can't be read");
    if (!atomic_load(&worker->shared->views_are_stored))
        return fault_set(fault, STATUS_BUSY, "", "views are counted but can't be stored");
    if (!atomic_load(&worker->shared->views_are_journaled))
        return fault_set(fault, STATUS_BUSY, "", "views are counted in memory alone");
    return make_status("ready", result);
}
