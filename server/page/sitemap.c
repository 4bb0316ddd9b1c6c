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

static field_set fields_of_names(const char *const *names)
{
    field_set fields = 0;
    for (; *names; names++) {
        field_set field = fields_named(card_fields, *names, strlen(*names));
        assert(field);
        fields |= field;
    }
    return fields;
}

/* A news sitemap wants a language as its ISO 639 code alone, without region or script. */
static enum status cut_language(json_t *item)
{
    const char *language = json_string_value(json_object_get(item, "language"));
    if (!language)
        return STATUS_OK;
    return json_put(item, "language", json_stringn_nocheck(language, strcspn(language, "-")));
}

static enum status append_item(void *arg, struct query *row)
{
    struct sitemap_builder *builder = arg;
    json_t *item = json_object();
    enum status status = fields_fill(builder->context, row, card_fields, builder->fields, item);
    if (status == STATUS_OK)
        status = cut_language(item);
    if (status == STATUS_OK && json_array_append(builder->items, item) != 0)
        status = STATUS_NO_MEMORY;
    json_decref(item);
    return status;
}

/* Puts items into a document, or frees them when reading them failed with `status`. */
static enum status finish(enum status status, json_t *items, json_t **document)
{
    json_t *list = status == STATUS_OK ? json_pack("{s:O}", "items", items) : NULL;
    json_decref(items);
    return document_finish(status, list, document);
}

/* Counts the sitemaps, at least one, and notes the dependency of all of them. */
static enum status count_sitemaps(const struct context *context, int64_t *sitemaps)
{
    int64_t last_id;
    dependency_note(context, TOPIC_PAPER, 0);
    enum status status = list_last_id(context->db, &last_id);
    if (status == STATUS_OK)
        *sitemaps = last_id > 0 ? (last_id - 1) / SITEMAP_IDS + 1 : 1;
    return status;
}

enum status sitemap_index_document(const struct context *context, json_t **document)
{
    int64_t sitemaps;
    enum status status = count_sitemaps(context, &sitemaps);
    if (status != STATUS_OK)
        return status;
    assert(sitemaps >= 1);
    json_t *numbers = json_array();
    for (int64_t number = 1; number <= sitemaps && status == STATUS_OK; number++) {
        if (json_array_append_new(numbers, json_integer(number)) != 0)
            status = STATUS_NO_MEMORY;
    }
    json_t *index = status == STATUS_OK ? json_pack("{s:O}", "sitemaps", numbers) : NULL;
    json_decref(numbers);
    return document_finish(status, index, document);
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
    struct sitemap_builder builder = {context, json_array(), fields_of_names(names)};
    status = list_by_id(context->db, (number - 1) * SITEMAP_IDS + 1, number * SITEMAP_IDS,
                        context->now_s, append_item, &builder);
    return finish(status, builder.items, document);
}

enum status news_sitemap_document(const struct context *context, json_t **document)
{
    static const char *const names[] = {"url", "headline", "published_at", "language", NULL};
    struct sitemap_builder builder = {context, json_array(), fields_of_names(names)};
    struct db *db = context->db;
    int64_t now_s = context->now_s;
    dependency_note(context, TOPIC_PAPER, 0);
    dependency_until(context, now_s + NEWS_EXPIRY_S);
    enum status status =
        list_published_since(db, now_s - NEWS_S, now_s, LIST_SINCE_MAX, append_item, &builder);
    if (status == STATUS_OK && json_array_size(builder.items) == 0)
        status = list_published_since(db, INT64_MIN, now_s, 1, append_item, &builder);
    return finish(status, builder.items, document);
}
