/* Reads one page of positions, then each article's row, and turns the row into an item without its
 * full document: the body is rendered only when it goes into the feed.
 */
#include "page/feed.h"

#include "base/json.h"
#include "document/dependencies.h"
#include "document/fields.h"
#include "document/lists.h"
#include "document/url.h"
#include "language/markdown.h"
#include "page/page_frame.h"
#include "store/articles.h"
#include "store/lists.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum {
    FULL_BYTES_MAX = 1024 * 1024, /* of Markdown that is rendered into one feed */
};

/* A feed while its items are read. */
struct feed_builder {
    const struct context *context;
    json_t *items;
    size_t full_bytes;  /* of Markdown rendered so far */
    int64_t changed_at; /* when an article in it last changed; 0 for an empty feed */
};

static json_t *mail_date(int64_t at)
{
    struct buf text;
    buf_init(&text, 64);
    instant_format_mail(at, &text);
    return buf_json(&text);
}

static json_t *make_authors(const json_t *names)
{
    size_t index;
    json_t *name, *authors = json_array();
    json_array_foreach(names, index, name)
    {
        if (json_array_append_new(authors, json_pack("{s:O}", "name", name)) != 0) {
            json_decref(authors);
            return NULL;
        }
    }
    return authors;
}

static json_t *copy_field(const json_t *article, const char *name)
{
    return json_incref(json_object_get(article, name));
}

/* Sets `summary`, and `content_html` or `content_text`, one of which JSON Feed demands: the HTML of
 * the article while the feed has room for it. The room is checked before the body is rendered. */
static enum status put_content(struct feed_builder *feed, const json_t *article, struct query *row,
                               json_t *item)
{
    size_t len;
    const char *body = query_text(row, "body", &len);
    if (!body)
        return STATUS_UNUSABLE; /* only in a damaged database */
    bool is_full = strcmp(feed->context->config->feeds.content, "full") == 0 &&
                   feed->full_bytes + len <= FULL_BYTES_MAX;
    enum status status = json_put(item, "summary", article_description(article, body, len));
    if (status != STATUS_OK)
        return status;
    if (!is_full)
        return json_put(item, "content_text", copy_field(item, "summary"));
    feed->full_bytes += len;
    assert(feed->full_bytes <= FULL_BYTES_MAX);
    const char *url = json_string_value(json_object_get(item, "url"));
    return json_put(item, "content_html", markdown_html(body, len, url));
}

/* Reads the fields that an item needs into `article`, and sets those of the item. */
static enum status fill_item(struct feed_builder *feed, struct query *row, int64_t id,
                             json_t *article, json_t *item)
{
    /* In addition to a card's; not the body, which may be large, nor its HTML. */
    static const char *const names[] = {"authors", "tags", "language", NULL};
    const struct context *context = feed->context;
    char id_path[64]; /* an item's id must never change: no headline, slug or section in it */
    snprintf(id_path, sizeof id_path, "/api/v1/articles/%" PRId64, id);
    int64_t at = query_number(row, "published_at");
    int64_t changed_at = query_is_null(row, "updated_at") ? at : query_number(row, "updated_at");
    enum status status = fields_fill(context, row, card_fields, FIELDS_CARD, article);
    if (status == STATUS_OK)
        status =
            fields_fill(context, row, article_fields, fields_of(article_fields, names), article);
    if (status != STATUS_OK)
        return status;
    const json_t *section = json_object_get(article, "section");
    const struct {
        const char *name;
        json_t *value;
    } fields[] = {
        {"id", absolute_url(context, id_path)},
        {"url", absolute_url(context, json_string_value(json_object_get(article, "url")))},
        {"title", copy_field(article, "headline")},
        {"date_published", copy_field(article, "published_at")},
        {"date_modified", instant_json(changed_at)},
        {"authors", make_authors(json_object_get(article, "authors"))},
        {"tags", copy_field(article, "tags")},
        {"language", copy_field(article, "language")},
        {"image", article_image_url(context, article)},
        {"_khobor", json_pack("{s:o, s:O}", "mail_date", mail_date(at), "section",
                              json_object_get(section, "name"))},
    };
    assert(json_object_size(item) == 0);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        /* JSON Feed has no null: an absent value has no field. */
        if (json_is_null(fields[i].value))
            json_decref(fields[i].value);
        else if (json_put(item, fields[i].name, fields[i].value) != STATUS_OK)
            status = STATUS_NO_MEMORY;
    }
    if (changed_at > feed->changed_at)
        feed->changed_at = changed_at;
    return status;
}

static enum status append_item(struct feed_builder *feed, int64_t id)
{
    struct query *row;
    dependency_note(feed->context, TOPIC_ARTICLE, id);
    dependency_note(feed->context, TOPIC_SECTIONS, 0);
    enum status status = article_row(feed->context->db, id, feed->context->now_s, &row);
    if (status != STATUS_OK)
        return status == STATUS_ABSENT || status == STATUS_GONE ? STATUS_OK : status;
    json_t *article = json_object(), *item = json_object();
    status = fill_item(feed, row, id, article, item);
    if (status == STATUS_OK)
        status = put_content(feed, article, row, item);
    query_end(row, status);
    json_decref(article);
    assert(status != STATUS_OK || json_object_get(item, "summary"));
    if (status == STATUS_OK && json_array_append(feed->items, item) != 0)
        status = STATUS_NO_MEMORY;
    json_decref(item);
    return status;
}

static json_t *assemble(const struct feed_builder *feed, const struct feed_request *request)
{
    struct buf home;
    const struct context *context = feed->context;
    const char *name = context->config->site.name;
    buf_init(&home, URL_BYTES_MAX);
    url_section(request->section ? request->section : "", &home);
    json_t *feed_document =
        json_pack("{s:s, s:o, s:o, s:o, s:s, s:[{s:s, s:s}], s:{s:o, s:o}, s:O}", "version",
                  "https://jsonfeed.org/version/1.1", "title",
                  request->section ? json_sprintf("%s | %s", request->section_name, name)
                                   : json_string_nocheck(name),
                  "home_page_url", absolute_url(context, buf_string(&home)), "feed_url",
                  absolute_url(context, request->path), "language", context->config->site.language,
                  "authors", "name", name, "url", context->config->site.url, "_khobor",
                  "changed_at", instant_json(feed->changed_at), "mail_date",
                  mail_date(feed->changed_at), "items", feed->items);
    buf_release(&home);
    return feed_document;
}

enum status feed_document(const struct context *context, const struct feed_request *request,
                          json_t **document)
{
    assert(request->section || request->section_id == 0);
    if (request->section && request->section_id == 0)
        return STATUS_UNUSABLE; /* of a damaged database; to a filter it means the whole paper */
    struct page page;
    const struct filter filter = {
        .section_id = request->section_id,
        .from_at = INT64_MIN,
        .before = position_newest(context->now_s),
        .limit = (int)context->config->feeds.items,
    };
    assert(filter.limit >= 1 && filter.limit <= LIST_LIMIT_MAX);
    struct feed_builder feed = {.context = context, .items = json_array()};
    enum status status = feed.items ? list_read(context, &filter, &page) : STATUS_NO_MEMORY;
    for (int i = 0; status == STATUS_OK && i < page.count; i++)
        status = append_item(&feed, page.articles[i].id);
    json_t *assembled = status == STATUS_OK ? assemble(&feed, request) : NULL;
    json_decref(feed.items);
    return document_finish(status, assembled, document);
}
