/* Handlers of the API: from the parameters of a request to a JSON document. They know nothing of
 * HTTP; pages and feeds that show the same document share them. */
#ifndef KHOBOR_HTTP_ROUTE_READ_H
#define KHOBOR_HTTP_ROUTE_READ_H

#include "http/route/routes.h"

extern route_handler handle_site, handle_texts, handle_front, handle_articles, handle_article,
    handle_related, handle_sections, handle_section, handle_most_read, handle_trending,
    handle_archive, handle_tag, handle_author, handle_health, handle_ready;

/* Whether a name is an id: ASCII digits alone. *id is 0, which no article has, for a number too
 * large to be one. */
bool read_is_id(const char *name, int64_t *id);

/* The id of the article whose id or slug is `name`; STATUS_ABSENT with a fault for an unknown slug.
 * An id is not looked up. */
enum status read_article_id(const struct handler_call *call, const char *name,
                            int64_t *id) MUST_CHECK;

/* Returns `status`; of an article that readers may not see (STATUS_ABSENT, STATUS_GONE) with the
 * fault that says so. */
enum status read_article_fault(const struct handler_call *call, enum status status) MUST_CHECK;

#endif
