/* From what is asked to a document: one small function a route; nothing of HTTP in them.
 *
 * Each returns STATUS_OK with `found`, or STATUS_ABSENT, STATUS_GONE, STATUS_INVALID with a fault
 * that names the parameter, or another error. `ask` has been checked.
 */
#ifndef KHOBOR_HTTP_ROUTE_READ_H
#define KHOBOR_HTTP_ROUTE_READ_H

#include "http/route/routes.h"

typedef enum status handler(const struct worker *worker, const struct context *context,
                            const struct parameters *parameters, struct found *found,
                            struct fault *fault);

handler handle_site, handle_texts, handle_front, handle_articles, handle_article, handle_related,
    handle_sections, handle_section, handle_most_read, handle_trending, handle_archive, handle_tag,
    handle_author, handle_view, handle_health, handle_ready;

#endif
