#include "page/sitemap.h"

#include "base/json.h"
#include "document/dependencies.h"
#include "document/fields.h"
#include "store/lists.h"

#include <string.h>

enum {
    NEWS_S = 2 * 24 * 3600,
    NEWS_AGES_S = 60, /* for how long an article that gets too old may stand there yet */
};

/* Rows being made items. */
struct taking {
    const struct context *context;
    json_t *items;
    field_set fields;
};

static field_set field_set_named(const char *const *names)
{
    field_set fields = 0;
    for (; *names; names++)
        fields |= fields_named(card_fields, *names, strlen(*names));
    return fields;
}

/* A news sitemap takes the primary part of a language alone (ISO 639). */
static enum status cut_language(json_t *item)
{
    const char *language = json_string_value(json_object_get(item, "language"));
    if (!language)
        return STATUS_OK;
    return json_put(item, "language", json_stringn_nocheck(language, strcspn(language, "-")));
}

static enum status take(void *arg, struct query *row)
{
    struct taking *taking = arg;
    json_t *item = json_object();
    enum status status = fields_fill(taking->context, row, card_fields, taking->fields, item);
    if (status == STATUS_OK)
        status = cut_language(item);
    if (status == STATUS_OK && json_array_append(taking->items, item) != 0)
        status = STATUS_NO_MEMORY;
    json_decref(item);
    return status;
}

/* {items: …}, or the error of what filled them. The items are taken over. */
static enum status finish(enum status status, json_t *items, json_t **document)
{
    json_t *made = status == STATUS_OK ? json_pack("{s:O}", "items", items) : NULL;
    json_decref(items);
    if (!made)
        return status == STATUS_OK ? STATUS_NO_MEMORY : status;
    *document = made;
    return STATUS_OK;
}

/* How many sitemaps there are; a paper without articles has one all the same. */
static enum status count(const struct context *context, int64_t *sitemaps)
{
    int64_t last_id;
    dependency_note(context, TOPIC_PAPER, 0);
    enum status status = list_last_id(context->db, &last_id);
    if (status == STATUS_OK)
        *sitemaps = last_id > 0 ? (last_id + SITEMAP_IDS - 1) / SITEMAP_IDS : 1;
    return status;
}

enum status sitemap_index_document(const struct context *context, json_t **document)
{
    int64_t sitemaps;
    enum status status = count(context, &sitemaps);
    if (status != STATUS_OK)
        return status;
    json_t *numbers = json_array();
    for (int64_t number = 1; number <= sitemaps && status == STATUS_OK; number++) {
        if (json_array_append_new(numbers, json_integer(number)) != 0)
            status = STATUS_NO_MEMORY;
    }
    json_t *made = status == STATUS_OK ? json_pack("{s:o}", "sitemaps", numbers) : NULL;
    if (!made)
        return STATUS_NO_MEMORY;
    *document = made;
    return STATUS_OK;
}

enum status sitemap_document(const struct context *context, int64_t number, json_t **document)
{
    static const char *const names[] = {"url", "published_at", "updated_at", NULL};
    int64_t sitemaps;
    enum status status = count(context, &sitemaps);
    if (status != STATUS_OK)
        return status;
    if (number < 1 || number > sitemaps)
        return STATUS_ABSENT;
    struct taking taking = {context, json_array(), field_set_named(names)};
    status = list_by_id(context->db, (number - 1) * SITEMAP_IDS + 1, number * SITEMAP_IDS,
                        context->now_s, take, &taking);
    return finish(status, taking.items, document);
}

enum status news_sitemap_document(const struct context *context, json_t **document)
{
    static const char *const names[] = {"url", "headline", "published_at", "language", NULL};
    struct taking taking = {context, json_array(), field_set_named(names)};
    struct db *db = context->db;
    int64_t now_s = context->now_s;
    dependency_note(context, TOPIC_PAPER, 0);
    dependency_until(context, now_s + NEWS_AGES_S);
    enum status status =
        list_published_since(db, now_s - NEWS_S, now_s, LIST_SINCE_MAX, take, &taking);
    if (status == STATUS_OK && json_array_size(taking.items) == 0)
        status = list_published_since(db, INT64_MIN, now_s, 1, take, &taking);
    return finish(status, taking.items, document);
}
