/* A request as plain texts, apart from any socket, and its target taken to pieces. */
#ifndef KHOBOR_HTTP_REQUEST_H
#define KHOBOR_HTTP_REQUEST_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum method {
    METHOD_GET = 1, /* HEAD too: only its body is not sent */
    METHOD_POST = 2,
    METHOD_OPTIONS = 4,
    METHOD_OTHER = 8,
};

/* Header fields are NULL when absent; everything is borrowed. */
struct request {
    enum method method;
    const char *target; /* as it came: path, query, nothing decoded */
    const char *accept, *accept_encoding, *if_none_match;
    bool is_local; /* comes straight from this machine, through no proxy */
};

enum {
    TARGET_SEGMENTS_MAX = 8,
    TARGET_PARAMETERS_MAX = 32
};

/* A target's decoded pieces. A '+' in a query stays a '+', so that +06:00 can be written. */
struct target {
    char *storage;
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

/* Takes a target to pieces. STATUS_INVALID with a fault when it is no path, has a bad percent code,
 * bytes that are not UTF-8, a control character (NUL among them), or too many parameters. */
enum status target_parse(const char *text, struct target *target, struct fault *fault) MUST_CHECK;
void target_release(struct target *target);

#endif
