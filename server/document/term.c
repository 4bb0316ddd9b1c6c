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

/* Finds the text in an array that has the same key as `name`: a new reference, or NULL. */
static json_t *find_spelling(const json_t *texts, const char *name)
{
    struct buf key, other;
    json_t *found = NULL;
    buf_init(&key, KEY_BYTES_MAX);
    buf_init(&other, KEY_BYTES_MAX);
    bool has_key = text_key(name, strlen(name), &key) == STATUS_OK;
    for (size_t i = 0; has_key && !found && i < json_array_size(texts); i++) {
        json_t *text = json_array_get(texts, i);
        buf_clear(&other);
        if (text_key(json_string_value(text), json_string_length(text), &other) == STATUS_OK &&
            strcmp(buf_string(&other), buf_string(&key)) == 0)
            found = json_incref(text);
    }
    buf_release(&key);
    buf_release(&other);
    return found;
}

/* Reads how the article `id` spells a term; a new reference. */
static enum status read_spelling(const struct context *context, int64_t id, enum term_kind kind,
                                 const char *name, json_t **spelling)
{
    size_t len;
    struct query *row;
    enum status status = article_row(context->db, id, context->now_s, &row);
    if (status != STATUS_OK)
        return status;
    const char *text = query_text(row, kind == TERM_TAG ? "tags" : "authors", &len);
    json_t *texts = json_loadb(text, len, 0, NULL);
    *spelling = find_spelling(texts, name);
    json_decref(texts);
    return query_end(row, *spelling ? STATUS_OK : STATUS_ABSENT);
}

/* Finds the newest visible article with the request's term; STATUS_ABSENT when there is none. */
static enum status find_newest(const struct context *context, const struct list_request *request,
                               int64_t *id)
{
    struct page page;
    const struct filter filter = {.tag_id = request->tag_id,
                                  .author_id = request->author_id,
                                  .from_at = INT64_MIN,
                                  .before = position_newest(context->now_s),
                                  .limit = 1};
    enum status status = list_read(context, &filter, &page);
    if (status == STATUS_OK && page.count == 0)
        status = STATUS_ABSENT;
    if (status == STATUS_OK)
        *id = page.articles[0].id;
    return status;
}

enum status term_document(const struct context *context, enum term_kind kind, const char *name,
                          const struct list_request *request, json_t **document)
{
    int64_t newest_id;
    json_t *spelling;
    struct list_request list = *request;
    enum status status =
        list_term(context, kind, name, kind == TERM_TAG ? &list.tag_id : &list.author_id);
    if (status == STATUS_OK)
        status = find_newest(context, &list, &newest_id);
    if (status == STATUS_OK)
        status = read_spelling(context, newest_id, kind, name, &spelling);
    if (status != STATUS_OK)
        return status;
    assert((list.tag_id == 0) != (list.author_id == 0));
    json_t *object = json_object();
    status = json_put(object, "name", spelling);
    if (status == STATUS_OK)
        status = list_put(context, &list, object);
    return document_finish(status, object, document);
}
