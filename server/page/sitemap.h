/* Articles' addresses for search engines (sitemaps.org). */
#ifndef KHOBOR_PAGE_SITEMAP_H
#define KHOBOR_PAGE_SITEMAP_H

#include "base/status.h"
#include "document/context.h"

#include <jansson.h>
#include <stdint.h>

enum {
    SITEMAP_IDS = 2000, /* a sitemap holds the articles of so many ids */
};

/* {sitemaps: [number…]}: one for each SITEMAP_IDS ids, from 1. */
enum status sitemap_index_document(const struct context *context, json_t **document) MUST_CHECK;

/* {items: [{url, published_at, updated_at}…]} of the articles with the ids of one sitemap.
 * STATUS_ABSENT for a number that the index has not. */
enum status sitemap_document(const struct context *context, int64_t number,
                             json_t **document) MUST_CHECK;

/* {items: [{url, headline, published_at, language}…]}: what was published in the last two days, at
 * most 1,000; the newest article when nothing was, as a sitemap must hold something. */
enum status news_sitemap_document(const struct context *context, json_t **document) MUST_CHECK;

#endif
