/* Counting a view: whose it is, whether it counts, and writing it down. */
#ifndef KHOBOR_HTTP_VIEWING_H
#define KHOBOR_HTTP_VIEWING_H

#include "base/status.h"
#include "http/desk.h"
#include "http/request.h"

#include <stdint.h>

/* Counts the view that a request tells of. STATUS_TOO_MANY when its address had too many counted,
 * STATUS_FULL when no more can be held; the fault says so. */
enum status viewing_count(const struct desk *desk, const struct request *request,
                          int64_t article_id, int64_t now_s, struct fault *fault) MUST_CHECK;

/* Counts that an article was read over the API (`popularity.count_reads`). Nobody is refused what
 * he reads: over the cap of its address the view is counted with the programs'. */
void viewing_count_read(const struct desk *desk, const struct request *request, int64_t article_id,
                        int64_t now_s);

#endif
