/* A request as plain texts, apart from any socket, and its target taken to pieces. */
#ifndef KHOBOR_HTTP_MESSAGE_REQUEST_H
#define KHOBOR_HTTP_MESSAGE_REQUEST_H

#include "base/address.h"
#include "base/buf.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum method {
    METHOD_GET = 1, /* HEAD too: only its body is not sent */
    METHOD_POST = 2,
    METHOD_OPTIONS = 4,
    METHOD_OTHER = 8,
};

enum {
    REQUEST_FIELDS = 13,
    REQUEST_JOINED_BYTES_MAX = 32768, /* of one field's lines */
};

/* A field is NULL when it is absent. Everything is borrowed, but what request_take_field joined. */
struct request {
    enum method method;
    bool is_head;        /* of METHOD_GET */
    const char *target;  /* as it came: path, query, nothing decoded */
    struct address peer; /* the other end of the connection */
    int64_t at_ms;       /* when it came, by the clock that only goes forward */
    const char *accept, *accept_encoding, *if_none_match;
    const char *agent; /* User-Agent */
    const char *host;
    const char *forwarded, *x_forwarded_for, *via;
    const char *sec_purpose, *purpose, *x_moz; /* why it is fetched: X-Moz is Firefox's of old */
    const char *sec_fetch_site, *origin;
    struct buf *joined[REQUEST_FIELDS];
};

/* Takes a header field when it is one of the above. Lines of the same name are one list with commas
 * (RFC 9110 §5.3). */
void request_take_field(struct request *request, const char *name, size_t name_len,
                        const char *value);
void request_release(struct request *request);

enum {
    TARGET_SEGMENTS_MAX = 8,
    TARGET_PARAMETERS_MAX = 32
};

/* A target's decoded pieces, all zero at first. A '+' in a query stays a '+', so that +06:00 can be
 * written. */
struct target {
    char *storage; /* kept from one parse to the next */
    size_t room;
    char *segments[TARGET_SEGMENTS_MAX + 1];
    int segments_len; /* over the maximum when there are more: no route is so deep */
    struct {
        const char *name, *value;
    } parameters[TARGET_PARAMETERS_MAX];
    int parameters_len;
};

/* Where a target's path begins: behind scheme and authority of one in absolute form (RFC 9112
 * §3.2.2). NULL when it has no path. */
const char *target_path(const char *text);

/* Takes a target to pieces, again and again with the same memory. STATUS_INVALID with a fault when
 * it is no path, has a bad percent code, bytes that are not UTF-8, a control character (NUL among
 * them), or too many parameters. */
enum status target_parse(const char *text, struct target *target, struct fault *fault) MUST_CHECK;
void target_release(struct target *target);

#endif
