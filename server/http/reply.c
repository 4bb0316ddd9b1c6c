#include "http/reply.h"

#include <assert.h>
#include <string.h>

enum {
    VALUES_BYTES_MAX = 64 * 1024
};

void reply_begin(struct reply *reply, int status)
{
    *reply = (struct reply){.status = status};
    buf_init(&reply->values, VALUES_BYTES_MAX);
    reply_header(reply, "X-Content-Type-Options", "nosniff");
}

void reply_prepared(struct reply *reply, int status, struct prepared *prepared)
{
    reply->status = status;
    reply->prepared = prepared;
    reply->rep = NULL;
    reply->encoding = ENCODING_IDENTITY;
    reply->headers_len = 0;
    buf_init(&reply->values, VALUES_BYTES_MAX);
}

void reply_release(struct reply *reply)
{
    rep_unref(reply->rep);
    buf_release(&reply->values);
}

void reply_header(struct reply *reply, const char *name, const char *value)
{
    assert(reply->headers_len < REPLY_HEADERS_MAX);
    size_t at = reply->values.len;
    buf_add(&reply->values, value, strlen(value) + 1);
    if (buf_status(&reply->values) != STATUS_OK)
        return;
    reply->headers[reply->headers_len].name = name;
    reply->headers[reply->headers_len++].value = at;
}

const char *reply_value(const struct reply *reply, int index)
{
    return reply->values.bytes + reply->headers[index].value;
}
