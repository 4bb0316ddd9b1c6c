/* Finds where an address leads that no document has: first by the redirects that the paper stores,
 * under each spelling that an address may have been stored with, then by leaving out a slash at the
 * end. */
#include "http/route/redirects.h"

#include "document/article.h"
#include "document/url.h"
#include "http/route/routes.h"
#include "store/redirects.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

enum {
    SOURCE_BYTES_MAX = 8192,
    PARAMETERS_TRIED = 8, /* of a query */
    LOCATION_BYTES_MAX = 64 * 1024,
};

/* The article that the redirect from exactly `source` leads to. */
static enum status find(const struct context *context, const char *source, int64_t *id)
{
    size_t len = strlen(source);
    return len > 0 && len <= SOURCE_BYTES_MAX ? redirect_find(context->db, source, id)
                                              : STATUS_ABSENT;
}

/* Tries an address in every spelling that a redirect may be stored under: as it is, decoded,
 * encoded, and encoded with percent codes in lower case. */
static enum status find_spelled(const struct context *context, const char *address, int64_t *id)
{
    struct buf decoded, encoded;
    buf_init(&decoded, SOURCE_BYTES_MAX);
    buf_init(&encoded, SOURCE_BYTES_MAX);
    enum status status = find(context, address, id);
    url_decode(address, strlen(address), &decoded);
    if (status == STATUS_ABSENT && buf_status(&decoded) == STATUS_OK)
        status = find(context, buf_string(&decoded), id);
    url_clean(buf_string(&decoded), &encoded);
    if (status == STATUS_ABSENT && buf_status(&encoded) == STATUS_OK) {
        status = find(context, buf_string(&encoded), id);
        for (size_t i = 0; i + 2 < encoded.len; i++) {
            if (encoded.bytes[i] != '%')
                continue;
            encoded.bytes[i + 1] = (char)tolower((unsigned char)encoded.bytes[i + 1]);
            encoded.bytes[i + 2] = (char)tolower((unsigned char)encoded.bytes[i + 2]);
        }
        if (status == STATUS_ABSENT)
            status = find(context, buf_string(&encoded), id);
    }
    buf_release(&decoded);
    buf_release(&encoded);
    return status;
}

/* Tries the whole address, then the path with one parameter of the query, as sites that link to an
 * address add others, then the path alone. */
static enum status find_article(const struct context *context, const char *address, int64_t *id)
{
    struct buf part;
    size_t path_len = strcspn(address, "?");
    const char *parameter = address + path_len;
    assert(address[0] == '/');
    enum status status = find_spelled(context, address, id);
    if (*parameter == '\0')
        return status;
    buf_init(&part, SOURCE_BYTES_MAX);
    for (int i = 0; i < PARAMETERS_TRIED && *parameter && status == STATUS_ABSENT; i++) {
        size_t len = strcspn(++parameter, "&");
        buf_clear(&part);
        buf_format(&part, "%.*s?%.*s", (int)path_len, address, (int)len, parameter);
        if (len > 0)
            status = find_spelled(context, buf_string(&part), id);
        parameter += len;
    }
    buf_clear(&part);
    buf_add(&part, address, path_len);
    if (status == STATUS_ABSENT)
        status = find_spelled(context, buf_string(&part), id);
    buf_release(&part);
    return status;
}

enum status redirects_find(const struct context *context, const struct request *request,
                           struct buf *location)
{
    int64_t id;
    const char *address = target_path(request->target);
    bool has_path = address && address[0] == '/';
    enum status status = has_path ? find_article(context, address, &id) : STATUS_ABSENT;
    return status == STATUS_OK ? article_url(context, id, location) : status;
}

enum status redirects_without_slash(const struct target *target, struct buf *location)
{
    unsigned methods;
    struct target shorter = *target;
    if (target->segments_len < 2 || target->segments[target->segments_len - 1][0] != '\0')
        return STATUS_ABSENT;
    shorter.segments_len--;
    assert(shorter.segments_len >= 1);
    const struct route *route = route_find(&shorter, METHOD_GET, &methods);
    if (!route || route->show.media != MEDIA_HTML)
        return STATUS_ABSENT;
    for (int i = 0; i < shorter.segments_len; i++) {
        buf_char(location, '/');
        url_encode(shorter.segments[i], location);
    }
    return location->len <= RESPONSE_ADDRESS_BYTES_MAX ? STATUS_OK : STATUS_ABSENT;
}

void redirects_append_query(const struct request *request, struct buf *location)
{
    const char *query = strchr(request->target, '?');
    if (query && location->len + 3 * strlen(query) <= RESPONSE_ADDRESS_BYTES_MAX)
        url_clean(query, location);
}

enum status redirects_resolve(const struct context *context, const struct request *request,
                              const struct target *target, struct buf *location)
{
    struct buf stored;
    buf_init(&stored, LOCATION_BYTES_MAX);
    enum status status = redirects_find(context, request, &stored);
    if (status == STATUS_OK) {
        buf_clear(location);
        buf_text(location, buf_string(&stored));
        if (buf_status(&stored) != STATUS_OK)
            status = STATUS_NO_MEMORY;
    }
    buf_release(&stored);
    if (status != STATUS_ABSENT)
        return status;
    if (location->len == 0 && redirects_without_slash(target, location) != STATUS_OK)
        return STATUS_ABSENT;
    assert(location->failed || location->bytes[0] == '/');
    redirects_append_query(request, location);
    return STATUS_OK;
}
