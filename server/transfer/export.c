/* A table names for each type of line its statement and its columns; each row of the statement
 * becomes a line. All statements run in one read transaction, so they see one snapshot. */
#include "transfer/export.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/utf8.h"
#include "store/views.h"
#include "transfer/import_line.h"

#include <assert.h>
#include <inttypes.h>
#include <jansson.h>

enum {
    LINE_BYTES_MAX = 8 * IMPORT_LINE_BYTES_MAX, /* an escaped character has up to six bytes */
};

enum column_type {
    COLUMN_TEXT,
    COLUMN_JSON, /* is copied as it is */
    COLUMN_INSTANT,
    COLUMN_NUMBER,
    COLUMN_FLAG,
};

/* A field of a line, and the column that has its value. A table ends with a row without a field. */
struct column {
    const char *field, *name;
    enum column_type type;
};

static const struct column section_columns[] = {
    {"slug", "slug", COLUMN_TEXT},
    {"name", "name", COLUMN_TEXT},
    {"position", "position", COLUMN_NUMBER},
    {NULL, NULL, COLUMN_TEXT},
};

static const struct column article_columns[] = {
    {"slug", "slug", COLUMN_TEXT},
    {"section", "section", COLUMN_TEXT},
    {"kicker", "kicker", COLUMN_TEXT},
    {"headline", "headline", COLUMN_TEXT},
    {"standfirst", "standfirst", COLUMN_TEXT},
    {"desk", "desk", COLUMN_TEXT},
    {"authors", "authors", COLUMN_JSON},
    {"credits", "credits", COLUMN_JSON},
    {"tags", "tags", COLUMN_JSON},
    {"body", "body", COLUMN_TEXT},
    {"language", "language", COLUMN_TEXT},
    {"status", "status", COLUMN_TEXT},
    {"published_at", "published_at", COLUMN_INSTANT},
    {"updated_at", "updated_at", COLUMN_INSTANT},
    {"image", "image", COLUMN_JSON},
    {"related", "related", COLUMN_JSON},
    {"most_read", "most_read", COLUMN_FLAG},
    {"lead", "lead", COLUMN_FLAG},
    {NULL, NULL, COLUMN_TEXT},
};

static const struct column redirect_columns[] = {
    {"from", "source", COLUMN_TEXT},
    {"to", "slug", COLUMN_TEXT},
    {NULL, NULL, COLUMN_TEXT},
};

/* In the order that an import needs: what a line names comes before it. */
static const struct {
    const char *name;
    enum sql query;
    const struct column *columns;
} line_types[] = {
    {"section", SQL_EXPORT_SECTIONS, section_columns},
    {"article", SQL_EXPORT_ARTICLES, article_columns},
    {"views", SQL_EXPORT_VIEWS, NULL}, /* put_views */
    {"redirect", SQL_EXPORT_REDIRECTS, redirect_columns},
};

static void put_text(struct buf *line, const char *text, size_t len)
{
    json_t *json = json_stringn_nocheck(text, len);
    size_t need = json_dumpb(json, NULL, 0, JSON_ENCODE_ANY);
    char *to = json ? buf_reserve(line, need) : NULL;
    if (to && json_dumpb(json, to, need, JSON_ENCODE_ANY) == need)
        buf_grew(line, need);
    else
        line->failed = true;
    json_decref(json);
}

static void put_value(struct buf *line, struct query *row, const struct column *column)
{
    size_t len;
    const char *text = query_text(row, column->name, &len);
    if (!text) {
        buf_text(line, "null");
        return;
    }
    switch (column->type) {
    case COLUMN_TEXT:
        put_text(line, text, len);
        return;
    case COLUMN_JSON:
        buf_add(line, text, len);
        return;
    case COLUMN_INSTANT:
        buf_char(line, '"');
        instant_format(query_number(row, column->name), line);
        buf_char(line, '"');
        return;
    case COLUMN_NUMBER:
        buf_format(line, "%" PRId64, query_number(row, column->name));
        return;
    case COLUMN_FLAG:
        buf_text(line, query_number(row, column->name) ? "true" : "false");
        return;
    }
}

static enum status write_line(FILE *file, const struct buf *line)
{
    if (buf_status(line) != STATUS_OK)
        return STATUS_NO_MEMORY;
    assert(line->bytes[0] == '{' && line->bytes[line->len - 1] == '\n');
    return fwrite(line->bytes, 1, line->len, file) == line->len ? STATUS_OK : STATUS_FULL;
}

/* Whether a column has what no import would take: no UTF-8, or a NULL that may not be. */
static bool is_damaged(struct query *row, const struct column *column)
{
    static const char optional[] = "kicker standfirst desk image published_at updated_at";
    size_t len;
    if (query_is_null(row, column->name))
        return !has_word(optional, column->name);
    if (column->type != COLUMN_TEXT && column->type != COLUMN_JSON)
        return false;
    const char *text = query_text(row, column->name, &len);
    return !text || utf8_check(text, len, UTF8_MANY_LINES, NULL) != UTF8_FINE;
}

static enum status put_line(FILE *file, struct buf *line, const char *type, struct query *row,
                            const struct column *columns)
{
    for (const struct column *column = columns; column->field; column++) {
        if (is_damaged(row, column)) {
            size_t len;
            const char *name = query_text(row, columns->name, &len);
            log_write(LOG_ERROR, "the %s of the %s \"%s\" is damaged", column->field, type,
                      name ? name : "");
            return STATUS_UNUSABLE;
        }
    }
    buf_clear(line);
    buf_format(line, "{\"type\":\"%s\"", type);
    for (const struct column *column = columns; column->field; column++) {
        buf_format(line, ",\"%s\":", column->field);
        put_value(line, row, column);
    }
    buf_text(line, "}\n");
    return write_line(file, line);
}

/* An article whose hours of views are being written. */
struct views_writer {
    FILE *file;
    struct buf *line;
    const char *slug;
    size_t slug_len;
};

static enum status put_hour(void *arg, int64_t hour, int64_t count,
                            const struct uncounted_views *uncounted)
{
    (void)uncounted;
    const struct views_writer *writer = arg;
    if (count == 0)
        return STATUS_OK;
    buf_clear(writer->line);
    buf_text(writer->line, "{\"type\":\"views\",\"slug\":");
    put_text(writer->line, writer->slug, writer->slug_len);
    buf_text(writer->line, ",\"hour\":\"");
    instant_format(hour, writer->line);
    buf_format(writer->line, "\",\"count\":%" PRId64 "}\n", count);
    return write_line(writer->file, writer->line);
}

/* Writes a line for each hour of views of the article in `row`. */
static enum status put_views(struct db *db, FILE *file, struct buf *line, struct query *row)
{
    struct views_writer writer = {.file = file, .line = line};
    writer.slug = query_text(row, "slug", &writer.slug_len);
    if (!writer.slug)
        return STATUS_UNUSABLE;
    return views_hours_each(db, query_number(row, "id"), put_hour, &writer);
}

static enum status put_all(struct db *db, FILE *file, struct buf *line)
{
    for (size_t i = 0; i < sizeof line_types / sizeof line_types[0]; i++) {
        assert(line_types[i].columns || line_types[i].query == SQL_EXPORT_VIEWS);
        struct query *row = db_query(db, line_types[i].query);
        enum status status;
        while ((status = query_step(row)) == STATUS_OK) {
            status = line_types[i].columns
                         ? put_line(file, line, line_types[i].name, row, line_types[i].columns)
                         : put_views(db, file, line, row);
            if (status != STATUS_OK)
                break;
        }
        query_end(row, status);
        if (status != STATUS_ABSENT)
            return status;
    }
    return fflush(file) == 0 ? STATUS_OK : STATUS_FULL;
}

enum status export_run(struct db *db, FILE *file)
{
    enum status status = db_run(db, "BEGIN");
    if (status != STATUS_OK)
        return status;
    struct buf line;
    buf_init(&line, LINE_BYTES_MAX);
    status = put_all(db, file, &line);
    buf_release(&line);
    db_end_transaction(db);
    return status;
}
