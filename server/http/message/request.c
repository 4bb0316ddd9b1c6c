/* Collects the header fields that Khobor reads, by a table of their places in struct request, and
 * splits a target: the text is copied once, cut at slashes, '&' and '=', and decoded in place. */
#include "http/message/request.h"

#include "base/utf8.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FIELD(name, member)                                     \
    {                                                           \
        name, sizeof name - 1, offsetof(struct request, member) \
    }

static const struct {
    const char *name;
    size_t len, offset;
} fields[] = {
    FIELD("Accept", accept),
    FIELD("Accept-Encoding", accept_encoding),
    FIELD("If-None-Match", if_none_match),
    FIELD("User-Agent", agent),
    FIELD("Host", host),
    FIELD("Forwarded", forwarded),
    FIELD("X-Forwarded-For", x_forwarded_for),
    FIELD("Via", via),
    FIELD("Sec-Purpose", sec_purpose),
    FIELD("Purpose", purpose),
    FIELD("X-Moz", x_moz),
    FIELD("Sec-Fetch-Site", sec_fetch_site),
    FIELD("Origin", origin),
};

_Static_assert(sizeof fields / sizeof fields[0] == REQUEST_FIELDS,
               "each has a buffer to be joined in");

/* Appends another line of a field. A field that is too long becomes "?" as a whole, since the line
 * that matters may be the one that did not fit. */
static void join_line(struct buf **joined, const char **text, const char *value)
{
    assert(*text);
    if (!*joined) {
        *joined = malloc(sizeof **joined);
        if (!*joined) {
            *text = "?";
            return;
        }
        buf_init(*joined, REQUEST_JOINED_BYTES_MAX);
        buf_text(*joined, *text);
    }
    buf_text(*joined, ", ");
    buf_text(*joined, value);
    *text = buf_status(*joined) == STATUS_OK ? buf_string(*joined) : "?";
}

void request_take_field(struct request *request, const char *name, size_t name_len,
                        const char *value)
{
    for (int i = 0; i < REQUEST_FIELDS; i++) {
        if (fields[i].len != name_len || strncasecmp(fields[i].name, name, name_len) != 0)
            continue;
        const char **text = (const char **)(void *)((char *)request + fields[i].offset);
        if (*text)
            join_line(&request->joined[i], text, value);
        else
            *text = value;
    }
}

void request_release(struct request *request)
{
    for (int i = 0; i < REQUEST_FIELDS; i++) {
        if (request->joined[i])
            buf_release(request->joined[i]);
        free(request->joined[i]);
        request->joined[i] = NULL;
    }
}

/* Decodes percent codes in place and checks the decoded text; the fault names `field`. */
static enum status decode(char *text, const char *field, struct fault *fault)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        if (*from != '%') {
            *to++ = *from;
            continue;
        }
        const char code[] = {from[1], from[1] ? from[2] : '\0', '\0'};
        if (code[strspn(code, "0123456789abcdefABCDEF")] != '\0' || strlen(code) != 2)
            return fault_set(fault, STATUS_INVALID, field,
                             "has a %% that no two hexadecimal digits follow");
        *to++ = (char)strtol(code, NULL, 16);
        from += 2;
        assert(to < from); /* decoding never overtakes reading */
    }
    *to = '\0';
    size_t len = (size_t)(to - text);
    enum utf8_problem problem = utf8_check(text, len, UTF8_ONE_LINE, NULL);
    if (problem == UTF8_FINE)
        return STATUS_OK;
    return fault_set(fault, STATUS_INVALID, field, "has %s in it", utf8_problem_text(problem));
}

static enum status split_path(char *path, struct target *target, struct fault *fault)
{
    char *rest = path;
    while (rest && target->segments_len <= TARGET_SEGMENTS_MAX) {
        char *segment = rest, *slash = strchr(rest, '/');
        if (slash)
            *slash = '\0';
        rest = slash ? slash + 1 : NULL;
        enum status status = decode(segment, "path", fault);
        if (status != STATUS_OK)
            return status;
        target->segments[target->segments_len++] = segment;
    }
    assert(target->segments_len >= 1 && target->segments_len <= TARGET_SEGMENTS_MAX + 1);
    return STATUS_OK;
}

static enum status split_query(char *query, struct target *target, struct fault *fault)
{
    for (char *pair = query, *next; pair; pair = next) {
        next = strchr(pair, '&');
        if (next)
            *next++ = '\0';
        if (*pair == '\0')
            continue;
        if (target->parameters_len == TARGET_PARAMETERS_MAX)
            return fault_set(fault, STATUS_INVALID, "query", "has more than %d parameters",
                             TARGET_PARAMETERS_MAX);
        char *value = strchr(pair, '=');
        if (value)
            *value++ = '\0';
        else
            value = pair + strlen(pair);
        enum status status = decode(pair, "query", fault);
        if (status == STATUS_OK)
            status = decode(value, pair, fault);
        if (status != STATUS_OK)
            return status;
        assert(target->parameters_len < TARGET_PARAMETERS_MAX);
        target->parameters[target->parameters_len].name = pair;
        target->parameters[target->parameters_len++].value = value;
    }
    return STATUS_OK;
}

const char *target_path(const char *text)
{
    static const char *const schemes[] = {"http://", "https://"};
    bool is_absolute = false;
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t len = strlen(schemes[i]);
        if (strncasecmp(text, schemes[i], len) != 0)
            continue;
        text += len + strcspn(text + len, "/?");
        is_absolute = true;
        break;
    }
    return text[0] == '/' || is_absolute ? text : NULL;
}

enum status target_parse(const char *text, struct target *target, struct fault *fault)
{
    size_t need = strlen(text) + 1;
    if (need > target->storage_bytes) {
        char *storage = realloc(target->storage, need);
        if (!storage)
            return fault_set(fault, STATUS_NO_MEMORY, "path", "out of memory");
        target->storage = storage;
        target->storage_bytes = need;
    }
    assert(target->storage_bytes >= need);
    memcpy(target->storage, text, need);
    target->segments_len = target->parameters_len = 0;
    const char *begin = target_path(target->storage);
    if (!begin)
        return fault_set(fault, STATUS_INVALID, "path", "must begin with /");
    char *path = target->storage + (begin - target->storage);
    assert(strchr("/?", *path) && path < target->storage + target->storage_bytes);
    char *query = strchr(path, '?');
    if (query)
        *query++ = '\0';
    enum status status = split_path(path + (*path == '/'), target, fault);
    return status == STATUS_OK && query ? split_query(query, target, fault) : status;
}

void target_release(struct target *target)
{
    free(target->storage);
    *target = (struct target){.storage = NULL};
}
