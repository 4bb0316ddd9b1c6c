/* Counting a view: whose it is, whether it counts, and writing it down. */
#ifndef KHOBOR_HTTP_ROUTE_VIEWS_H
#define KHOBOR_HTTP_ROUTE_VIEWS_H

#include "base/status.h"
#include "http/message/request.h"
#include "http/message/worker.h"

#include <stdint.h>

/* Counts the view that a request tells of. STATUS_TOO_MANY when its address had too many counted,
 * STATUS_FULL when no more can be held; the fault says so. */
enum status count_view(const struct worker *worker, const struct request *request,
                       int64_t article_id, int64_t now_s, struct fault *fault) MUST_CHECK;

/* Counts that an article was read over the API (`popularity.count_reads`). Nobody is refused what
 * he reads: over the cap of its address the view is counted with the programs'. */
void count_read_as_view(const struct worker *worker, const struct request *request,
                        int64_t article_id, int64_t now_s);

#endif
