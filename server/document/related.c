/* Chooses ids in three steps, each of which runs only while there is room, and reads the cards at
 * the end. A step reads as many positions as it could need if all articles chosen so far were among
 * them.
 */
#include "document/related.h"

#include "base/json.h"
#include "document/dependencies.h"
#include "document/fields.h"
#include "document/lists.h"
#include "store/articles.h"
#include "store/lists.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    TAGS_MAX = 40,
};

/* The ids that were chosen, in the order in which they are shown, each once. */
struct related_ids {
    int64_t ids[LIST_LIMIT_MAX];
    int len, limit;
    int64_t except_id;
};

static void choose(struct related_ids *chosen, int64_t id)
{
    assert(chosen->len <= chosen->limit && chosen->limit <= LIST_LIMIT_MAX);
    if (chosen->len == chosen->limit || id == chosen->except_id)
        return;
    for (int i = 0; i < chosen->len; i++) {
        if (chosen->ids[i] == id)
            return;
    }
    chosen->ids[chosen->len++] = id;
}

/* A pick that names no article, or an article that readers may not see, is skipped. */
static enum status choose_picks(const struct context *context, const json_t *picks,
                                struct related_ids *chosen)
{
    for (size_t i = 0; i < json_array_size(picks); i++) {
        int64_t id;
        const json_t *pick = json_array_get(picks, i);
        enum status status =
            article_id_of_slug(context->db, json_string_value(pick), json_string_length(pick), &id);
        /* An article that does not exist yet will move the list of the whole paper. */
        dependency_note(context, status == STATUS_OK ? TOPIC_CARD : TOPIC_LIST,
                        status == STATUS_OK ? id : 0);
        if (status == STATUS_OK)
            status = article_visible(context->db, id, context->now_s);
        if (status == STATUS_OK)
            choose(chosen, id);
        else if (status != STATUS_ABSENT && status != STATUS_GONE)
            return status;
    }
    return STATUS_OK;
}

/* Reads the newest articles that match a filter. */
static enum status read_newest(const struct context *context, const struct related_ids *chosen,
                               struct filter filter, struct page *page)
{
    int need = chosen->limit + chosen->len + 1;
    assert(need > chosen->len);
    filter.from_at = INT64_MIN;
    filter.before = position_newest(context->now_s);
    filter.limit = need < LIST_PAGE_MAX ? need : LIST_PAGE_MAX;
    return list_read(context, &filter, page);
}

static int newer_first(const void *left, const void *right)
{
    const struct position *a = left, *b = right;
    if (a->at != b->at)
        return a->at < b->at ? 1 : -1;
    return a->id < b->id ? 1 : -1;
}

static enum status choose_by_tags(const struct context *context, const json_t *tags,
                                  struct related_ids *chosen)
{
    size_t tags_len = json_array_size(tags), count = 0;
    if (tags_len == 0 || tags_len > TAGS_MAX || chosen->len == chosen->limit)
        return STATUS_OK;
    struct position *found = calloc(tags_len * LIST_PAGE_MAX, sizeof *found);
    enum status status = found ? STATUS_OK : STATUS_NO_MEMORY;
    for (size_t i = 0; i < tags_len && status == STATUS_OK; i++) {
        struct page page = {.count = 0};
        struct filter filter = {.section_id = 0};
        const char *tag = json_string_value(json_array_get(tags, i));
        if (tag) /* it is a text, except in a damaged database */
            status = list_term(context, TERM_TAG, tag, &filter.tag_id);
        if (tag && status == STATUS_OK)
            status = read_newest(context, chosen, filter, &page);
        if (status == STATUS_ABSENT)
            status = STATUS_OK;
        assert(page.count >= 0 && page.count <= LIST_PAGE_MAX);
        memcpy(found + count, page.articles, (size_t)page.count * sizeof *found);
        count += (size_t)page.count;
    }
    if (status == STATUS_OK)
        qsort(found, count, sizeof *found, newer_first);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        choose(chosen, found[i].id);
    free(found);
    return status;
}

enum status related_list(const struct context *context, const struct relations *relations,
                         int limit, json_t **list)
{
    struct page page = {.count = 0};
    struct related_ids chosen = {.limit = limit, .except_id = relations->id};
    assert(limit >= 0 && limit <= LIST_LIMIT_MAX);
    enum status status = choose_picks(context, relations->picks, &chosen);
    if (status == STATUS_OK)
        status = choose_by_tags(context, relations->tags, &chosen);
    if (status == STATUS_OK && chosen.len < limit)
        status = read_newest(context, &chosen, (struct filter){.section_id = relations->section_id},
                             &page);
    if (status != STATUS_OK)
        return status;
    for (int i = 0; i < page.count; i++)
        choose(&chosen, page.articles[i].id);
    assert(chosen.len <= limit);
    json_t *cards = list_empty(), *items = json_object_get(cards, "items");
    status = cards ? STATUS_OK : STATUS_NO_MEMORY;
    for (int i = 0; i < chosen.len && status == STATUS_OK; i++) {
        json_t *card;
        status = card_document(context, chosen.ids[i], context->card_fields, &card);
        if (status == STATUS_OK && json_array_append_new(items, card) != 0)
            status = STATUS_NO_MEMORY;
        if (status == STATUS_ABSENT)
            status = STATUS_OK; /* readers may not see it now, which is noted */
    }
    return document_finish(status, cards, list);
}

static json_t *texts_of(struct query *row, const char *column)
{
    size_t len;
    const char *text = query_text(row, column, &len);
    return json_load_text(text, len, 0, NULL);
}

enum status related_document(const struct context *context, int64_t id, int limit,
                             json_t **document)
{
    struct query *row;
    dependency_note(context, TOPIC_ARTICLE, id);
    enum status status = article_row(context->db, id, context->now_s, &row);
    if (status != STATUS_OK)
        return status;
    json_t *picks = texts_of(row, "related"), *tags = texts_of(row, "tags");
    const struct relations relations = {
        .id = id, .section_id = query_number(row, "section_id"), .picks = picks, .tags = tags};
    query_end(row, STATUS_OK);
    status = related_list(context, &relations, limit, document);
    json_decref(picks);
    json_decref(tags);
    return status;
}
