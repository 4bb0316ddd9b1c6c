/* A request becomes a reply, without a socket: nearly everything can be tried in process. */
#ifndef KHOBOR_HTTP_SERVE_H
#define KHOBOR_HTTP_SERVE_H

#include "base/buf.h"
#include "http/desk.h"
#include "http/request.h"
#include "render/rep.h"

#include <stdint.h>

enum {
    REPLY_HEADERS_MAX = 12
};

/* A reply. `rep` is NULL when there is none (204); a 304 has the one whose body is not sent. Header
 * values are texts in `values`. */
struct reply {
    int status;
    struct rep *rep;
    enum encoding encoding;
    struct {
        const char *name; /* static */
        size_t value;     /* where its value begins in `values` */
    } headers[REPLY_HEADERS_MAX];
    int headers_len;
    struct buf values;
};

/* Answers a request at `now_s`. The reply is always one that can be sent, whatever failed. */
void serve(const struct desk *desk, const struct request *request, int64_t now_s,
           struct reply *reply);

/* The answer to a request that is refused before its target matters. */
void serve_problem(const struct desk *desk, int http_status, const struct fault *fault,
                   struct reply *reply);

void reply_release(struct reply *reply);

/* The value of the header at an index. */
const char *reply_value(const struct reply *reply, int index);

#endif
