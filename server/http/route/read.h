/* Handlers of the API: from the parameters of a request to a JSON document. They know nothing of
 * HTTP; pages and feeds that show the same document share them. */
#ifndef KHOBOR_HTTP_ROUTE_READ_H
#define KHOBOR_HTTP_ROUTE_READ_H

#include "http/route/routes.h"

extern route_handler handle_site, handle_texts, handle_front, handle_articles, handle_article,
    handle_related, handle_sections, handle_section, handle_most_read, handle_trending,
    handle_archive, handle_tag, handle_author, handle_health, handle_ready;

#endif
