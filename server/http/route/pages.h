/* Handlers of what is shown through a template, where the API's own document is not the whole of
 * it; the rest of the pages share the handlers of the API. */
#ifndef KHOBOR_HTTP_ROUTE_PAGES_H
#define KHOBOR_HTTP_ROUTE_PAGES_H

#include "http/route/read.h"

handler handle_article_page, handle_section_page, handle_tag_page, handle_author_page,
    handle_most_read_page, handle_feed, handle_sitemap_index, handle_sitemap, handle_news_sitemap,
    handle_asset, handle_favicon, handle_nothing;

#endif
