/* Handlers of pages whose document is more than the API's. An article, section, tag or author has
 * one canonical address; a request at any other address of it is redirected there. The most read
 * page adds the labels of its windows. All other pages share the handlers of the API. The assets
 * that pages refer to are served here as well. */
#include "http/route/pages.h"

#include "base/json.h"
#include "document/article.h"
#include "document/dependencies.h"
#include "document/fields.h"
#include "document/most_read.h"
#include "document/url.h"
#include "http/route/article_cache.h"
#include "http/route/read.h"

#include <assert.h>
#include <string.h>

enum {
    ADDRESS_BYTES_MAX = 8192,
};

/* Whether the canonical address of a document is another one than that of the request; the result
 * is then a redirect to it. */
static bool is_elsewhere(const struct handler_call *call, const char *address)
{
    assert(call->result->location.len == 0);
    if (strcmp(call->parameters->list.path, address) == 0)
        return false;
    buf_text(&call->result->location, address);
    return true;
}

/* /{section}/{id}/{slug}; also with another section or slug, or without the slug. */
enum status handle_article_page(const struct handler_call *call)
{
    int64_t id;
    struct article_core core;
    struct handler_result *result = call->result;
    const char *const *names = call->parameters->names;
    assert(names[1]);
    if (names[2] && !read_is_id(names[1], &id))
        return read_article_fault(call, STATUS_ABSENT);
    enum status status = read_article_id(call, names[1], &id);
    if (status == STATUS_OK)
        status = article_cache_get(call->worker, call->context, id, CORE_PAGE, &core);
    if (status != STATUS_OK)
        return read_article_fault(call, status);
    if (!is_elsewhere(call, json_string_value(json_object_get(core.fields, "url"))))
        status = article_compose(call->context, &core, INCLUDE_ALL, &result->document);
    assert(result->location.len == 0 || !result->document); /* a redirect has none */
    result->revision = core.revision;
    article_core_release(&core);
    return status;
}

enum status handle_section_page(const struct handler_call *call)
{
    struct buf address;
    enum status status = handle_section(call);
    if (status != STATUS_OK)
        return status;
    buf_init(&address, ADDRESS_BYTES_MAX);
    url_section(json_string_value(json_object_get(call->result->document, "slug")), &address);
    is_elsewhere(call, buf_string(&address));
    buf_release(&address);
    return STATUS_OK;
}

/* The canonical address of a tag or author spells the name as the newest article does. */
static enum status find_term_page(const struct handler_call *call, enum term_kind kind)
{
    struct buf address;
    enum status status = kind == TERM_TAG ? handle_tag(call) : handle_author(call);
    if (status != STATUS_OK)
        return status;
    buf_init(&address, ADDRESS_BYTES_MAX);
    url_term(kind, json_string_value(json_object_get(call->result->document, "name")), &address);
    is_elsewhere(call, buf_string(&address));
    buf_release(&address);
    return STATUS_OK;
}

enum status handle_tag_page(const struct handler_call *call)
{
    return find_term_page(call, TERM_TAG);
}

enum status handle_author_page(const struct handler_call *call)
{
    return find_term_page(call, TERM_AUTHOR);
}

_Static_assert(LABEL_WINDOW_ALL - LABEL_WINDOW_1H == WINDOW_ALL - WINDOW_1H,
               "each window has a label, in the same order");

static const char *window_text(const struct context *context, int window)
{
    assert(window >= WINDOW_1H && window <= WINDOW_ALL);
    return words_label(context->words, (enum label)(LABEL_WINDOW_1H + window));
}

/* The windows that the page offers: [{name, text, current}…]; NULL without memory. */
static json_t *list_windows(const struct context *context, enum window current)
{
    json_t *windows = json_array();
    for (int window = 0; window < WINDOW__MAX; window++) {
        json_t *choice =
            json_pack("{s:s, s:s, s:b}", "name", window_name((enum window)window), "text",
                      window_text(context, window), "current", window == (int)current);
        if (json_array_append_new(windows, choice) != 0) {
            json_decref(windows);
            return NULL;
        }
    }
    return windows;
}

/* Sets `window_text` of each item: the label of the wider window that the item was taken from,
 * because the chosen one had too few articles; null for an item of the chosen window. */
static enum status label_windows(const struct context *context, const json_t *items,
                                 enum window chosen)
{
    size_t index;
    json_t *item;
    enum status status = STATUS_OK;
    json_array_foreach(items, index, item)
    {
        enum window window;
        const json_t *name = json_object_get(item, "window");
        bool is_wider = window_named(json_string_value(name), json_string_length(name), &window) &&
                        window != chosen;
        if (json_put(item, "window_text",
                     is_wider ? json_string_nocheck(window_text(context, (int)window))
                              : json_null()) != STATUS_OK)
            status = STATUS_NO_MEMORY;
    }
    return status;
}

enum status handle_most_read_page(const struct handler_call *call)
{
    enum window window = call->parameters->window;
    enum status status = handle_most_read(call);
    if (status != STATUS_OK)
        return status;
    json_t *document = call->result->document;
    status = label_windows(call->context, json_object_get(document, "items"), window);
    return status == STATUS_OK ? json_put(document, "windows", list_windows(call->context, window))
                               : status;
}

enum status handle_empty(const struct handler_call *call)
{
    call->result->document = json_object();
    return call->result->document ? STATUS_OK : STATUS_NO_MEMORY;
}

/* Finds an asset, whose bytes are in memory in all encodings. `hash` is the one in the address. */
static enum status find_asset(const struct handler_call *call, const char *hash, const char *name)
{
    char current[THEME_HASH_BYTES];
    struct handler_result *result = call->result;
    struct theme *theme = theme_current_ref(call->worker->shared->theme_current);
    dependency_note(call->context, TOPIC_THEME, 0);
    result->representation = theme_asset(theme, name, current);
    theme_unref(theme);
    if (!result->representation)
        return fault_set(call->fault, STATUS_ABSENT, "", "there is no such asset");
    result->is_immutable = strcmp(hash, current) == 0;
    return STATUS_OK;
}

/* The address contains a hash of the bytes, so that a browser may cache them for ever. With the
 * hash of other bytes the asset is sent as it is now, with the usual lifetime: a page that a cache
 * outside still has may refer to that address. */
enum status handle_asset(const struct handler_call *call)
{
    const char *const *names = call->parameters->names;
    assert(names[0] && names[1]); /* the route's pattern has both */
    enum status status = find_asset(call, names[0], names[1]);
    call->result->is_misaddressed = !call->result->is_immutable;
    return status;
}

/* /favicon.ico, where browsers look for an icon when a page names none. */
enum status handle_favicon(const struct handler_call *call)
{
    return find_asset(call, "", "favicon.ico");
}
