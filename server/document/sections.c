/* A section is its row with a list put into the same object. For all sections the slugs are read
 * first: the list of a section finds it again by the statement that would still be on a row.
 */
#include "document/sections.h"

#include "base/json.h"
#include "document/dependencies.h"
#include "document/fields.h"
#include "document/url.h"
#include "store/sections.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    PATH_BYTES_MAX = 4096,
    SECTIONS_CARDS_MAX = 1000, /* in all sections together */
};

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
    json_t *object = json_object();
    status = json_put(object, "slug", json_string_nocheck(section.slug));
    if (status == STATUS_OK)
        status = json_put(object, "name", json_string_nocheck(section.name));
    if (status == STATUS_OK)
        status = json_put(object, "position", json_integer(section.position));
    struct list_request list_request = *request;
    list_request.section_id = section.id;
    list_request.section = NULL; /* the path names it */
    if (status == STATUS_OK)
        status = list_put(context, &list_request, object);
    return document_finish(status, object, document);
}

struct section_slugs {
    char *slugs[SECTIONS_MAX];
    int len;
};

static enum status take_slug(void *arg, const struct section *section)
{
    struct section_slugs *slugs = arg;
    if (slugs->len == SECTIONS_MAX)
        return STATUS_OK;
    char *slug = strdup(section->slug);
    if (!slug)
        return STATUS_NO_MEMORY;
    slugs->slugs[slugs->len++] = slug;
    assert(slugs->len <= SECTIONS_MAX);
    return STATUS_OK;
}

/* Appends a section with the articles that `proto` describes. */
static enum status append_section(const struct context *context, json_t *list, const char *slug,
                                  const struct list_request *proto)
{
    struct buf path;
    buf_init(&path, PATH_BYTES_MAX);
    buf_text(&path, "/api/v1/sections/");
    url_encode(slug, &path);
    struct list_request request = *proto;
    request.path = buf_string(&path);
    request.section = slug;
    json_t *section;
    enum status status = section_document(context, &request, &section);
    buf_release(&path);
    if (status == STATUS_OK && json_array_append_new(json_object_get(list, "items"), section) != 0)
        status = STATUS_NO_MEMORY;
    return status;
}

enum status sections_document(const struct context *context, int limit, const int64_t *except,
                              int except_len, json_t **document)
{
    struct section_slugs slugs = {.len = 0};
    dependency_note(context, TOPIC_SECTIONS, 0);
    json_t *list = list_empty();
    enum status status = list ? sections_each(context->db, take_slug, &slugs) : STATUS_NO_MEMORY;
    int most = slugs.len > 0 ? SECTIONS_CARDS_MAX / slugs.len : 1;
    const struct list_request proto = {.from_at = INT64_MIN,
                                       .before = position_newest(context->now_s),
                                       .limit = limit < most ? limit : most,
                                       .fields = context->card_fields,
                                       .except = except,
                                       .except_len = except_len};
    assert(slugs.len <= SECTIONS_MAX && proto.limit <= LIST_LIMIT_MAX);
    for (int i = 0; i < slugs.len; i++) {
        if (status == STATUS_OK)
            status = append_section(context, list, slugs.slugs[i], &proto);
        free(slugs.slugs[i]);
    }
    return document_finish(status, list, document);
}
