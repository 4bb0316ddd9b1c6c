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

/* [{name, url}…] of the names that are texts, as all are unless the database is damaged. */
static json_t *make_links(enum term_kind kind, const json_t *names)
{
    size_t index;
    json_t *name, *links = json_array();
    json_array_foreach(names, index, name)
    {
        struct buf url;
        if (!json_is_string(name))
            continue;
        buf_init(&url, URL_BYTES_MAX);
        url_term(kind, json_string_value(name), &url);
        json_t *link = json_pack("{s:O, s:o}", "name", name, "url", buf_json(&url));
        if (json_array_append_new(links, link) != 0) {
            json_decref(links);
            return NULL;
        }
    }
    return links;
}

enum status article_page_fill(const struct context *context, json_t *article)
{
    struct buf section_url;
    const json_t *body = json_object_get(article, "body");
    const json_t *authors = json_object_get(article, "authors");
    const json_t *section = json_object_get(article, "section");
    json_t *updated_at = json_object_get(article, "updated_at");
    bool has_byline = json_is_string(json_object_get(article, "desk")) || json_array_size(authors);
    assert(body && section && updated_at);
    buf_init(&section_url, URL_BYTES_MAX);
    url_section(json_string_value(json_object_get(section, "slug")), &section_url);
    const struct {
        const char *name;
        json_t *value;
    } fields[] = {
        {"description",
         article_description(article, json_string_value(body), json_string_length(body))},
        {"tag_links", make_links(TERM_TAG, json_object_get(article, "tags"))},
        {"author_links", make_links(TERM_AUTHOR, authors)},
        {"image_address", article_image_url(context, article)},
        {"modified_at",
         json_incref(json_is_null(updated_at) ? json_object_get(article, "published_at")
                                              : updated_at)},
        {"section_url", buf_json(&section_url)},
        {"has_byline", json_boolean(has_byline)},
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (json_put(article, fields[i].name, fields[i].value) != STATUS_OK)
            status = STATUS_NO_MEMORY;
    }
    return status;
}
