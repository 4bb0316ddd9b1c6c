/* Reads the parameters of a query by a table of rows: each has a name and a function that checks
 * and stores its value. Names that a route does not know are ignored. */
#include "http/message/parameters.h"

#include "base/clock.h"
#include "document/article.h"

#include <assert.h>
#include <string.h>

enum {
    SHOWN_BYTES = 60,
    VALUE_BYTES_MAX = 2048, /* longer than any tag, in whatever Unicode form it is written */
};

static enum status refuse(struct fault *fault, const char *name, const char *may_be,
                          const char *value)
{
    return fault_set(fault, STATUS_INVALID, name, "must be %s, got \"%.*s\"", may_be, SHOWN_BYTES,
                     value);
}

static enum status read_section(struct parameters *parameters, const char *value,
                                struct fault *fault)
{
    if (*value == '\0')
        return refuse(fault, "section", "the slug of a section", value);
    parameters->list.section = value;
    return STATUS_OK;
}

static enum status read_tag(struct parameters *parameters, const char *value, struct fault *fault)
{
    if (*value == '\0')
        return refuse(fault, "tag", "a tag", value);
    parameters->list.tag = value;
    return STATUS_OK;
}

static enum status read_author(struct parameters *parameters, const char *value,
                               struct fault *fault)
{
    if (*value == '\0')
        return refuse(fault, "author", "an author's name", value);
    parameters->list.author = value;
    return STATUS_OK;
}

/* Reads a time with a zone, or a day in the site's zone: its beginning, or its end. */
static enum status read_time(const char *name, const char *value, bool takes_end, int64_t *at,
                             struct fault *fault)
{
    struct civil day;
    size_t len = strlen(value);
    if (instant_parse(value, len, at) == STATUS_OK)
        return STATUS_OK;
    if (day_parse(value, len, &day) != STATUS_OK)
        return refuse(fault, name,
                      "a day like 2024-04-16 or a time with a zone like 2024-04-16T12:00:00+06:00",
                      value);
    enum status status = instant_from_day(day.year, day.month, day.day, at);
    if (status == STATUS_OK && takes_end)
        *at = day_end(*at);
    return status == STATUS_OK ? status
                               : refuse(fault, name, "a day in the years 1000 to 9999", value);
}

static enum status read_from(struct parameters *parameters, const char *value, struct fault *fault)
{
    parameters->list.from_text = value;
    return read_time("from", value, false, &parameters->list.from_at, fault);
}

/* Moves the beginning of the list to older articles; never to newer ones, which may be scheduled.
 */
static void begin_after(struct parameters *parameters, struct position position)
{
    const struct position *before = &parameters->list.before;
    if (position.at < before->at || (position.at == before->at && position.id < before->id))
        parameters->list.before = position;
    assert(parameters->list.before.at <= position.at); /* never newer than asked for */
}

static enum status read_to(struct parameters *parameters, const char *value, struct fault *fault)
{
    int64_t at;
    enum status status = read_time("to", value, true, &at, fault);
    /* The list begins after all articles of the instant `at`: `to` itself is not in it. */
    if (status == STATUS_OK)
        begin_after(parameters, (struct position){.at = at, .id = 0});
    return status;
}

static enum status read_limit(struct parameters *parameters, const char *value, struct fault *fault)
{
    int number = 0;
    size_t len = strlen(value);
    for (size_t i = 0; i < len && len <= 3 && number >= 0; i++)
        number = value[i] >= '0' && value[i] <= '9' ? number * 10 + (value[i] - '0') : -1;
    if (number < 1 || number > LIST_LIMIT_MAX || len > 3)
        return refuse(fault, "limit", "a whole number from 1 to 100", value);
    parameters->list.limit = number;
    return STATUS_OK;
}

static enum status read_cursor(struct parameters *parameters, const char *value,
                               struct fault *fault)
{
    struct position position;
    if (!cursor_parse(value, &position))
        return refuse(fault, "cursor", "what a list's `next` gave", value);
    begin_after(parameters, position);
    parameters->paged = true;
    return STATUS_OK;
}

/* Collects the bits of comma-separated names; `named` gives 0 for an unknown one, which is refused.
 */
static enum status read_names(const char *value, unsigned (*named)(const char *, size_t),
                              unsigned *set)
{
    *set = 0;
    for (const char *at = value;; at++) {
        size_t len = strcspn(at, ",");
        unsigned bit = named(at, len);
        if (bit == 0)
            return STATUS_INVALID;
        *set |= bit;
        at += len;
        if (*at == '\0')
            return STATUS_OK;
    }
}

static unsigned card_field_named(const char *name, size_t len)
{
    return fields_named(card_fields, name, len) & FIELDS_SELECTABLE;
}

static enum status read_fields(struct parameters *parameters, const char *value,
                               struct fault *fault)
{
    parameters->list.fields_text = value;
    if (read_names(value, card_field_named, &parameters->list.fields) == STATUS_OK)
        return STATUS_OK;
    return refuse(
        fault, "fields",
        "names of a card's fields with commas between: id, slug, url, section, kicker, headline, "
        "standfirst, image, published_at, published_text, updated_at, updated_text, language",
        value);
}

static enum status read_include(struct parameters *parameters, const char *value,
                                struct fault *fault)
{
    if (read_names(value, include_named, &parameters->include) == STATUS_OK)
        return STATUS_OK;
    return refuse(fault, "include", "related, latest, most_read and site with commas between",
                  value);
}

static enum status read_window(struct parameters *parameters, const char *value,
                               struct fault *fault)
{
    if (window_named(value, strlen(value), &parameters->window))
        return STATUS_OK;
    return refuse(fault, "window", "one of 1h, 6h, 24h, 7d, 30d, all", value);
}

static enum status read_at(struct parameters *parameters, const char *value, struct fault *fault)
{
    if (instant_parse(value, strlen(value), &parameters->at) == STATUS_OK)
        return STATUS_OK;
    return refuse(fault, "at", "a time with a zone like 2024-04-16T12:00:00+06:00", value);
}

/* Every parameter once. */
static const struct {
    const char *name;
    enum parameter parameter;
    enum status (*read)(struct parameters *, const char *value, struct fault *);
} rows[] = {
    {"section", PARAMETER_SECTION, read_section},
    {"tag", PARAMETER_TAG, read_tag},
    {"author", PARAMETER_AUTHOR, read_author},
    {"from", PARAMETER_FROM, read_from},
    {"to", PARAMETER_TO, read_to},
    {"limit", PARAMETER_LIMIT, read_limit},
    {"cursor", PARAMETER_CURSOR, read_cursor},
    {"fields", PARAMETER_FIELDS, read_fields},
    {"window", PARAMETER_WINDOW, read_window},
    {"include", PARAMETER_INCLUDE, read_include},
    {"at", PARAMETER_AT, read_at},
};

/* The value of a parameter; NULL when it is not in the query. Two values are a fault, for neither
 * is the right one. */
static enum status value_of(const struct target *target, const char *name, const char **value,
                            struct fault *fault)
{
    *value = NULL;
    for (int i = 0; i < target->parameters_len; i++) {
        if (strcmp(target->parameters[i].name, name) != 0)
            continue;
        if (*value)
            return fault_set(fault, STATUS_INVALID, name, "is given more than once");
        *value = target->parameters[i].value;
    }
    return STATUS_OK;
}

enum status parameters_read(const struct target *target, unsigned known,
                            struct parameters *parameters, struct fault *fault)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *value;
        if (!(known & rows[i].parameter))
            continue;
        enum status status = value_of(target, rows[i].name, &value, fault);
        if (status == STATUS_OK && value && strlen(value) > VALUE_BYTES_MAX)
            status = fault_set(fault, STATUS_INVALID, rows[i].name,
                               "is %zu bytes long; at most %d are allowed", strlen(value),
                               VALUE_BYTES_MAX);
        if (status == STATUS_OK && value) {
            parameters->given |= rows[i].parameter;
            status = rows[i].read(parameters, value, fault);
        }
        if (status != STATUS_OK)
            return status;
    }
    assert((parameters->given & ~known) == 0);
    assert(parameters->list.limit <= LIST_LIMIT_MAX);
    return STATUS_OK;
}
