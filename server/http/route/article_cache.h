/* Articles that a serving thread keeps without what stands beside them: when a list changes, a page
 * is put together again without the article being read or rendered. */
#ifndef KHOBOR_HTTP_ROUTE_ARTICLE_CACHE_H
#define KHOBOR_HTTP_ROUTE_ARTICLE_CACHE_H

#include "document/article.h"
#include "http/message/worker.h"

/* What a core has: an article's fields, and on a page also document/article_page.h's. */
enum core_kind {
    CORE_ARTICLE,
    CORE_PAGE,
};

/* The core of an article, kept or read; statuses as article_visible. To be released. */
enum status article_cache_get(const struct worker *worker, const struct context *context,
                              int64_t id, enum core_kind kind,
                              struct article_core *core) MUST_CHECK;

#endif
