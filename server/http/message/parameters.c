/* Reads the parameters of a query by a table of rows: each has a name and a function that checks
 * and stores its value. Names that a route does not know are ignored. */
#include "http/message/parameters.h"

#include "base/clock.h"
#include "document/article.h"
#include "language/text.h"

#include <assert.h>
#include <string.h>

enum {
    SHOWN_BYTES = 60,
    VALUE_BYTES_MAX = TEXT_BYTES_MAX, /* a longer one is no slug and no tag */
};

/* Each reader stores the value of its parameter; false when the parameter can't have that value. */

static bool read_section(struct parameters *parameters, const char *value)
{
    parameters->list.section = value;
    return *value != '\0';
}

static bool read_tag(struct parameters *parameters, const char *value)
{
    parameters->list.tag = value;
    return *value != '\0';
}

static bool read_author(struct parameters *parameters, const char *value)
{
    parameters->list.author = value;
    return *value != '\0';
}

/* Reads a time with a zone, or a day in the site's zone: its beginning, or its end. */
static bool read_time(const char *value, bool takes_end, int64_t *at)
{
    struct civil day;
    size_t len = strlen(value);
    if (instant_parse(value, len, at) == STATUS_OK)
        return true;
    if (day_parse(value, len, &day) != STATUS_OK ||
        instant_from_day(day.year, day.month, day.day, at) != STATUS_OK)
        return false;
    if (takes_end)
        *at = day_end(*at);
    return true;
}

static bool read_from(struct parameters *parameters, const char *value)
{
    parameters->list.from_text = value;
    return read_time(value, false, &parameters->list.from_at);
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

static bool read_to(struct parameters *parameters, const char *value)
{
    int64_t at;
    if (!read_time(value, true, &at))
        return false;
    /* The list begins after all articles of the instant `at`: `to` itself is not in it. */
    begin_after(parameters, (struct position){.at = at, .id = 0});
    return true;
}

static bool read_limit(struct parameters *parameters, const char *value)
{
    int number = 0;
    size_t len = strspn(value, "0123456789");
    if (len > 3 || value[len] != '\0')
        return false;
    for (size_t i = 0; i < len; i++)
        number = number * 10 + (value[i] - '0');
    parameters->list.limit = number;
    return number >= 1 && number <= LIST_LIMIT_MAX;
}

static bool read_cursor(struct parameters *parameters, const char *value)
{
    struct position position;
    if (!cursor_parse(value, &position))
        return false;
    begin_after(parameters, position);
    parameters->paged = true;
    return true;
}

/* Collects the bits of comma-separated names; `named` gives 0 for an unknown one, which is refused.
 */
static bool read_names(const char *value, unsigned (*named)(const char *, size_t), unsigned *set)
{
    *set = 0;
    for (const char *at = value;; at++) {
        size_t len = strcspn(at, ",");
        unsigned bit = named(at, len);
        if (bit == 0)
            return false;
        *set |= bit;
        at += len;
        if (*at == '\0')
            return true;
    }
}

static unsigned card_field_named(const char *name, size_t len)
{
    return fields_named(card_fields, name, len) & FIELDS_SELECTABLE;
}

static bool read_fields(struct parameters *parameters, const char *value)
{
    parameters->list.fields_text = value;
    return read_names(value, card_field_named, &parameters->list.fields);
}

static bool read_include(struct parameters *parameters, const char *value)
{
    return read_names(value, include_named, &parameters->include);
}

static bool read_window(struct parameters *parameters, const char *value)
{
    return window_named(value, strlen(value), &parameters->window);
}

static bool read_at(struct parameters *parameters, const char *value)
{
    return instant_parse(value, strlen(value), &parameters->at) == STATUS_OK;
}

#define DAY_OR_TIME "a day like 2024-04-16 or a time with a zone like 2024-04-16T12:00:00+06:00"

/* Every parameter once. */
static const struct {
    const char *name;
    enum parameter parameter;
    bool (*read)(struct parameters *, const char *value);
    const char *may_be; /* what the value must be, for a client that sent another */
} rows[] = {
    {"section", PARAMETER_SECTION, read_section, "the slug of a section"},
    {"tag", PARAMETER_TAG, read_tag, "a tag"},
    {"author", PARAMETER_AUTHOR, read_author, "an author's name"},
    {"from", PARAMETER_FROM, read_from, DAY_OR_TIME},
    {"to", PARAMETER_TO, read_to, DAY_OR_TIME},
    {"limit", PARAMETER_LIMIT, read_limit, "a whole number from 1 to 100"},
    {"cursor", PARAMETER_CURSOR, read_cursor, "what a list's `next` gave"},
    {"fields", PARAMETER_FIELDS, read_fields,
     "names of a card's fields with commas between: id, slug, url, section, kicker, headline, "
     "standfirst, image, published_at, published_text, updated_at, updated_text, language"},
    {"window", PARAMETER_WINDOW, read_window, "one of 1h, 6h, 24h, 7d, 30d, all"},
    {"include", PARAMETER_INCLUDE, read_include,
     "related, latest, most_read and site with commas between"},
    {"at", PARAMETER_AT, read_at, "a time with a zone like 2024-04-16T12:00:00+06:00"},
};

enum status parameters_read(const struct target *target, unsigned known,
                            struct parameters *parameters, struct fault *fault)
{
    assert(target->parameters_len >= 0 && target->parameters_len <= TARGET_PARAMETERS_MAX);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *name = rows[i].name, *value = NULL;
        for (int j = 0; (known & rows[i].parameter) && j < target->parameters_len; j++) {
            if (strcmp(target->parameters[j].name, name) != 0)
                continue;
            if (value) /* neither of two is the right one */
                return fault_set(fault, STATUS_INVALID, name, "is given more than once");
            value = target->parameters[j].value;
        }
        if (!value)
            continue;
        if (strlen(value) > VALUE_BYTES_MAX)
            return fault_set(fault, STATUS_INVALID, name,
                             "is %zu bytes long; at most %d are allowed", strlen(value),
                             VALUE_BYTES_MAX);
        if (!rows[i].read(parameters, value))
            return fault_set(fault, STATUS_INVALID, name, "must be %s, got \"%.*s\"",
                             rows[i].may_be, SHOWN_BYTES, value);
        parameters->given |= rows[i].parameter;
    }
    assert((parameters->given & ~known) == 0);
    assert(parameters->list.limit <= LIST_LIMIT_MAX);
    return STATUS_OK;
}
