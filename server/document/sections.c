#include "document/sections.h"

#include "document/url.h"
#include "store/sections.h"

#include <stdlib.h>
#include <string.h>

enum {
    PATH_BYTES_MAX = 4096,
    SECTIONS_CARDS_MAX = 1000, /* in all sections together */
};

static enum status set_text(json_t *object, const char *name, const char *text)
{
    return json_object_set_new_nocheck(object, name, json_string_nocheck(text)) == 0
               ? STATUS_OK
               : STATUS_NO_MEMORY;
}

enum status section_document(const struct reading *reading, const struct list_ask *ask,
                             json_t **document)
{
    struct section section;
    enum status status = section_find(reading->db, ask->section, strlen(ask->section), &section);
    if (status != STATUS_OK)
        return status;
    json_t *made = json_object();
    status = set_text(made, "slug", section.slug);
    if (status == STATUS_OK)
        status = set_text(made, "name", section.name);
    if (status == STATUS_OK &&
        json_object_set_new_nocheck(made, "position", json_integer(section.position)) != 0)
        status = STATUS_NO_MEMORY;
    struct list_ask list_ask = *ask;
    list_ask.section_id = section.id;
    list_ask.section = NULL; /* it is in the path */
    json_t *list = NULL;
    if (status == STATUS_OK)
        status = list_document(reading, &list_ask, &list);
    if (status == STATUS_OK && json_object_update(made, list) != 0)
        status = STATUS_NO_MEMORY;
    json_decref(list);
    if (status != STATUS_OK) {
        json_decref(made);
        return status;
    }
    *document = made;
    return STATUS_OK;
}

/* The sections' slugs are gathered first: a statement must not be left open while it is used again.
 */
struct slugs {
    char *slugs[SECTIONS_MAX];
    int len;
};

static enum status take_slug(void *context, const struct section *section)
{
    struct slugs *slugs = context;
    if (slugs->len == SECTIONS_MAX)
        return STATUS_OK;
    char *slug = strdup(section->slug);
    if (!slug)
        return STATUS_NO_MEMORY;
    slugs->slugs[slugs->len++] = slug;
    return STATUS_OK;
}

static enum status append_section(const struct reading *reading, json_t *list, const char *slug,
                                  int limit)
{
    struct buf path;
    buf_init(&path, PATH_BYTES_MAX);
    buf_text(&path, "/api/v1/sections/");
    url_encode(slug, &path);
    struct list_ask ask = {.path = buf_string(&path),
                           .section = slug,
                           .from_at = INT64_MIN,
                           .before = position_newest(reading->now_s),
                           .limit = limit,
                           .fields = FIELDS_ALL};
    json_t *section;
    enum status status = section_document(reading, &ask, &section);
    buf_release(&path);
    if (status == STATUS_OK && json_array_append_new(json_object_get(list, "items"), section) != 0)
        status = STATUS_NO_MEMORY;
    return status;
}

enum status sections_document(const struct reading *reading, int limit, json_t **document)
{
    struct slugs slugs = {.len = 0};
    json_t *list = list_empty();
    enum status status = list ? sections_each(reading->db, take_slug, &slugs) : STATUS_NO_MEMORY;
    int most = slugs.len > 0 ? SECTIONS_CARDS_MAX / slugs.len : 1;
    if (limit > most)
        limit = most;
    for (int i = 0; i < slugs.len; i++) {
        if (status == STATUS_OK)
            status = append_section(reading, list, slugs.slugs[i], limit);
        free(slugs.slugs[i]);
    }
    if (status != STATUS_OK) {
        json_decref(list);
        return status;
    }
    *document = list;
    return STATUS_OK;
}
