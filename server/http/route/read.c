/* Handlers of the API: each calls the function that makes its document, with the parameters of the
 * request, and turns the status into a fault that the client can understand. */
#include "http/route/read.h"

#include "document/article.h"
#include "document/front.h"
#include "document/lists.h"
#include "document/most_read.h"
#include "document/related.h"
#include "document/site.h"
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

enum status read_article_id(const struct handler_call *call, const char *name, int64_t *id)
{
    assert(name); /* the route's pattern has a {name} */
    if (read_is_id(name, id))
        return STATUS_OK;
    return read_article_fault(call, article_id_of_slug(call->context->db, name, strlen(name), id));
}

enum status read_article_fault(const struct handler_call *call, enum status status)
{
    if (status == STATUS_ABSENT)
        return fault_set(call->fault, status, "", "there is no such article");
    if (status == STATUS_GONE)
        return fault_set(call->fault, status, "", "the article was withdrawn");
    return status;
}

/* The id of a section, 0 when `slug` is NULL; STATUS_ABSENT with a fault for an unknown slug. */
static enum status find_section_id(const struct handler_call *call, const char *slug, int64_t *id)
{
    struct section section;
    *id = 0;
    if (!slug)
        return STATUS_OK;
    enum status status = section_find(call->context->db, slug, strlen(slug), &section);
    if (status == STATUS_ABSENT)
        return fault_set(
            call->fault, status, "section",
            "must be the slug of a section, got \"%.60s\"; /api/v1/sections lists them", slug);
    if (status == STATUS_OK)
        *id = section.id;
    return status;
}

enum status handle_site(const struct handler_call *call)
{
    return site_document(call->context, &call->result->document);
}

enum status handle_texts(const struct handler_call *call)
{
    return texts_document(call->context, &call->result->document);
}

enum status handle_front(const struct handler_call *call)
{
    return front_document(call->context, &call->result->document);
}

enum status handle_articles(const struct handler_call *call)
{
    struct list_request list = call->parameters->list;
    enum status status = find_section_id(call, list.section, &list.section_id);
    return status == STATUS_OK ? list_document(call->context, &list, &call->result->document)
                               : status;
}

enum status handle_article(const struct handler_call *call)
{
    struct article_core core;
    struct handler_result *result = call->result;
    unsigned include = call->parameters->include;
    enum status status = read_article_id(call, call->parameters->names[0], &result->read_id);
    if (status != STATUS_OK)
        return status;
    if (!include) {
        status = article_document(call->context, result->read_id, 0, &result->document,
                                  &result->revision);
        return read_article_fault(call, status);
    }
    /* The lists in an article change more often than the article, which is cached without them. */
    status = article_cache_get(call->worker, call->context, result->read_id, CORE_ARTICLE, &core);
    if (status != STATUS_OK)
        return read_article_fault(call, status);
    status = article_compose(call->context, &core, include, &result->document);
    result->revision = core.revision;
    article_core_release(&core);
    return read_article_fault(call, status);
}

enum status handle_related(const struct handler_call *call)
{
    int64_t id;
    const struct parameters *parameters = call->parameters;
    enum status status = read_article_id(call, parameters->names[0], &id);
    if (status == STATUS_OK)
        status =
            related_document(call->context, id, parameters->list.limit, &call->result->document);
    return read_article_fault(call, status);
}

enum status handle_sections(const struct handler_call *call)
{
    return sections_document(call->context, call->parameters->list.limit, NULL, 0,
                             &call->result->document);
}

enum status handle_section(const struct handler_call *call)
{
    struct list_request list = call->parameters->list;
    list.section = call->parameters->names[0];
    assert(list.section);
    enum status status = section_document(call->context, &list, &call->result->document);
    if (status == STATUS_ABSENT)
        return fault_set(call->fault, status, "",
                         "there is no such section; /api/v1/sections lists them");
    return status;
}

/* Makes a document of the current rankings, or of those of the past hour that was requested. */
static enum status find_ranked(const struct handler_call *call,
                               enum status (*make)(const struct context *,
                                                   const struct most_read_request *, json_t **))
{
    const struct parameters *parameters = call->parameters;
    struct context ranked = *call->context;
    struct snapshot *past = NULL;
    struct most_read_request most_read = {.window = parameters->window,
                                          .section = parameters->list.section,
                                          .limit = parameters->list.limit,
                                          .counts = true};
    enum status status = find_section_id(call, most_read.section, &most_read.section_id);
    if (status == STATUS_OK && parameters->at != INSTANT_NONE) {
        if (parameters->at > ranked.now_s)
            return fault_set(call->fault, STATUS_INVALID, "at", "must not be later than now");
        status = ranking_history_open(ranked.db, most_read.section_id, parameters->at, &past);
        if (status == STATUS_ABSENT)
            fault_set(call->fault, status, "at",
                      "is before the first hour whose rankings are kept");
        ranked.ranking = past;
    }
    if (status == STATUS_OK)
        status = make(&ranked, &most_read, &call->result->document);
    ranking_history_close(past);
    return status;
}

enum status handle_most_read(const struct handler_call *call)
{
    return find_ranked(call, most_read_document);
}

enum status handle_trending(const struct handler_call *call)
{
    return find_ranked(call, trending_document);
}

enum status handle_archive(const struct handler_call *call)
{
    struct civil day;
    const char *name = call->parameters->names[0];
    assert(name);
    enum status status = day_parse(name, strlen(name), &day);
    if (status == STATUS_OK)
        status =
            archive_document(call->context, &day, &call->parameters->list, &call->result->document);
    if (status == STATUS_INVALID || status == STATUS_ABSENT)
        return fault_set(
            call->fault, STATUS_ABSENT, "",
            "there is no such day; a day is written like 2024-04-16 and is not in the future");
    return status;
}

static enum status find_term(const struct handler_call *call, enum term_kind kind)
{
    const char *name = call->parameters->names[0];
    assert(name);
    enum status status =
        term_document(call->context, kind, name, &call->parameters->list, &call->result->document);
    if (status == STATUS_ABSENT)
        return fault_set(call->fault, status, "", "no article has this %s",
                         kind == TERM_TAG ? "tag" : "author");
    return status;
}

enum status handle_tag(const struct handler_call *call)
{
    return find_term(call, TERM_TAG);
}

enum status handle_author(const struct handler_call *call)
{
    return find_term(call, TERM_AUTHOR);
}

static enum status make_status(const char *word, struct handler_result *result)
{
    result->document = json_pack("{s:s}", "status", word);
    return result->document ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status handle_health(const struct handler_call *call)
{
    return make_status("ok", call->result);
}

enum status handle_ready(const struct handler_call *call)
{
    struct article_standing standing;
    struct worker_shared *shared = call->worker->shared;
    enum status status = article_standing(call->context->db, 1, &standing);
    if (status != STATUS_OK && status != STATUS_ABSENT)
        return fault_set(call->fault, STATUS_BUSY, "", "the database can't be read");
    const char *problem = health_text(&shared->health);
    return problem ? fault_set(call->fault, STATUS_BUSY, "", "%s", problem)
                   : make_status("ready", call->result);
}
