/* Answers that refuse: a problem (RFC 9457) to programs, a page in the site's language to readers.
 */
#ifndef KHOBOR_HTTP_REFUSAL_H
#define KHOBOR_HTTP_REFUSAL_H

#include "base/status.h"
#include "http/exchange.h"

/* A problem for whoever asked. `fault` says why and names the parameter; NULL for neither. */
void refuse_with_problem(const struct desk *desk, int http_status, const struct fault *fault,
                         struct reply *reply);

/* A page with the way on to a reader outside the API, whose browser names HTML; else a problem. */
void refuse(struct exchange *exchange, int http_status, const struct fault *fault);

/* A theme's fault, for whoever is writing it. */
void refuse_broken_theme(struct exchange *exchange, const struct fault *fault);

#endif
