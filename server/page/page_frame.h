/* What pages have in addition to their documents: the frame around each, and the links and metadata
 * of an article's page. */
#ifndef KHOBOR_PAGE_PAGE_FRAME_H
#define KHOBOR_PAGE_PAGE_FRAME_H

#include "base/status.h"
#include "document/context.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* {site, texts, nav: [{slug, name, url, current}…], page: {path, paged, is_latest, is_most_read}},
 * with site and texts as in document/site.h. `path` is the page's own, percent-encoded; `paged`
 * says that it is not the first page of a list. `document` is what the page shows: the section that
 * it is or belongs to, if any, is `current`. Notes what site_document notes. The caller owns
 * *frame. */
enum status page_frame(const struct context *context, const char *path, bool paged,
                       const json_t *document, json_t **frame) MUST_CHECK;

/* Adds to an article's document, which must have all its fields:
 *
 *   description    see article_description
 *   tag_links      [{name, url}…], in the order of the tags; author_links likewise
 *   image_address  see article_image_url
 *   modified_at    updated_at, or else published_at; never null
 *   section_url    the path of its section
 *   has_byline     whether there is an author or a desk
 *
 * On an error some of them may be there. Notes nothing: all of it comes from the document. */
enum status article_page_fill(const struct context *context, json_t *article) MUST_CHECK;

/* The standfirst, or else the first 600 bytes of the Markdown `body` as plain text; "" when there
 * is neither. A new reference; NULL without memory. */
json_t *article_description(const json_t *article, const char *body, size_t len);

/* A path or URL with the site's own URL in front, as url_absolute. NULL without memory. */
json_t *absolute_url(const struct context *context, const char *url);

/* The absolute URL of an article's image; null without an image, NULL without memory. */
json_t *article_image_url(const struct context *context, const json_t *article);

#endif
