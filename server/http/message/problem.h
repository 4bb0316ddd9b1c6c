/* Errors as problem details (RFC 9457): {type, title, status, detail, parameter}. */
#ifndef KHOBOR_HTTP_MESSAGE_PROBLEM_H
#define KHOBOR_HTTP_MESSAGE_PROBLEM_H

#include "base/status.h"
#include "render/representation.h"

/* The HTTP status that a handler's status is answered with. */
int problem_http_status(enum status status);

/* The reason phrase of a status this server answers with; static. */
const char *problem_title(int http_status);

/* A problem document. `fault` says why and names the parameter ("" for none); NULL for no detail.
 */
enum status problem_make(int http_status, const struct fault *fault,
                         struct representation **representation) MUST_CHECK;

#endif
