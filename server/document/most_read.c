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

static bool is_among(const int64_t *ids, size_t len, int64_t id)
{
    for (size_t i = 0; i < len; i++) {
        if (ids[i] == id)
            return true;
    }
    return false;
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
                !is_among(builder->previous_ids, builder->previous_len, id))
                builder->previous_ids[builder->previous_len++] = id;
        }
    }
}

static json_t *previous_rank(const struct ranked_list_builder *builder, int64_t id)
{
    for (size_t i = 0; i < builder->previous_len; i++) {
        if (builder->previous_ids[i] == id)
            return json_integer((json_int_t)i + 1);
    }
    return json_null();
}

static json_t *views_text(const struct context *context, int64_t views)
{
    struct buf text;
    buf_init(&text, 64);
    words_number(context->words, views, &text);
    return buf_json(&text);
}

/* Appends the next item: a card with its place. An article that readers may not see is skipped. */
static enum status append_item(struct ranked_list_builder *builder, const struct ranked *ranked,
                               int chart)
{
    json_t *item;
    const struct context *context = builder->context;
    bool counts = builder->request->counts;
    assert(builder->len < RANKED_MAX);
    enum status status = card_document(context, ranked->article_id, context->card_fields, &item);
    if (status != STATUS_OK)
        return status == STATUS_ABSENT ? STATUS_OK : status;
    status = json_put(item, "rank", json_integer((json_int_t)builder->len + 1));
    if (status == STATUS_OK)
        status = json_put(item, "previous_rank", previous_rank(builder, ranked->article_id));
    if (counts && status == STATUS_OK)
        status = json_put(item, "views", json_integer(ranked->views));
    if (counts && status == STATUS_OK)
        status = json_put(item, "views_text", views_text(context, ranked->views));
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
            if (id == request->except_id || is_among(builder->ids, builder->len, id))
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
static enum status fill(struct ranked_list_builder *builder, json_t *list)
{
    int widest;
    const struct context *context = builder->context;
    const struct most_read_request *request = builder->request;
    bool has_windows = builder->first_chart != CHART_TRENDING;
    int64_t as_of = context->ranking->as_of;
    dependency_note(context, request->counts ? TOPIC_COUNTS : TOPIC_ORDER, 0);
    find_previous_ids(builder);
    enum status status = append_items(builder, &widest);
    assert(widest >= builder->first_chart && widest <= builder->last_chart);
    assert(builder->len <= (size_t)request->limit);
    if (has_windows && status == STATUS_OK)
        status = json_put(list, "window", json_string_nocheck(window_name(request->window)));
    if (status == STATUS_OK)
        status = json_put(list, "section",
                          request->section ? json_string_nocheck(request->section) : json_null());
    if (request->counts && status == STATUS_OK)
        status = json_put(list, "as_of", as_of ? instant_json(as_of) : json_null());
    if (has_windows && status == STATUS_OK)
        status = json_put(list, "fallback",
                          widest > builder->first_chart ? json_string_nocheck(chart_name(widest))
                                                        : json_null());
    if (status == STATUS_OK)
        status = json_put(list, "items", json_incref(builder->items));
    if (status == STATUS_OK)
        status = json_put(list, "next", json_null());
    return status;
}

static enum status ranked_document(const struct context *context,
                                   const struct most_read_request *request, int first_chart,
                                   int last_chart, json_t **document)
{
    assert(request->limit >= 0 && request->limit <= RANKED_MAX && first_chart <= last_chart);
    json_t *list = json_object();
    struct ranked_list_builder builder = {.context = context,
                                          .request = request,
                                          .first_chart = first_chart,
                                          .last_chart = last_chart,
                                          .items = json_array()};
    enum status status = list && builder.items ? fill(&builder, list) : STATUS_NO_MEMORY;
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
