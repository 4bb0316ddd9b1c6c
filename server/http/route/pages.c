#include "http/route/pages.h"

#include "base/json.h"
#include "document/article.h"
#include "document/dependencies.h"
#include "document/fields.h"
#include "document/most_read.h"
#include "document/url.h"
#include "http/route/article_cache.h"
#include "http/route/lookup.h"
#include "page/feed.h"
#include "page/sitemap.h"
#include "store/sections.h"

#include <string.h>

enum {
    INCLUDE_ALL = INCLUDE_RELATED | INCLUDE_LATEST | INCLUDE_MOST_READ | INCLUDE_SITE,
    NUMBER_DIGITS_MAX = 9,
    ADDRESS_BYTES_MAX = 8192,
};

/* Says where a document is when it was asked for at another address. */
static bool is_elsewhere(const struct parameters *parameters, const char *address,
                         struct found *found)
{
    if (strcmp(parameters->list.path, address) == 0)
        return false;
    buf_text(&found->location, address);
    return true;
}

/* /{section}/{id}/{slug}, and what leads there: another section or slug, or none. */
enum status handle_article_page(const struct worker *worker, const struct context *context,
                                const struct parameters *parameters, struct found *found,
                                struct fault *fault)
{
    int64_t id;
    struct article_core core;
    if (parameters->names[2] && !lookup_is_id(parameters->names[1], &id))
        return lookup_fault(STATUS_ABSENT, fault);
    enum status status = lookup_id(context, parameters->names[1], &id, fault);
    if (status == STATUS_OK)
        status = article_cache_get(worker, context, id, CORE_PAGE, &core);
    if (status != STATUS_OK)
        return lookup_fault(status, fault);
    if (!is_elsewhere(parameters, json_string_value(json_object_get(core.fields, "url")), found))
        status = article_compose(context, &core, INCLUDE_ALL, &found->document);
    found->revision = core.revision;
    article_core_release(&core);
    return status;
}

enum status handle_section_page(const struct worker *worker, const struct context *context,
                                const struct parameters *parameters, struct found *found,
                                struct fault *fault)
{
    struct buf address;
    enum status status = handle_section(worker, context, parameters, found, fault);
    if (status != STATUS_OK)
        return status;
    buf_init(&address, ADDRESS_BYTES_MAX);
    url_section(json_string_value(json_object_get(found->document, "slug")), &address);
    is_elsewhere(parameters, buf_string(&address), found);
    buf_release(&address);
    return STATUS_OK;
}

/* A tag's or author's page is where its name is spelled as in the newest article. */
static enum status settle_term(const struct parameters *parameters, enum term_kind kind,
                               struct found *found)
{
    struct buf address;
    buf_init(&address, ADDRESS_BYTES_MAX);
    url_term(kind, json_string_value(json_object_get(found->document, "name")), &address);
    is_elsewhere(parameters, buf_string(&address), found);
    buf_release(&address);
    return STATUS_OK;
}

enum status handle_tag_page(const struct worker *worker, const struct context *context,
                            const struct parameters *parameters, struct found *found,
                            struct fault *fault)
{
    enum status status = handle_tag(worker, context, parameters, found, fault);
    return status == STATUS_OK ? settle_term(parameters, TERM_TAG, found) : status;
}

enum status handle_author_page(const struct worker *worker, const struct context *context,
                               const struct parameters *parameters, struct found *found,
                               struct fault *fault)
{
    enum status status = handle_author(worker, context, parameters, found, fault);
    return status == STATUS_OK ? settle_term(parameters, TERM_AUTHOR, found) : status;
}

_Static_assert(LABEL_WINDOW_ALL - LABEL_WINDOW_1H == WINDOW_ALL - WINDOW_1H,
               "each window has a label, in their order");

static const char *window_text(const struct context *context, enum window window)
{
    return words_label(context->words, (enum label)(LABEL_WINDOW_1H + (int)window));
}

/* The windows to choose from: [{name, text, current}…]. */
static json_t *windows_of(const struct context *context, enum window current)
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

/* An item that fills a thin window's place says which one it is from; null for the window's own. */
static enum status say_windows(const struct context *context, const json_t *items,
                               enum window asked)
{
    size_t index;
    json_t *item;
    enum status status = STATUS_OK;
    json_array_foreach(items, index, item)
    {
        enum window window;
        const json_t *name = json_object_get(item, "window");
        bool is_wider = window_named(json_string_value(name), json_string_length(name), &window) &&
                        window != asked;
        if (json_put(item, "window_text",
                     is_wider ? json_string_nocheck(window_text(context, window)) : json_null()) !=
            STATUS_OK)
            status = STATUS_NO_MEMORY;
    }
    return status;
}

enum status handle_most_read_page(const struct worker *worker, const struct context *context,
                                  const struct parameters *parameters, struct found *found,
                                  struct fault *fault)
{
    enum status status = handle_most_read(worker, context, parameters, found, fault);
    if (status == STATUS_OK)
        status =
            say_windows(context, json_object_get(found->document, "items"), parameters->window);
    if (status == STATUS_OK)
        status = json_put(found->document, "windows", windows_of(context, parameters->window));
    return status;
}

enum status handle_feed(const struct worker *worker, const struct context *context,
                        const struct parameters *parameters, struct found *found,
                        struct fault *fault)
{
    (void)worker;
    struct section section = {.slug = NULL};
    if (parameters->names[0]) {
        dependency_note(context, TOPIC_SECTIONS, 0);
        enum status status =
            section_find(context->db, parameters->names[0], strlen(parameters->names[0]), &section);
        if (status == STATUS_ABSENT)
            fault_set(fault, status, "", "there is no such section");
        if (status != STATUS_OK)
            return status;
    }
    struct feed_request feed = {.path = parameters->list.path,
                                .section = section.slug,
                                .section_name = section.name,
                                .section_id = section.id};
    return feed_document(context, &feed, &found->document);
}

enum status handle_sitemap_index(const struct worker *worker, const struct context *context,
                                 const struct parameters *parameters, struct found *found,
                                 struct fault *fault)
{
    (void)worker;
    (void)parameters;
    (void)fault;
    return sitemap_index_document(context, &found->document);
}

/* "12" of "12.xml"; 0 for anything else. */
static int64_t sitemap_number(const char *name)
{
    int64_t number = 0;
    size_t digits = strspn(name, "0123456789");
    if (digits == 0 || digits > NUMBER_DIGITS_MAX || name[0] == '0' ||
        strcmp(name + digits, ".xml") != 0)
        return 0;
    for (size_t i = 0; i < digits; i++)
        number = number * 10 + (name[i] - '0');
    return number;
}

enum status handle_sitemap(const struct worker *worker, const struct context *context,
                           const struct parameters *parameters, struct found *found,
                           struct fault *fault)
{
    (void)worker;
    enum status status =
        sitemap_document(context, sitemap_number(parameters->names[0]), &found->document);
    if (status == STATUS_ABSENT)
        return fault_set(fault, status, "", "there is no such sitemap; /sitemap.xml lists them");
    return status;
}

enum status handle_news_sitemap(const struct worker *worker, const struct context *context,
                                const struct parameters *parameters, struct found *found,
                                struct fault *fault)
{
    (void)worker;
    (void)parameters;
    (void)fault;
    return news_sitemap_document(context, &found->document);
}

static enum status find_asset(const struct worker *worker, const char *hash, const char *name,
                              struct found *found, struct fault *fault)
{
    char current[THEME_HASH_BYTES];
    struct theme *theme = theme_current_ref(worker->shared->theme_current);
    found->representation = theme_asset(theme, name, current);
    theme_unref(theme);
    if (!found->representation)
        return fault_set(fault, STATUS_ABSENT, "", "there is no such asset");
    found->is_immutable = strcmp(hash, current) == 0;
    return STATUS_OK;
}

/* An asset at the address of an older or newer edition of it is given as it is now, for as long as
 * other answers keep: a page that is cached somewhere may still ask for it. */
enum status handle_asset(const struct worker *worker, const struct context *context,
                         const struct parameters *parameters, struct found *found,
                         struct fault *fault)
{
    dependency_note(context, TOPIC_THEME, 0);
    enum status status =
        find_asset(worker, parameters->names[0], parameters->names[1], found, fault);
    found->is_misaddressed = !found->is_immutable;
    return status;
}

/* Where browsers look for an icon when a page names none. */
enum status handle_favicon(const struct worker *worker, const struct context *context,
                           const struct parameters *parameters, struct found *found,
                           struct fault *fault)
{
    (void)parameters;
    dependency_note(context, TOPIC_THEME, 0);
    return find_asset(worker, "", "favicon.ico", found, fault);
}

/* A template that needs no more than what every page has. */
enum status handle_nothing(const struct worker *worker, const struct context *context,
                           const struct parameters *parameters, struct found *found,
                           struct fault *fault)
{
    (void)worker;
    (void)context;
    (void)parameters;
    (void)fault;
    found->document = json_object();
    return found->document ? STATUS_OK : STATUS_NO_MEMORY;
}
