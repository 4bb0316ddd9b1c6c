/* Collects the header fields of a response in two arrays: names, which are static, and one buffer
 * of values. When a value does not fit into memory the buffer has failed, and nothing is sent. */
#include "http/message/response.h"

#include <assert.h>
#include <string.h>

enum {
    VALUES_BYTES_MAX = 64 * 1024
};

void response_begin(struct response *response, int status)
{
    *response = (struct response){.status = status};
    buf_init(&response->values, VALUES_BYTES_MAX);
    response_header(response, "X-Content-Type-Options", "nosniff");
}

void response_reuse(struct response *response, int status, struct prepared_response *prepared)
{
    assert(prepared->handle); /* R1 */
    response->status = status;
    response->prepared = prepared;
    response->representation = NULL;
    response->encoding = ENCODING_IDENTITY;
    response->headers_len = 0;
    buf_init(&response->values, VALUES_BYTES_MAX);
}

void response_release(struct response *response)
{
    representation_unref(response->representation);
    buf_release(&response->values);
}

void response_header(struct response *response, const char *name, const char *value)
{
    assert(response->headers_len < RESPONSE_HEADERS_MAX);
    assert(!response->prepared || !response->prepared->handle); /* R1 */
    size_t at = response->values.len;
    buf_add(&response->values, value, strlen(value) + 1);
    if (buf_status(&response->values) != STATUS_OK)
        return;
    response->headers[response->headers_len].name = name;
    response->headers[response->headers_len++].value = at;
}

const char *response_value(const struct response *response, int index)
{
    assert(index >= 0 && index < response->headers_len);
    return response->values.bytes + response->headers[index].value;
}
