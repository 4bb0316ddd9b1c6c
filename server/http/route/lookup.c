/* Finds ids by the names in a request, and says in a fault what was not found. */
#include "http/route/lookup.h"

#include "store/articles.h"
#include "store/sections.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool lookup_is_id(const char *name, int64_t *id)
{
    size_t len = strlen(name);
    if (len == 0 || strspn(name, "0123456789") != len)
        return false;
    *id = len <= 18 ? strtoll(name, NULL, 10) : 0;
    assert(*id >= 0);
    return true;
}

enum status lookup_id(const struct context *context, const char *name, int64_t *id,
                      struct fault *fault)
{
    enum status status = lookup_is_id(name, id)
                             ? STATUS_OK
                             : article_id_of_slug(context->db, name, strlen(name), id);
    if (status == STATUS_ABSENT)
        fault_set(fault, status, "", "there is no such article");
    return status;
}

enum status lookup_fault(enum status status, struct fault *fault)
{
    if (status == STATUS_ABSENT)
        return fault_set(fault, status, "", "there is no such article");
    if (status == STATUS_GONE)
        return fault_set(fault, status, "", "the article was withdrawn");
    return status;
}

enum status lookup_section(const struct context *context, const char *slug, int64_t *id,
                           struct fault *fault)
{
    struct section section;
    *id = 0;
    if (!slug)
        return STATUS_OK;
    enum status status = section_find(context->db, slug, strlen(slug), &section);
    if (status == STATUS_ABSENT)
        return fault_set(
            fault, status, "section",
            "must be the slug of a section, got \"%.60s\"; /api/v1/sections lists them", slug);
    if (status == STATUS_OK)
        *id = section.id;
    return status;
}
