#include "document/term.h"

#include "base/json.h"
#include "document/fields.h"
#include "language/text.h"

#include <string.h>

enum {
    KEY_BYTES_MAX = 4096
};

static bool has_key(const json_t *text, const char *key)
{
    struct buf own;
    buf_init(&own, KEY_BYTES_MAX);
    bool same = text_key(json_string_value(text), json_string_length(text), &own) == STATUS_OK &&
                strcmp(buf_string(&own), key) == 0;
    buf_release(&own);
    return same;
}

/* The text among `texts` that has the same key as `asked`; a new reference, or NULL. */
static json_t *spelled(const json_t *texts, const char *asked)
{
    struct buf key;
    json_t *found = NULL;
    buf_init(&key, KEY_BYTES_MAX);
    if (text_key(asked, strlen(asked), &key) == STATUS_OK) {
        for (size_t i = 0; i < json_array_size(texts) && !found; i++) {
            if (has_key(json_array_get(texts, i), buf_string(&key)))
                found = json_incref(json_array_get(texts, i));
        }
    }
    buf_release(&key);
    return found;
}

/* The name as the article `id` spells it. */
static enum status name_in(const struct context *context, int64_t id, enum term_kind kind,
                           const char *asked, json_t **name)
{
    size_t len;
    struct query *row;
    enum status status = article_row(context->db, id, context->now_s, &row);
    if (status != STATUS_OK)
        return status;
    const char *text = query_text(row, kind == TERM_TAG ? "tags" : "authors", &len);
    json_t *texts = json_loadb(text, len, 0, NULL);
    *name = spelled(texts, asked);
    json_decref(texts);
    return query_end(row, *name ? STATUS_OK : STATUS_ABSENT);
}

/* The newest article with a term; STATUS_ABSENT when none may be seen. */
static enum status newest_with(const struct context *context, const struct list_request *request,
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
    int64_t id, newest_id;
    json_t *spelling, *list;
    struct list_request named = *request;
    enum status status = list_term(context, kind, name, &id);
    *(kind == TERM_TAG ? &named.tag_id : &named.author_id) = status == STATUS_OK ? id : 0;
    if (status == STATUS_OK)
        status = newest_with(context, &named, &newest_id);
    if (status == STATUS_OK)
        status = name_in(context, newest_id, kind, name, &spelling);
    if (status != STATUS_OK)
        return status;
    json_t *made = json_object();
    status = json_put(made, "name", spelling);
    if (status == STATUS_OK)
        status = list_document(context, &named, &list);
    if (status == STATUS_OK) {
        status = json_object_update(made, list) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
        json_decref(list);
    }
    if (status != STATUS_OK) {
        json_decref(made);
        return status;
    }
    *document = made;
    return STATUS_OK;
}
