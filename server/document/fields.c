#include "document/fields.h"

#include "base/clock.h"
#include "base/json.h"
#include "document/dependencies.h"
#include "document/url.h"
#include "language/markdown.h"
#include "store/articles.h"

#include <string.h>

enum {
    TEXT_BYTES_MAX = 256,
    URL_BYTES_MAX = 8192
};

json_t *instant_json(int64_t at)
{
    struct buf text;
    buf_init(&text, TEXT_BYTES_MAX);
    instant_format(at, &text);
    return buf_json(&text);
}

json_t *instant_text_json(const struct context *context, int64_t at)
{
    struct civil civil;
    struct buf text;
    buf_init(&text, TEXT_BYTES_MAX);
    civil_from_instant(at, &civil);
    words_date_time(context->words, &civil, &text);
    return buf_json(&text);
}

static json_t *make_number(const struct context *context, struct query *row, const char *column)
{
    (void)context;
    return json_integer(query_number(row, column));
}

static json_t *make_text(const struct context *context, struct query *row, const char *column)
{
    (void)context;
    size_t len;
    const char *text = query_text(row, column, &len);
    return text ? json_stringn_nocheck(text, len) : json_null();
}

/* What import stored as JSON is JSON. */
static json_t *make_json(const struct context *context, struct query *row, const char *column)
{
    (void)context;
    size_t len;
    const char *text = query_text(row, column, &len);
    return text ? json_loadb(text, len, 0, NULL) : json_null();
}

/* The image with an address that may stand in a page. */
static json_t *make_picture(const struct context *context, struct query *row, const char *column)
{
    struct buf url;
    json_t *picture = make_json(context, row, column);
    const char *given = json_string_value(json_object_get(picture, "url"));
    if (!given)
        return picture;
    buf_init(&url, URL_BYTES_MAX);
    url_clean(given, &url);
    if (json_put(picture, "url", buf_json(&url)) == STATUS_OK)
        return picture;
    json_decref(picture);
    return NULL;
}

static json_t *make_instant(const struct context *context, struct query *row, const char *column)
{
    (void)context;
    return query_is_null(row, column) ? json_null() : instant_json(query_number(row, column));
}

static json_t *make_instant_text(const struct context *context, struct query *row,
                                 const char *column)
{
    return query_is_null(row, column) ? json_null()
                                      : instant_text_json(context, query_number(row, column));
}

static json_t *make_section(const struct context *context, struct query *row, const char *column)
{
    (void)column;
    json_t *section = json_object();
    if (json_object_set_new_nocheck(section, "slug", make_text(context, row, "section_slug")) ==
            0 &&
        json_object_set_new_nocheck(section, "name", make_text(context, row, "section_name")) == 0)
        return section;
    json_decref(section);
    return NULL;
}

static json_t *make_url(const struct context *context, struct query *row, const char *column)
{
    (void)context;
    size_t len;
    struct buf url;
    buf_init(&url, URL_BYTES_MAX);
    const char *section = query_text(row, "section_slug", &len);
    int64_t id = query_number(row, "id");
    url_article(section, id, query_text(row, column, &len), &url);
    return buf_json(&url);
}

static json_t *make_html(const struct context *context, struct query *row, const char *column)
{
    (void)context;
    size_t len;
    const char *text = query_text(row, column, &len);
    return markdown_html(text, len, NULL);
}

const struct document_field card_fields[] = {
    {"id", "id", make_number},
    {"slug", "slug", make_text},
    {"url", "slug", make_url},
    {"section", "section_slug", make_section},
    {"kicker", "kicker", make_text},
    {"headline", "headline", make_text},
    {"standfirst", "standfirst", make_text},
    {"image", "image", make_json},
    {"published_at", "published_at", make_instant},
    {"published_text", "published_at", make_instant_text},
    {"updated_at", "updated_at", make_instant},
    {"updated_text", "updated_at", make_instant_text},
    {"language", "language", make_text},
    {"picture", "image", make_picture},
    {NULL, NULL, NULL},
};

const struct document_field article_fields[] = {
    {"desk", "desk", make_text},
    {"authors", "authors", make_json},
    {"credits", "credits", make_json},
    {"tags", "tags", make_json},
    {"language", "language", make_text},
    {"body", "body", make_text},
    {"body_html", "body", make_html},
    {"revision", "revision", make_number},
    {NULL, NULL, NULL},
};

field_set fields_named(const struct document_field *fields, const char *name, size_t len)
{
    for (size_t i = 0; fields[i].name; i++) {
        if (strlen(fields[i].name) == len && memcmp(fields[i].name, name, len) == 0)
            return (field_set)1 << i;
    }
    return 0;
}

enum status fields_fill(const struct context *context, struct query *row,
                        const struct document_field *fields, field_set chosen, json_t *object)
{
    for (size_t i = 0; fields[i].name; i++) {
        if (!(chosen >> i & 1))
            continue;
        json_t *value = fields[i].make(context, row, fields[i].column);
        if (json_object_set_new_nocheck(object, fields[i].name, value) != 0)
            return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

void card_note(const struct context *context, int64_t id)
{
    dependency_note(context, TOPIC_CARD, id);
    dependency_note(context, TOPIC_SECTIONS, 0);
}

enum status card_of_row(const struct context *context, struct query *row, field_set chosen,
                        json_t **card)
{
    json_t *made = json_object();
    enum status status = fields_fill(context, row, card_fields, chosen, made);
    if (status != STATUS_OK) {
        json_decref(made);
        return status;
    }
    *card = made;
    return STATUS_OK;
}

enum status card_document(const struct context *context, int64_t id, field_set chosen,
                          json_t **card)
{
    struct query *row;
    card_note(context, id);
    enum status status = card_row(context->db, id, context->now_s, &row);
    return status == STATUS_OK ? query_end(row, card_of_row(context, row, chosen, card)) : status;
}
