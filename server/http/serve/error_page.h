/* Error responses: a problem document (RFC 9457) for programs, a page in the site's language for
 * browsers. None of them is cached. */
#ifndef KHOBOR_HTTP_SERVE_ERROR_PAGE_H
#define KHOBOR_HTTP_SERVE_ERROR_PAGE_H

#include "base/status.h"
#include "http/message/worker.h"

#include <stdbool.h>

/* Responds with a problem document, whatever the client accepts. `fault` says why and names the
 * parameter; NULL for neither. */
void respond_problem(const struct worker *worker, int http_status, const struct fault *fault,
                     struct response *response);

/* Responds with an error page to a browser that requests a page, with a problem document to any
 * other client. */
void respond_error(struct exchange *exchange, int http_status, const struct fault *fault);

/* The same with the HTTP status of an error that a function returned. */
void respond_status(struct exchange *exchange, enum status status, const struct fault *fault);

/* Whether the exchange's route needs the theme, the theme is broken, and the client works on it:
 * its fault is shown to nobody else. The fault says what is wrong. */
bool error_page_shows_theme(const struct exchange *exchange, struct fault *fault);

/* Responds with a page that shows what is wrong with the theme. */
void respond_broken_theme(struct exchange *exchange, const struct fault *fault);

#endif
