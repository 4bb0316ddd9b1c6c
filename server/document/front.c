#include "document/front.h"

#include "document/lists.h"
#include "document/most_read.h"
#include "document/row.h"
#include "document/sections.h"
#include "document/sources.h"
#include "store/articles.h"

/* What stands on the page already. */
struct shown {
    int64_t ids[LIST_PAGE_MAX];
    int len;
};

static void note_shown(struct shown *shown, const json_t *card)
{
    if (shown->len < LIST_PAGE_MAX)
        shown->ids[shown->len++] = json_integer_value(json_object_get(card, "id"));
}

static enum status put_marked_lead(const struct reading *reading, json_t *front)
{
    int64_t id;
    json_t *card = NULL;
    source_note(reading, TOPIC_LEAD, 0);
    enum status status = article_lead(reading->db, reading->now_s, &id);
    if (status == STATUS_OK)
        status = card_document(reading, id, reading->card_fields, &card);
    if (status != STATUS_OK && status != STATUS_ABSENT)
        return status;
    return json_put(front, "lead", card ? card : json_null());
}

/* The newest, of which the first leads when no article is marked to. */
static enum status put_latest(const struct reading *reading, struct shown *shown, json_t *front)
{
    json_t *list;
    size_t index;
    const json_t *card, *lead = json_object_get(front, "lead");
    bool has_lead = !json_is_null(lead);
    if (has_lead)
        note_shown(shown, lead);
    struct list_ask ask = {
        .from_at = INT64_MIN,
        .before = position_newest(reading->now_s),
        .limit = (int)reading->config->lists.front + !has_lead,
        .fields = reading->card_fields,
        .except = shown->ids,
        .except_len = 1, /* so that it has no next page: the list goes on in the sections */
    };
    enum status status = list_document(reading, &ask, &list);
    if (status != STATUS_OK)
        return status;
    json_t *items = json_object_get(list, "items");
    json_array_foreach(items, index, card)
    {
        note_shown(shown, card);
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

/* A section that has nothing but what stands above would be a heading without a list. */
static void drop_empty(json_t *sections)
{
    json_t *items = json_object_get(sections, "items");
    for (size_t i = json_array_size(items); i > 0; i--) {
        if (json_array_size(json_object_get(json_array_get(items, i - 1), "items")) == 0)
            json_array_remove(items, i - 1);
    }
}

static enum status put_sections(const struct reading *reading, const struct shown *shown,
                                json_t *front)
{
    json_t *sections;
    enum status status = sections_document(reading, (int)reading->config->lists.front_section,
                                           shown->ids, shown->len, &sections);
    if (status != STATUS_OK)
        return status;
    drop_empty(sections);
    return json_put(front, "sections", sections);
}

static enum status put_most_read(const struct reading *reading, json_t *front)
{
    json_t *list;
    struct most_read_ask ask = {.window = WINDOW_24H,
                                .limit = (int)reading->config->lists.most_read};
    enum status status = most_read_document(reading, &ask, &list);
    return status == STATUS_OK ? json_put(front, "most_read", list) : status;
}

static enum status fill(const struct reading *reading, json_t *front)
{
    struct shown shown = {.len = 0};
    enum status status = put_marked_lead(reading, front);
    if (status == STATUS_OK)
        status = put_latest(reading, &shown, front);
    if (status == STATUS_OK)
        status = put_sections(reading, &shown, front);
    if (status == STATUS_OK)
        status = put_most_read(reading, front);
    return status;
}

enum status front_document(const struct reading *reading, json_t **document)
{
    json_t *front = json_object();
    enum status status = front ? fill(reading, front) : STATUS_NO_MEMORY;
    if (status != STATUS_OK) {
        json_decref(front);
        return status;
    }
    *document = front;
    return STATUS_OK;
}
