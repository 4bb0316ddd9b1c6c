/* Checks a slug that a newsroom chose: its length, each character by its kind, its shape, and at
 * last its key, which must not be digits alone because /articles/71 is the article with that id. */
#include "language/slug.h"

#include "base/utf8.h"
#include "language/text.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    KEY_BYTES_MAX = TEXT_KEY_GROWTH * SLUG_MAX_BYTES,
};

/* Whether a key, which is valid UTF-8 and not empty, has nothing but digits of any script. */
static bool is_digits(const char *key, size_t len)
{
    assert(len > 0); /* check_characters has seen a letter or digit, and neither is ever dropped */
    uint32_t code;
    for (size_t at = 0; at < len;) {
        size_t size = utf8_decode(key + at, len - at, &code);
        assert(size > 0);
        if (text_kind_of(code) != TEXT_DIGIT)
            return false;
        at += size;
    }
    return true;
}

/* Refuses a character that is not allowed in a slug. Joiners alone would have an empty key, and
 * separators alone separate nothing, so a letter or a digit is required. */
static enum status check_characters(const char *slug, size_t len, const char *field,
                                    struct fault *fault)
{
    bool has_word = false;
    size_t size = 0;
    assert(len > 0 && len <= SLUG_MAX_BYTES);
    for (size_t at = 0; at < len; at += size) {
        uint32_t code;
        size = utf8_decode(slug + at, len - at, &code);
        if (size == 0)
            return fault_set(fault, STATUS_INVALID, field,
                             "a slug is UTF-8, and byte %zu of this one is not", at + 1);
        enum text_kind kind = text_kind_of(code);
        bool is_separator = code == '-' || code == '_' || code == '.';
        if (kind == TEXT_HIDDEN || (kind == TEXT_OTHER && !is_separator))
            return fault_set(fault, STATUS_INVALID, field,
                             "U+%04X is not allowed in a slug, which is letters, marks and digits "
                             "with '-', '_' and '.' between them",
                             (unsigned)code);
        has_word |= kind == TEXT_LETTER || kind == TEXT_DIGIT;
    }
    if (slug[0] == '.' || slug[len - 1] == '.')
        return fault_set(fault, STATUS_INVALID, field, "a slug can't begin or end with '.'");
    if (!has_word)
        return fault_set(fault, STATUS_INVALID, field, "a slug needs letters or digits");
    return STATUS_OK;
}

enum status slug_check(const char *slug, size_t len, const char *field, struct buf *key,
                       struct fault *fault)
{
    if (len == 0)
        return fault_set(fault, STATUS_INVALID, field, "a slug can't be empty");
    if (len > SLUG_MAX_BYTES)
        return fault_set(fault, STATUS_INVALID, field,
                         "a slug has at most %d bytes of UTF-8, and this one has %zu",
                         SLUG_MAX_BYTES, len);
    enum status status = check_characters(slug, len, field, fault);
    if (status != STATUS_OK)
        return status;
    if (text_has_excess_marks(slug, len))
        return fault_set(fault, STATUS_INVALID, field,
                         "a slug has at most %d combining marks in a row", TEXT_MARKS_MAX);
    struct buf own;
    buf_init(&own, KEY_BYTES_MAX);
    status = text_key(slug, len, &own);
    if (status == STATUS_OK && is_digits(own.bytes, own.len)) {
        status = fault_set(fault, STATUS_INVALID, field,
                           "a slug of digits alone would be taken for an article's number");
    } else if (status == STATUS_OK) {
        buf_add(key, own.bytes, own.len);
        status = buf_status(key);
    }
    buf_release(&own);
    return status;
}
