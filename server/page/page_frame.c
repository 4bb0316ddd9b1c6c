/* Joins the documents of document/site with a navigation bar, which is the list of sections with
 * the page's own section marked.
 */
#include "page/page_frame.h"

#include "base/json.h"
#include "document/fields.h"
#include "document/site.h"
#include "document/url.h"

#include <assert.h>
#include <string.h>

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
