/* A request becomes a reply, without a socket: nearly everything can be tried in process. */
#ifndef KHOBOR_HTTP_SERVE_SERVE_H
#define KHOBOR_HTTP_SERVE_SERVE_H

#include "http/message/request.h"
#include "http/message/response.h"
#include "http/message/worker.h"

#include <stdint.h>

/* Answers a request at `now_s`. The reply is always one that can be sent, whatever failed. */
void serve(const struct worker *worker, const struct request *request, int64_t now_s,
           struct response *response);

#endif
