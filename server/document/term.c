/* A term is stored by its key alone, so the spelling that is shown comes from an article: the
 * newest visible one that has the term.
 */
#include "document/term.h"

#include "base/json.h"
#include "document/fields.h"
#include "language/text.h"

#include <assert.h>
#include <string.h>

enum {
    KEY_BYTES_MAX = 4096
};

/* Reads how the article `id` spells the term whose key is that of `name`: a new reference. */
static enum status read_spelling(const struct context *context, int64_t id, enum term_kind kind,
                                 const char *name, json_t **spelling)
{
    size_t len, index;
    struct query *row;
    struct buf key, other;
    json_t *text, *found = NULL;
    enum status status = article_row(context->db, id, context->now_s, &row);
    if (status != STATUS_OK)
        return status;
    const char *stored = query_text(row, kind == TERM_TAG ? "tags" : "authors", &len);
    json_t *texts = json_loadb(stored, len, 0, NULL);
    buf_init(&key, KEY_BYTES_MAX);
    buf_init(&other, KEY_BYTES_MAX);
    bool has_key = text_key(name, strlen(name), &key) == STATUS_OK;
    json_array_foreach(texts, index, text)
    {
        buf_clear(&other);
        if (has_key && !found &&
            text_key(json_string_value(text), json_string_length(text), &other) == STATUS_OK &&
            strcmp(buf_string(&other), buf_string(&key)) == 0)
            found = json_incref(text);
    }
    buf_release(&key);
    buf_release(&other);
    json_decref(texts);
    if (found)
        *spelling = found;
    return query_end(row, found ? STATUS_OK : STATUS_ABSENT);
}

enum status term_document(const struct context *context, enum term_kind kind, const char *name,
                          const struct list_request *request, json_t **document)
{
    json_t *spelling = NULL;
    struct page page;
    struct filter filter = {
        .from_at = INT64_MIN, .before = position_newest(context->now_s), .limit = 1};
    int64_t *term_id = kind == TERM_TAG ? &filter.tag_id : &filter.author_id;
    enum status status = list_term(context, kind, name, term_id);
    if (status == STATUS_OK)
        status = list_read(context, &filter, &page);
    if (status == STATUS_OK && page.count == 0)
        status = STATUS_ABSENT;
    if (status == STATUS_OK)
        status = read_spelling(context, page.articles[0].id, kind, name, &spelling);
    if (status != STATUS_OK)
        return status;
    assert((filter.tag_id == 0) != (filter.author_id == 0));
    struct list_request list = *request;
    list.tag_id = filter.tag_id;
    list.author_id = filter.author_id;
    json_t *object = json_object();
    status = json_put(object, "name", spelling);
    if (status == STATUS_OK)
        status = list_put(context, &list, object);
    return document_finish(status, object, document);
}
