/* The feed of the newest articles, of the paper or of one section. */
#ifndef KHOBOR_PAGE_FEED_H
#define KHOBOR_PAGE_FEED_H

#include "base/status.h"
#include "document/context.h"

#include <jansson.h>
#include <stdint.h>

/* Which feed. All is borrowed; `section`, `section_name` and `section_id` are NULL, NULL and 0 for
 * the whole paper. */
struct feed_request {
    const char *path;                   /* of the feed itself */
    const char *section, *section_name; /* the slug and the name */
    int64_t section_id;
};

/* A JSON Feed (version 1.1, jsonfeed.org) with the setting feeds.items of the newest articles. Its
 * extension "_khobor" has what RSS and Atom need in addition, since their templates are filled from
 * the same document. With feeds.content = full, articles have their HTML until 1 MiB of Markdown is
 * reached, and a summary from there on. Notes the list, each article and the sections. The caller
 * owns *document. */
enum status feed_document(const struct context *context, const struct feed_request *request,
                          json_t **document) MUST_CHECK;

#endif
