/* A feed of the newest articles, of the paper or one section. */
#ifndef KHOBOR_PAGE_FEED_H
#define KHOBOR_PAGE_FEED_H

#include "base/status.h"
#include "document/context.h"

#include <jansson.h>
#include <stdint.h>

/* Which feed: its own path, and the section's slug, name and id; NULL and 0 for the whole paper. */
struct feed_request {
    const char *path;
    const char *section, *section_name;
    int64_t section_id;
};

/* A JSON Feed (version 1.1, jsonfeed.org) of feeds.items articles, whole or in summary as
 * feeds.content says. What RSS and Atom write otherwise is in its extension "_khobor". Whole
 * articles are given up to a megabyte of them; further ones come in summary. */
enum status feed_document(const struct context *context, const struct feed_request *request,
                          json_t **document) MUST_CHECK;

#endif
