/* Checks the object against a table of fields, then each rule that a table can't express (slug,
 * status, language, Markdown's cost, image address), and stores derived texts in two buffers. Their
 * addresses are taken when a buffer is complete, because it moves while it grows. */
#include "newsroom/article_input.h"

#include "language/markdown.h"
#include "language/slug.h"
#include "language/text.h"
#include "newsroom/check_json.h"
#include "store/visibility.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

enum {
    KEYS_BYTES_MAX = 256 * 1024,
    ARRAYS_BYTES_MAX = 1024 * 1024,
    AUTHORS_MAX = 20,
    TAGS_MAX = 40,
};

static_assert(AUTHORS_MAX + TAGS_MAX <= ARTICLE_TERMS_MAX, "every author and tag is a term");

static const struct field_rule image_fields[] = {
    {"url", FIELD_TEXT, true, 2048, 0, NULL},
    {"width", FIELD_NUMBER, false, 100000, 0, NULL},
    {"height", FIELD_NUMBER, false, 100000, 0, NULL},
    {"alt", FIELD_TEXT, false, 4096, 0, NULL},
    {"caption", FIELD_TEXT, false, 4096, 0, NULL},
    {"credit", FIELD_TEXT, false, 1024, 0, NULL},
    {NULL, 0, false, 0, 0, NULL},
};

static const struct field_rule article_fields[] = {
    {"slug", FIELD_TEXT, true, SLUG_MAX_BYTES, 0, NULL},
    {"section", FIELD_TEXT, true, SLUG_MAX_BYTES, 0, NULL},
    {"kicker", FIELD_TEXT, false, 1024, 0, NULL},
    {"headline", FIELD_TEXT, true, 4096, 0, NULL},
    {"standfirst", FIELD_TEXT, false, 16384, 0, NULL},
    {"desk", FIELD_TEXT, false, 1024, 0, NULL},
    {"authors", FIELD_TEXTS, false, 512, AUTHORS_MAX, NULL},
    {"credits", FIELD_TEXTS, false, 256, 20, NULL},
    {"tags", FIELD_TEXTS, false, 512, TAGS_MAX, NULL},
    {"body", FIELD_BODY, true, ARTICLE_BODY_BYTES_MAX, 0, NULL},
    {"language", FIELD_TEXT, false, 35, 0, NULL},
    {"status", FIELD_TEXT, false, 16, 0, NULL},
    {"published_at", FIELD_INSTANT, false, 0, 0, NULL},
    {"updated_at", FIELD_INSTANT, false, 0, 0, NULL},
    {"image", FIELD_OBJECT, false, 0, 0, image_fields},
    {"related", FIELD_TEXTS, false, SLUG_MAX_BYTES, 20, NULL},
    {"most_read", FIELD_FLAG, false, 0, 0, NULL},
    {"lead", FIELD_FLAG, false, 0, 0, NULL},
    {NULL, 0, false, 0, 0, NULL},
};

static int64_t instant_of(const json_t *object, const char *name, int64_t shift_s)
{
    int64_t at;
    return check_json_instant(object, name, &at) ? at + shift_s : INSTANT_NONE;
}

static bool flag_of(const json_t *object, const char *name, bool absent)
{
    const json_t *value = json_object_get(object, name);
    return json_is_boolean(value) ? json_is_true(value) : absent;
}

static enum status check_status(const char *status, bool has_time, struct fault *fault)
{
    static const struct {
        const char *name;
        bool needs_time;
    } statuses[] = {
        {"published", true}, {"scheduled", true}, {"draft", false}, {"withdrawn", false}};
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        if (strcmp(statuses[i].name, status) != 0)
            continue;
        if (statuses[i].needs_time && !has_time)
            return fault_set(fault, STATUS_INVALID, "published_at",
                             "is missing; a %s article must have it", status);
        return STATUS_OK;
    }
    return fault_set(fault, STATUS_INVALID, "status",
                     "must be draft, scheduled, published or withdrawn, got \"%s\"", status);
}

/* A language tag is two or three letters, then parts of two to eight letters or digits (RFC 5646
 * §2.1, without its registry and its single-letter extensions). */
static enum status check_language(const char *language, struct fault *fault)
{
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    size_t len = strspn(language, LETTERS);
    bool is_tag = len >= 2 && len <= 3;
    const char *at = language + len;
    while (is_tag && *at == '-') {
        len = strspn(++at, LETTERS "0123456789");
        is_tag = len >= 2 && len <= 8;
        at += len;
    }
    if (is_tag && *at == '\0')
        return STATUS_OK;
    return fault_set(fault, STATUS_INVALID, "language",
                     "must be a language tag like bn or en-GB, got \"%s\"", language);
}

/* Replaces the image by one with all its keys in the table's order and null for absent ones, so
 * that the same image is always the same text. */
static enum status complete_image(json_t *object, struct fault *fault)
{
    json_t *image = json_object_get(object, "image");
    if (!json_is_object(image))
        return STATUS_OK;
    const char *url = json_string_value(json_object_get(image, "url"));
    assert(url); /* it is required in image_fields */
    if (url[0] != '/' && strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
        return fault_set(fault, STATUS_INVALID, "image",
                         "url: must begin with /, http:// or https://");
    json_t *complete = json_object();
    bool done = complete != NULL;
    for (const struct field_rule *field = image_fields; done && field->name; field++) {
        json_t *value = json_object_get(image, field->name);
        done = json_object_set_new(complete, field->name,
                                   value ? json_incref(value) : json_null()) == 0;
    }
    if (!done)
        json_decref(complete);
    else
        done = json_object_set_new(object, "image", complete) == 0;
    return done ? STATUS_OK : fault_set(fault, STATUS_NO_MEMORY, "", "out of memory");
}

/* Appends a field as JSON, or `absent`, and returns where in `arrays` it begins. */
static size_t put_json(struct buf *arrays, const json_t *object, const char *name,
                       const char *absent)
{
    size_t at = arrays->len;
    const json_t *value = json_object_get(object, name);
    if (value && !json_is_null(value)) {
        size_t len = json_dumpb(value, NULL, 0, JSON_COMPACT);
        char *to = buf_reserve(arrays, len);
        if (to && json_dumpb(value, to, len, JSON_COMPACT) == len)
            buf_grew(arrays, len);
    } else {
        buf_text(arrays, absent);
    }
    buf_char(arrays, '\0');
    assert(arrays->failed || at < arrays->len);
    return at;
}

static enum status read_arrays(struct article_input *input, json_t *object, struct fault *fault)
{
    struct article *article = &input->article;
    enum status status = complete_image(object, fault);
    if (status != STATUS_OK)
        return status;
    buf_clear(&input->arrays);
    size_t authors = put_json(&input->arrays, object, "authors", "[]");
    size_t credits = put_json(&input->arrays, object, "credits", "[]");
    size_t tags = put_json(&input->arrays, object, "tags", "[]");
    size_t related = put_json(&input->arrays, object, "related", "[]");
    size_t image = put_json(&input->arrays, object, "image", "");
    if (buf_status(&input->arrays) != STATUS_OK)
        return fault_set(fault, STATUS_NO_MEMORY, "", "out of memory");
    const char *begin = input->arrays.bytes;
    article->authors = begin + authors;
    article->credits = begin + credits;
    article->tags = begin + tags;
    article->related = begin + related;
    article->image = begin[image] ? begin + image : NULL;
    assert(article->authors[0] == '[' && article->credits[0] == '[');
    assert(article->tags[0] == '[' && article->related[0] == '[');
    return STATUS_OK;
}

/* Appends the keys of a field's texts; `offsets` gets where in `keys` each begins. */
static enum status put_terms(struct article_input *input, const json_t *object, const char *name,
                             enum term_kind kind, size_t offsets[ARTICLE_TERMS_MAX],
                             struct fault *fault)
{
    struct article *article = &input->article;
    const json_t *texts = json_object_get(object, name);
    for (size_t i = 0; i < json_array_size(texts); i++) {
        assert(article->terms_count < ARTICLE_TERMS_MAX);
        const json_t *text = json_array_get(texts, i);
        offsets[article->terms_count] = input->keys.len;
        enum status status =
            text_key(json_string_value(text), json_string_length(text), &input->keys);
        if (status == STATUS_INVALID)
            return fault_set(fault, status, name,
                             "text %zu has more than %d combining marks in a row", i + 1,
                             TEXT_MARKS_MAX);
        if (status != STATUS_OK)
            return fault_set(fault, status, name, "out of memory");
        buf_char(&input->keys, '\0');
        article->terms[article->terms_count++].kind = kind;
    }
    return STATUS_OK;
}

/* Fills slug_key and the terms' keys; `keys` already holds the first. */
static enum status read_keys(struct article_input *input, const json_t *object, struct fault *fault)
{
    struct article *article = &input->article;
    size_t offsets[ARTICLE_TERMS_MAX] = {0};
    assert(input->keys.len > 0 && input->article.terms_count == 0);
    buf_char(&input->keys, '\0');
    enum status status = put_terms(input, object, "tags", TERM_TAG, offsets, fault);
    if (status == STATUS_OK)
        status = put_terms(input, object, "authors", TERM_AUTHOR, offsets, fault);
    if (status == STATUS_OK && buf_status(&input->keys) != STATUS_OK)
        status = fault_set(fault, STATUS_NO_MEMORY, "", "out of memory");
    if (status != STATUS_OK)
        return status;
    article->slug_key = input->keys.bytes;
    for (int i = 0; i < article->terms_count; i++)
        article->terms[i].key = input->keys.bytes + offsets[i];
    return STATUS_OK;
}

void article_input_init(struct article_input *input)
{
    *input = (struct article_input){.section = NULL};
    buf_init(&input->keys, KEYS_BYTES_MAX);
    buf_init(&input->arrays, ARRAYS_BYTES_MAX);
}

void article_input_release(struct article_input *input)
{
    buf_release(&input->keys);
    buf_release(&input->arrays);
}

static const char *text_of(const json_t *object, const char *name, const char *absent)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : absent;
}

enum status article_input_read(struct article_input *input, json_t *object, const char *language,
                               int64_t shift_s, struct fault *fault)
{
    enum status status = check_json_fields(article_fields, object, fault);
    if (status != STATUS_OK)
        return status;
    const json_t *slug = json_object_get(object, "slug"), *body = json_object_get(object, "body");
    input->section = text_of(object, "section", NULL);
    input->article = (struct article){
        .slug = json_string_value(slug),
        .status = text_of(object, "status", "published"),
        .published_at = instant_of(object, "published_at", shift_s),
        .updated_at = instant_of(object, "updated_at", shift_s),
        .most_read = flag_of(object, "most_read", true),
        .lead = flag_of(object, "lead", false),
        .language = text_of(object, "language", language),
        .kicker = text_of(object, "kicker", NULL),
        .headline = text_of(object, "headline", NULL),
        .standfirst = text_of(object, "standfirst", NULL),
        .desk = text_of(object, "desk", NULL),
        .body = json_string_value(body),
        .body_len = json_string_length(body),
    };
    const struct article *article = &input->article;
    buf_clear(&input->keys);
    status = slug_check(article->slug, json_string_length(slug), "slug", &input->keys, fault);
    if (status == STATUS_OK)
        status = check_status(article->status, article->published_at != INSTANT_NONE, fault);
    if (status == STATUS_OK)
        status = check_language(article->language, fault);
    if (status == STATUS_OK)
        status = markdown_check_limits(article->body, article->body_len, fault);
    if (status == STATUS_OK)
        status = read_arrays(input, object, fault);
    if (status == STATUS_OK)
        status = read_keys(input, object, fault);
    assert(status != STATUS_OK || (article->headline && article->body && article->slug_key));
    assert(status != STATUS_OK || article->published_at != INSTANT_NONE ||
           article_listed_at(article->status, 0) == INSTANT_NONE);
    return status;
}
