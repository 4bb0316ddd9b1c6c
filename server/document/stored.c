#include "document/stored.h"

#include <stdbool.h>
#include <string.h>

enum {
    DIGITS_MAX = 18 /* no number of these is too large */
};

/* A text without escapes, and where it ends; false for any other. `*at` goes behind it. */
static bool take_plain(const char **at, const char **text, size_t *len)
{
    if (**at != '"')
        return false;
    const char *begin = *at + 1, *end = begin + strcspn(begin, "\"\\");
    if (*end != '"')
        return false;
    *text = begin;
    *len = (size_t)(end - begin);
    *at = end + 1;
    return true;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static json_t *take_number(const char **at)
{
    json_int_t number = 0;
    const char *digit = *at, *last = *at + DIGITS_MAX;
    while (digit < last && is_digit(*digit))
        number = number * 10 + (*digit++ - '0');
    bool has_zeros = **at == '0' && digit > *at + 1;
    if (digit == *at || is_digit(*digit) || has_zeros)
        return NULL;
    *at = digit;
    return json_integer(number);
}

/* A text, a number or null; NULL for what is left to the parser. */
static json_t *take_value(const char **at)
{
    const char *text;
    size_t len;
    if (strncmp(*at, "null", 4) == 0) {
        *at += 4;
        return json_null();
    }
    if (**at != '"')
        return take_number(at);
    return take_plain(at, &text, &len) ? json_stringn_nocheck(text, len) : NULL;
}

static bool take_element(const char **at, json_t *array)
{
    return json_array_append_new(array, take_value(at)) == 0;
}

static bool take_member(const char **at, json_t *object)
{
    const char *name;
    size_t len;
    if (!take_plain(at, &name, &len) || *(*at)++ != ':')
        return false;
    return json_object_setn_new_nocheck(object, name, len, take_value(at)) == 0;
}

/* Takes what stands between two brackets into `json`, which is returned, or released. */
static json_t *take_all(const char **at, char close, bool (*take)(const char **at, json_t *json),
                        json_t *json)
{
    (*at)++;
    bool is_taken = **at == close || take(at, json);
    while (is_taken && **at == ',') {
        (*at)++;
        is_taken = take(at, json);
    }
    if (is_taken && *(*at)++ == close)
        return json;
    json_decref(json);
    return NULL;
}

json_t *stored_json(const char *text, size_t len)
{
    const char *at = text;
    json_t *json = NULL;
    if (*text == '[')
        json = take_all(&at, ']', take_element, json_array());
    else if (*text == '{')
        json = take_all(&at, '}', take_member, json_object());
    if (json && at == text + len)
        return json;
    json_decref(json);
    return json_loadb(text, len, 0, NULL);
}
