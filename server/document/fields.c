/* Two tables name each field of a card and of an article once, with the column it comes from and a
 * small function that turns the column into JSON. Texts were validated when they were stored, so
 * that the unchecked constructors of jansson are used.
 */
#include "document/fields.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "document/dependencies.h"
#include "document/url.h"
#include "language/markdown.h"
#include "store/articles.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum {
    TEXT_BYTES_MAX = 256,
};

/* The columns of an article's address are never NULL, except in a damaged database. */
enum status row_url(struct query *row, struct buf *to)
{
    size_t len;
    const char *section = query_text(row, "section_slug", &len);
    const char *slug = query_text(row, "slug", &len);
    if (!section || !slug)
        return STATUS_UNUSABLE;
    url_article(section, query_number(row, "id"), slug, to);
    return STATUS_OK;
}

json_t *instant_json(int64_t at)
{
    struct buf text;
    buf_init(&text, TEXT_BYTES_MAX);
    instant_format(at, &text);
    return buf_json(&text);
}

static json_t *make_number(const struct cell *cell)
{
    return json_integer(query_number(cell->row, cell->column));
}

/* A text of a column that may not be NULL. In a damaged database it is, or is not UTF-8: NULL. */
static json_t *make_text(const struct cell *cell)
{
    size_t len;
    const char *text = query_text(cell->row, cell->column, &len);
    return text ? json_stringn(text, len) : NULL;
}

static json_t *make_optional_text(const struct cell *cell)
{
    return query_is_null(cell->row, cell->column) ? json_null() : make_text(cell);
}

/* A column that holds JSON text, parsed; NULL as above. */
static json_t *make_json(const struct cell *cell)
{
    size_t len;
    const char *text = query_text(cell->row, cell->column, &len);
    return text ? json_load_text(text, len, 0, NULL) : NULL;
}

static json_t *make_optional_json(const struct cell *cell)
{
    return query_is_null(cell->row, cell->column) ? json_null() : make_json(cell);
}

/* The image, with its URL cleaned so that it is valid in an HTML attribute. */
static json_t *make_picture(const struct cell *cell)
{
    struct buf url;
    json_t *picture = make_optional_json(cell);
    const char *stored_url = json_string_value(json_object_get(picture, "url"));
    if (!stored_url)
        return picture;
    buf_init(&url, URL_BYTES_MAX);
    url_clean(stored_url, &url);
    if (json_put(picture, "url", buf_json(&url)) == STATUS_OK)
        return picture;
    json_decref(picture);
    return NULL;
}

static json_t *make_instant(const struct cell *cell)
{
    return query_is_null(cell->row, cell->column)
               ? json_null()
               : instant_json(query_number(cell->row, cell->column));
}

/* An instant as the site's language writes it. */
static json_t *make_instant_text(const struct cell *cell)
{
    struct civil civil;
    struct buf text;
    if (query_is_null(cell->row, cell->column))
        return json_null();
    buf_init(&text, TEXT_BYTES_MAX);
    civil_from_instant(query_number(cell->row, cell->column), &civil);
    words_date_time(cell->context->words, &civil, &text);
    return buf_json(&text);
}

static json_t *make_section(const struct cell *cell)
{
    const struct cell slug = {cell->context, cell->row, "section_slug"};
    const struct cell name = {cell->context, cell->row, "section_name"};
    json_t *section = json_object();
    if (json_put(section, "slug", make_text(&slug)) == STATUS_OK &&
        json_put(section, "name", make_text(&name)) == STATUS_OK)
        return section;
    json_decref(section);
    return NULL;
}

static json_t *make_url(const struct cell *cell)
{
    struct buf url;
    buf_init(&url, URL_BYTES_MAX);
    if (row_url(cell->row, &url) == STATUS_OK)
        return buf_json(&url);
    buf_release(&url);
    return NULL;
}

static json_t *make_html(const struct cell *cell)
{
    size_t len;
    const char *text = query_text(cell->row, cell->column, &len);
    return text ? markdown_html(text, len, NULL) : NULL;
}

/* The bits of FIELDS_CARD and FIELDS_SELECTABLE follow the order of this table. */
const struct document_field card_fields[] = {
    {"id", "id", make_number},
    {"slug", "slug", make_text},
    {"url", "slug", make_url},
    {"section", "section_slug", make_section},
    {"kicker", "kicker", make_optional_text},
    {"headline", "headline", make_text},
    {"standfirst", "standfirst", make_optional_text},
    {"image", "image", make_optional_json},
    {"published_at", "published_at", make_instant},
    {"published_text", "published_at", make_instant_text},
    {"updated_at", "updated_at", make_instant},
    {"updated_text", "updated_at", make_instant_text},
    {"language", "language", make_text},
    {"picture", "image", make_picture},
    {NULL, NULL, NULL},
};

static_assert(FIELDS_CARD >> 11 == 1 && FIELDS_SELECTABLE >> 12 == 1 &&
                  sizeof card_fields / sizeof card_fields[0] == 15,
              "12 fields by default, one to be asked for, one for pages, and the end");

const struct document_field article_fields[] = {
    {"desk", "desk", make_optional_text},
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
        assert(i < sizeof(field_set) * 8);
        if (strlen(fields[i].name) == len && memcmp(fields[i].name, name, len) == 0)
            return (field_set)1 << i;
    }
    return 0;
}

field_set fields_of(const struct document_field *fields, const char *const *names)
{
    field_set chosen = 0;
    for (; *names; names++) {
        field_set field = fields_named(fields, *names, strlen(*names));
        assert(field && !(chosen & field));
        chosen |= field;
    }
    return chosen;
}

enum status fields_fill(const struct context *context, struct query *row,
                        const struct document_field *fields, field_set chosen, json_t *object)
{
    for (size_t i = 0; fields[i].name; i++) {
        assert(i < sizeof(field_set) * 8);
        const struct cell cell = {context, row, fields[i].column};
        if (!(chosen >> i & 1))
            continue;
        json_t *value = fields[i].make(&cell);
        if (!value) {
            log_write(LOG_ERROR, "article %" PRId64 ": its %s is damaged, or memory is short",
                      query_number(row, "id"), fields[i].name);
            return STATUS_UNUSABLE;
        }
        enum status status = json_put(object, fields[i].name, value);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

enum status document_finish(enum status status, json_t *built, json_t **document)
{
    if (status == STATUS_OK && !built)
        status = STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        *document = built;
    else
        json_decref(built);
    return status;
}

void card_note(const struct context *context, int64_t id)
{
    dependency_note(context, TOPIC_CARD, id);
    dependency_note(context, TOPIC_SECTIONS, 0);
}

enum status card_of_row(const struct context *context, struct query *row, field_set chosen,
                        json_t **card)
{
    json_t *object = json_object();
    return document_finish(fields_fill(context, row, card_fields, chosen, object), object, card);
}

enum status card_document(const struct context *context, int64_t id, field_set chosen,
                          json_t **card)
{
    struct query *row;
    card_note(context, id);
    enum status status = card_row(context->db, id, context->now_s, &row);
    return status == STATUS_OK ? query_end(row, card_of_row(context, row, chosen, card)) : status;
}
