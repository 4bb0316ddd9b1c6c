/* Articles that a serving thread caches without the lists in them: when a list changes, the
 * response is composed again without reading or rendering the article. */
#ifndef KHOBOR_HTTP_ROUTE_ARTICLE_CACHE_H
#define KHOBOR_HTTP_ROUTE_ARTICLE_CACHE_H

#include "document/article.h"
#include "http/message/worker.h"

/* What a core contains: an article's fields, and for a page also those of page/page_frame.h. */
enum core_kind {
    CORE_ARTICLE,
    CORE_PAGE,
};

/* The core of an article, from the cache or from the database, to be released with
 * article_core_release; statuses as article_visible. */
enum status article_cache_get(const struct worker *worker, const struct context *context,
                              int64_t id, enum core_kind kind,
                              struct article_core *core) MUST_CHECK;

#endif
