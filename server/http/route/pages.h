/* Handlers of pages whose document is more than the API's, and of the theme's assets. */
#ifndef KHOBOR_HTTP_ROUTE_PAGES_H
#define KHOBOR_HTTP_ROUTE_PAGES_H

#include "http/route/routes.h"

/* handle_empty makes an empty document, for templates that need the frame of a page only. */
extern route_handler handle_article_page, handle_section_page, handle_tag_page, handle_author_page,
    handle_most_read_page, handle_empty, handle_asset, handle_favicon;

#endif
