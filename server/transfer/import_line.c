#include "transfer/import_line.h"

#include "base/clock.h"
#include "language/markdown_limits.h"
#include "language/slug.h"
#include "language/text.h"
#include "newsroom/check_json.h"
#include "store/views.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

static const struct field_rule image_fields[] = {
    {"url", FIELD_TEXT, true, 2048, 0, NULL},
    {"width", FIELD_NUMBER, false, 100000, 0, NULL},
    {"height", FIELD_NUMBER, false, 100000, 0, NULL},
    {"alt", FIELD_TEXT, false, 4096, 0, NULL},
    {"caption", FIELD_TEXT, false, 4096, 0, NULL},
    {"credit", FIELD_TEXT, false, 1024, 0, NULL},
    {NULL, 0, false, 0, 0, NULL},
};

static const struct field_rule section_fields[] = {
    {"type", FIELD_TEXT, true, 32, 0, NULL},
    {"slug", FIELD_TEXT, true, SLUG_MAX_BYTES, 0, NULL},
    {"name", FIELD_TEXT, true, 256, 0, NULL},
    {"position", FIELD_NUMBER, false, 1000000, 0, NULL},
    {NULL, 0, false, 0, 0, NULL},
};

static const struct field_rule article_fields[] = {
    {"type", FIELD_TEXT, true, 32, 0, NULL},
    {"slug", FIELD_TEXT, true, SLUG_MAX_BYTES, 0, NULL},
    {"section", FIELD_TEXT, true, SLUG_MAX_BYTES, 0, NULL},
    {"kicker", FIELD_TEXT, false, 1024, 0, NULL},
    {"headline", FIELD_TEXT, true, 4096, 0, NULL},
    {"standfirst", FIELD_TEXT, false, 16384, 0, NULL},
    {"desk", FIELD_TEXT, false, 1024, 0, NULL},
    {"authors", FIELD_TEXTS, false, 512, 20, NULL},
    {"credits", FIELD_TEXTS, false, 256, 20, NULL},
    {"tags", FIELD_TEXTS, false, 512, 40, NULL},
    {"body", FIELD_BODY, true, IMPORT_LINE_BYTES_MAX, 0, NULL},
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

static const struct field_rule views_fields[] = {
    {"type", FIELD_TEXT, true, 32, 0, NULL},
    {"slug", FIELD_TEXT, true, SLUG_MAX_BYTES, 0, NULL},
    {"hour", FIELD_INSTANT, true, 0, 0, NULL},
    {"count", FIELD_NUMBER, true, INT64_C(1000000000), 0, NULL},
    {NULL, 0, false, 0, 0, NULL},
};

static const struct field_rule redirect_fields[] = {
    {"type", FIELD_TEXT, true, 32, 0, NULL},
    {"from", FIELD_TEXT, true, 2048, 0, NULL},
    {"to", FIELD_TEXT, true, SLUG_MAX_BYTES, 0, NULL},
    {NULL, 0, false, 0, 0, NULL},
};

static const char *text_of(const struct import_line *record, const char *name)
{
    return json_string_value(json_object_get(record->root, name));
}

/* A time of a checked line, shifted; INSTANT_NONE when absent. */
static int64_t instant_of(const struct import_line *record, const char *name, int64_t shift_s)
{
    int64_t at;
    const json_t *value = json_object_get(record->root, name);
    if (!json_is_string(value) ||
        instant_parse(json_string_value(value), json_string_length(value), &at) != STATUS_OK)
        return INSTANT_NONE;
    return at + shift_s;
}

static bool flag_of(const struct import_line *record, const char *name, bool fallback)
{
    const json_t *value = json_object_get(record->root, name);
    return json_is_boolean(value) ? json_is_true(value) : fallback;
}

/* Appends JSON of a field to `arrays` and says where it begins; absent becomes `fallback`. */
static size_t put_json(struct import_line *record, const char *name, const char *fallback)
{
    size_t at = record->arrays.len;
    const json_t *value = json_object_get(record->root, name);
    if (value && !json_is_null(value)) {
        size_t flags = JSON_COMPACT;
        size_t len = json_dumpb(value, NULL, 0, flags);
        char *to = buf_reserve(&record->arrays, len);
        if (to && json_dumpb(value, to, len, flags) == len)
            buf_grew(&record->arrays, len);
    } else {
        buf_text(&record->arrays, fallback);
    }
    buf_char(&record->arrays, '\0');
    return at;
}

/* The image with its keys in the format's order and absent ones null, so that the same image is
 * always the same text. */
static enum status settle_image(struct import_line *record, struct fault *fault)
{
    json_t *image = json_object_get(record->root, "image");
    if (!json_is_object(image))
        return STATUS_OK;
    const char *url = json_string_value(json_object_get(image, "url"));
    if (url[0] != '/' && strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
        return fault_set(fault, STATUS_INVALID, "image",
                         "url: must begin with /, http:// or https://");
    json_t *settled = json_object();
    for (const struct field_rule *field = image_fields; field->name; field++) {
        json_t *value = json_object_get(image, field->name);
        if (json_object_set_new(settled, field->name, value ? json_incref(value) : json_null()) !=
            0) {
            json_decref(settled);
            return STATUS_NO_MEMORY;
        }
    }
    return json_object_set_new(record->root, "image", settled) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status read_texts(struct import_line *record, struct fault *fault)
{
    struct article *article = &record->article.article;
    enum status status = settle_image(record, fault);
    if (status != STATUS_OK)
        return status;
    size_t authors = put_json(record, "authors", "[]"), credits = put_json(record, "credits", "[]");
    size_t tags = put_json(record, "tags", "[]"), related = put_json(record, "related", "[]");
    size_t image = put_json(record, "image", "");
    if (buf_status(&record->arrays) != STATUS_OK)
        return fault_set(fault, STATUS_NO_MEMORY, "", "out of memory");
    const char *at = record->arrays.bytes;
    article->authors = at + authors;
    article->credits = at + credits;
    article->tags = at + tags;
    article->related = at + related;
    article->image = at[image] ? at + image : NULL;
    return STATUS_OK;
}

/* Appends the keys of a field's texts; their places are filled in when the buffer is complete. */
static enum status put_terms(struct import_line *record, const char *name, enum term_kind kind,
                             size_t *places)
{
    struct article *article = &record->article.article;
    const json_t *texts = json_object_get(record->root, name);
    for (size_t i = 0; i < json_array_size(texts); i++) {
        const json_t *text = json_array_get(texts, i);
        places[article->terms_count] = record->keys.len;
        enum status status =
            text_key(json_string_value(text), json_string_length(text), &record->keys);
        if (status != STATUS_OK)
            return status;
        buf_char(&record->keys, '\0');
        article->terms[article->terms_count++].kind = kind;
    }
    return STATUS_OK;
}

static enum status read_terms(struct import_line *record, struct fault *fault)
{
    struct article *article = &record->article.article;
    size_t places[ARTICLE_TERMS_MAX] = {0};
    enum status status = put_terms(record, "tags", TERM_TAG, places);
    if (status == STATUS_OK)
        status = put_terms(record, "authors", TERM_AUTHOR, places);
    if (status != STATUS_OK || buf_status(&record->keys) != STATUS_OK)
        return fault_set(fault, STATUS_INVALID, "tags", "can't be compared: %s",
                         status_text(status));
    record->slug_key = record->keys.bytes;
    article->slug_key = record->slug_key;
    for (int i = 0; i < article->terms_count; i++)
        article->terms[i].key = record->keys.bytes + places[i];
    return STATUS_OK;
}

/* Letters and digits in parts of one to eight, two or three letters first (RFC 5646 §2.1, without
 * its registry and its single-letter extensions). */
static bool is_language(const char *language)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char both[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    size_t len = strspn(language, letters);
    if (len < 2 || len > 3)
        return false;
    for (language += len; *language == '-'; language += len) {
        len = strspn(++language, both);
        if (len < 2 || len > 8)
            return false;
    }
    return *language == '\0';
}

static enum status check_language(const char *language, struct fault *fault)
{
    if (is_language(language))
        return STATUS_OK;
    return fault_set(fault, STATUS_INVALID, "language",
                     "must be a language tag like bn or en-GB, got \"%s\"", language);
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

static enum status read_article(struct import_line *record, const struct import_rules *rules,
                                struct fault *fault)
{
    const char *status_name = text_of(record, "status"), *language = text_of(record, "language");
    const json_t *body = json_object_get(record->root, "body");
    record->article.section = text_of(record, "section");
    record->article.article = (struct article){
        .slug = record->slug,
        .status = status_name ? status_name : "published",
        .published_at = instant_of(record, "published_at", rules->shift_s),
        .updated_at = instant_of(record, "updated_at", rules->shift_s),
        .most_read = flag_of(record, "most_read", true),
        .lead = flag_of(record, "lead", false),
        .language = language ? language : rules->language,
        .kicker = text_of(record, "kicker"),
        .headline = text_of(record, "headline"),
        .standfirst = text_of(record, "standfirst"),
        .desk = text_of(record, "desk"),
        .body = json_string_value(body),
        .body_len = json_string_length(body),
    };
    const struct article *article = &record->article.article;
    enum status status =
        check_status(article->status, article->published_at != INSTANT_NONE, fault);
    if (status == STATUS_OK)
        status = check_language(article->language, fault);
    if (status == STATUS_OK)
        status = markdown_check_limits(article->body, article->body_len, fault);
    if (status == STATUS_OK)
        status = read_texts(record, fault);
    if (status == STATUS_OK)
        status = read_terms(record, fault);
    return status;
}

static enum status read_section(struct import_line *record, const struct import_rules *rules,
                                struct fault *fault)
{
    record->section.name = text_of(record, "name");
    record->section.position = json_integer_value(json_object_get(record->root, "position"));
    for (const char *const *reserved = rules->reserved; *reserved; reserved++) {
        if (strcmp(record->slug_key, *reserved) == 0)
            return fault_set(fault, STATUS_INVALID, "slug",
                             "\"%s\" is an address of Khobor's own; take another", *reserved);
    }
    return STATUS_OK;
}

static enum status read_views(struct import_line *record, const struct import_rules *rules,
                              struct fault *fault)
{
    record->views.hour = instant_of(record, "hour", rules->shift_s);
    record->views.count = json_integer_value(json_object_get(record->root, "count"));
    if (instant_floor(record->views.hour, HOUR_S) != record->views.hour)
        return fault_set(fault, STATUS_INVALID, "hour", "must be a whole hour in UTC, got \"%s\"",
                         text_of(record, "hour"));
    return STATUS_OK;
}

static enum status read_redirect(struct import_line *record, const struct import_rules *rules,
                                 struct fault *fault)
{
    (void)rules;
    record->redirect.source = text_of(record, "from");
    if (record->redirect.source[0] != '/')
        return fault_set(fault, STATUS_INVALID, "from",
                         "must be a path that begins with /, got \"%s\"", record->redirect.source);
    return STATUS_OK;
}

static const struct {
    const char *name;
    const struct field_rule *fields;
    const char *slug; /* the field that holds it */
    enum status (*read)(struct import_line *, const struct import_rules *, struct fault *);
} types[IMPORT__MAX] = {
    [IMPORT_SECTION] = {"section", section_fields, "slug", read_section},
    [IMPORT_ARTICLE] = {"article", article_fields, "slug", read_article},
    [IMPORT_VIEWS] = {"views", views_fields, "slug", read_views},
    [IMPORT_REDIRECT] = {"redirect", redirect_fields, "to", read_redirect},
};

static enum status type_of(const json_t *root, enum import_line_type *type, struct fault *fault)
{
    const char *name = json_string_value(json_object_get(root, "type"));
    for (int i = 0; name && i < IMPORT__MAX; i++) {
        if (strcmp(types[i].name, name) == 0) {
            *type = (enum import_line_type)i;
            return STATUS_OK;
        }
    }
    return fault_set(fault, STATUS_INVALID, "type",
                     "must be section, article, views or redirect%s%.32s", name ? "; got " : "",
                     name ? name : "");
}

void import_line_init(struct import_line *record)
{
    *record = (struct import_line){.root = NULL};
    buf_init(&record->keys, 256 * 1024);
    buf_init(&record->arrays, 1024 * 1024);
}

void import_line_release(struct import_line *record)
{
    json_decref(record->root);
    buf_release(&record->keys);
    buf_release(&record->arrays);
}

void import_line_clear(struct import_line *record)
{
    json_decref(record->root);
    record->root = NULL;
}

enum status import_line_parse(struct import_line *record, const char *line, size_t len,
                              const struct import_rules *rules, struct fault *fault)
{
    import_line_clear(record);
    buf_clear(&record->keys);
    buf_clear(&record->arrays);
    enum status status = check_json_parse(line, len, &record->root, fault);
    if (status == STATUS_OK)
        status = type_of(record->root, &record->type, fault);
    if (status == STATUS_OK)
        status = check_json_fields(types[record->type].fields, record->root, fault);
    if (status != STATUS_OK)
        return status;
    const json_t *slug = json_object_get(record->root, types[record->type].slug);
    record->slug = json_string_value(slug);
    status = slug_check(record->slug, json_string_length(slug), types[record->type].slug,
                        &record->keys, fault);
    if (status != STATUS_OK)
        return status;
    buf_char(&record->keys, '\0');
    record->slug_key = buf_string(&record->keys);
    return types[record->type].read(record, rules, fault);
}
