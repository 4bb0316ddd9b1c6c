#include "document/site.h"

#include "base/clock.h"
#include "document/row.h"
#include "language/calendar.h"
#include "store/sections.h"

enum {
    TEXT_BYTES_MAX = 256
};

static json_t *date_json(const struct civil *day)
{
    struct buf text;
    buf_init(&text, TEXT_BYTES_MAX);
    buf_format(&text, "%04d-%02d-%02d", day->year, day->month, day->day);
    return buf_json(&text);
}

static json_t *date_text_json(const struct reading *reading, const struct civil *day)
{
    struct buf text;
    buf_init(&text, TEXT_BYTES_MAX);
    words_weekday_date(reading->words, day, &text);
    return buf_json(&text);
}

static json_t *bangla_text_json(const struct reading *reading, const struct bangla_date *date)
{
    struct buf text;
    buf_init(&text, TEXT_BYTES_MAX);
    words_bangla_date(reading->words, date, &text);
    return buf_json(&text);
}

/* The day in the site's zone, in both calendars; the Bangla one is null before it had one rule. */
static json_t *today_json(const struct reading *reading)
{
    struct civil day;
    struct bangla_date bangla;
    civil_from_instant(reading->now_s, &day);
    if (bangla_date_from(day.year, day.month, day.day, &bangla) != STATUS_OK)
        return json_pack("{s:o, s:o, s:n, s:n}", "date", date_json(&day), "text",
                         date_text_json(reading, &day), "bangla", "bangla_text");
    return json_pack("{s:o, s:o, s:{s:i, s:i, s:i}, s:o}", "date", date_json(&day), "text",
                     date_text_json(reading, &day), "bangla", "year", bangla.year, "month",
                     bangla.month, "day", bangla.day, "bangla_text",
                     bangla_text_json(reading, &bangla));
}

static enum status take_section(void *context, const struct section *section)
{
    json_t *json = json_pack("{s:s, s:s, s:I}", "slug", section->slug, "name", section->name,
                             "position", (json_int_t)section->position);
    return json_array_append_new(context, json) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status site_document(const struct reading *reading, json_t **document)
{
    const struct config *config = reading->config;
    json_t *sections = json_array();
    enum status status =
        sections ? sections_each(reading->db, take_section, sections) : STATUS_NO_MEMORY;
    if (status != STATUS_OK) {
        json_decref(sections);
        return status;
    }
    json_t *site =
        json_pack("{s:s, s:s, s:s, s:s, s:o, s:o}", "name", config->site.name, "url",
                  config->site.url, "language", config->site.language, "timezone",
                  config->site.timezone, "today", today_json(reading), "sections", sections);
    if (!site)
        return STATUS_NO_MEMORY;
    *document = site;
    return STATUS_OK;
}
