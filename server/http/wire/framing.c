/* Looks at header fields one by one and counts what two servers could read in two ways: fields that
 * may appear once, values that are no number, names with bytes that are not allowed.
 */
#include "http/wire/framing.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_token(const char *name, size_t len)
{
    static const char symbols[] = "!#$%&'*+-.^_`|~"; /* RFC 9110 §5.6.2 */
    for (size_t i = 0; i < len; i++) {
        char c = name[i];
        bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!is_letter && !is_digit(c) && (c == '\0' || !strchr(symbols, c)))
            return false;
    }
    return len > 0;
}

static bool is_number(const char *text, size_t len)
{
    size_t digits = 0;
    while (digits < len && is_digit(text[digits]))
        digits++;
    return len > 0 && digits == len;
}

static bool equals(const char *text, size_t len, const char *word)
{
    return len == strlen(word) && strncasecmp(text, word, len) == 0;
}

/* Whether a name hides a field that decides where the request ends. libmicrohttpd joins the
 * continuation line of a folded field to the name: "Content-Length:" and " 5" become
 * "Content-Length5". */
static bool is_folded(const char *name, size_t len)
{
    static const char *const hidden[] = {"Host", "Content-Length", "Transfer-Encoding"};
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) {
        size_t own = strlen(hidden[i]);
        if (len > own && strncasecmp(name, hidden[i], own) == 0)
            return true;
    }
    return false;
}

static bool has_any(const char *text, size_t len, const char *bytes)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] != '\0' && strchr(bytes, text[i]))
            return true;
    }
    return false;
}

void framing_add(struct framing *framing, const char *name, size_t name_len, const char *value,
                 size_t value_len)
{
    framing->has_bad_name |= !is_token(name, name_len) || is_folded(name, name_len);
    assert(framing->hosts >= 0 && framing->lengths >= 0 && framing->codings >= 0);
    if (equals(name, name_len, "Host")) {
        framing->hosts++;
        framing->has_bad_host |= has_any(value, value_len, " \t,");
    }
    if (equals(name, name_len, "Content-Length")) {
        framing->lengths++;
        framing->has_bad_length |= !is_number(value, value_len);
    }
    if (!equals(name, name_len, "Transfer-Encoding"))
        return;
    framing->codings++;
    framing->has_unknown_coding |= !equals(value, value_len, "chunked");
}

const char *framing_fault(const struct framing *framing)
{
    if (framing->has_bad_name)
        return "a header field's name has a character that may not be in it";
    if (framing->hosts > 1)
        return "more than one Host field was given";
    if (framing->has_bad_host)
        return "Host may name one host only";
    if (framing->has_bad_length)
        return "Content-Length must be a number";
    if (framing->lengths > 1)
        return "more than one Content-Length field was given";
    if (framing->codings > 0 && framing->lengths > 0)
        return "Transfer-Encoding and Content-Length must not be used together";
    if (framing->codings > 1 || framing->has_unknown_coding)
        return "Transfer-Encoding may only be chunked";
    return NULL;
}
