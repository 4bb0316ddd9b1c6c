/* Builds the documents from the configuration, the word tables, and one statement over the
 * sections. Dates are formatted here, since today's and an archive day's have the same shape.
 */
#include "document/site.h"

#include "base/json.h"
#include "document/dependencies.h"
#include "document/fields.h"
#include "document/sections.h"

#include <assert.h>

enum {
    TEXT_BYTES_MAX = 256
};

json_t *day_document(const struct context *context, const struct civil *day)
{
    struct buf date, text, bangla_text;
    struct bangla_date bangla;
    assert(day->month >= 1 && day->month <= 12 && day->weekday >= 0 && day->weekday <= 6);
    buf_init(&date, TEXT_BYTES_MAX);
    buf_init(&text, TEXT_BYTES_MAX);
    buf_format(&date, "%04d-%02d-%02d", day->year, day->month, day->day);
    words_weekday_date(context->words, day, &text);
    if (bangla_date_from(day->year, day->month, day->day, &bangla) != STATUS_OK)
        return json_pack("{s:o, s:o, s:n, s:n}", "date", buf_json(&date), "text", buf_json(&text),
                         "bangla", "bangla_text");
    buf_init(&bangla_text, TEXT_BYTES_MAX);
    words_bangla_date(context->words, &bangla, &bangla_text);
    return json_pack("{s:o, s:o, s:{s:i, s:i, s:i}, s:o}", "date", buf_json(&date), "text",
                     buf_json(&text), "bangla", "year", bangla.year, "month", bangla.month, "day",
                     bangla.day, "bangla_text", buf_json(&bangla_text));
}

enum status texts_document(const struct context *context, json_t **document)
{
    json_t *texts = json_object();
    enum status status = texts ? STATUS_OK : STATUS_NO_MEMORY;
    for (int label = 0; label < LABEL__MAX && status == STATUS_OK; label++)
        status = json_put(texts, label_name((enum label)label),
                          json_string_nocheck(words_label(context->words, (enum label)label)));
    return document_finish(status, texts, document);
}

static enum status append_section(void *sections, const struct section *section)
{
    return json_array_append_new(sections, section_json(section)) == 0 ? STATUS_OK
                                                                       : STATUS_NO_MEMORY;
}

enum status site_document(const struct context *context, json_t **document)
{
    const struct config *config = context->config;
    json_t *sections = json_array();
    enum status status = sections ? STATUS_OK : STATUS_NO_MEMORY;
    dependency_note(context, TOPIC_SECTIONS, 0);
    if (status == STATUS_OK && context->db)
        status = sections_each(context->db, append_section, sections);
    if (status != STATUS_OK) {
        json_decref(sections);
        return status;
    }
    int64_t begin;
    struct civil today;
    civil_from_instant(context->now_s, &today);
    if (instant_from_day(today.year, today.month, today.day, &begin) == STATUS_OK)
        dependency_until(context, day_end(begin));
    json_t *site = json_pack("{s:s, s:s, s:s, s:s, s:o, s:o}", "name", config->site.name, "url",
                             config->site.url, "language", config->site.language, "timezone",
                             config->site.timezone, "today", day_document(context, &today),
                             "sections", sections);
    return document_finish(STATUS_OK, site, document);
}
