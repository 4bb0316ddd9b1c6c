/* Reads comma-separated fields with weights without copying them. A field that is absent or can't
 * be read accepts everything: a response that the client may not like is better than none. */
#include "http/message/negotiate.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* One element of a comma-separated field: its name and its weight from 0 to 1000. */
struct weighted_element {
    const char *name;
    size_t len;
    int weight;
};

static const char *skip_space(const char *at)
{
    return at + strspn(at, " \t");
}

/* The weight that the parameters of an element give, which end at `end`: 500 for "q=0.5" (RFC 9110
 * §12.4.2); 1000 when there is none, or when it is no weight. */
static int weight_in(const char *parameters, const char *end)
{
    for (const char *at = parameters; at && at < end; at = memchr(at, ';', (size_t)(end - at))) {
        const char *name = skip_space(++at);
        if ((name[0] != 'q' && name[0] != 'Q') || name[1] != '=')
            continue;
        const char *text = name + 2;
        if (text[0] != '0' && text[0] != '1')
            return 1000;
        int weight = (text[0] - '0') * 1000, unit = 100;
        const char *digit = text[1] == '.' ? text + 2 : "";
        for (; *digit >= '0' && *digit <= '9'; digit++, unit /= 10)
            weight += (*digit - '0') * unit;
        return weight > 1000 ? 1000 : weight;
    }
    return 1000;
}

/* Reads the element at *field and moves *field to its end; false when there is none. */
static bool next_element(const char **field, struct weighted_element *element)
{
    const char *at = *field + strspn(*field, " \t,");
    if (*at == '\0')
        return false;
    const char *end = at + strcspn(at, ",");
    element->name = at;
    element->len = strcspn(at, " \t;,");
    element->weight = weight_in(memchr(at, ';', (size_t)(end - at)), end);
    assert(element->weight >= 0 && element->weight <= 1000);
    assert(end > *field); /* each call moves on */
    *field = end;
    return true;
}

static bool is(const struct weighted_element *element, const char *name)
{
    return strlen(name) == element->len && strncasecmp(name, element->name, element->len) == 0;
}

/* How precisely the range that decides about a type (RFC 9110 §12.5.1) names it: 3 fully, 2 by its
 * main type, 1 by stars; 0 when there is none, and *weight is then unchanged. */
static int best_range(const char *accept, const char *type, int *weight)
{
    struct weighted_element range;
    size_t main_len = strcspn(type, "/") + 1;
    int best = 0;
    for (const char *at = accept; at && next_element(&at, &range);) {
        bool is_main = range.len == main_len + 1 && range.name[main_len] == '*' &&
                       strncasecmp(range.name, type, main_len) == 0;
        int precision = is(&range, type) ? 3 : is_main ? 2 : is(&range, "*/*");
        if (precision > best) {
            best = precision;
            *weight = range.weight;
        }
    }
    return best;
}

bool accepts_type(const char *accept, const char *type)
{
    int weight = accept && *skip_space(accept) ? 0 : 1000;
    best_range(accept, type, &weight);
    return weight > 0;
}

bool names_type(const char *accept, const char *type)
{
    int weight = 0;
    return best_range(accept, type, &weight) == 3 && weight > 0;
}

enum encoding accepted_encoding(const char *accept_encoding)
{
    /* A weight of -1 stands for an encoding that is not named. */
    int weights[ENCODING__MAX] = {
        [ENCODING_IDENTITY] = -1, [ENCODING_GZIP] = -1, [ENCODING_BROTLI] = -1};
    int any = -1;
    struct weighted_element element;
    for (const char *at = accept_encoding; at && next_element(&at, &element);) {
        if (is(&element, "gzip") || is(&element, "x-gzip"))
            weights[ENCODING_GZIP] = element.weight;
        else if (is(&element, "br"))
            weights[ENCODING_BROTLI] = element.weight;
        else if (is(&element, "identity"))
            weights[ENCODING_IDENTITY] = element.weight;
        else if (is(&element, "*"))
            any = element.weight;
    }
    enum encoding best = ENCODING_IDENTITY;
    /* Identity that is not named is the last choice, unless a star includes it. */
    int best_weight = weights[ENCODING_IDENTITY] < 0 ? any : weights[ENCODING_IDENTITY];
    assert(any <= 1000 && best_weight <= 1000);
    for (int i = ENCODING_GZIP; i < ENCODING__MAX; i++) {
        int weight = weights[i] < 0 ? any : weights[i];
        if (weight > 0 && weight >= best_weight) {
            best = (enum encoding)i;
            best_weight = weight;
        }
    }
    return best;
}

/* The length of the element of If-None-Match at `at`. A tag may contain commas in its quotes. */
static size_t tag_len(const char *at)
{
    size_t prefix = strncmp(at, "W/", 2) == 0 ? 2 : 0;
    const char *quote = at[prefix] == '"' ? strchr(at + prefix + 1, '"') : NULL;
    const char *rest = quote ? quote + 1 : at;
    return (size_t)(rest - at) + strcspn(rest, " \t,");
}

bool matches_tag(const char *if_none_match, const struct representation *representation,
                 enum encoding preferred, enum encoding *encoding)
{
    int variants =
        representation_is_worth_encoding(representation) ? ENCODING__MAX : ENCODING_IDENTITY + 1;
    if (!if_none_match)
        return false;
    for (const char *at = if_none_match + strspn(if_none_match, " \t,"); *at;
         at += strspn(at, " \t,")) {
        size_t len = tag_len(at);
        assert(len > 0); /* each turn moves on */
        if (len == 1 && *at == '*') {
            *encoding = preferred;
            return true;
        }
        /* Compared weakly (RFC 9110 §8.8.3.2): a proxy that encoded the body again has put W/ in
         * front of the tag. */
        size_t weak = len > 2 && strncmp(at, "W/", 2) == 0 ? 2 : 0;
        for (int i = 0; i < variants; i++) {
            const char *tag = representation_tag(representation, (enum encoding)i);
            if (strlen(tag) == len - weak && memcmp(at + weak, tag, len - weak) == 0) {
                *encoding = (enum encoding)i;
                return true;
            }
        }
        at += len;
    }
    return false;
}
