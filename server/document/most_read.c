#include "document/most_read.h"

#include "base/json.h"
#include "document/dependencies.h"
#include "document/fields.h"
#include "ranking/snapshot.h"

#include <string.h>

/* The charts that a list is filled from, one after the other. */
struct charts {
    int first, last;
};

/* A list being filled, and which articles stand in it already. */
struct filling {
    const struct context *context;
    const struct most_read_request *request;
    struct charts charts;
    json_t *items;
    int64_t ids[RANKED_MAX];
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

/* Puts together what the list was in the last stored hour. */
static void fill_previous(struct filling *filling)
{
    const struct most_read_request *request = filling->request;
    const struct snapshot *previous = filling->context->ranking->previous;
    for (int chart = filling->charts.first; previous && chart <= filling->charts.last; chart++) {
        size_t len;
        const struct ranked *best = snapshot_best(previous, chart, request->section_id, &len);
        for (size_t i = 0; i < len && filling->previous_len < RANKED_MAX; i++) {
            int64_t id = best[i].article_id;
            if (id != request->except_id &&
                !is_among(filling->previous_ids, filling->previous_len, id))
                filling->previous_ids[filling->previous_len++] = id;
        }
    }
}

static json_t *previous_rank(const struct filling *filling, int64_t id)
{
    for (size_t i = 0; i < filling->previous_len; i++) {
        if (filling->previous_ids[i] == id)
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

/* What an item has beside its card. */
static enum status rank_item(const struct filling *filling, json_t *item,
                             const struct ranked *ranked, int chart)
{
    enum status status = json_put(item, "rank", json_integer((json_int_t)filling->len + 1));
    if (status == STATUS_OK)
        status = json_put(item, "previous_rank", previous_rank(filling, ranked->article_id));
    if (filling->request->counts && status == STATUS_OK)
        status = json_put(item, "views", json_integer(ranked->views));
    if (filling->request->counts && status == STATUS_OK)
        status = json_put(item, "views_text", views_text(filling->context, ranked->views));
    if (chart != CHART_TRENDING && status == STATUS_OK)
        status = json_put(item, "window", json_string_nocheck(chart_name(chart)));
    return status;
}

/* Puts the next article into its place; one that can't be seen now is passed over. */
static enum status append(struct filling *filling, const struct ranked *ranked, int chart)
{
    json_t *item;
    enum status status =
        card_document(filling->context, ranked->article_id, filling->context->card_fields, &item);
    if (status != STATUS_OK)
        return status == STATUS_ABSENT ? STATUS_OK : status;
    status = rank_item(filling, item, ranked, chart);
    if (status == STATUS_OK && json_array_append(filling->items, item) != 0)
        status = STATUS_NO_MEMORY;
    json_decref(item);
    if (status == STATUS_OK)
        filling->ids[filling->len++] = ranked->article_id;
    return status;
}

static enum status fill_from(struct filling *filling, int chart)
{
    size_t len;
    const struct most_read_request *request = filling->request;
    const struct ranked *best =
        snapshot_best(filling->context->ranking, chart, request->section_id, &len);
    for (size_t i = 0; i < len && filling->len < (size_t)request->limit; i++) {
        int64_t id = best[i].article_id;
        bool is_out = id == request->except_id || is_among(filling->ids, filling->len, id);
        enum status status = is_out ? STATUS_OK : append(filling, &best[i], chart);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

/* Fills from one chart after the other; *last is the last that gave an item. */
static enum status fill(struct filling *filling, int *last)
{
    *last = filling->charts.first;
    for (int chart = filling->charts.first; chart <= filling->charts.last; chart++) {
        size_t before = filling->len;
        enum status status = fill_from(filling, chart);
        if (status != STATUS_OK)
            return status;
        if (filling->len > before)
            *last = chart;
    }
    return STATUS_OK;
}

static enum status make(struct filling *filling, json_t *list)
{
    int last;
    const struct context *context = filling->context;
    const struct most_read_request *request = filling->request;
    bool has_windows = filling->charts.first != CHART_TRENDING;
    dependency_note(context, request->counts ? TOPIC_COUNTS : TOPIC_ORDER, 0);
    int64_t as_of = context->ranking->as_of;
    fill_previous(filling);
    enum status status = fill(filling, &last);
    if (has_windows && status == STATUS_OK)
        status = json_put(list, "window", json_string_nocheck(window_name(request->window)));
    if (status == STATUS_OK)
        status = json_put(list, "section",
                          request->section ? json_string_nocheck(request->section) : json_null());
    if (request->counts && status == STATUS_OK)
        status = json_put(list, "as_of", as_of ? instant_json(as_of) : json_null());
    if (has_windows && status == STATUS_OK)
        status = json_put(list, "fallback",
                          last > filling->charts.first ? json_string_nocheck(chart_name(last))
                                                       : json_null());
    if (status == STATUS_OK)
        status = json_put(list, "items", json_incref(filling->items));
    if (status == STATUS_OK)
        status = json_put(list, "next", json_null());
    return status;
}

static enum status ranked_document(const struct context *context,
                                   const struct most_read_request *request, struct charts charts,
                                   json_t **document)
{
    json_t *list = json_object(), *items = json_array();
    struct filling filling = {
        .context = context, .request = request, .charts = charts, .items = items};
    enum status status = list && items ? make(&filling, list) : STATUS_NO_MEMORY;
    json_decref(items);
    if (status != STATUS_OK) {
        json_decref(list);
        return status;
    }
    *document = list;
    return STATUS_OK;
}

enum status most_read_document(const struct context *context,
                               const struct most_read_request *request, json_t **document)
{
    const struct charts charts = {.first = request->window, .last = WINDOW_ALL};
    return ranked_document(context, request, charts, document);
}

enum status trending_document(const struct context *context,
                              const struct most_read_request *request, json_t **document)
{
    const struct charts charts = {.first = CHART_TRENDING, .last = CHART_TRENDING};
    return ranked_document(context, request, charts, document);
}
