/* From a request to a response, without a socket: nearly everything can be tested in process. */
#ifndef KHOBOR_HTTP_SERVE_SERVE_H
#define KHOBOR_HTTP_SERVE_SERVE_H

#include "http/message/request.h"
#include "http/message/response.h"
#include "http/message/worker.h"

#include <stdint.h>

/* Responds to a request at the time `now_s`, on the thread that owns `worker`. The response can
 * always be sent, whatever failed; the caller releases it, or sends its prepared response, before
 * the worker's next request. */
void serve(const struct worker *worker, const struct request *request, int64_t now_s,
           struct response *response);

#endif
