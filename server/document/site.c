/* Builds the documents from the configuration, the word tables, and the sections. A section is its
 * row with a list put into the same object. All sections are read before the first list, so that no
 * statement is on a row while other statements run. The days before and after a day of the archive
 * are found by one row of an index each, so that years without articles cost nothing. */
#include "document/site.h"

#include "base/json.h"
#include "document/dependencies.h"
#include "document/fields.h"
#include "document/url.h"
#include "store/sections.h"

#include <assert.h>
#include <string.h>

enum {
    TEXT_BYTES_MAX = 256,
    SECTIONS_CARDS_MAX = 1000, /* in all sections together */
};

static json_t *date_json(int64_t at)
{
    struct buf text;
    struct civil day;
    civil_from_instant(at, &day);
    buf_init(&text, TEXT_BYTES_MAX);
    buf_format(&text, "%04d-%02d-%02d", day.year, day.month, day.day);
    return buf_json(&text);
}

/* The day that contains `at`; NULL without memory. */
static json_t *day_document(const struct context *context, int64_t at)
{
    struct civil day;
    struct buf text, bangla_text;
    struct bangla_date bangla;
    civil_from_instant(at, &day);
    buf_init(&text, TEXT_BYTES_MAX);
    words_weekday_date(context->words, &day, &text);
    if (bangla_date_from(day.year, day.month, day.day, &bangla) != STATUS_OK)
        return json_pack("{s:o, s:o, s:n, s:n}", "date", date_json(at), "text", buf_json(&text),
                         "bangla", "bangla_text");
    buf_init(&bangla_text, TEXT_BYTES_MAX);
    words_bangla_date(context->words, &bangla, &bangla_text);
    return json_pack("{s:o, s:o, s:{s:i, s:i, s:i}, s:o}", "date", date_json(at), "text",
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

/* {slug, name, position}; NULL without memory. */
static json_t *section_json(const struct section *section)
{
    json_t *object = json_object();
    if (json_put(object, "slug", json_string_nocheck(section->slug)) == STATUS_OK &&
        json_put(object, "name", json_string_nocheck(section->name)) == STATUS_OK &&
        json_put(object, "position", json_integer(section->position)) == STATUS_OK)
        return object;
    json_decref(object);
    return NULL;
}

/* The sections while they are read. */
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

enum status site_document(const struct context *context, json_t **document)
{
    const struct config *config = context->config;
    enum status status = STATUS_OK;
    struct sections_builder sections = {.items = json_array()};
    dependency_note(context, TOPIC_SECTIONS, 0);
    if (context->db)
        status = sections_each(context->db, take_section, &sections);
    if (status != STATUS_OK) {
        json_decref(sections.items);
        return status;
    }
    int64_t begin;
    struct civil today;
    civil_from_instant(context->now_s, &today);
    if (instant_from_day(today.year, today.month, today.day, &begin) == STATUS_OK)
        dependency_until(context, day_end(begin));
    json_t *site = json_pack("{s:s, s:s, s:s, s:s, s:o, s:o}", "name", config->site.name, "url",
                             config->site.url, "language", config->site.language, "timezone",
                             config->site.timezone, "today", day_document(context, context->now_s),
                             "sections", sections.items);
    return document_finish(STATUS_OK, site, document);
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
    buf_init(&path, URL_BYTES_MAX);
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

/* Sets the dates of the newest article before `begin` and of the oldest from `end` on. Both reads
 * depend on the list of the whole paper, which list_read notes. */
static enum status put_neighbours(const struct context *context, int64_t begin, int64_t end,
                                  json_t *document)
{
    int64_t at;
    struct page page;
    struct filter filter = {.from_at = INT64_MIN, .before = {.at = begin, .id = 0}, .limit = 1};
    enum status status = list_read(context, &filter, &page);
    if (status == STATUS_OK)
        status = json_put(document, "previous",
                          page.count > 0 ? date_json(page.articles[0].at) : json_null());
    if (status != STATUS_OK)
        return status;
    assert(page.count <= 1 && begin < end);
    status = list_first_since(context->db, end, context->now_s, &at);
    if (status != STATUS_OK && status != STATUS_ABSENT)
        return status;
    return json_put(document, "following", status == STATUS_OK ? date_json(at) : json_null());
}

enum status archive_document(const struct context *context, const struct civil *day,
                             const struct list_request *request, json_t **document)
{
    int64_t begin;
    enum status status = instant_from_day(day->year, day->month, day->day, &begin);
    if (status != STATUS_OK || begin > context->now_s)
        return STATUS_ABSENT;
    struct civil begun;
    civil_from_instant(begin, &begun);
    if (begun.day != day->day) /* a zone that crossed the date line skipped the day */
        return STATUS_ABSENT;
    int64_t end = day_end(begin);
    assert(end > begin);
    struct list_request list = *request;
    list.from_at = begin;
    if (list.before.at > end || (list.before.at == end && list.before.id > 0))
        list.before = (struct position){.at = end, .id = 0};
    json_t *archive = day_document(context, begin);
    status = archive ? put_neighbours(context, begin, end, archive) : STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        status = list_put(context, &list, archive);
    return document_finish(status, archive, document);
}
