/* What only the page of an article needs: links, and metadata for search engines and social
 * networks. */
#ifndef KHOBOR_PAGE_ARTICLE_META_H
#define KHOBOR_PAGE_ARTICLE_META_H

#include "base/status.h"
#include "document/context.h"

#include <jansson.h>
#include <stddef.h>

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

/* The absolute URL of an article's image; null without an image, NULL without memory. */
json_t *article_image_url(const struct context *context, const json_t *article);

#endif
