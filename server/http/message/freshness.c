#include "http/message/freshness.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    LASTING_S = 365 * 24 * 3600,
    BRIEF_S = 1,
    TAGS_PART = 8, /* of a connection's memory */
};

static void add_grace(const char *name, int64_t grace_s, struct buf *value)
{
    if (grace_s > 0)
        buf_format(value, ", %s=%" PRId64, name, grace_s);
}

static int64_t max_age_s(const struct config *config, enum freshness freshness)
{
    int64_t usual_s = config->http.max_age_s;
    if (freshness == FRESH_IMMUTABLE)
        return LASTING_S;
    return freshness == FRESH_BRIEF && usual_s > BRIEF_S ? BRIEF_S : usual_s;
}

void add_freshness(const struct config *config, enum freshness freshness, struct response *response)
{
    struct buf value;
    if (freshness == FRESH_NEVER) {
        response_header(response, "Cache-Control", "no-store");
        return;
    }
    buf_init(&value, 160);
    buf_format(&value, "public, max-age=%" PRId64, max_age_s(config, freshness));
    if (freshness == FRESH_IMMUTABLE) {
        buf_text(&value, ", immutable");
    } else {
        add_grace("stale-while-revalidate", config->http.stale_while_revalidate_s, &value);
        add_grace("stale-if-error", config->http.stale_if_error_s, &value);
    }
    response_header(response, "Cache-Control", buf_string(&value));
    buf_release(&value);
}

static const struct {
    const char *setting, *field, *separator;
} fields[] = {
    {"cache-tag", "Cache-Tag", ","},
    {"surrogate-key", "Surrogate-Key", " "},
};

enum {
    FIELDS = sizeof fields / sizeof fields[0]
};

const char *tags_field(const struct config *config)
{
    for (int i = 0; i < FIELDS; i++) {
        if (strcmp(config->http.cache_tags, fields[i].setting) == 0)
            return fields[i].field;
    }
    return NULL;
}

const char *tags_separator(const struct config *config)
{
    for (int i = 0; i < FIELDS; i++) {
        if (strcmp(config->http.cache_tags, fields[i].setting) == 0)
            return fields[i].separator;
    }
    return "";
}

size_t tags_bytes_max(const struct config *config)
{
    return tags_field(config) ? (size_t)config->http.header_bytes / TAGS_PART : 0;
}
