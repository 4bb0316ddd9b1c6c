/* Turns pages of store/lists into arrays of cards, and positions into cursors. When articles are to
 * be left out, the page that is read is longer by as many, so that the list is full all the same.
 *
 * A term is stored by its key alone, so the spelling that is shown comes from an article: the
 * newest visible one that has the term.
 */
#include "document/lists.h"

#include "base/json.h"
#include "document/dependencies.h"
#include "document/url.h"
#include "language/text.h"
#include "store/articles.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CURSOR_BYTES_MAX = 64,
    KEY_BYTES_MAX = 4096,
};

void cursor_format(struct position position, struct buf *to)
{
    buf_number(to, position.at);
    buf_char(to, '.');
    buf_number(to, position.id);
}

bool cursor_parse(const char *text, struct position *position)
{
    struct buf canonical;
    char *end;
    struct position parsed = {.at = strtoll(text, &end, 10)};
    if (*end == '.')
        parsed.id = strtoll(end + 1, NULL, 10);
    /* strtoll accepts spaces, plus signs and overlong digits; comparing refuses them. */
    buf_init(&canonical, CURSOR_BYTES_MAX);
    cursor_format(parsed, &canonical);
    bool is_canonical =
        buf_status(&canonical) == STATUS_OK && strcmp(buf_string(&canonical), text) == 0;
    buf_release(&canonical);
    if (is_canonical)
        *position = parsed;
    return is_canonical;
}

json_t *list_empty(void)
{
    json_t *list = json_object();
    if (json_put(list, "items", json_array()) == STATUS_OK &&
        json_put(list, "next", json_null()) == STATUS_OK)
        return list;
    json_decref(list);
    return NULL;
}

static json_t *next_url(const struct list_request *request, struct position next)
{
    struct buf url, cursor;
    char limit[16];
    assert(request->path && request->except_len == 0);
    buf_init(&url, URL_BYTES_MAX);
    buf_init(&cursor, CURSOR_BYTES_MAX);
    snprintf(limit, sizeof limit, "%d", request->limit);
    cursor_format(next, &cursor);
    buf_text(&url, request->path);
    url_parameter("section", request->section, &url);
    url_parameter("tag", request->tag, &url);
    url_parameter("author", request->author, &url);
    url_parameter("from", request->from_text, &url);
    url_parameter("fields", request->fields_text, &url);
    url_parameter("limit", request->limit_is_fixed ? NULL : limit, &url);
    url_parameter("cursor", buf_string(&cursor), &url);
    buf_release(&cursor);
    return buf_json(&url);
}

enum status list_term(const struct context *context, enum term_kind kind, const char *text,
                      int64_t *id)
{
    struct buf key;
    buf_init(&key, KEY_BYTES_MAX);
    enum status status = text_key(text, strlen(text), &key);
    status =
        status == STATUS_OK ? term_find(context->db, kind, buf_string(&key), id) : STATUS_ABSENT;
    if (status == STATUS_ABSENT)
        dependency_note(context, TOPIC_TERM, 0);
    if (status == STATUS_OK && *id == 0)
        status = STATUS_UNUSABLE; /* of a damaged database; to a filter it means any term */
    buf_release(&key);
    return status;
}

/* One dependency covers a list with several filters: what moves an article within its section also
 * moves it among its terms. */
static void note_list(const struct context *context, const struct filter *filter)
{
    if (filter->tag_id)
        dependency_note(context, TOPIC_TERM, filter->tag_id);
    else if (filter->author_id)
        dependency_note(context, TOPIC_TERM, filter->author_id);
    else
        dependency_note(context, TOPIC_LIST, filter->section_id);
}

enum status list_read(const struct context *context, const struct filter *filter, struct page *page)
{
    note_list(context, filter);
    return list_page(context->db, filter, page);
}

static bool is_excepted(const struct list_request *request, int64_t id)
{
    for (int i = 0; i < request->except_len; i++) {
        if (request->except[i] == id)
            return true;
    }
    return false;
}

/* A list while its cards are read. */
struct list_builder {
    const struct context *context;
    const struct list_request *request;
    json_t *items;
};

static enum status take_item(void *arg, int64_t id, struct query *row)
{
    json_t *card;
    const struct list_builder *builder = arg;
    const struct list_request *request = builder->request;
    if (is_excepted(request, id) || json_array_size(builder->items) == (size_t)request->limit)
        return STATUS_OK;
    enum status status = card_of_row(builder->context, row, request->fields, &card);
    if (status != STATUS_OK)
        return status;
    return json_array_append_new(builder->items, card) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status list_put(const struct context *context, const struct list_request *request,
                     json_t *object)
{
    assert(request->limit >= 0 && request->limit <= LIST_LIMIT_MAX);
    assert(request->except_len >= 0 && (request->except || request->except_len == 0));
    struct page page;
    int limit = request->limit + request->except_len;
    struct filter filter = {
        .section_id = request->section_id,
        .from_at = request->from_at,
        .before = request->before,
        .tag_id = request->tag_id,
        .author_id = request->author_id,
        .limit = limit < LIST_PAGE_MAX ? limit : LIST_PAGE_MAX,
    };
    struct list_builder builder = {.context = context, .request = request, .items = json_array()};
    enum status status = json_put(object, "items", builder.items);
    if (status == STATUS_OK)
        status = json_put(object, "next", json_null());
    if (request->tag && status == STATUS_OK)
        status = list_term(context, TERM_TAG, request->tag, &filter.tag_id);
    if (request->author && status == STATUS_OK)
        status = list_term(context, TERM_AUTHOR, request->author, &filter.author_id);
    if (status != STATUS_OK)
        return status == STATUS_ABSENT ? STATUS_OK : status;
    note_list(context, &filter);
    status = list_cards(context->db, &filter, context->now_s, take_item, &builder, &page);
    /* Scheduled articles on the page are noted as well: they may be withdrawn or moved. */
    for (int i = 0; i < page.count && status == STATUS_OK; i++) {
        if (!is_excepted(request, page.articles[i].id))
            card_note(context, page.articles[i].id);
    }
    assert(json_array_size(builder.items) <= (size_t)request->limit);
    if (status == STATUS_OK && page.more && request->except_len == 0)
        status = json_put(object, "next", next_url(request, page.next));
    return status;
}

enum status list_document(const struct context *context, const struct list_request *request,
                          json_t **document)
{
    json_t *list = json_object();
    return document_finish(list_put(context, request, list), list, document);
}

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
    json_t *texts = json_load_text(stored, len, 0, NULL);
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
