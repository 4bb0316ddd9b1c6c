/* Handlers of feeds and sitemaps. Both need documents that the API does not have (page/feed.h,
 * page/sitemap.h); the routes name the templates that turn them into RSS, Atom and XML. */
#include "http/route/feeds.h"

#include "document/dependencies.h"
#include "page/feed.h"
#include "page/sitemap.h"
#include "store/sections.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    NUMBER_DIGITS_MAX = 9
};

enum status handle_feed(const struct handler_call *call)
{
    const struct context *context = call->context;
    const char *name = call->parameters->names[0];
    struct section section = {.slug = NULL};
    if (name) {
        dependency_note(context, TOPIC_SECTIONS, 0);
        enum status status = section_find(context->db, name, strlen(name), &section);
        if (status == STATUS_ABSENT)
            fault_set(call->fault, status, "", "there is no such section");
        if (status != STATUS_OK)
            return status;
    }
    assert((section.slug != NULL) == (name != NULL));
    struct feed_request feed = {.path = call->parameters->list.path,
                                .section = section.slug,
                                .section_name = section.name,
                                .section_id = section.id};
    return feed_document(context, &feed, &call->result->document);
}

enum status handle_sitemap_index(const struct handler_call *call)
{
    return sitemap_index_document(call->context, &call->result->document);
}

/* {number} is like "12.xml". */
enum status handle_sitemap(const struct handler_call *call)
{
    int64_t number = 0; /* no sitemap has this number */
    const char *name = call->parameters->names[0];
    assert(name);
    size_t digits = strspn(name, "0123456789");
    bool is_number = digits > 0 && digits <= NUMBER_DIGITS_MAX && name[0] != '0';
    if (is_number && strcmp(name + digits, ".xml") == 0)
        number = strtoll(name, NULL, 10);
    enum status status = sitemap_document(call->context, number, &call->result->document);
    if (status == STATUS_ABSENT)
        return fault_set(call->fault, status, "",
                         "there is no such sitemap; /sitemap.xml lists them");
    return status;
}

enum status handle_news_sitemap(const struct handler_call *call)
{
    return news_sitemap_document(call->context, &call->result->document);
}
