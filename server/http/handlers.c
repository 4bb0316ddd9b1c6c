#include "http/handlers.h"

#include "document/article.h"
#include "document/most_read.h"
#include "document/related.h"
#include "document/sections.h"
#include "document/site.h"
#include "store/articles.h"
#include "store/sections.h"

#include <stdlib.h>
#include <string.h>

/* ASCII digits alone mean an id. One too large for any article is one that does not exist. */
static bool is_id(const char *name, int64_t *id)
{
    size_t len = strlen(name);
    if (len == 0 || strspn(name, "0123456789") != len)
        return false;
    *id = len <= 18 ? strtoll(name, NULL, 10) : 0;
    return true;
}

/* The id that a path's {id or slug} means. */
static enum status id_of(const struct reading *reading, const char *name, int64_t *id,
                         struct fault *fault)
{
    enum status status =
        is_id(name, id) ? STATUS_OK : article_id_of_slug(reading->db, name, strlen(name), id);
    if (status == STATUS_ABSENT)
        fault_set(fault, status, "", "there is no such article");
    return status;
}

static enum status say_why(enum status status, struct fault *fault)
{
    if (status == STATUS_ABSENT)
        return fault_set(fault, status, "", "there is no such article");
    if (status == STATUS_GONE)
        return fault_set(fault, status, "", "the article was withdrawn");
    return status;
}

/* The id of the section that is asked for; 0 when none is. */
static enum status section_of(const struct reading *reading, const char *slug, int64_t *id,
                              struct fault *fault)
{
    struct section section;
    *id = 0;
    if (!slug)
        return STATUS_OK;
    enum status status = section_find(reading->db, slug, strlen(slug), &section);
    if (status == STATUS_ABSENT)
        return fault_set(fault, status, "section",
                         "there is no section \"%.60s\"; /api/v1/sections lists them", slug);
    if (status == STATUS_OK)
        *id = section.id;
    return status;
}

enum status handle_site(const struct desk *desk, const struct reading *reading,
                        const struct ask *ask, struct found *found, struct fault *fault)
{
    (void)desk;
    (void)ask;
    (void)fault;
    return site_document(reading, &found->document);
}

enum status handle_articles(const struct desk *desk, const struct reading *reading,
                            const struct ask *ask, struct found *found, struct fault *fault)
{
    (void)desk;
    struct list_ask list = ask->list;
    enum status status = section_of(reading, list.section, &list.section_id, fault);
    return status == STATUS_OK ? list_document(reading, &list, &found->document) : status;
}

enum status handle_article(const struct desk *desk, const struct reading *reading,
                           const struct ask *ask, struct found *found, struct fault *fault)
{
    (void)desk;
    int64_t id;
    enum status status = id_of(reading, ask->name, &id, fault);
    if (status != STATUS_OK)
        return status;
    status = article_document(reading, id, ask->include, &found->document, &found->revision);
    return say_why(status, fault);
}

enum status handle_related(const struct desk *desk, const struct reading *reading,
                           const struct ask *ask, struct found *found, struct fault *fault)
{
    (void)desk;
    int64_t id;
    enum status status = id_of(reading, ask->name, &id, fault);
    if (status != STATUS_OK)
        return status;
    return say_why(related_document(reading, id, ask->list.limit, &found->document), fault);
}

enum status handle_sections(const struct desk *desk, const struct reading *reading,
                            const struct ask *ask, struct found *found, struct fault *fault)
{
    (void)desk;
    (void)fault;
    return sections_document(reading, ask->list.limit, &found->document);
}

enum status handle_section(const struct desk *desk, const struct reading *reading,
                           const struct ask *ask, struct found *found, struct fault *fault)
{
    (void)desk;
    struct list_ask list = ask->list;
    list.section = ask->name;
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
    enum status status = section_of(reading, most_read.section, &most_read.section_id, fault);
    return status == STATUS_OK ? most_read_document(reading, &most_read, &found->document) : status;
}

enum status handle_view(const struct desk *desk, const struct reading *reading,
                        const struct ask *ask, struct found *found, struct fault *fault)
{
    (void)found;
    int64_t id;
    enum status status = id_of(reading, ask->name, &id, fault);
    if (status == STATUS_OK)
        status = article_visible(reading->db, id, reading->now_s);
    if (status != STATUS_OK)
        return say_why(status, fault);
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
    return say_status("ready", found);
}
