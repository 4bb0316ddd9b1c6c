#include "document/site.h"

#include "base/clock.h"
#include "document/day.h"
#include "document/dependencies.h"
#include "store/sections.h"

static enum status take_section(void *arg, const struct section *section)
{
    json_t *json = json_pack("{s:s, s:s, s:I}", "slug", section->slug, "name", section->name,
                             "position", (json_int_t)section->position);
    return json_array_append_new(arg, json) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status site_document(const struct context *context, json_t **document)
{
    const struct config *config = context->config;
    json_t *sections = json_array();
    enum status status = sections ? STATUS_OK : STATUS_NO_MEMORY;
    dependency_note(context, TOPIC_SECTIONS, 0);
    if (status == STATUS_OK && context->db)
        status = sections_each(context->db, take_section, sections);
    if (status != STATUS_OK) {
        json_decref(sections);
        return status;
    }
    int64_t begin;
    struct civil today;
    civil_from_instant(context->now_s, &today);
    if (instant_from_day(today.year, today.month, today.day, &begin) == STATUS_OK)
        dependency_until(context, day_end(begin));
    json_t *site =
        json_pack("{s:s, s:s, s:s, s:s, s:o, s:o}", "name", config->site.name, "url",
                  config->site.url, "language", config->site.language, "timezone",
                  config->site.timezone, "today", day_json(context, &today), "sections", sections);
    if (!site)
        return STATUS_NO_MEMORY;
    *document = site;
    return STATUS_OK;
}
