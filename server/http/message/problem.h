/* Errors as problem details (RFC 9457): {type, title, status, detail, parameter}. */
#ifndef KHOBOR_HTTP_MESSAGE_PROBLEM_H
#define KHOBOR_HTTP_MESSAGE_PROBLEM_H

#include "base/status.h"
#include "render/representation.h"

/* The HTTP status of an error; 500 for a status that no client can do anything about. */
int problem_http_status(enum status status);

/* The reason phrase of an HTTP status that this server sends (RFC 9110 §15); static. */
const char *problem_title(int http_status);

/* Makes a problem document, with one reference, the caller's. `fault` says why and names the
 * parameter ("" for none); NULL for no detail. STATUS_NO_MEMORY. */
enum status problem_make(int http_status, const struct fault *fault,
                         struct representation **representation) MUST_CHECK;

#endif
