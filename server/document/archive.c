/* A list that is restricted to one civil day of the site's zone, with links to its neighbours. Both
 * neighbours are found by one row of an index, so that years without articles cost nothing.
 */
#include "document/archive.h"

#include "base/json.h"
#include "document/site.h"

#include <assert.h>

static json_t *date_json(int64_t at)
{
    struct buf text;
    struct civil day;
    civil_from_instant(at, &day);
    buf_init(&text, 32);
    buf_format(&text, "%04d-%02d-%02d", day.year, day.month, day.day);
    return buf_json(&text);
}

/* Sets the dates of the newest article before `begin` and of the oldest from `end` on. Both reads
 * depend on the list of the whole paper, which list_read notes. */
static enum status put_neighbours(const struct context *context, int64_t begin, int64_t end,
                                  json_t *document)
{
    struct page page;
    struct filter filter = {.from_at = INT64_MIN, .before = {.at = begin, .id = 0}, .limit = 1};
    enum status status = list_read(context, &filter, &page);
    if (status == STATUS_OK)
        status = json_put(document, "previous",
                          page.count > 0 ? date_json(page.articles[0].at) : json_null());
    if (status != STATUS_OK)
        return status;
    assert(page.count <= 1 && begin < end);
    int64_t at;
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
    struct civil whole; /* with its weekday */
    civil_from_instant(begin, &whole);
    if (whole.day != day->day) /* a zone that crossed the date line skipped the day */
        return STATUS_ABSENT;
    int64_t end = day_end(begin);
    assert(end > begin);
    struct list_request list = *request;
    list.from_at = begin;
    if (list.before.at > end || (list.before.at == end && list.before.id > 0))
        list.before = (struct position){.at = end, .id = 0};
    json_t *archive = day_document(context, &whole);
    status = archive ? put_neighbours(context, begin, end, archive) : STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        status = list_put(context, &list, archive);
    return document_finish(status, archive, document);
}
