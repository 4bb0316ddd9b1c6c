#include "language/slug.h"

#include "base/utf8.h"
#include "language/text.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    RIGHT_QUOTE = 0x2019,
    /* A key is at most three times as long as its text. */
    KEY_MAX_BYTES = 3 * SLUG_MAX_BYTES,
};

/* The slug of a headline that gives no letter to make one from. */
static const char nameless[] = "khobor";

/* A slug while the words of a headline are put behind one another. */
struct wording {
    struct buf slug;
    enum text_kind last; /* what the last character in the slug was, or TEXT_OTHER */
    bool apart;          /* the next letter or digit begins a word */
    const char *joiner;  /* a joiner in the headline that waits for a letter */
    size_t joiner_size;  /* 0 when none waits */
};

static bool is_separator(uint32_t code)
{
    return code == '-' || code == '_' || code == '.';
}

static bool is_word(enum text_kind kind)
{
    return kind == TEXT_LETTER || kind == TEXT_DIGIT;
}

/* Whether a valid text has a character of one kind. */
static bool has_kind(const char *text, size_t len, enum text_kind kind)
{
    uint32_t code;
    size_t size = 0;
    for (size_t at = 0; at < len; at += size) {
        size = utf8_decode(text + at, len - at, &code);
        if (size == 0)
            return false;
        if (text_kind_of(code) == kind)
            return true;
    }
    return false;
}

static bool is_digits(const char *text, size_t len)
{
    uint32_t code;
    size_t size = 0;
    for (size_t at = 0; at < len; at += size) {
        size = utf8_decode(text + at, len - at, &code);
        if (size == 0 || text_kind_of(code) != TEXT_DIGIT)
            return false;
    }
    return true;
}

/* Refuses a character that can't stand in a slug. */
static enum status check_characters(const char *slug, size_t len, const char *field,
                                    struct fault *fault)
{
    size_t size = 0;
    for (size_t at = 0; at < len; at += size) {
        uint32_t code;
        size = utf8_decode(slug + at, len - at, &code);
        if (size == 0)
            return fault_set(fault, STATUS_INVALID, field,
                             "a slug is UTF-8, and byte %zu of this one is not", at + 1);
        enum text_kind kind = text_kind_of(code);
        if (kind == TEXT_HIDDEN || (kind == TEXT_OTHER && !is_separator(code)))
            return fault_set(fault, STATUS_INVALID, field,
                             "U+%04X can't stand in a slug, which is letters, marks and digits "
                             "with '-', '_' and '.' between them",
                             (unsigned)code);
    }
    return STATUS_OK;
}

static enum status check_shape(const char *slug, size_t len, const char *field, struct fault *fault)
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
    if (slug[0] == '.' || slug[len - 1] == '.')
        return fault_set(fault, STATUS_INVALID, field, "a slug can't begin or end with '.'");
    /* Joiners alone have an empty key, and separators alone have nothing to stand between. */
    if (!has_kind(slug, len, TEXT_LETTER) && !has_kind(slug, len, TEXT_DIGIT))
        return fault_set(fault, STATUS_INVALID, field, "a slug needs letters or digits");
    return STATUS_OK;
}

/* An apostrophe stands within a word, and every other punctuation between words. */
static bool is_apostrophe(uint32_t code)
{
    return code == '\'' || code == RIGHT_QUOTE;
}

static void put_lower(struct buf *to, const char *bytes, size_t size)
{
    if (size == 1 && *bytes >= 'A' && *bytes <= 'Z')
        buf_char(to, (char)(*bytes - 'A' + 'a'));
    else
        buf_add(to, bytes, size);
}

/* Puts a letter or digit, and what has to stand in front of it. */
static void put_word(struct wording *wording, enum text_kind kind, const char *bytes, size_t size)
{
    if (wording->apart && wording->slug.len > 0)
        buf_char(&wording->slug, '-');
    if (kind == TEXT_LETTER)
        buf_add(&wording->slug, wording->joiner, wording->joiner_size);
    put_lower(&wording->slug, bytes, size);
    wording->apart = false;
    wording->joiner_size = 0;
    wording->last = kind;
}

/* Puts a mark or joiner, where there is a letter for it. The variation selector of a symbol that
 * was dropped has none, and goes with it. */
static void put_addition(struct wording *wording, enum text_kind kind, const char *bytes,
                         size_t size)
{
    bool behind_letter = wording->last == TEXT_LETTER || wording->last == TEXT_MARK;
    if (!behind_letter)
        return;
    /* Behind a mark a joiner can end a word (the old way to write ৎ); behind a letter it means
     * something only when the word goes on. */
    if (kind == TEXT_JOINER && wording->last == TEXT_LETTER) {
        wording->joiner = bytes;
        wording->joiner_size = size;
        return;
    }
    buf_add(&wording->slug, wording->joiner, wording->joiner_size);
    wording->joiner_size = 0;
    buf_add(&wording->slug, bytes, size);
    wording->last = kind == TEXT_JOINER ? TEXT_LETTER : kind;
}

static void put_break(struct wording *wording, uint32_t code)
{
    wording->joiner_size = 0;
    wording->last = TEXT_OTHER;
    if (!is_apostrophe(code))
        wording->apart = true;
}

static enum status put_headline(struct wording *wording, const char *headline, size_t len)
{
    size_t size = 0;
    for (size_t at = 0; at < len; at += size) {
        uint32_t code;
        size = utf8_decode(headline + at, len - at, &code);
        if (size == 0)
            return STATUS_INVALID;
        enum text_kind kind = text_kind_of(code);
        if (is_word(kind))
            put_word(wording, kind, headline + at, size);
        else if (kind == TEXT_MARK || kind == TEXT_JOINER)
            put_addition(wording, kind, headline + at, size);
        else if (kind == TEXT_OTHER)
            put_break(wording, code);
    }
    return buf_status(&wording->slug);
}

/* How much of a slug fits in `most` bytes, without a '-' at the end. */
static size_t cut_words(const char *slug, size_t len, size_t most)
{
    if (len <= most)
        return len;
    for (size_t at = most; at > 0 && 2 * at >= most; at--)
        if (slug[at] == '-')
            return at;
    size_t at = text_cut(slug, len, most);
    while (at > 0 && slug[at - 1] == '-')
        at--;
    return at;
}

/* Appends "khobor" and the digits that are all a headline had. */
static enum status put_nameless(const char *digits, size_t len, size_t most, struct buf *to)
{
    struct buf slug;
    buf_init(&slug, strlen(nameless) + 1 + len);
    buf_text(&slug, nameless);
    if (len > 0)
        buf_char(&slug, '-');
    buf_add(&slug, digits, len);
    if (buf_status(&slug) == STATUS_OK)
        buf_add(to, slug.bytes, cut_words(slug.bytes, slug.len, most));
    enum status status = buf_status(&slug);
    buf_release(&slug);
    return status == STATUS_OK ? buf_status(to) : status;
}

enum status slug_check(const char *slug, size_t len, const char *field, struct buf *key,
                       struct fault *fault)
{
    enum status status = check_shape(slug, len, field, fault);
    if (status != STATUS_OK)
        return status;
    struct buf own;
    buf_init(&own, KEY_MAX_BYTES);
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

enum status slug_make(const char *headline, size_t len, size_t most, struct buf *to)
{
    assert(most >= strlen(nameless));
    if (most > SLUG_MAX_BYTES)
        most = SLUG_MAX_BYTES;
    struct wording wording = {.last = TEXT_OTHER};
    buf_init(&wording.slug, len);
    enum status status = put_headline(&wording, headline, len);
    if (status == STATUS_OK) {
        const char *slug = buf_string(&wording.slug);
        size_t cut = cut_words(slug, wording.slug.len, most);
        if (has_kind(slug, cut, TEXT_LETTER)) {
            buf_add(to, slug, cut);
            status = buf_status(to);
        } else {
            status = put_nameless(slug, cut, most, to);
        }
    }
    buf_release(&wording.slug);
    return status;
}
