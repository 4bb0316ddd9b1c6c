/* Counting a view: who reads, whether it counts, and adding it to the pending counts. */
#ifndef KHOBOR_HTTP_ROUTE_VIEWS_H
#define KHOBOR_HTTP_ROUTE_VIEWS_H

#include "http/route/routes.h"

#include <stdint.h>

/* Handler of POST /api/v1/articles/{article}/views. STATUS_TOO_MANY when the client's address has
 * had too many views counted, STATUS_FULL when no more can be pending; the fault says so. */
extern route_handler handle_view;

/* Counts that an article was read over the API (`popularity.count_reads`). Reading is never
 * refused: over the cap of the client's address the view is counted as a program's, and a view that
 * can't be counted is lost. */
void count_read_as_view(const struct worker *worker, const struct request *request,
                        int64_t article_id, int64_t now_s);

#endif
