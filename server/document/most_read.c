/* Walks the charts of a published ranking from the requested one to the widest, and takes the
 * articles in order until the list is full. The same walk over the snapshot of the last stored hour
 * gives the previous places.
 */
#include "document/most_read.h"

#include "base/json.h"
#include "document/dependencies.h"
#include "document/fields.h"
#include "ranking/snapshot.h"

#include <assert.h>
#include <string.h>

enum {
    VIEWS_BYTES_MAX = 64,
};

/* A list while it is filled. */
struct ranked_list_builder {
    const struct context *context;
    const struct most_read_request *request;
    int first_chart, last_chart;
    json_t *items;
    int64_t ids[RANKED_MAX]; /* of the items */
    size_t len;
    int64_t previous_ids[RANKED_MAX]; /* of the same list in the last stored hour */
    size_t previous_len;
};

/* The place of an id in a list, from 1; 0 when it is not in the list. */
static size_t place_of(const int64_t *ids, size_t len, int64_t id)
{
    assert(len <= RANKED_MAX);
    for (size_t i = 0; i < len; i++) {
        if (ids[i] == id)
            return i + 1;
    }
    return 0;
}

static void find_previous_ids(struct ranked_list_builder *builder)
{
    const struct snapshot *previous = builder->context->ranking->previous;
    for (int chart = builder->first_chart; previous && chart <= builder->last_chart; chart++) {
        size_t len;
        const struct ranked *best =
            snapshot_best(previous, chart, builder->request->section_id, &len);
        for (size_t i = 0; i < len && builder->previous_len < RANKED_MAX; i++) {
            int64_t id = best[i].article_id;
            if (id != builder->request->except_id &&
                !place_of(builder->previous_ids, builder->previous_len, id))
                builder->previous_ids[builder->previous_len++] = id;
        }
    }
}

/* Appends the next item: a card with its place. An article that readers may not see is skipped. */
static enum status append_item(struct ranked_list_builder *builder, const struct ranked *ranked,
                               int chart)
{
    json_t *item;
    struct buf views_text;
    const struct context *context = builder->context;
    assert(builder->len < RANKED_MAX);
    enum status status = card_document(context, ranked->article_id, context->card_fields, &item);
    if (status != STATUS_OK)
        return status == STATUS_ABSENT ? STATUS_OK : status;
    size_t previous = place_of(builder->previous_ids, builder->previous_len, ranked->article_id);
    status = json_put(item, "rank", json_integer((json_int_t)builder->len + 1));
    if (status == STATUS_OK)
        status = json_put(item, "previous_rank",
                          previous ? json_integer((json_int_t)previous) : json_null());
    if (builder->request->counts && status == STATUS_OK) {
        buf_init(&views_text, VIEWS_BYTES_MAX);
        words_number(context->words, ranked->views, &views_text);
        status = json_put(item, "views", json_integer(ranked->views));
        if (json_put(item, "views_text", buf_json(&views_text)) != STATUS_OK)
            status = STATUS_NO_MEMORY;
    }
    if (chart != CHART_TRENDING && status == STATUS_OK)
        status = json_put(item, "window", json_string_nocheck(chart_name(chart)));
    if (status == STATUS_OK && json_array_append(builder->items, item) != 0)
        status = STATUS_NO_MEMORY;
    json_decref(item);
    if (status == STATUS_OK)
        builder->ids[builder->len++] = ranked->article_id;
    return status;
}

/* Appends the items of all charts; *widest is the last chart that gave any, or the first chart. */
static enum status append_items(struct ranked_list_builder *builder, int *widest)
{
    const struct most_read_request *request = builder->request;
    *widest = builder->first_chart;
    for (int chart = builder->first_chart; chart <= builder->last_chart; chart++) {
        size_t len;
        const struct ranked *best =
            snapshot_best(builder->context->ranking, chart, request->section_id, &len);
        for (size_t i = 0; i < len && builder->len < (size_t)request->limit; i++) {
            int64_t id = best[i].article_id;
            size_t len_before = builder->len;
            if (id == request->except_id || place_of(builder->ids, builder->len, id))
                continue;
            enum status status = append_item(builder, &best[i], chart);
            if (status != STATUS_OK)
                return status;
            if (builder->len > len_before)
                *widest = chart;
        }
    }
    return STATUS_OK;
}

/* Sets the fields of the list in the order in which clients get them. */
static enum status ranked_document(const struct context *context,
                                   const struct most_read_request *request, int first_chart,
                                   int last_chart, json_t **document)
{
    int widest;
    bool has_windows = first_chart != CHART_TRENDING;
    int64_t as_of = context->ranking->as_of;
    struct ranked_list_builder builder = {.context = context,
                                          .request = request,
                                          .first_chart = first_chart,
                                          .last_chart = last_chart,
                                          .items = json_array()};
    assert(request->limit >= 0 && request->limit <= RANKED_MAX && first_chart <= last_chart);
    dependency_note(context, request->counts ? TOPIC_COUNTS : TOPIC_ORDER, 0);
    find_previous_ids(&builder);
    enum status status = append_items(&builder, &widest);
    assert(widest >= first_chart && widest <= last_chart);
    assert(builder.len <= (size_t)request->limit);
    json_t *list = json_object();
    if (has_windows && status == STATUS_OK)
        status = json_put(list, "window", json_string_nocheck(window_name(request->window)));
    if (status == STATUS_OK)
        status = json_put(list, "section",
                          request->section ? json_string_nocheck(request->section) : json_null());
    if (request->counts && status == STATUS_OK)
        status = json_put(list, "as_of", as_of ? instant_json(as_of) : json_null());
    if (has_windows && status == STATUS_OK)
        status =
            json_put(list, "fallback",
                     widest > first_chart ? json_string_nocheck(chart_name(widest)) : json_null());
    if (status == STATUS_OK)
        status = json_put(list, "items", json_incref(builder.items));
    if (status == STATUS_OK)
        status = json_put(list, "next", json_null());
    json_decref(builder.items);
    return document_finish(status, list, document);
}

enum status most_read_document(const struct context *context,
                               const struct most_read_request *request, json_t **document)
{
    return ranked_document(context, request, (int)request->window, WINDOW_ALL, document);
}

enum status trending_document(const struct context *context,
                              const struct most_read_request *request, json_t **document)
{
    return ranked_document(context, request, CHART_TRENDING, CHART_TRENDING, document);
}
