/* A section is its row with a list put into the same object. All sections are read before the first
 * list, so that no statement is on a row while other statements run. */
#include "document/sections.h"

#include "base/json.h"
#include "document/dependencies.h"
#include "document/fields.h"
#include "document/url.h"

#include <assert.h>
#include <string.h>

enum {
    PATH_BYTES_MAX = 4096,
    SECTIONS_CARDS_MAX = 1000, /* in all sections together */
};

json_t *section_json(const struct section *section)
{
    json_t *object = json_object();
    if (json_put(object, "slug", json_string_nocheck(section->slug)) == STATUS_OK &&
        json_put(object, "name", json_string_nocheck(section->name)) == STATUS_OK &&
        json_put(object, "position", json_integer(section->position)) == STATUS_OK)
        return object;
    json_decref(object);
    return NULL;
}

enum status section_document(const struct context *context, const struct list_request *request,
                             json_t **document)
{
    struct section section;
    assert(request->section && request->section_id == 0);
    dependency_note(context, TOPIC_SECTIONS, 0);
    enum status status =
        section_find(context->db, request->section, strlen(request->section), &section);
    if (status != STATUS_OK)
        return status;
    struct list_request list = *request;
    list.section_id = section.id;
    list.section = NULL; /* the path names it */
    json_t *object = section_json(&section);
    status = object ? list_put(context, &list, object) : STATUS_NO_MEMORY;
    return document_finish(status, object, document);
}

/* The sections while they are read, before their lists are put into them. */
struct sections_builder {
    json_t *items;
    int64_t ids[SECTIONS_MAX];
};

static enum status take_section(void *arg, const struct section *section)
{
    struct sections_builder *sections = arg;
    size_t len = json_array_size(sections->items);
    if (len == SECTIONS_MAX)
        return STATUS_OK;
    sections->ids[len] = section->id;
    return json_array_append_new(sections->items, section_json(section)) == 0 ? STATUS_OK
                                                                              : STATUS_NO_MEMORY;
}

enum status sections_document(const struct context *context, int limit, const int64_t *except,
                              int except_len, json_t **document)
{
    struct buf path;
    json_t *section, *list = list_empty();
    struct sections_builder sections = {.items = json_object_get(list, "items")};
    dependency_note(context, TOPIC_SECTIONS, 0);
    enum status status =
        list ? sections_each(context->db, take_section, &sections) : STATUS_NO_MEMORY;
    size_t index, len = json_array_size(sections.items);
    assert(len <= SECTIONS_MAX && limit <= LIST_LIMIT_MAX);
    int most = SECTIONS_CARDS_MAX / (len > 0 ? (int)len : 1);
    buf_init(&path, PATH_BYTES_MAX);
    json_array_foreach(sections.items, index, section)
    {
        buf_clear(&path);
        buf_text(&path, "/api/v1/sections/");
        url_encode(json_string_value(json_object_get(section, "slug")), &path);
        const struct list_request request = {.path = buf_string(&path),
                                             .section_id = sections.ids[index],
                                             .from_at = INT64_MIN,
                                             .before = position_newest(context->now_s),
                                             .limit = limit < most ? limit : most,
                                             .fields = context->card_fields,
                                             .except = except,
                                             .except_len = except_len};
        if (status == STATUS_OK)
            status = list_put(context, &request, section);
    }
    buf_release(&path);
    return document_finish(status, list, document);
}
