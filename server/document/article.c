/* A core is read from one row. The embedded lists, each a row of the table `includes`, are built by
 * the modules of their own routes, and added to a shallow copy.
 */
#include "document/article.h"

#include "base/json.h"
#include "base/log.h"
#include "document/dependencies.h"
#include "document/fields.h"
#include "document/lists.h"
#include "document/most_read.h"
#include "document/related.h"
#include "document/site.h"
#include "store/articles.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

static const struct {
    const char *name;
    enum include bit;
} includes[] = {
    {"related", INCLUDE_RELATED},
    {"latest", INCLUDE_LATEST},
    {"most_read", INCLUDE_MOST_READ},
    {"site", INCLUDE_SITE},
};

enum {
    INCLUDES = sizeof includes / sizeof includes[0]
};

/* Builds what is embedded for a bit of an include set. */
static enum status embed(const struct context *context, const struct article_core *core,
                         enum include bit, json_t **document)
{
    const struct relations relations = {.id = core->id,
                                        .section_id = core->section_id,
                                        .picks = core->picks,
                                        .tags = json_object_get(core->fields, "tags")};
    const struct list_request latest = {
        .path = "/api/v1/latest",
        .from_at = INT64_MIN,
        .before = position_newest(context->now_s),
        .limit = (int)context->config->lists.latest,
        .fields = context->card_fields,
        .except = &core->id,
        .except_len = 1,
    };
    const struct most_read_request most_read = {.window = WINDOW_24H,
                                                .limit = (int)context->config->lists.most_read,
                                                .except_id = core->id};
    if (bit == INCLUDE_RELATED)
        return related_list(context, &relations, (int)context->config->lists.related, document);
    if (bit == INCLUDE_LATEST)
        return list_document(context, &latest, document);
    if (bit == INCLUDE_MOST_READ)
        return most_read_document(context, &most_read, document);
    assert(bit == INCLUDE_SITE);
    return site_document(context, document);
}

unsigned include_named(const char *name, size_t len)
{
    for (size_t i = 0; i < INCLUDES; i++) {
        if (strlen(includes[i].name) == len && memcmp(includes[i].name, name, len) == 0)
            return (unsigned)includes[i].bit;
    }
    return 0;
}

enum status article_url(const struct context *context, int64_t id, struct buf *to)
{
    struct query *row;
    enum status status = article_row(context->db, id, context->now_s, &row);
    return status == STATUS_OK ? query_end(row, row_url(row, to)) : status;
}

void article_core_note(const struct context *context, int64_t id)
{
    dependency_note(context, TOPIC_ARTICLE, id);
    dependency_note(context, TOPIC_SECTIONS, 0);
}

enum status article_core_read(const struct context *context, int64_t id, struct article_core *core)
{
    size_t len;
    struct query *row;
    article_core_note(context, id);
    enum status status = article_row(context->db, id, context->now_s, &row);
    if (status != STATUS_OK)
        return status;
    const char *picks = query_text(row, "related", &len);
    struct article_core read = {.id = id,
                                .revision = query_number(row, "revision"),
                                .section_id = query_number(row, "section_id"),
                                .fields = json_object(),
                                .picks = json_load_text(picks, len, 0, NULL)};
    if (!read.picks) {
        log_write(LOG_ERROR, "article %" PRId64 ": its related is damaged, or memory is short", id);
        status = STATUS_UNUSABLE;
    }
    if (status == STATUS_OK)
        status = fields_fill(context, row, card_fields, context->card_fields, read.fields);
    if (status == STATUS_OK)
        status = fields_fill(context, row, article_fields, FIELDS_ALL, read.fields);
    query_end(row, status);
    if (status == STATUS_OK)
        *core = read;
    else
        article_core_release(&read);
    return status;
}

void article_core_release(struct article_core *core)
{
    json_decref(core->fields);
    json_decref(core->picks);
}

enum status article_compose(const struct context *context, const struct article_core *core,
                            unsigned include, json_t **document)
{
    assert((include & ~(unsigned)INCLUDE_ALL) == 0 && json_is_object(core->fields));
    json_t *article = include ? json_copy(core->fields) : json_incref(core->fields);
    enum status status = article ? STATUS_OK : STATUS_NO_MEMORY;
    for (size_t i = 0; i < INCLUDES && status == STATUS_OK; i++) {
        json_t *embedded;
        if (!(include & (unsigned)includes[i].bit))
            continue;
        status = embed(context, core, includes[i].bit, &embedded);
        if (status == STATUS_OK)
            status = json_put(article, includes[i].name, embedded);
    }
    return document_finish(status, article, document);
}

enum status article_document(const struct context *context, int64_t id, unsigned include,
                             json_t **document, int64_t *revision)
{
    struct article_core core;
    enum status status = article_core_read(context, id, &core);
    if (status != STATUS_OK)
        return status;
    status = article_compose(context, &core, include, document);
    if (status == STATUS_OK)
        *revision = core.revision;
    article_core_release(&core);
    return status;
}
