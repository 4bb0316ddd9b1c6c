#include "document/day.h"

#include "base/json.h"
#include "document/fields.h"
#include "language/calendar.h"

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

static json_t *date_text_json(const struct context *context, const struct civil *day)
{
    struct buf text;
    buf_init(&text, TEXT_BYTES_MAX);
    words_weekday_date(context->words, day, &text);
    return buf_json(&text);
}

static json_t *bangla_text_json(const struct context *context, const struct bangla_date *date)
{
    struct buf text;
    buf_init(&text, TEXT_BYTES_MAX);
    words_bangla_date(context->words, date, &text);
    return buf_json(&text);
}

json_t *day_json(const struct context *context, const struct civil *day)
{
    struct bangla_date bangla;
    if (bangla_date_from(day->year, day->month, day->day, &bangla) != STATUS_OK)
        return json_pack("{s:o, s:o, s:n, s:n}", "date", date_json(day), "text",
                         date_text_json(context, day), "bangla", "bangla_text");
    return json_pack("{s:o, s:o, s:{s:i, s:i, s:i}, s:o}", "date", date_json(day), "text",
                     date_text_json(context, day), "bangla", "year", bangla.year, "month",
                     bangla.month, "day", bangla.day, "bangla_text",
                     bangla_text_json(context, &bangla));
}
