#include "document/most_read.h"

#include "document/row.h"
#include "popularity/snapshot.h"

#include <string.h>

/* A list being filled, and which articles stand in it already. */
struct filling {
    const struct reading *reading;
    const struct most_read_ask *ask;
    json_t *items;
    int64_t ids[RANKED_MAX];
    size_t len;
};

static bool is_in(const struct filling *filling, int64_t id)
{
    for (size_t i = 0; i < filling->len; i++) {
        if (filling->ids[i] == id)
            return true;
    }
    return id == filling->ask->except_id;
}

static json_t *views_text(const struct reading *reading, int64_t views)
{
    struct buf text;
    buf_init(&text, 64);
    words_number(reading->words, views, &text);
    return buf_json(&text);
}

/* What an item has beside its card. */
static enum status rank_item(const struct filling *filling, json_t *item,
                             const struct ranked *ranked, enum window window)
{
    enum status status = json_put(item, "rank", json_integer((json_int_t)filling->len + 1));
    if (filling->ask->counts && status == STATUS_OK)
        status = json_put(item, "views", json_integer(ranked->views));
    if (filling->ask->counts && status == STATUS_OK)
        status = json_put(item, "views_text", views_text(filling->reading, ranked->views));
    if (status == STATUS_OK)
        status = json_put(item, "window", json_string_nocheck(window_name(window)));
    return status;
}

/* Puts the next article into its place; one that can't be seen now is passed over. */
static enum status append(struct filling *filling, const struct ranked *ranked, enum window window)
{
    json_t *item;
    enum status status =
        card_document(filling->reading, ranked->article_id, filling->reading->card_fields, &item);
    if (status != STATUS_OK)
        return status == STATUS_ABSENT ? STATUS_OK : status;
    status = rank_item(filling, item, ranked, window);
    if (status == STATUS_OK && json_array_append(filling->items, item) != 0)
        status = STATUS_NO_MEMORY;
    json_decref(item);
    if (status == STATUS_OK)
        filling->ids[filling->len++] = ranked->article_id;
    return status;
}

static enum status fill_from(struct filling *filling, enum window window)
{
    size_t len;
    const struct most_read_ask *ask = filling->ask;
    const struct ranked *best =
        snapshot_best(filling->reading->ranking, window, ask->section_id, &len);
    for (size_t i = 0; i < len && filling->len < (size_t)ask->limit; i++) {
        enum status status =
            is_in(filling, best[i].article_id) ? STATUS_OK : append(filling, &best[i], window);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

/* Fills from the asked window on to ever wider ones; *widest is the last that gave an item. */
static enum status fill(struct filling *filling, enum window *widest)
{
    *widest = filling->ask->window;
    for (int window = filling->ask->window; window < WINDOW__MAX; window++) {
        size_t before = filling->len;
        enum status status = fill_from(filling, (enum window)window);
        if (status != STATUS_OK)
            return status;
        if (filling->len > before)
            *widest = (enum window)window;
    }
    return STATUS_OK;
}

static enum status make(struct filling *filling, json_t *list)
{
    enum window widest;
    const struct reading *reading = filling->reading;
    const struct most_read_ask *ask = filling->ask;
    enum status status = fill(filling, &widest);
    if (status == STATUS_OK)
        status = json_put(list, "window", json_string_nocheck(window_name(ask->window)));
    if (status == STATUS_OK)
        status = json_put(list, "section",
                          ask->section ? json_string_nocheck(ask->section) : json_null());
    if (status == STATUS_OK && ask->counts)
        status =
            json_put(list, "as_of",
                     reading->ranking->as_of ? instant_json(reading->ranking->as_of) : json_null());
    if (status == STATUS_OK)
        status =
            json_put(list, "fallback",
                     widest > ask->window ? json_string_nocheck(window_name(widest)) : json_null());
    if (status == STATUS_OK)
        status = json_put(list, "items", json_incref(filling->items));
    if (status == STATUS_OK)
        status = json_put(list, "next", json_null());
    return status;
}

enum status most_read_document(const struct reading *reading, const struct most_read_ask *ask,
                               json_t **document)
{
    json_t *list = json_object(), *items = json_array();
    struct filling filling = {.reading = reading, .ask = ask, .items = items};
    enum status status = list && items ? make(&filling, list) : STATUS_NO_MEMORY;
    json_decref(items);
    if (status != STATUS_OK) {
        json_decref(list);
        return status;
    }
    *document = list;
    return STATUS_OK;
}
