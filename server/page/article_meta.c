/* Derives the metadata from the finished document, so that a page never disagrees with the API. The
 * table in article_page_fill lists what is added.
 */
#include "page/article_meta.h"

#include "base/json.h"
#include "document/fields.h"
#include "document/url.h"
#include "language/markdown.h"

#include <assert.h>

enum {
    DESCRIPTION_BYTES = 600, /* 200 Bengali letters, about what a search engine shows */
    URL_BYTES_MAX = 8192,
};

json_t *article_description(const json_t *article, const char *body, size_t len)
{
    json_t *standfirst = json_object_get(article, "standfirst");
    if (json_is_string(standfirst))
        return json_incref(standfirst);
    struct buf text;
    buf_init(&text, DESCRIPTION_BYTES + 8);
    markdown_excerpt(body, len, DESCRIPTION_BYTES, &text);
    return buf_json(&text);
}

json_t *article_image_url(const struct context *context, const json_t *article)
{
    const char *url = json_string_value(json_object_get(json_object_get(article, "image"), "url"));
    struct buf absolute;
    if (!url)
        return json_null();
    buf_init(&absolute, URL_BYTES_MAX);
    url_absolute(context->config->site.url, url, &absolute);
    return buf_json(&absolute);
}

static json_t *make_link(enum term_kind kind, json_t *name)
{
    struct buf url;
    json_t *link = json_object();
    buf_init(&url, URL_BYTES_MAX);
    url_term(kind, json_string_value(name), &url);
    enum status status = json_put(link, "name", json_incref(name));
    json_t *path = buf_json(&url);
    if (status == STATUS_OK && json_put(link, "url", path) == STATUS_OK)
        return link;
    if (status != STATUS_OK)
        json_decref(path);
    json_decref(link);
    return NULL;
}

static json_t *make_links(enum term_kind kind, const json_t *names)
{
    json_t *links = json_array();
    for (size_t i = 0; i < json_array_size(names); i++) {
        if (json_array_append_new(links, make_link(kind, json_array_get(names, i))) != 0) {
            json_decref(links);
            return NULL;
        }
    }
    return links;
}

static json_t *has_byline(const json_t *article)
{
    return json_boolean(json_is_string(json_object_get(article, "desk")) ||
                        json_array_size(json_object_get(article, "authors")) > 0);
}

static json_t *section_url(const json_t *article)
{
    struct buf url;
    const json_t *section = json_object_get(article, "section");
    buf_init(&url, URL_BYTES_MAX);
    url_section(json_string_value(json_object_get(section, "slug")), &url);
    return buf_json(&url);
}

static json_t *modified_at(const json_t *article)
{
    json_t *updated = json_object_get(article, "updated_at");
    return json_incref(json_is_string(updated) ? updated
                                               : json_object_get(article, "published_at"));
}

enum status article_page_fill(const struct context *context, json_t *article)
{
    const json_t *body = json_object_get(article, "body");
    const struct {
        const char *name;
        json_t *value;
    } fields[] = {
        {"description",
         article_description(article, json_string_value(body), json_string_length(body))},
        {"tag_links", make_links(TERM_TAG, json_object_get(article, "tags"))},
        {"author_links", make_links(TERM_AUTHOR, json_object_get(article, "authors"))},
        {"image_address", article_image_url(context, article)},
        {"modified_at", modified_at(article)},
        {"section_url", section_url(article)},
        {"has_byline", has_byline(article)},
    };
    assert(json_is_string(body) && json_object_get(article, "section"));
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (json_put(article, fields[i].name, fields[i].value) != STATUS_OK)
            status = STATUS_NO_MEMORY;
    }
    return status;
}
