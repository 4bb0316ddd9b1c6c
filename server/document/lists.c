#include "document/lists.h"

#include "base/json.h"
#include "document/dependencies.h"
#include "document/url.h"
#include "language/text.h"
#include "store/articles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEY_BYTES_MAX = 4096,
    NEXT_BYTES_MAX = 32768
};

void cursor_format(struct position position, struct buf *to)
{
    buf_number(to, position.at);
    buf_char(to, '.');
    buf_number(to, position.id);
}

bool cursor_parse(const char *text, struct position *position)
{
    struct buf again;
    char *end;
    struct position read = {.at = strtoll(text, &end, 10)};
    if (*end == '.')
        read.id = strtoll(end + 1, NULL, 10);
    /* Only what cursor_format writes is a cursor: no spaces, plus signs or digits too many. */
    buf_init(&again, 64);
    cursor_format(read, &again);
    bool same = buf_status(&again) == STATUS_OK && strcmp(buf_string(&again), text) == 0;
    buf_release(&again);
    if (same)
        *position = read;
    return same;
}

json_t *list_empty(void)
{
    json_t *list = json_object();
    if (json_object_set_new_nocheck(list, "items", json_array()) == 0 &&
        json_object_set_new_nocheck(list, "next", json_null()) == 0)
        return list;
    json_decref(list);
    return NULL;
}

static json_t *items_of(json_t *list)
{
    return json_object_get(list, "items");
}

enum status list_append(const struct context *context, json_t *list, int64_t id, field_set fields)
{
    json_t *card;
    enum status status = card_document(context, id, fields, &card);
    if (status == STATUS_ABSENT)
        return STATUS_OK;
    if (status != STATUS_OK)
        return status;
    return json_array_append_new(items_of(list), card) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

static json_t *next_address(const struct list_request *request, struct position next)
{
    struct buf address, cursor;
    char limit[16];
    buf_init(&address, NEXT_BYTES_MAX);
    buf_init(&cursor, 64);
    snprintf(limit, sizeof limit, "%d", request->limit);
    cursor_format(next, &cursor);
    buf_text(&address, request->path);
    url_parameter("section", request->section, &address);
    url_parameter("tag", request->tag, &address);
    url_parameter("author", request->author, &address);
    url_parameter("from", request->from_text, &address);
    url_parameter("fields", request->fields_text, &address);
    url_parameter("limit", request->limit_is_fixed ? NULL : limit, &address);
    url_parameter("cursor", buf_string(&cursor), &address);
    buf_release(&cursor);
    return buf_json(&address);
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
    buf_release(&key);
    return status;
}

/* A term goes first: what moves an article within a section moves it among its terms, too. */
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

static enum status filter_of(const struct context *context, const struct list_request *request,
                             struct filter *filter)
{
    *filter = (struct filter){
        .section_id = request->section_id,
        .from_at = request->from_at,
        .before = request->before,
        .tag_id = request->tag_id,
        .author_id = request->author_id,
        .limit = request->limit,
    };
    enum status status = STATUS_OK;
    if (request->tag)
        status = list_term(context, TERM_TAG, request->tag, &filter->tag_id);
    if (request->author && status == STATUS_OK)
        status = list_term(context, TERM_AUTHOR, request->author, &filter->author_id);
    return status;
}

static bool is_excepted(const struct list_request *request, int64_t id)
{
    for (int i = 0; i < request->except_len; i++) {
        if (request->except[i] == id)
            return true;
    }
    return false;
}

/* A list that is being filled. */
struct filling {
    const struct context *context;
    const struct list_request *request;
    json_t *items;
};

static enum status take_item(void *arg, int64_t id, struct query *row)
{
    json_t *card;
    const struct filling *filling = arg;
    const struct list_request *request = filling->request;
    if (is_excepted(request, id) || json_array_size(filling->items) == (size_t)request->limit)
        return STATUS_OK;
    enum status status = card_of_row(filling->context, row, request->fields, &card);
    if (status != STATUS_OK)
        return status;
    return json_array_append_new(filling->items, card) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

/* Fills a list with one page's cards. For each that is to be left out, one more is looked for. */
static enum status fill(const struct context *context, const struct list_request *request,
                        json_t *list)
{
    struct filling filling = {.context = context, .request = request, .items = items_of(list)};
    struct filter filter;
    struct page page;
    enum status status = filter_of(context, request, &filter);
    if (status != STATUS_OK)
        return status == STATUS_ABSENT ? STATUS_OK : status;
    filter.limit += request->except_len;
    if (filter.limit > LIST_PAGE_MAX)
        filter.limit = LIST_PAGE_MAX;
    note_list(context, &filter);
    status = list_cards(context->db, &filter, context->now_s, take_item, &filling, &page);
    /* One whose time has not come is a source as well: it may be withdrawn until then, or moved. */
    for (int i = 0; i < page.count && status == STATUS_OK; i++) {
        if (!is_excepted(request, page.articles[i].id))
            card_note(context, page.articles[i].id);
    }
    if (status == STATUS_OK && page.more && request->except_len == 0 &&
        json_object_set_new_nocheck(list, "next", next_address(request, page.next)) != 0)
        status = STATUS_NO_MEMORY;
    return status;
}

enum status list_document(const struct context *context, const struct list_request *request,
                          json_t **document)
{
    json_t *list = list_empty();
    enum status status = list ? fill(context, request, list) : STATUS_NO_MEMORY;
    if (status != STATUS_OK) {
        json_decref(list);
        return status;
    }
    *document = list;
    return STATUS_OK;
}
