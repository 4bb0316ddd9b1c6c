/* Makes keys in three passes (drop invisible characters, compose with utf8proc, unify spellings),
 * and finds where a text can be cut, by the rules of Unicode and one more for Bengali conjuncts. */
#include "language/text.h"

#include "base/arena.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum {
    SOFT_HYPHEN = 0x00AD,
    BENGALI_A = 0x0985,
    BENGALI_AA = 0x0986,
    BENGALI_KA = 0x0995,
    BENGALI_TA = 0x09A4,
    BENGALI_HA = 0x09B9,
    BENGALI_SIGN_AA = 0x09BE,
    HASANTA = 0x09CD,
    BENGALI_KHANDA_TA = 0x09CE,
    BENGALI_RRA = 0x09DC,
    BENGALI_YYA = 0x09DF,
    BENGALI_ZERO = 0x09E6,
    BENGALI_NINE = 0x09EF,
    ASSAMESE_RA = 0x09F0,
    ASSAMESE_WA = 0x09F1,
    ZERO_WIDTH_SPACE = 0x200B,
    ZWNJ = 0x200C,
    ZWJ = 0x200D,
    WORD_JOINER = 0x2060,
    BYTE_ORDER_MARK = 0xFEFF,
};

static bool is_joiner(uint32_t code)
{
    return code == ZWJ || code == ZWNJ;
}

static bool is_hidden(uint32_t code)
{
    return code == ZERO_WIDTH_SPACE || code == WORD_JOINER || code == BYTE_ORDER_MARK ||
           code == SOFT_HYPHEN;
}

static void put_code(struct buf *to, uint32_t code)
{
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t len = utf8proc_encode_char((utf8proc_int32_t)code, bytes);
    assert(len > 0); /* it was decoded from valid UTF-8, or is a constant */
    buf_add(to, bytes, (size_t)len);
}

/* The length of ত + hasanta + ZWJ at `text`, which is how ৎ was written before it had a code point;
 * 0 when the text begins differently. */
static size_t old_khanda_ta(const char *text, size_t len)
{
    static const char old[] = "\xE0\xA6\xA4\xE0\xA7\x8D\xE2\x80\x8D";
    size_t size = sizeof old - 1;
    return len >= size && memcmp(text, old, size) == 0 ? size : 0;
}

/* Appends `text` without its invisible characters, and with ৎ in its new form. */
static enum status put_visible(const char *text, size_t len, struct buf *to)
{
    for (size_t at = 0; at < len;) {
        size_t old = old_khanda_ta(text + at, len - at);
        uint32_t code = BENGALI_KHANDA_TA;
        size_t size = old ? old : utf8_decode(text + at, len - at, &code);
        if (size == 0)
            return STATUS_INVALID;
        if (!is_joiner(code) && !is_hidden(code))
            put_code(to, code);
        at += size;
    }
    return buf_status(to);
}

/* Converts the content of `text` to NFC. */
static enum status compose(struct buf *text)
{
    utf8proc_uint8_t *composed = NULL;
    utf8proc_ssize_t len =
        utf8proc_map((const utf8proc_uint8_t *)buf_string(text), (utf8proc_ssize_t)text->len,
                     &composed, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (len == UTF8PROC_ERROR_NOMEM) {
        arena_note_failure();
        return STATUS_NO_MEMORY;
    }
    if (len < 0)
        return STATUS_FAILED;
    buf_clear(text);
    buf_add(text, composed, (size_t)len);
    free(composed);
    return buf_status(text);
}

/* Appends a composed text with one spelling of আ and with ASCII digits. */
static void put_unified(const struct buf *text, struct buf *to)
{
    uint32_t code = 0, next = 0;
    size_t size = utf8_decode(text->bytes, text->len, &code);
    for (size_t at = 0; size > 0; code = next) {
        at += size;
        size = utf8_decode(text->bytes + at, text->len - at, &next);
        if (code == BENGALI_A && size > 0 && next == BENGALI_SIGN_AA)
            next = BENGALI_AA;
        else if (code >= BENGALI_ZERO && code <= BENGALI_NINE)
            buf_char(to, (char)('0' + (code - BENGALI_ZERO)));
        else
            put_code(to, code);
    }
}

/* Bengali and Assamese consonants that can be the later part of a conjunct. */
static bool is_consonant(uint32_t code)
{
    return (code >= BENGALI_KA && code <= BENGALI_HA) ||
           (code >= BENGALI_RRA && code <= BENGALI_YYA) || code == ASSAMESE_RA ||
           code == ASSAMESE_WA;
}

enum text_kind text_kind_of(uint32_t code)
{
    if (is_joiner(code))
        return TEXT_JOINER;
    if (is_hidden(code))
        return TEXT_HIDDEN;
    switch (utf8proc_category((utf8proc_int32_t)code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
        return TEXT_LETTER;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
        return TEXT_MARK;
    case UTF8PROC_CATEGORY_ND:
        return TEXT_DIGIT;
    default:
        return TEXT_OTHER;
    }
}

/* Counts the combining marks at the end of a text after one more character, as it is decomposed. */
static int count_marks(int marks, uint32_t code)
{
    enum {
        FIRST_MARK = 0x0300,
        DECOMPOSED_MAX = 18 /* code points; no character has more (UAX #15) */
    };
    utf8proc_int32_t parts[DECOMPOSED_MAX];
    if (code < FIRST_MARK)
        return 0;
    utf8proc_ssize_t len = utf8proc_decompose_char((utf8proc_int32_t)code, parts, DECOMPOSED_MAX,
                                                   UTF8PROC_DECOMPOSE | UTF8PROC_STABLE, NULL);
    assert(len <= DECOMPOSED_MAX);
    for (utf8proc_ssize_t i = 0; i < len; i++)
        marks = utf8proc_get_property(parts[i])->combining_class ? marks + 1 : 0;
    return marks;
}

bool text_has_excess_marks(const char *text, size_t len)
{
    int marks = 0;
    size_t size = 1;
    for (size_t at = 0; at < len && size > 0; at += size) {
        uint32_t code = 0;
        size = utf8_decode(text + at, len - at, &code);
        if (is_joiner(code) || is_hidden(code))
            continue;
        marks = count_marks(marks, code);
        if (marks > TEXT_MARKS_MAX)
            return true;
    }
    return false;
}

enum status text_key(const char *text, size_t len, struct buf *to)
{
    struct buf visible, key;
    if (len > TEXT_BYTES_MAX || text_has_excess_marks(text, len))
        return STATUS_INVALID;
    buf_init(&visible, len * TEXT_KEY_GROWTH);
    buf_init(&key, len * TEXT_KEY_GROWTH);
    enum status status = put_visible(text, len, &visible);
    if (status == STATUS_OK)
        status = compose(&visible);
    if (status == STATUS_OK && visible.len > 0)
        put_unified(&visible, &key);
    if (status == STATUS_OK)
        status = buf_status(&key);
    if (status == STATUS_OK) {
        buf_add(to, key.bytes, key.len);
        status = buf_status(to);
    }
    buf_release(&key);
    buf_release(&visible);
    return status;
}

size_t text_cut(const char *text, size_t len, size_t most)
{
    if (len <= most)
        return len;
    size_t cut = 0;
    utf8proc_int32_t state = 0;
    uint32_t previous = 0;
    bool joining = false; /* after a hasanta: a consonant that follows belongs to the conjunct */
    for (size_t at = 0; at <= most;) {
        uint32_t code;
        size_t size = utf8_decode(text + at, len - at, &code);
        if (size == 0)
            break;
        bool breaks = at == 0 || utf8proc_grapheme_break_stateful((utf8proc_int32_t)previous,
                                                                  (utf8proc_int32_t)code, &state);
        if (breaks && !(joining && is_consonant(code)))
            cut = at;
        joining = code == HASANTA || (joining && is_joiner(code));
        previous = code;
        at += size;
    }
    assert(cut <= most);
    return cut;
}
