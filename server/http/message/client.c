/* Reads the address lists that proxies send, element by element from the client's end to ours, and
 * the fields by which browsers say where a request comes from. */
#include "http/message/client.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

/* The client of a chain of proxies, as far as its elements have been read. */
struct proxy_chain {
    const struct networks *proxies;
    struct address address; /* the last that is no proxy's; the first if all are proxies' */
    bool has_address;
    bool is_certain; /* all elements after `address` are addresses of our proxies */
};

/* Adds an element: an address as proxies write it (RFC 7239 §6), perhaps in quotes, IPv6 in
 * brackets, with a port. One that is no address hides the client: it may be any proxy's. */
static void add_node(struct proxy_chain *chain, const char *text, size_t len)
{
    struct address hop;
    if (len >= 2 && text[0] == '"' && text[len - 1] == '"') {
        text++;
        len -= 2;
    }
    const char *colon = memchr(text, ':', len);
    if (len > 0 && text[0] == '[') {
        const char *end = memchr(text, ']', len);
        text++;
        len = end ? (size_t)(end - text) : 0;
    } else if (colon && !memchr(colon + 1, ':', len - (size_t)(colon + 1 - text))) {
        len = (size_t)(colon - text);
    }
    if (!address_parse(text, len, &hop)) {
        chain->has_address = chain->is_certain = false;
        return;
    }
    bool is_proxy = networks_have(chain->proxies, &hop);
    if (!chain->has_address || !is_proxy) {
        chain->address = hop;
        chain->has_address = true;
    }
    chain->is_certain |= !is_proxy;
    assert(chain->has_address);
}

/* Takes the element at *at, without the space around it: it ends before the next `stop` outside of
 * quotes, or at `end`. Moves *at on; false when there is none. */
static bool next_element(const char **at, const char *end, char stop, bool has_quotes,
                         const char **element, size_t *len)
{
    const char *from = *at, *to = from;
    bool quoted = false;
    assert(from <= end);
    if (from == end)
        return false;
    for (; to < end && (quoted || *to != stop); to++) {
        if (has_quotes && *to == '"')
            quoted = !quoted;
        else if (quoted && *to == '\\' && to + 1 < end)
            to++;
    }
    *at = to < end ? to + 1 : end;
    while (from < to && (*from == ' ' || *from == '\t'))
        from++;
    while (from < to && (to[-1] == ' ' || to[-1] == '\t'))
        to--;
    *element = from;
    *len = (size_t)(to - from);
    return true;
}

/* Whether a quote is never closed. Its text could hide the elements after it. */
static bool has_open_quote(const char *text)
{
    bool quoted = false;
    for (; *text; text++) {
        if (*text == '"')
            quoted = !quoted;
        else if (quoted && *text == '\\' && text[1])
            text++;
    }
    return quoted;
}

/* Adds an element of Forwarded (RFC 7239 §4): pairs separated by semicolons, of which `for` has the
 * address. */
static void add_forwarded(struct proxy_chain *chain, const char *element, size_t len)
{
    const char *node = "", *pair, *end = element + len;
    size_t node_len = 0, pair_len;
    while (next_element(&element, end, ';', true, &pair, &pair_len)) {
        if (pair_len > 4 && strncasecmp(pair, "for=", 4) == 0) {
            node = pair + 4;
            node_len = pair_len - 4;
        }
    }
    add_node(chain, node, node_len);
}

/* Adds the elements of a comma-separated list. */
static void add_list(struct proxy_chain *chain, const char *list, bool is_forwarded)
{
    const char *element, *end = list + strlen(list);
    size_t len;
    while (next_element(&list, end, ',', is_forwarded, &element, &len)) {
        if (len > 0 && is_forwarded)
            add_forwarded(chain, element, len);
        else if (len > 0)
            add_node(chain, element, len);
    }
}

bool client_address(const struct request *request, const struct networks *proxies,
                    struct address *address)
{
    struct proxy_chain chain = {.proxies = proxies, .is_certain = true};
    bool is_x = request->x_forwarded_for && request->x_forwarded_for[0];
    const char *list = is_x ? request->x_forwarded_for : request->forwarded;
    *address = request->peer;
    if (!list || !networks_have(proxies, &request->peer))
        return true;
    if (is_x || !has_open_quote(list))
        add_list(&chain, list, !is_x);
    if (chain.has_address)
        *address = chain.address;
    return chain.has_address && chain.is_certain;
}

bool client_is_local(const struct request *request)
{
    return !request->forwarded && !request->x_forwarded_for && !request->via &&
           address_is_loopback(&request->peer);
}

bool client_is_prefetching(const struct request *request)
{
    const char *const purposes[] = {request->sec_purpose, request->purpose, request->x_moz};
    for (size_t i = 0; i < sizeof purposes / sizeof purposes[0]; i++) {
        if (purposes[i] &&
            (strcasestr(purposes[i], "prefetch") || strcasestr(purposes[i], "preview")))
            return true;
    }
    return false;
}

/* Whether a URL has an origin (RFC 6454 §7: no path, and no slash at the end). */
static bool is_origin_of(const char *origin, const char *url)
{
    size_t len = strlen(origin);
    return len > 0 && strncasecmp(url, origin, len) == 0 && (url[len] == '\0' || url[len] == '/');
}

bool client_is_cross_site(const struct request *request, const struct config *config)
{
    const char *site = request->sec_fetch_site, *origin = request->origin;
    const char *allowed = config->http.cors_origin;
    const char *scheme_end = origin ? strstr(origin, "://") : NULL;
    if (origin && (strcmp(allowed, "*") == 0 || is_origin_of(origin, allowed) ||
                   is_origin_of(origin, config->site.url)))
        return false;
    if (site)
        return strcasecmp(site, "cross-site") == 0;
    /* A page can choose neither: an origin that is Host is the one that the request was sent to. */
    bool is_host = scheme_end && request->host && request->host[0] &&
                   strcasecmp(scheme_end + 3, request->host) == 0;
    return origin && !is_host;
}
