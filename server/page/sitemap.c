/* A sitemap covers a fixed range of ids, so that an article never moves from one to another. Rows
 * become items by the field tables of cards.
 */
#include "page/sitemap.h"

#include "base/json.h"
#include "document/dependencies.h"
#include "document/fields.h"
#include "store/lists.h"

#include <assert.h>
#include <string.h>

enum {
    NEWS_S = 2 * 24 * 3600,
    NEWS_EXPIRY_S = 60, /* how long an article that has become too old may still be listed */
};

/* A list of items while rows are read. */
struct sitemap_builder {
    const struct context *context;
    json_t *items;
    field_set fields;
};

static enum status append_item(void *arg, struct query *row)
{
    struct sitemap_builder *builder = arg;
    json_t *item = json_object();
    enum status status = fields_fill(builder->context, row, card_fields, builder->fields, item);
    /* A news sitemap wants a language as its ISO 639 code alone, without region or script. */
    const char *language = json_string_value(json_object_get(item, "language"));
    if (status == STATUS_OK && language)
        status = json_put(item, "language", json_stringn_nocheck(language, strcspn(language, "-")));
    if (status == STATUS_OK && json_array_append(builder->items, item) != 0)
        status = STATUS_NO_MEMORY;
    json_decref(item);
    return status;
}

/* Puts a list into a document of that one field, or frees it when `status` is an error. */
static enum status finish(enum status status, const char *field, json_t *list, json_t **document)
{
    return document_finish(status, json_pack("{s:o}", field, list), document);
}

/* Counts the sitemaps, at least one, and notes the dependency of all of them. */
static enum status count_sitemaps(const struct context *context, int64_t *sitemaps)
{
    int64_t last_id;
    dependency_note(context, TOPIC_PAPER, 0);
    enum status status = list_last_id(context->db, &last_id);
    if (status != STATUS_OK)
        return status;
    int64_t needed = last_id > 0 ? (last_id - 1) / SITEMAP_IDS + 1 : 1;
    *sitemaps = needed < SITEMAPS_MAX ? needed : SITEMAPS_MAX;
    assert(*sitemaps >= 1);
    return STATUS_OK;
}

enum status sitemap_index_document(const struct context *context, json_t **document)
{
    int64_t sitemaps;
    enum status status = count_sitemaps(context, &sitemaps);
    if (status != STATUS_OK)
        return status;
    json_t *numbers = json_array();
    for (int64_t number = 1; number <= sitemaps && status == STATUS_OK; number++) {
        if (json_array_append_new(numbers, json_integer(number)) != 0)
            status = STATUS_NO_MEMORY;
    }
    return finish(status, "sitemaps", numbers, document);
}

enum status sitemap_document(const struct context *context, int64_t number, json_t **document)
{
    static const char *const names[] = {"url", "published_at", "updated_at", NULL};
    int64_t sitemaps;
    enum status status = count_sitemaps(context, &sitemaps);
    if (status != STATUS_OK)
        return status;
    if (number < 1 || number > sitemaps)
        return STATUS_ABSENT;
    struct sitemap_builder builder = {context, json_array(), fields_of(card_fields, names)};
    status = list_by_id(context->db, (number - 1) * SITEMAP_IDS + 1, number * SITEMAP_IDS,
                        context->now_s, append_item, &builder);
    return finish(status, "items", builder.items, document);
}

enum status news_sitemap_document(const struct context *context, json_t **document)
{
    static const char *const names[] = {"url", "headline", "published_at", "language", NULL};
    struct sitemap_builder builder = {context, json_array(), fields_of(card_fields, names)};
    struct db *db = context->db;
    int64_t now_s = context->now_s;
    dependency_note(context, TOPIC_PAPER, 0);
    dependency_until(context, now_s + NEWS_EXPIRY_S);
    enum status status =
        list_published_since(db, now_s - NEWS_S, now_s, LIST_SINCE_MAX, append_item, &builder);
    if (status == STATUS_OK && json_array_size(builder.items) == 0)
        status = list_published_since(db, INT64_MIN, now_s, 1, append_item, &builder);
    return finish(status, "items", builder.items, document);
}
