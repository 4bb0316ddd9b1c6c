#include "http/wire/framing.h"

#include <string.h>
#include <strings.h>

static bool is_token(const char *name, size_t len)
{
    static const char symbols[] = "!#$%&'*+-.^_`|~"; /* RFC 9110 §5.6.2 */
    for (size_t i = 0; i < len; i++) {
        char c = name[i];
        bool alphanumeric =
            (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!alphanumeric && (c == '\0' || !strchr(symbols, c)))
            return false;
    }
    return len > 0;
}

static bool is(const char *text, size_t len, const char *word)
{
    return len == strlen(word) && strncasecmp(text, word, len) == 0;
}

/* libmicrohttpd joins the continuation of a folded header to its name: "Content-Length:" and " 5"
 * come as "Content-Length5". What decides where a request ends must not be hidden so. */
static bool is_folded(const char *name, size_t len)
{
    static const char *const deciding[] = {"Host", "Content-Length", "Transfer-Encoding"};
    for (size_t i = 0; i < sizeof deciding / sizeof deciding[0]; i++) {
        size_t own = strlen(deciding[i]);
        if (len > own && strncasecmp(name, deciding[i], own) == 0)
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

static bool is_number(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
    }
    return len > 0;
}

void framing_look(struct framing *framing, const char *name, size_t name_len, const char *value,
                  size_t value_len)
{
    framing->bad_name |= !is_token(name, name_len) || is_folded(name, name_len);
    if (is(name, name_len, "Host")) {
        framing->hosts++;
        framing->bad_host |= has_any(value, value_len, " \t,");
    }
    if (is(name, name_len, "Content-Length")) {
        framing->lengths++;
        framing->bad_length |= !is_number(value, value_len);
    }
    if (!is(name, name_len, "Transfer-Encoding"))
        return;
    framing->codings++;
    framing->unknown_coding |= !is(value, value_len, "chunked");
}

const char *framing_fault(const struct framing *framing)
{
    if (framing->bad_name)
        return "a header field's name has a character that may not be in it";
    if (framing->hosts > 1)
        return "more than one Host field was given";
    if (framing->bad_host)
        return "Host may name one host only";
    if (framing->bad_length)
        return "Content-Length must be a number";
    if (framing->lengths > 1)
        return "more than one Content-Length field was given";
    if (framing->codings > 0 && framing->lengths > 0)
        return "Transfer-Encoding and Content-Length may not stand together";
    if (framing->codings > 1 || framing->unknown_coding)
        return "Transfer-Encoding may only be chunked";
    return NULL;
}
