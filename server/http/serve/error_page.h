/* Answers that refuse: a problem (RFC 9457) to programs, a page in the site's language to readers.
 */
#ifndef KHOBOR_HTTP_SERVE_ERROR_PAGE_H
#define KHOBOR_HTTP_SERVE_ERROR_PAGE_H

#include "base/status.h"
#include "http/message/exchange.h"

/* A problem for whoever asked. `fault` says why and names the parameter; NULL for neither. */
void respond_problem(const struct worker *worker, int http_status, const struct fault *fault,
                     struct response *response);

/* A page with the way on to a reader outside the API, whose browser names HTML; else a problem. */
void respond_error(struct exchange *exchange, int http_status, const struct fault *fault);

/* A theme's fault, for whoever is writing it. */
void respond_broken_theme(struct exchange *exchange, const struct fault *fault);

#endif
