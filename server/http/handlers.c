#include "http/handlers.h"

#include "document/archive.h"
#include "document/article.h"
#include "document/front.h"
#include "document/most_read.h"
#include "document/related.h"
#include "document/sections.h"
#include "document/site.h"
#include "document/term.h"
#include "document/texts.h"
#include "http/lookup.h"
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

enum status handle_article(const struct desk *desk, const struct reading *reading,
                           const struct ask *ask, struct found *found, struct fault *fault)
{
    (void)desk;
    int64_t id;
    enum status status = lookup_id(reading, ask->names[0], &id, fault);
    if (status != STATUS_OK)
        return status;
    status = article_document(reading, id, ask->include, &found->document, &found->revision);
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

enum status handle_most_read(const struct desk *desk, const struct reading *reading,
                             const struct ask *ask, struct found *found, struct fault *fault)
{
    (void)desk;
    struct most_read_ask most_read = {.window = ask->window,
                                      .section = ask->list.section,
                                      .limit = ask->list.limit,
                                      .counts = true};
    enum status status = lookup_section(reading, most_read.section, &most_read.section_id, fault);
    return status == STATUS_OK ? most_read_document(reading, &most_read, &found->document) : status;
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
        status = article_visible(reading->db, id, reading->now_s);
    if (status != STATUS_OK)
        return lookup_fault(status, fault);
    status = counts_add(desk->shared->counts, id, reading->now_s);
    if (status == STATUS_FULL)
        return fault_set(fault, status, "", "views can't be counted now; try again later");
    return status;
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
