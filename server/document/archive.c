#include "document/archive.h"

#include "base/json.h"
#include "document/day.h"
#include "document/fields.h"

static json_t *date_of(int64_t at)
{
    struct buf text;
    struct civil day;
    civil_from_instant(at, &day);
    buf_init(&text, 32);
    buf_format(&text, "%04d-%02d-%02d", day.year, day.month, day.day);
    return buf_json(&text);
}

/* The day of the newest article before an instant; null when there is none. */
static enum status put_previous(const struct context *context, int64_t begin, json_t *document)
{
    struct page page;
    struct filter filter = {.from_at = INT64_MIN, .before = {.at = begin, .id = 0}, .limit = 1};
    enum status status = list_read(context, &filter, &page);
    if (status != STATUS_OK)
        return status;
    return json_put(document, "previous",
                    page.count > 0 ? date_of(page.articles[0].at) : json_null());
}

static enum status put_following(const struct context *context, int64_t end, json_t *document)
{
    int64_t at;
    enum status status = list_first_since(context->db, end, context->now_s, &at);
    if (status != STATUS_OK && status != STATUS_ABSENT)
        return status;
    return json_put(document, "following", status == STATUS_OK ? date_of(at) : json_null());
}

static enum status put_list(const struct context *context, const struct list_request *request,
                            json_t *document)
{
    json_t *list;
    enum status status = list_document(context, request, &list);
    if (status != STATUS_OK)
        return status;
    status = json_object_update(document, list) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
    json_decref(list);
    return status;
}

enum status archive_document(const struct context *context, const struct civil *day,
                             const struct list_request *request, json_t **document)
{
    int64_t begin, end;
    enum status status = instant_from_day(day->year, day->month, day->day, &begin);
    if (status != STATUS_OK || begin > context->now_s)
        return STATUS_ABSENT;
    struct civil whole; /* with its weekday */
    civil_from_instant(begin, &whole);
    if (whole.day != day->day) /* a zone that changed sides of the date line had no such day */
        return STATUS_ABSENT;
    end = day_end(begin);
    struct list_request list = *request;
    list.from_at = begin;
    if (list.before.at > end || (list.before.at == end && list.before.id > 0))
        list.before = (struct position){.at = end, .id = 0};
    json_t *made = day_json(context, &whole);
    status = made ? put_previous(context, begin, made) : STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        status = put_following(context, end, made);
    if (status == STATUS_OK)
        status = put_list(context, &list, made);
    if (status != STATUS_OK) {
        json_decref(made);
        return status;
    }
    *document = made;
    return STATUS_OK;
}
