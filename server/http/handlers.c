#include "http/handlers.h"

#include "document/archive.h"
#include "document/article.h"
#include "document/front.h"
#include "document/most_read.h"
#include "document/past.h"
#include "document/related.h"
#include "document/sections.h"
#include "document/site.h"
#include "document/term.h"
#include "document/texts.h"
#include "http/cores.h"
#include "http/lookup.h"
#include "http/viewing.h"
#include "store/articles.h"

#include <string.h>

enum status handle_site(const struct desk *desk, const struct reading *reading,
                        const struct ask *ask, struct found *found, struct fault *fault)
{
    (void)desk;
    (void)ask;
    (void)fault;
    return site_document(reading, &found->document);
}

enum status handle_texts(const struct desk *desk, const struct reading *reading,
                         const struct ask *ask, struct found *found, struct fault *fault)
{
    (void)desk;
    (void)ask;
    (void)fault;
    return texts_document(reading, &found->document);
}

enum status handle_front(const struct desk *desk, const struct reading *reading,
                         const struct ask *ask, struct found *found, struct fault *fault)
{
    (void)desk;
    (void)ask;
    (void)fault;
    return front_document(reading, &found->document);
}

enum status handle_articles(const struct desk *desk, const struct reading *reading,
                            const struct ask *ask, struct found *found, struct fault *fault)
{
    (void)desk;
    struct list_ask list = ask->list;
    enum status status = lookup_section(reading, list.section, &list.section_id, fault);
    return status == STATUS_OK ? list_document(reading, &list, &found->document) : status;
}

/* With what stands beside it, which changes more often than the article. */
static enum status compose(const struct desk *desk, const struct reading *reading,
                           const struct ask *ask, struct found *found)
{
    struct article_core core;
    enum status status = core_take(desk, reading, found->read_id, CORE_ARTICLE, &core);
    if (status != STATUS_OK)
        return status;
    status = article_compose(reading, &core, ask->include, &found->document);
    found->revision = core.revision;
    article_core_release(&core);
    return status;
}

enum status handle_article(const struct desk *desk, const struct reading *reading,
                           const struct ask *ask, struct found *found, struct fault *fault)
{
    enum status status = lookup_id(reading, ask->names[0], &found->read_id, fault);
    if (status != STATUS_OK)
        return status;
    status = ask->include
                 ? compose(desk, reading, ask, found)
                 : article_document(reading, found->read_id, 0, &found->document, &found->revision);
    return lookup_fault(status, fault);
}

enum status handle_related(const struct desk *desk, const struct reading *reading,
                           const struct ask *ask, struct found *found, struct fault *fault)
{
    (void)desk;
    int64_t id;
    enum status status = lookup_id(reading, ask->names[0], &id, fault);
    if (status != STATUS_OK)
        return status;
    return lookup_fault(related_document(reading, id, ask->list.limit, &found->document), fault);
}

enum status handle_sections(const struct desk *desk, const struct reading *reading,
                            const struct ask *ask, struct found *found, struct fault *fault)
{
    (void)desk;
    (void)fault;
    return sections_document(reading, ask->list.limit, NULL, 0, &found->document);
}

enum status handle_section(const struct desk *desk, const struct reading *reading,
                           const struct ask *ask, struct found *found, struct fault *fault)
{
    (void)desk;
    struct list_ask list = ask->list;
    list.section = ask->names[0];
    enum status status = section_document(reading, &list, &found->document);
    if (status == STATUS_ABSENT)
        return fault_set(fault, status, "",
                         "there is no such section; /api/v1/sections lists them");
    return status;
}

/* The rankings that are asked for: of now, or of an hour that is past. */
static enum status find_ranking(const struct reading *reading, const struct ask *ask,
                                int64_t section_id, struct reading *of, struct snapshot **past,
                                struct fault *fault)
{
    *of = *reading;
    *past = NULL;
    if (ask->at == INSTANT_NONE)
        return STATUS_OK;
    if (ask->at > reading->now_s)
        return fault_set(fault, STATUS_INVALID, "at", "must not be later than now");
    enum status status = past_open(reading, section_id, ask->at, past);
    if (status == STATUS_ABSENT)
        return fault_set(fault, status, "at", "is before the first hour whose rankings are kept");
    of->ranking = *past;
    return status;
}

typedef enum status ranking_document(const struct reading *reading, const struct most_read_ask *ask,
                                     json_t **document);

static enum status find_ranked(const struct reading *reading, const struct ask *ask,
                               ranking_document *make, struct found *found, struct fault *fault)
{
    struct reading of;
    struct snapshot *past;
    struct most_read_ask most_read = {.window = ask->window,
                                      .section = ask->list.section,
                                      .limit = ask->list.limit,
                                      .counts = true};
    enum status status = lookup_section(reading, most_read.section, &most_read.section_id, fault);
    if (status == STATUS_OK)
        status = find_ranking(reading, ask, most_read.section_id, &of, &past, fault);
    if (status != STATUS_OK)
        return status;
    status = make(&of, &most_read, &found->document);
    past_close(past);
    return status;
}

enum status handle_most_read(const struct desk *desk, const struct reading *reading,
                             const struct ask *ask, struct found *found, struct fault *fault)
{
    (void)desk;
    return find_ranked(reading, ask, most_read_document, found, fault);
}

enum status handle_trending(const struct desk *desk, const struct reading *reading,
                            const struct ask *ask, struct found *found, struct fault *fault)
{
    (void)desk;
    return find_ranked(reading, ask, trending_document, found, fault);
}

enum status handle_archive(const struct desk *desk, const struct reading *reading,
                           const struct ask *ask, struct found *found, struct fault *fault)
{
    struct civil day;
    (void)desk;
    enum status status = day_parse(ask->names[0], strlen(ask->names[0]), &day);
    if (status == STATUS_OK)
        status = archive_document(reading, &day, &ask->list, &found->document);
    if (status == STATUS_INVALID || status == STATUS_ABSENT)
        return fault_set(fault, STATUS_ABSENT, "",
                         "there is no such day, written like 2024-04-16, or it has not come yet");
    return status;
}

static enum status find_term(const struct reading *reading, const struct ask *ask,
                             enum term_kind kind, struct found *found, struct fault *fault)
{
    enum status status = term_document(reading, kind, ask->names[0], &ask->list, &found->document);
    if (status == STATUS_ABSENT)
        return fault_set(fault, status, "", "no article has this %s",
                         kind == TERM_TAG ? "tag" : "author");
    return status;
}

enum status handle_tag(const struct desk *desk, const struct reading *reading,
                       const struct ask *ask, struct found *found, struct fault *fault)
{
    (void)desk;
    return find_term(reading, ask, TERM_TAG, found, fault);
}

enum status handle_author(const struct desk *desk, const struct reading *reading,
                          const struct ask *ask, struct found *found, struct fault *fault)
{
    (void)desk;
    return find_term(reading, ask, TERM_AUTHOR, found, fault);
}

enum status handle_view(const struct desk *desk, const struct reading *reading,
                        const struct ask *ask, struct found *found, struct fault *fault)
{
    (void)found;
    int64_t id;
    enum status status = lookup_id(reading, ask->names[0], &id, fault);
    if (status == STATUS_OK)
        status =
            known_visible(desk->known, reading->db,
                          version_of(desk->shared->versions, TOPIC_CARD, id), id, reading->now_s);
    if (status != STATUS_OK)
        return lookup_fault(status, fault);
    return viewing_count(desk, ask->request, id, reading->now_s, fault);
}

static enum status say_status(const char *word, struct found *found)
{
    found->document = json_pack("{s:s}", "status", word);
    return found->document ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status handle_health(const struct desk *desk, const struct reading *reading,
                          const struct ask *ask, struct found *found, struct fault *fault)
{
    (void)desk;
    (void)reading;
    (void)ask;
    (void)fault;
    return say_status("ok", found);
}

enum status handle_ready(const struct desk *desk, const struct reading *reading,
                         const struct ask *ask, struct found *found, struct fault *fault)
{
    (void)ask;
    struct article_standing standing;
    enum status status = article_standing(reading->db, 1, &standing);
    if (status != STATUS_OK && status != STATUS_ABSENT)
        return fault_set(fault, STATUS_BUSY, "", "the database can't be read");
    if (!atomic_load(&desk->shared->storing))
        return fault_set(fault, STATUS_BUSY, "", "views are counted but can't be stored");
    if (!atomic_load(&desk->shared->journaling))
        return fault_set(fault, STATUS_BUSY, "", "views are counted in memory alone");
    return say_status("ready", found);
}
