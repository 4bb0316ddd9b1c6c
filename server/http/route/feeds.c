/* Handlers of feeds and sitemaps. Both need documents that the API does not have (page/feed.h,
 * page/sitemap.h); the routes name the templates that turn them into RSS, Atom and XML. */
#include "http/route/feeds.h"

#include "document/dependencies.h"
#include "page/feed.h"
#include "page/sitemap.h"
#include "store/sections.h"

#include <assert.h>
#include <string.h>

enum {
    NUMBER_DIGITS_MAX = 9
};

enum status handle_feed(const struct worker *worker, const struct context *context,
                        const struct parameters *parameters, struct handler_result *result,
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
    assert((section.slug != NULL) == (parameters->names[0] != NULL));
    struct feed_request feed = {.path = parameters->list.path,
                                .section = section.slug,
                                .section_name = section.name,
                                .section_id = section.id};
    return feed_document(context, &feed, &result->document);
}

enum status handle_sitemap_index(const struct worker *worker, const struct context *context,
                                 const struct parameters *parameters, struct handler_result *result,
                                 struct fault *fault)
{
    (void)worker;
    (void)parameters;
    (void)fault;
    return sitemap_index_document(context, &result->document);
}

/* 12 for "12.xml"; 0, which no sitemap has, for any other name. */
static int64_t sitemap_number(const char *name)
{
    int64_t number = 0;
    size_t digits = strspn(name, "0123456789");
    if (digits == 0 || digits > NUMBER_DIGITS_MAX || name[0] == '0' ||
        strcmp(name + digits, ".xml") != 0)
        return 0;
    for (size_t i = 0; i < digits; i++)
        number = number * 10 + (name[i] - '0');
    assert(number > 0);
    return number;
}

enum status handle_sitemap(const struct worker *worker, const struct context *context,
                           const struct parameters *parameters, struct handler_result *result,
                           struct fault *fault)
{
    (void)worker;
    assert(parameters->names[0]);
    enum status status =
        sitemap_document(context, sitemap_number(parameters->names[0]), &result->document);
    if (status == STATUS_ABSENT)
        return fault_set(fault, status, "", "there is no such sitemap; /sitemap.xml lists them");
    return status;
}

enum status handle_news_sitemap(const struct worker *worker, const struct context *context,
                                const struct parameters *parameters, struct handler_result *result,
                                struct fault *fault)
{
    (void)worker;
    (void)parameters;
    (void)fault;
    return news_sitemap_document(context, &result->document);
}
