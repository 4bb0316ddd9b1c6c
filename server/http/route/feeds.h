/* Handlers of feeds and sitemaps. */
#ifndef KHOBOR_HTTP_ROUTE_FEEDS_H
#define KHOBOR_HTTP_ROUTE_FEEDS_H

#include "http/route/routes.h"

/* handle_feed is for the whole paper, or for the section that the path names. */
extern route_handler handle_feed, handle_sitemap_index, handle_sitemap, handle_news_sitemap;

#endif
