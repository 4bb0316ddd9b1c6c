/* The field "type" chooses a row of a table; the row's function checks the other fields against
 * their table and fills the line. An article's line is read by newsroom/article_input. */
#include "transfer/import_line.h"

#include "base/clock.h"
#include "language/slug.h"
#include "language/text.h"
#include "newsroom/check_json.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

static const struct field_rule section_fields[] = {
    {"slug", FIELD_TEXT, true, SLUG_MAX_BYTES, 0, NULL},
    {"name", FIELD_TEXT, true, 256, 0, NULL},
    {"position", FIELD_NUMBER, false, 1000000, 0, NULL},
    {NULL, 0, false, 0, 0, NULL},
};

static const struct field_rule views_fields[] = {
    {"slug", FIELD_TEXT, true, SLUG_MAX_BYTES, 0, NULL},
    {"hour", FIELD_INSTANT, true, 0, 0, NULL},
    {"count", FIELD_NUMBER, true, INT64_C(1000000000), 0, NULL},
    {NULL, 0, false, 0, 0, NULL},
};

static const struct field_rule redirect_fields[] = {
    {"from", FIELD_TEXT, true, 2048, 0, NULL},
    {"to", FIELD_TEXT, true, SLUG_MAX_BYTES, 0, NULL},
    {NULL, 0, false, 0, 0, NULL},
};

/* Checks the fields of a line that is no article's, and reads its slug from the field `name`. */
static enum status read_slug(struct import_line *line, const struct field_rule *fields,
                             const char *name, struct fault *fault)
{
    enum status status = check_json_fields(fields, line->root, fault);
    if (status != STATUS_OK)
        return status;
    const json_t *slug = json_object_get(line->root, name);
    buf_clear(&line->key);
    status = slug_check(json_string_value(slug), json_string_length(slug), name, &line->key, fault);
    if (status == STATUS_OK && buf_status(&line->key) != STATUS_OK)
        status = fault_set(fault, STATUS_NO_MEMORY, "", "out of memory");
    if (status != STATUS_OK)
        return status;
    line->slug = json_string_value(slug);
    line->slug_key = buf_string(&line->key);
    return STATUS_OK;
}

static enum status read_section(struct import_line *line, const struct import_rules *rules,
                                struct fault *fault)
{
    (void)rules;
    enum status status = read_slug(line, section_fields, "slug", fault);
    if (status != STATUS_OK)
        return status;
    line->section = (struct section_input){
        .slug = line->slug,
        .slug_key = line->slug_key,
        .name = json_string_value(json_object_get(line->root, "name")),
        .position = json_integer_value(json_object_get(line->root, "position"))};
    return STATUS_OK;
}

static enum status read_article(struct import_line *line, const struct import_rules *rules,
                                struct fault *fault)
{
    enum status status =
        article_input_read(&line->article, line->root, rules->language, rules->shift_s, fault);
    if (status != STATUS_OK)
        return status;
    line->slug = line->article.article.slug;
    line->slug_key = line->article.article.slug_key;
    return STATUS_OK;
}

static enum status read_views(struct import_line *line, const struct import_rules *rules,
                              struct fault *fault)
{
    int64_t hour;
    enum status status = read_slug(line, views_fields, "slug", fault);
    if (status != STATUS_OK)
        return status;
    bool has_hour = check_json_instant(line->root, "hour", &hour);
    assert(has_hour); /* it is required */
    line->views.hour = hour + rules->shift_s;
    line->views.count = json_integer_value(json_object_get(line->root, "count"));
    if (instant_floor(line->views.hour, HOUR_S) != line->views.hour)
        return fault_set(fault, STATUS_INVALID, "hour", "must be a whole hour in UTC, got \"%s\"",
                         json_string_value(json_object_get(line->root, "hour")));
    return STATUS_OK;
}

static enum status read_redirect(struct import_line *line, const struct import_rules *rules,
                                 struct fault *fault)
{
    (void)rules;
    enum status status = read_slug(line, redirect_fields, "to", fault);
    if (status != STATUS_OK)
        return status;
    line->redirect.source = json_string_value(json_object_get(line->root, "from"));
    if (line->redirect.source[0] != '/')
        return fault_set(fault, STATUS_INVALID, "from",
                         "must be a path that begins with /, got \"%s\"", line->redirect.source);
    return STATUS_OK;
}

static const struct {
    const char *name;
    enum status (*read)(struct import_line *, const struct import_rules *, struct fault *);
} types[IMPORT__MAX] = {
    [IMPORT_SECTION] = {"section", read_section},
    [IMPORT_ARTICLE] = {"article", read_article},
    [IMPORT_VIEWS] = {"views", read_views},
    [IMPORT_REDIRECT] = {"redirect", read_redirect},
};

/* Takes the field "type" out of the object, so that the tables of fields need not have it. */
static enum status take_type(json_t *root, enum import_line_type *type, struct fault *fault)
{
    const char *name = json_string_value(json_object_get(root, "type"));
    for (int i = 0; name && i < IMPORT__MAX; i++) {
        if (strcmp(types[i].name, name) == 0) {
            *type = (enum import_line_type)i;
            json_object_del(root, "type");
            return STATUS_OK;
        }
    }
    return fault_set(fault, STATUS_INVALID, "type",
                     "must be section, article, views or redirect%s%.32s", name ? "; got " : "",
                     name ? name : "");
}

void import_line_init(struct import_line *line)
{
    *line = (struct import_line){.root = NULL};
    article_input_init(&line->article);
    buf_init(&line->key, TEXT_KEY_GROWTH * SLUG_MAX_BYTES);
}

void import_line_release(struct import_line *line)
{
    json_decref(line->root);
    article_input_release(&line->article);
    buf_release(&line->key);
}

void import_line_clear(struct import_line *line)
{
    json_decref(line->root);
    line->root = NULL;
}

enum status import_line_parse(struct import_line *line, const char *text, size_t len,
                              const struct import_rules *rules, struct fault *fault)
{
    import_line_clear(line);
    enum status status = check_json_parse(text, len, &line->root, fault);
    if (status == STATUS_OK)
        status = take_type(line->root, &line->type, fault);
    if (status == STATUS_OK)
        status = types[line->type].read(line, rules, fault);
    assert(status != STATUS_OK || (line->slug && line->slug_key[0] != '\0'));
    return status;
}
