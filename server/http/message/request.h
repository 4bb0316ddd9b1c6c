/* A request as texts, independent of any socket, and its target split into decoded parts. */
#ifndef KHOBOR_HTTP_MESSAGE_REQUEST_H
#define KHOBOR_HTTP_MESSAGE_REQUEST_H

#include "base/address.h"
#include "base/buf.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum method {
    METHOD_GET = 1, /* HEAD as well: the HTTP library leaves the body out */
    METHOD_POST = 2,
    METHOD_OPTIONS = 4,
    METHOD_OTHER = 8,
};

enum {
    REQUEST_FIELDS = 13,
    REQUEST_JOINED_BYTES_MAX = 32768, /* of all lines of one field */
};

/* A field that is absent is NULL. All texts are borrowed from the HTTP library until the response
 * is sent, except for those that request_take_field has joined. */
struct request {
    enum method method;
    bool is_head;        /* HEAD; `method` is METHOD_GET */
    const char *target;  /* the raw URL: path and query, not decoded */
    struct address peer; /* the other end of the connection */
    int64_t at_ms;       /* when it arrived, by the steady clock */
    const char *accept, *accept_encoding, *if_none_match;
    const char *agent; /* User-Agent */
    const char *host;
    const char *forwarded, *x_forwarded_for, *via;
    const char *sec_purpose, *purpose, *x_moz; /* why it is fetched; X-Moz is from old Firefox */
    const char *sec_fetch_site, *origin;
    struct buf *joined[REQUEST_FIELDS];
};

/* Stores a header field if it is one of the above; `value` must outlive the request. Further lines
 * of a field are joined to a comma-separated list (RFC 9110 §5.3). */
void request_take_field(struct request *request, const char *name, size_t name_len,
                        const char *value);

/* Frees the fields that were joined. */
void request_release(struct request *request);

enum {
    TARGET_SEGMENTS_MAX = 8,
    TARGET_PARAMETERS_MAX = 32
};

/* The decoded parts of a target; all zeros at first. A '+' in a query stays a '+', so that +06:00
 * can be written in a time. */
struct target {
    char *storage; /* holds all texts below; reused by the next parse */
    size_t storage_bytes;
    char *segments[TARGET_SEGMENTS_MAX + 1];
    int segments_len; /* TARGET_SEGMENTS_MAX + 1 stands for more: no route has as many */
    struct {
        const char *name, *value;
    } parameters[TARGET_PARAMETERS_MAX];
    int parameters_len;
};

/* The path and query of a target, after scheme and authority if it is in absolute form (RFC 9112
 * §3.2.2); a pointer into `text`. The path of an absolute form may be empty, which means "/": the
 * result is then "" or begins with '?'. NULL for a target in no form that has a path. */
const char *target_path(const char *text);

/* Splits and decodes a target. `target` is zeroed, or holds an earlier result, whose memory is used
 * again. STATUS_INVALID with a fault when `text` is no path, or has a bad percent code, bytes that
 * are not UTF-8, a control character (NUL is one), or too many parameters. */
enum status target_parse(const char *text, struct target *target, struct fault *fault) MUST_CHECK;
void target_release(struct target *target);

#endif
