/* Handlers of pages whose document is more than the API's. An article, section, tag or author has
 * one canonical address; a request at any other address of it is redirected there. The most read
 * page adds the labels of its windows. All other pages share the handlers of the API. */
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
static bool is_elsewhere(const struct parameters *parameters, const char *address,
                         struct handler_result *result)
{
    if (strcmp(parameters->list.path, address) == 0)
        return false;
    buf_text(&result->location, address);
    return true;
}

/* /{section}/{id}/{slug}; also with another section or slug, or without the slug. */
enum status handle_article_page(const struct worker *worker, const struct context *context,
                                const struct parameters *parameters, struct handler_result *result,
                                struct fault *fault)
{
    int64_t id;
    struct article_core core;
    assert(parameters->names[1]);
    if (parameters->names[2] && !read_is_id(parameters->names[1], &id))
        return read_article_fault(STATUS_ABSENT, fault);
    enum status status = read_article_id(context, parameters->names[1], &id, fault);
    if (status == STATUS_OK)
        status = article_cache_get(worker, context, id, CORE_PAGE, &core);
    if (status != STATUS_OK)
        return read_article_fault(status, fault);
    if (!is_elsewhere(parameters, json_string_value(json_object_get(core.fields, "url")), result))
        status = article_compose(context, &core, INCLUDE_ALL, &result->document);
    assert(result->location.len == 0 || !result->document); /* a redirect has none */
    result->revision = core.revision;
    article_core_release(&core);
    return status;
}

/* Redirects to the canonical address in `address`, which is emptied. */
static void settle_address(const struct parameters *parameters, struct buf *address,
                           struct handler_result *result)
{
    is_elsewhere(parameters, buf_string(address), result);
    buf_release(address);
}

enum status handle_section_page(const struct worker *worker, const struct context *context,
                                const struct parameters *parameters, struct handler_result *result,
                                struct fault *fault)
{
    struct buf address;
    enum status status = handle_section(worker, context, parameters, result, fault);
    if (status != STATUS_OK)
        return status;
    buf_init(&address, ADDRESS_BYTES_MAX);
    url_section(json_string_value(json_object_get(result->document, "slug")), &address);
    settle_address(parameters, &address, result);
    return STATUS_OK;
}

/* The canonical address of a tag or author spells the name as the newest article does. */
static enum status find_term_page(const struct context *context, enum term_kind kind,
                                  const struct parameters *parameters,
                                  struct handler_result *result, struct fault *fault)
{
    struct buf address;
    enum status status = kind == TERM_TAG ? handle_tag(NULL, context, parameters, result, fault)
                                          : handle_author(NULL, context, parameters, result, fault);
    if (status != STATUS_OK)
        return status;
    buf_init(&address, ADDRESS_BYTES_MAX);
    url_term(kind, json_string_value(json_object_get(result->document, "name")), &address);
    settle_address(parameters, &address, result);
    return STATUS_OK;
}

enum status handle_tag_page(const struct worker *worker, const struct context *context,
                            const struct parameters *parameters, struct handler_result *result,
                            struct fault *fault)
{
    (void)worker;
    return find_term_page(context, TERM_TAG, parameters, result, fault);
}

enum status handle_author_page(const struct worker *worker, const struct context *context,
                               const struct parameters *parameters, struct handler_result *result,
                               struct fault *fault)
{
    (void)worker;
    return find_term_page(context, TERM_AUTHOR, parameters, result, fault);
}

_Static_assert(LABEL_WINDOW_ALL - LABEL_WINDOW_1H == WINDOW_ALL - WINDOW_1H,
               "each window has a label, in the same order");

static const char *window_text(const struct context *context, enum window window)
{
    return words_label(context->words, (enum label)(LABEL_WINDOW_1H + (int)window));
}

/* The windows that the page offers: [{name, text, current}…]; NULL without memory. */
static json_t *list_windows(const struct context *context, enum window current)
{
    json_t *windows = json_array();
    for (int window = 0; window < WINDOW__MAX; window++) {
        json_t *choice =
            json_pack("{s:s, s:s, s:b}", "name", window_name((enum window)window), "text",
                      window_text(context, (enum window)window), "current", window == (int)current);
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
                     is_wider ? json_string_nocheck(window_text(context, window)) : json_null()) !=
            STATUS_OK)
            status = STATUS_NO_MEMORY;
    }
    return status;
}

enum status handle_most_read_page(const struct worker *worker, const struct context *context,
                                  const struct parameters *parameters,
                                  struct handler_result *result, struct fault *fault)
{
    enum status status = handle_most_read(worker, context, parameters, result, fault);
    if (status == STATUS_OK)
        status =
            label_windows(context, json_object_get(result->document, "items"), parameters->window);
    if (status == STATUS_OK)
        status = json_put(result->document, "windows", list_windows(context, parameters->window));
    return status;
}

enum status handle_empty(const struct worker *worker, const struct context *context,
                         const struct parameters *parameters, struct handler_result *result,
                         struct fault *fault)
{
    (void)worker;
    (void)context;
    (void)parameters;
    (void)fault;
    result->document = json_object();
    return result->document ? STATUS_OK : STATUS_NO_MEMORY;
}
