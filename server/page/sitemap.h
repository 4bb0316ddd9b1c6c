/* Sitemaps of all articles, and of the news, for search engines (sitemaps.org). All of them depend
 * on TOPIC_PAPER. The caller owns *document. */
#ifndef KHOBOR_PAGE_SITEMAP_H
#define KHOBOR_PAGE_SITEMAP_H

#include "base/status.h"
#include "document/context.h"

#include <jansson.h>
#include <stdint.h>

enum {
    SITEMAP_IDS = 2000, /* how many consecutive article ids one sitemap covers */
    /* An index has at most 50,000 (sitemaps.org), of which one has the sections and lists. */
    SITEMAPS_MAX = 49999,
};

/* {sitemaps: [number…]}: the numbers from 1 of all sitemaps. A paper without articles has one. At
 * most SITEMAPS_MAX: articles with higher ids, which only a damaged database has, are in none. */
enum status sitemap_index_document(const struct context *context, json_t **document) MUST_CHECK;

/* {items: [{url, published_at, updated_at}…]}: the visible articles among the ids of one sitemap.
 * STATUS_ABSENT for a number that is not in the index. */
enum status sitemap_document(const struct context *context, int64_t number,
                             json_t **document) MUST_CHECK;

/* {items: [{url, headline, published_at, language}…]}: the articles published in the last two days,
 * newest first, at most 1,000; the newest article alone when there are none, since a sitemap must
 * not be empty. It expires after a minute, for the articles that become too old. */
enum status news_sitemap_document(const struct context *context, json_t **document) MUST_CHECK;

#endif
