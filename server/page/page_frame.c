/* Joins the documents of document/site with a navigation bar, which is the list of sections with
 * the page's own section marked. An article's metadata is derived from its finished document, so
 * that a page never disagrees with the API; the table in article_page_fill lists what is added.
 */
#include "page/page_frame.h"

#include "base/json.h"
#include "document/fields.h"
#include "document/site.h"
#include "document/url.h"
#include "language/markdown.h"

#include <assert.h>
#include <string.h>

enum {
    DESCRIPTION_BYTES = 600, /* 200 Bengali letters, about what a search engine shows */
};

/* The slug of a document's section; NULL for none. An article has it in `section`; a section, which
 * only a field `position` tells from an article, has it in `slug`. */
static const char *section_slug(const json_t *document)
{
    const json_t *section = json_object_get(document, "section");
    if (!section && json_object_get(document, "position"))
        section = document;
    return json_string_value(json_object_get(section, "slug"));
}

static json_t *make_nav(const json_t *sections, const char *current)
{
    size_t index;
    const json_t *section;
    json_t *nav = json_array();
    json_array_foreach(sections, index, section)
    {
        struct buf url;
        const char *slug = json_string_value(json_object_get(section, "slug"));
        assert(slug); /* section_json has set it */
        buf_init(&url, URL_BYTES_MAX);
        url_section(slug, &url);
        json_t *entry = json_pack("{s:s, s:O, s:o, s:b}", "slug", slug, "name",
                                  json_object_get(section, "name"), "url", buf_json(&url),
                                  "current", current && strcmp(current, slug) == 0);
        if (json_array_append_new(nav, entry) != 0) {
            json_decref(nav);
            return NULL;
        }
    }
    return nav;
}

enum status page_frame(const struct context *context, const char *path, bool paged,
                       const json_t *document, json_t **frame)
{
    json_t *site = NULL, *texts = NULL;
    enum status status = site_document(context, &site);
    if (status == STATUS_OK)
        status = texts_document(context, &texts);
    if (status != STATUS_OK) {
        json_decref(site);
        return status;
    }
    assert(json_is_array(json_object_get(site, "sections")));
    json_t *nav = make_nav(json_object_get(site, "sections"), section_slug(document));
    json_t *joined =
        json_pack("{s:o, s:o, s:o, s:{s:s, s:b, s:b, s:b}}", "site", site, "texts", texts, "nav",
                  nav, "page", "path", path, "paged", paged, "is_latest",
                  strcmp(path, "/latest") == 0, "is_most_read", strcmp(path, "/most-read") == 0);
    return document_finish(STATUS_OK, joined, frame);
}

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

json_t *absolute_url(const struct context *context, const char *url)
{
    struct buf absolute;
    buf_init(&absolute, URL_BYTES_MAX);
    url_absolute(context->config->site.url, url, &absolute);
    return buf_json(&absolute);
}

json_t *article_image_url(const struct context *context, const json_t *article)
{
    const char *url = json_string_value(json_object_get(json_object_get(article, "image"), "url"));
    return url ? absolute_url(context, url) : json_null();
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
