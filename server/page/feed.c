#include "page/feed.h"

#include "base/json.h"
#include "document/dependencies.h"
#include "document/fields.h"
#include "document/lists.h"
#include "document/url.h"
#include "language/markdown.h"
#include "page/article_meta.h"
#include "store/articles.h"
#include "store/lists.h"

#include <inttypes.h>
#include <string.h>

enum {
    ADDRESS_BYTES_MAX = 8192,
    WHOLE_BYTES_MAX = 1024 * 1024, /* of articles' Markdown in one feed */
};

/* A feed being made. */
struct feed {
    const struct context *context;
    json_t *items;
    size_t whole_bytes;
    int64_t newest_at; /* when anything in it last changed */
};

static json_t *address_of(const struct context *context, const char *path)
{
    struct buf address;
    buf_init(&address, ADDRESS_BYTES_MAX);
    url_absolute(context->config->site.url, path, &address);
    return buf_json(&address);
}

static json_t *mail_date(int64_t at)
{
    struct buf text;
    buf_init(&text, 64);
    instant_format_mail(at, &text);
    return buf_json(&text);
}

/* What stays the same for an article whatever becomes of its headline, slug and section. */
static json_t *identity_of(const struct context *context, int64_t id)
{
    char path[64];
    snprintf(path, sizeof path, "/api/v1/articles/%" PRId64, id);
    return address_of(context, path);
}

static json_t *authors_of(const json_t *names)
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

static json_t *taken(const json_t *article, const char *name)
{
    return json_incref(json_object_get(article, name));
}

/* The content: the whole article while there is room for it, and the words it begins with. An item
 * must have one of both. Whether there is room shows before the work is done. */
static enum status put_content(struct feed *feed, const json_t *article, struct query *row,
                               json_t *item)
{
    size_t len;
    const char *body = query_text(row, "body", &len);
    bool is_whole = strcmp(feed->context->config->feeds.content, "full") == 0 &&
                    feed->whole_bytes + len <= WHOLE_BYTES_MAX;
    enum status status = json_put(item, "summary", article_description(article, body, len));
    if (status != STATUS_OK)
        return status;
    if (!is_whole)
        return json_put(item, "content_text", taken(item, "summary"));
    feed->whole_bytes += len;
    const char *url = json_string_value(json_object_get(item, "url"));
    return json_put(item, "content_html", markdown_html(body, len, url));
}

/* What may be absent is left out: JSON Feed knows no null. */
static enum status put_unless_null(json_t *item, const char *name, json_t *value)
{
    if (!json_is_null(value))
        return json_put(item, name, value);
    json_decref(value);
    return STATUS_OK;
}

/* `at` is when the article was published, `changed_at` when it was last changed. */
static enum status fill_item(const struct feed *feed, int64_t at, int64_t changed_at,
                             const json_t *article, json_t *item)
{
    const struct context *context = feed->context;
    const json_t *section = json_object_get(article, "section");
    const struct {
        const char *name;
        json_t *value;
    } fields[] = {
        {"id", identity_of(context, json_integer_value(json_object_get(article, "id")))},
        {"url", address_of(context, json_string_value(json_object_get(article, "url")))},
        {"title", taken(article, "headline")},
        {"date_published", taken(article, "published_at")},
        {"date_modified", instant_json(changed_at)},
        {"authors", authors_of(json_object_get(article, "authors"))},
        {"tags", taken(article, "tags")},
        {"language", taken(article, "language")},
        {"image", article_image_address(context, article)},
        {"_khobor", json_pack("{s:o, s:O}", "mail_date", mail_date(at), "section",
                              json_object_get(section, "name"))},
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (put_unless_null(item, fields[i].name, fields[i].value) != STATUS_OK)
            status = STATUS_NO_MEMORY;
    }
    return status;
}

/* Of an article beside its card: not the body, which may be large, nor its HTML. */
static field_set fields_beside(void)
{
    static const char *const names[] = {"authors", "tags", "language"};
    field_set fields = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        fields |= fields_named(article_fields, names[i], strlen(names[i]));
    return fields;
}

static enum status fill_from_row(struct feed *feed, struct query *row, json_t *article,
                                 json_t *item)
{
    int64_t at = query_number(row, "published_at");
    int64_t changed_at = query_is_null(row, "updated_at") ? at : query_number(row, "updated_at");
    enum status status = fields_fill(feed->context, row, card_fields, FIELDS_CARD, article);
    if (status == STATUS_OK)
        status = fields_fill(feed->context, row, article_fields, fields_beside(), article);
    if (status == STATUS_OK)
        status = fill_item(feed, at, changed_at, article, item);
    if (status == STATUS_OK)
        status = put_content(feed, article, row, item);
    if (changed_at > feed->newest_at)
        feed->newest_at = changed_at;
    return status;
}

static enum status append(struct feed *feed, int64_t id)
{
    struct query *row;
    dependency_note(feed->context, TOPIC_ARTICLE, id);
    dependency_note(feed->context, TOPIC_SECTIONS, 0);
    enum status status = article_row(feed->context->db, id, feed->context->now_s, &row);
    if (status != STATUS_OK)
        return status == STATUS_ABSENT || status == STATUS_GONE ? STATUS_OK : status;
    json_t *article = json_object(), *item = json_object();
    status = article && item ? fill_from_row(feed, row, article, item) : STATUS_NO_MEMORY;
    query_end(row, status);
    json_decref(article);
    if (status == STATUS_OK && json_array_append(feed->items, item) != 0)
        status = STATUS_NO_MEMORY;
    json_decref(item);
    return status;
}

static enum status append_all(struct feed *feed, const struct feed_request *request)
{
    struct page page;
    const struct context *context = feed->context;
    struct filter filter = {
        .section_id = request->section_id,
        .from_at = INT64_MIN,
        .before = position_newest(context->now_s),
        .limit = (int)context->config->feeds.items,
    };
    enum status status = list_read(context, &filter, &page);
    for (int i = 0; i < page.count && status == STATUS_OK; i++)
        status = append(feed, page.articles[i].id);
    return status;
}

/* "খবর", or "খেলা | খবর". */
static json_t *title_of(const struct context *context, const struct feed_request *request)
{
    const char *name = context->config->site.name;
    return request->section ? json_sprintf("%s | %s", request->section_name, name)
                            : json_string_nocheck(name);
}

static json_t *home_of(const struct context *context, const struct feed_request *request)
{
    struct buf path;
    buf_init(&path, ADDRESS_BYTES_MAX);
    if (request->section)
        url_section(request->section, &path);
    else
        buf_char(&path, '/');
    json_t *home = address_of(context, buf_string(&path));
    buf_release(&path);
    return home;
}

static json_t *assemble(const struct feed *feed, const struct feed_request *request)
{
    const struct context *context = feed->context;
    return json_pack(
        "{s:s, s:o, s:o, s:o, s:s, s:[{s:s, s:s}], s:{s:o, s:o}, s:O}", "version",
        "https://jsonfeed.org/version/1.1", "title", title_of(context, request), "home_page_url",
        home_of(context, request), "feed_url", address_of(context, request->path), "language",
        context->config->site.language, "authors", "name", context->config->site.name, "url",
        context->config->site.url, "_khobor", "changed_at", instant_json(feed->newest_at),
        "mail_date", mail_date(feed->newest_at), "items", feed->items);
}

enum status feed_document(const struct context *context, const struct feed_request *request,
                          json_t **document)
{
    struct feed feed = {.context = context, .items = json_array()};
    enum status status = feed.items ? append_all(&feed, request) : STATUS_NO_MEMORY;
    json_t *made = status == STATUS_OK ? assemble(&feed, request) : NULL;
    json_decref(feed.items);
    if (!made)
        return status == STATUS_OK ? STATUS_NO_MEMORY : status;
    *document = made;
    return STATUS_OK;
}
