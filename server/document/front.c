/* Fills the page from top to bottom: lead, latest, sections. Each step leaves out the articles that
 * the steps before it put on the page.
 */
#include "document/front.h"

#include "base/json.h"
#include "document/dependencies.h"
#include "document/fields.h"
#include "document/lists.h"
#include "document/most_read.h"
#include "document/site.h"
#include "store/articles.h"

#include <assert.h>

/* The articles that are on the page already: the lead, and at most 51 of the latest. */
struct front_articles {
    int64_t ids[LIST_PAGE_MAX];
    int len;
};

static void add_article(struct front_articles *shown, const json_t *card)
{
    assert(shown->len < LIST_PAGE_MAX);
    shown->ids[shown->len++] = json_integer_value(json_object_get(card, "id"));
}

static enum status put_marked_lead(const struct context *context, json_t *front)
{
    int64_t id;
    json_t *card = NULL;
    dependency_note(context, TOPIC_LEAD, 0);
    enum status status = article_lead(context->db, context->now_s, &id);
    if (status == STATUS_OK)
        status = card_document(context, id, context->card_fields, &card);
    if (status != STATUS_OK && status != STATUS_ABSENT)
        return status;
    return json_put(front, "lead", card ? card : json_null());
}

/* Sets the newest articles, of which the first becomes the lead when no article is marked. */
static enum status put_latest(const struct context *context, struct front_articles *shown,
                              json_t *front)
{
    json_t *list;
    size_t index;
    const json_t *card, *lead = json_object_get(front, "lead");
    bool has_lead = !json_is_null(lead);
    assert(shown->len == 0);
    if (has_lead)
        add_article(shown, lead);
    struct list_request request = {
        .from_at = INT64_MIN,
        .before = position_newest(context->now_s),
        .limit = (int)context->config->lists.front + !has_lead,
        .fields = context->card_fields,
        .except = shown->ids,
        .except_len = 1, /* also without a lead: an exception leaves out `next` */
    };
    assert(request.limit + shown->len < LIST_PAGE_MAX);
    enum status status = list_document(context, &request, &list);
    if (status != STATUS_OK)
        return status;
    json_t *items = json_object_get(list, "items");
    json_array_foreach(items, index, card)
    {
        add_article(shown, card);
    }
    if (!has_lead && json_array_size(items) > 0) {
        status = json_put(front, "lead", json_incref(json_array_get(items, 0)));
        json_array_remove(items, 0);
    }
    if (status == STATUS_OK)
        return json_put(front, "latest", list);
    json_decref(list);
    return status;
}

static enum status put_sections(const struct context *context, const struct front_articles *shown,
                                json_t *front)
{
    json_t *sections;
    enum status status = sections_document(context, (int)context->config->lists.front_section,
                                           shown->ids, shown->len, &sections);
    if (status != STATUS_OK)
        return status;
    /* A section whose articles are all further up would be a heading without a list. */
    json_t *items = json_object_get(sections, "items");
    for (size_t i = json_array_size(items); i > 0; i--) {
        if (json_array_size(json_object_get(json_array_get(items, i - 1), "items")) == 0)
            json_array_remove(items, i - 1);
    }
    return json_put(front, "sections", sections);
}

enum status front_document(const struct context *context, json_t **document)
{
    json_t *most_read, *front = json_object();
    struct front_articles shown = {.len = 0};
    const struct most_read_request request = {.window = WINDOW_24H,
                                              .limit = (int)context->config->lists.most_read};
    enum status status = front ? put_marked_lead(context, front) : STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        status = put_latest(context, &shown, front);
    if (status == STATUS_OK)
        status = put_sections(context, &shown, front);
    if (status == STATUS_OK)
        status = most_read_document(context, &request, &most_read);
    if (status == STATUS_OK)
        status = json_put(front, "most_read", most_read);
    return document_finish(status, front, document);
}
