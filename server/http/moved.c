#include "http/moved.h"

#include "document/url.h"
#include "http/route.h"
#include "store/articles.h"
#include "store/redirects.h"

#include <string.h>

enum {
    SOURCE_BYTES_MAX = 8192,
};

/* The article that a source leads to; the buffer is emptied. */
static enum status find(const struct reading *reading, struct buf *source, int64_t *id)
{
    enum status status = buf_status(source) == STATUS_OK && source->len > 0
                             ? redirect_find(reading->db, buf_string(source), id)
                             : STATUS_ABSENT;
    buf_clear(source);
    return status;
}

/* An old address is looked for in every way in which it may have been written down. */
static enum status find_article(const struct reading *reading, const char *address, int64_t *id)
{
    struct buf source;
    size_t path_len = strcspn(address, "?");
    const size_t lens[] = {strlen(address), path_len};
    enum status status = STATUS_ABSENT;
    buf_init(&source, SOURCE_BYTES_MAX);
    for (size_t i = 0; i < sizeof lens / sizeof lens[0] && status == STATUS_ABSENT; i++) {
        buf_add(&source, address, lens[i]);
        status = find(reading, &source, id);
        if (status == STATUS_ABSENT) {
            url_decode(address, lens[i], &source);
            status = find(reading, &source, id);
        }
    }
    buf_release(&source);
    return status;
}

enum status moved_by_redirect(const struct reading *reading, const struct request *request,
                              struct buf *location)
{
    int64_t id;
    size_t len;
    struct query *row;
    const char *address = target_path(request->target);
    enum status status = address ? find_article(reading, address, &id) : STATUS_ABSENT;
    if (status == STATUS_OK)
        status = article_row(reading->db, id, reading->now_s, &row);
    if (status != STATUS_OK)
        return status;
    const char *slug = query_text(row, "slug", &len);
    url_article(query_text(row, "section_slug", &len), id, slug, location);
    return query_end(row, STATUS_OK);
}

enum status moved_by_slash(const struct target *target, struct buf *location)
{
    unsigned methods;
    struct target shorter = *target;
    shorter.segments_len--;
    if (target->segments_len < 2 || target->segments[target->segments_len - 1][0] != '\0')
        return STATUS_ABSENT;
    const struct route *route = route_find(&shorter, METHOD_GET, &methods);
    if (!route || route->show.media != MEDIA_HTML)
        return STATUS_ABSENT;
    for (int i = 0; i < shorter.segments_len; i++) {
        buf_char(location, '/');
        url_encode(shorter.segments[i], location);
    }
    return STATUS_OK;
}

void moved_put_query(const struct request *request, struct buf *location)
{
    const char *query = strchr(request->target, '?');
    if (query)
        buf_text(location, query);
}
