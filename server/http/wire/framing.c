/* Looks at header fields one by one and counts what two servers could read in two ways: fields that
 * may appear once, values that are no number, names with bytes that are not allowed.
 */
#include "http/wire/framing.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Sets of ASCII characters, a bit each. */
struct characters {
    uint64_t low, high;
};

#define LETTERS UINT64_C(0x07FFFFFE07FFFFFE)
#define DIGITS UINT64_C(0x03FF000000000000)

/* !#$%&'*+-.^_`|~ with letters and digits (RFC 9110 §5.6.2). */
static const struct characters token = {DIGITS | UINT64_C(0x00006CFA00000000),
                                        LETTERS | UINT64_C(0x50000001C0000000)};
/* Of the name of a host (RFC 3986 §3.2.2): -._~ %!$&'()*+;= with letters and digits. The comma is
 * left out, which would separate two hosts. */
static const struct characters reg_name = {DIGITS | UINT64_C(0x28006FF200000000),
                                           LETTERS | UINT64_C(0x4000000080000000)};
/* Of an IPv6 address in brackets: hexadecimal digits, colons, and the dots of an IPv4 address. */
static const struct characters literal = {DIGITS | UINT64_C(0x0400400000000000),
                                          UINT64_C(0x0000007E0000007E)};

static bool has_only(const char *text, size_t len, const struct characters *set)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 128 || !((c < 64 ? set->low >> c : set->high >> (c - 64)) & 1))
            return false;
    }
    return true;
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
        /* Most names differ in their first letter already. */
        size_t own = (name[0] ^ hidden[i][0]) & ~0x20 ? 0 : strlen(hidden[i]);
        if (own > 0 && len > own && strncasecmp(name, hidden[i], own) == 0)
            return true;
    }
    return false;
}

/* Whether a Host is empty, or a name or address with a port or without (RFC 9112 §3.2). */
static bool is_host(const char *text, size_t len)
{
    enum {
        PORT_DIGITS_MAX = 5,
        PORT_MAX = 65535
    };
    const char *bracket = len > 0 && *text == '[' ? memchr(text, ']', len) : NULL;
    const char *colon = bracket ? bracket + 1 : memchr(text, ':', len);
    size_t name_len = colon ? (size_t)(colon - text) : len;
    bool is_name = bracket ? name_len > 2 && has_only(text + 1, name_len - 2, &literal)
                           : has_only(text, name_len, &reg_name) && (name_len > 0 || len == 0);
    if (!is_name || name_len == len)
        return is_name;
    int port = 0;
    size_t digits = len - name_len - 1;
    for (size_t i = 1; i <= digits; i++) {
        if (!is_digit(colon[i]) || digits > PORT_DIGITS_MAX)
            return false;
        port = port * 10 + (colon[i] - '0');
    }
    return *colon == ':' && port <= PORT_MAX;
}

/* Whether a value has a control character other than the tab (RFC 9110 §5.5), a carriage return for
 * instance. Of eight bytes at once the subtraction marks those below a space, which UTF-8 has none
 * of. */
static bool has_control(const char *text, size_t len)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    size_t at = 0;
    for (; at + sizeof ones <= len; at += sizeof ones) {
        uint64_t eight;
        memcpy(&eight, text + at, sizeof eight);
        uint64_t deleted = eight ^ (ones * 0x7F);
        if ((((eight - ones * ' ') & ~eight) | ((deleted - ones) & ~deleted)) & tops)
            break;
    }
    for (; at < len; at++) {
        unsigned char c = (unsigned char)text[at];
        if ((c < ' ' && c != '\t') || c == 0x7F)
            return true;
    }
    return false;
}

void framing_add(struct framing *framing, const char *name, size_t name_len, const char *value,
                 size_t value_len)
{
    framing->has_bad_name |=
        name_len == 0 || !has_only(name, name_len, &token) || is_folded(name, name_len);
    framing->has_bad_value |= has_control(value, value_len);
    assert(framing->hosts >= 0 && framing->lengths >= 0 && framing->codings >= 0);
    if (equals(name, name_len, "Host")) {
        framing->hosts++;
        framing->has_bad_host |= !is_host(value, value_len);
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
    if (framing->has_bad_value)
        return "a header field's value has a control character";
    if (framing->hosts > 1)
        return "more than one Host field was given";
    if (framing->has_bad_host)
        return "Host must be one host, with a port or without";
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
