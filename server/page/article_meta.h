/* What an article's page has beside the article: addresses, and what search engines and social
 * networks are told. */
#ifndef KHOBOR_PAGE_ARTICLE_META_H
#define KHOBOR_PAGE_ARTICLE_META_H

#include "base/status.h"
#include "document/context.h"

#include <jansson.h>
#include <stddef.h>

/* Adds to an article's document: description (the standfirst, or the beginning of the body), tag
 * and author links [{name, url}], the image's absolute address, its section's path, whether there
 * is a byline, and modified_at, which is never null. */
enum status article_page_fill(const struct context *context, json_t *article) MUST_CHECK;

/* The description alone, of an article's document and its Markdown, as feeds need it too; "" when
 * there is nothing to say. NULL without memory. */
json_t *article_description(const json_t *article, const char *body, size_t len);

/* The absolute address of an article's image; null without one, NULL without memory. */
json_t *article_image_address(const struct context *context, const json_t *article);

#endif
