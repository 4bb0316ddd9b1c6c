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

/* The article that the redirect from exactly `source` leads to; empties the buffer. */
static enum status find(const struct context *context, struct buf *source, int64_t *id)
{
    enum status status = buf_status(source) == STATUS_OK && source->len > 0
                             ? redirect_find(context->db, buf_string(source), id)
                             : STATUS_ABSENT;
    buf_clear(source);
    return status;
}

static void lower_percent_codes(struct buf *source)
{
    for (size_t i = 0; i + 2 < source->len; i++) {
        if (source->bytes[i] != '%')
            continue;
        source->bytes[i + 1] = (char)tolower((unsigned char)source->bytes[i + 1]);
        source->bytes[i + 2] = (char)tolower((unsigned char)source->bytes[i + 2]);
    }
}

static void put_unchanged(const char *address, struct buf *to)
{
    buf_text(to, address);
}

static void put_decoded(const char *address, struct buf *to)
{
    url_decode(address, strlen(address), to);
}

static void put_encoded(const char *address, struct buf *to)
{
    struct buf decoded;
    buf_init(&decoded, SOURCE_BYTES_MAX);
    put_decoded(address, &decoded);
    url_clean(buf_string(&decoded), to);
    buf_release(&decoded);
}

static void put_encoded_lower_case(const char *address, struct buf *to)
{
    put_encoded(address, to);
    lower_percent_codes(to);
}

/* Tries an address in every spelling that a redirect may be stored under. */
static enum status find_spelled(const struct context *context, const char *address, int64_t *id)
{
    static void (*const spellings[])(const char *, struct buf *) = {
        put_unchanged, put_decoded, put_encoded, put_encoded_lower_case};
    struct buf source;
    enum status status = STATUS_ABSENT;
    buf_init(&source, SOURCE_BYTES_MAX);
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0] && status == STATUS_ABSENT; i++) {
        spellings[i](address, &source);
        status = find(context, &source, id);
    }
    buf_release(&source);
    return status;
}

/* Tries the path with one parameter of the query: sites that link to an address add others. */
static enum status find_by_parameter(const struct context *context, const char *address,
                                     int64_t *id)
{
    struct buf one;
    size_t path_len = strcspn(address, "?");
    const char *parameter = address + path_len;
    enum status status = STATUS_ABSENT;
    buf_init(&one, SOURCE_BYTES_MAX);
    for (int i = 0; i < PARAMETERS_TRIED && *parameter && status == STATUS_ABSENT; i++) {
        size_t len = strcspn(++parameter, "&");
        buf_clear(&one);
        buf_format(&one, "%.*s?%.*s", (int)path_len, address, (int)len, parameter);
        status = len > 0 ? find_spelled(context, buf_string(&one), id) : STATUS_ABSENT;
        parameter += len;
    }
    buf_release(&one);
    return status;
}

/* Tries the whole address, then the path with one of its parameters, then the path alone. */
static enum status find_article(const struct context *context, const char *address, int64_t *id)
{
    enum status status = find_spelled(context, address, id);
    if (status != STATUS_ABSENT || !strchr(address, '?'))
        return status;
    status = find_by_parameter(context, address, id);
    if (status != STATUS_ABSENT)
        return status;
    struct buf path;
    buf_init(&path, SOURCE_BYTES_MAX);
    buf_add(&path, address, strcspn(address, "?"));
    status = find_spelled(context, buf_string(&path), id);
    buf_release(&path);
    return status;
}

enum status redirects_find(const struct context *context, const struct request *request,
                           struct buf *location)
{
    int64_t id;
    const char *address = target_path(request->target);
    enum status status = address ? find_article(context, address, &id) : STATUS_ABSENT;
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
